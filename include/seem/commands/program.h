// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_PROGRAM_H
#define SEEM_COMMANDS_PROGRAM_H

namespace seem::commands
{
  /**
   * The program `seem`: read the command line, start MPI, run the command, turn exceptions into
   * messages on standard error.
   * @return exit status: 0 only if all was done
   */
  int run_program(int argc, char **argv);
} // namespace seem::commands

#endif
