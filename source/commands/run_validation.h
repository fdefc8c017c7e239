// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_VALIDATION_H
#define SEEM_COMMANDS_RUN_VALIDATION_H

#include <seem/commands/command_line.h>

namespace seem::commands
{
  /**
   * `seem run --validate`: build all that the run needs (parameters, database, output directory,
   * mesh, load, body, law, states, preconditioner), as far as what is wrong allows, and solve
   * nothing. All problems go to standard error, one line each; without any, sizes and memory to
   * standard output. Nothing is written. All ranks call it.
   * @return exit status: 1 if there are problems
   */
  int validate_run(const CommandLine &command_line);
} // namespace seem::commands

#endif
