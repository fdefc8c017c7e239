// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_STORAGE_H
#define SEEM_COMMANDS_RUN_STORAGE_H

#include <seem/commands/atomistic_runs.h>
#include <seem/statistics/run_source.h>

#include <filesystem>
#include <memory>

namespace seem::commands
{
  /**
   * Read the runs that a manifest names into an io::ScratchRuns, several at once. Progress and the
   * notices of the reader, in the order of the runs, go to standard error.
   * @param[in] scratch_directory  as for io::ScratchRuns
   * @throws InputError as io::read_manifest() and io::read_trajectory() do, of the first run that
   * cannot be read
   */
  std::unique_ptr<const statistics::RunSource>
  store_atomistic_runs(const AtomisticRunsParameters &parameters,
                       const std::filesystem::path &scratch_directory, unsigned int n_threads);
} // namespace seem::commands

#endif
