// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_ATOMISTIC_RUNS_H
#define SEEM_COMMANDS_ATOMISTIC_RUNS_H

#include <seem/commands/parameters.h>
#include <seem/io/table_reader.h>
#include <seem/statistics/trajectory.h>

#include <filesystem>
#include <vector>

namespace seem::commands
{
  /// Section "Runs": which atomistic runs there are and how their files are laid out.
  struct AtomisticRunsParameters
  {
    std::filesystem::path manifest; ///< empty: there are no runs
    io::TableFormat format;

    /// @param[in] required  the manifest has no default
    static void declare(dealii::ParameterHandler &prm, const bool required);
    static AtomisticRunsParameters parse(const Parameters &parameters);
  };

  /**
   * Read the runs that a manifest names, with a progress line on standard error if that is a
   * terminal. Notices of the reader go to standard error.
   * @throws InputError as io::read_manifest() and io::read_trajectory() do
   */
  std::vector<statistics::Trajectory>
  read_atomistic_runs(const AtomisticRunsParameters &parameters);
} // namespace seem::commands

#endif
