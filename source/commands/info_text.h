// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_INFO_TEXT_H
#define SEEM_SOURCE_COMMANDS_INFO_TEXT_H

#include <filesystem>
#include <string>

namespace seem::commands
{
  /**
   * What is in a CSV table that seem wrote, known by its columns: which command it is of, its rows,
   * and the range or the values of each column.
   * @return empty if the first line is not the header of such a table
   * @throws InputError naming file and line if a row does not fit the header
   */
  std::string table_summary(const std::filesystem::path &path);

  /**
   * What is in report.json of `seem harvest` or validation.json of `seem validate`.
   * @return empty if the file is no JSON object with the attribute "kind" of one of them
   * @throws InputError naming the file if such a document lacks something
   */
  std::string json_summary(const std::filesystem::path &path);

  /// What is in the list of fields for ParaView, fields.pvd of `seem run`; empty if it is none.
  std::string field_series_summary(const std::filesystem::path &path);

  /// Of history.h5. @throws InputError if it is damaged
  std::string run_history_summary(const std::filesystem::path &path);

  /// Of events.h5. @throws InputError if it is damaged
  std::string event_log_summary(const std::filesystem::path &path);
} // namespace seem::commands

#endif
