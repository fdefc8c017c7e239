// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_DATABASE_COMPARISON_H
#define SEEM_SOURCE_COMMANDS_DATABASE_COMPARISON_H

#include <seem/database/comparison.h>

#include <filesystem>
#include <string>

namespace seem::commands
{
  /// A comparison for a user to read; of the bins those that differ most.
  std::string comparison_text(const database::Comparison &comparison);

  /// A comparison as a JSON object; doc/file_formats.md lists its keys. What is not known is null.
  std::string comparison_json(const std::filesystem::path &first,
                              const std::filesystem::path &second,
                              const database::Comparison &comparison);
} // namespace seem::commands

#endif
