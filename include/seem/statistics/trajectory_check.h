// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_TRAJECTORY_CHECK_H
#define SEEM_STATISTICS_TRAJECTORY_CHECK_H

#include <seem/statistics/run_source.h>
#include <seem/statistics/trajectory.h>

#include <vector>

namespace seem::statistics
{
  /**
   * Check that a run can be harvested: columns of equal length, at least three rows, finite
   * numbers, strain growing strictly, a positive number of atoms and volume.
   * @throws InputError naming the sample and the row (the first row is row 1)
   */
  void check(const Trajectory &trajectory);

  /**
   * Ratio of the energy gained to the work done, N du / (V tau dgamma): the median over the
   * increments at a stress above a tenth of the largest, of every k-th with k = n/4096 in long runs
   * of n increments. It is 1 if energy and stress belong together; a wrong unit, sign or number of
   * atoms moves it.
   */
  double work_ratio(const Trajectory &trajectory);

  /**
   * Check each run, and that all can go into one database: the same number of atoms and volume to 5
   * %, energy and stress that belong together (work_ratio() within 10 % of 1).
   * @throws InputError naming the sample
   */
  void check(const std::vector<Trajectory> &trajectories);

  /**
   * Check that a sample of good rows can go into one database with @p first, as for all runs above.
   * @param[in] ratio  its work_ratio()
   * @throws InputError naming the sample
   */
  void check(const SampleInfo &sample, double ratio, const SampleInfo &first);

  /// Which runs are of one glass: [n_runs], numbered from 0 by label and glass; a run without a
  /// glass is its own.
  std::vector<std::size_t> glass_numbers(const RunSource &runs);

  /// The same of runs in memory.
  std::vector<std::size_t> glass_numbers(const std::vector<Trajectory> &trajectories);
} // namespace seem::statistics

#endif
