// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_INFO_COMMAND_H
#define SEEM_COMMANDS_INFO_COMMAND_H

#include <filesystem>
#include <string>

namespace seem::commands
{
  /**
   * What is in a file that seem wrote: an event database, the paths of `seem point`, the replay
   * file of a failed `seem run`, a table of any command, report.json, validation.json, fields.pvd.
   * @throws InputError if it is none of them, or damaged
   */
  std::string file_summary(const std::filesystem::path &path);

  /// `seem info FILE`: print the summary. @return exit status
  int info_command(const std::filesystem::path &path);
} // namespace seem::commands

#endif
