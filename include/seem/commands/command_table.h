// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_COMMAND_TABLE_H
#define SEEM_COMMANDS_COMMAND_TABLE_H

#include <seem/commands/command_line.h>
#include <seem/commands/parameters.h>

#include <vector>

namespace seem::commands
{
  /// A command that takes a parameter file.
  struct Command
  {
    const char *name;
    const char *description;
    int (*run)(const CommandLine &);              ///< returns the exit status
    void (*declare)(dealii::ParameterHandler &);  ///< its parameters
    bool parallel;                                ///< may be run by several MPI processes
    int (*replay)(const std::filesystem::path &); ///< for its option --replay FILE, or nullptr
  };

  /// All commands that take a parameter file. A new one is registered here and nowhere else.
  const std::vector<Command> &command_table();
} // namespace seem::commands

#endif
