// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_HARVEST_CHECK_H
#define SEEM_COMMANDS_HARVEST_CHECK_H

#include <seem/commands/atomistic_runs.h>

namespace seem::commands
{
  /**
   * `seem harvest --check`: read every run and say on standard output, one line each, what is in it
   * or what is wrong with it; then what is wrong with the runs together. Writes no file. A bad run
   * does not keep the others from being looked at.
   * @return exit status: 0 if all runs can be harvested together, else 1
   * @throws InputError if the manifest cannot be read
   */
  int harvest_check(const AtomisticRunsParameters &parameters);
} // namespace seem::commands

#endif
