// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_TEXT_FILE_H
#define SEEM_SOURCE_COMMANDS_TEXT_FILE_H

#include <filesystem>
#include <string>

namespace seem::commands
{
  /// Write a text file: under a temporary name, then renamed. @throws Error naming the file
  void write_text_file(const std::filesystem::path &path, const std::string &text);
} // namespace seem::commands

#endif
