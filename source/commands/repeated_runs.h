// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_REPEATED_RUNS_H
#define SEEM_SOURCE_COMMANDS_REPEATED_RUNS_H

#include <seem/statistics/run_source.h>

#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

namespace seem::commands
{
  /// Number of rows, first and last energy, last stress: runs of equal rows have equal keys.
  using RowsKey = std::tuple<std::size_t, double, double, double>;

  /// @pre the run has a row
  RowsKey rows_key(const statistics::Trajectory &run);

  /**
   * io::refuse_repeated_runs() with the rows in memory of those runs alone that may be equal.
   * @param[in] alike  numbers of the runs by their keys
   */
  void refuse_repeated_runs(const statistics::RunSource &runs,
                            const std::map<RowsKey, std::vector<std::size_t>> &alike);
} // namespace seem::commands

#endif
