// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_VALIDATION_FOLDS_H
#define SEEM_STATISTICS_VALIDATION_FOLDS_H

#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// What a cross-validation holds out of the harvest at a time.
  enum class HoldOut
  {
    glass, ///< whole glasses: all runs of a label and quench
    label, ///< whole preparations
    none   ///< nothing: the model beside the runs that it was made from
  };

  /// The name as the user writes it: "glass", "label", "none".
  std::string name(HoldOut hold_out);

  /// @throws InputError naming the possible names
  HoldOut hold_out(const std::string &name);

  /// One harvest of a cross-validation and the runs that it predicts. Indices of runs, growing.
  struct Fold
  {
    std::string name;                  ///< of what is held out, for messages and tables
    std::vector<std::size_t> training; ///< runs that are harvested
    std::vector<std::size_t> held_out; ///< runs that are predicted
  };

  /**
   * Divide runs into folds, each run being held out exactly once.
   *
   * HoldOut::glass: the glasses in the order of the runs go to the folds in turn, so that glasses
   * of a label, which usually stand together, go to different folds. HoldOut::label: one fold per
   * label. HoldOut::none: one fold that trains on all it predicts.
   * @param[in] n_folds  for HoldOut::glass; 0: one fold per glass
   * @throws InputError if there are fewer than two glasses (labels) to hold out, or more folds than
   * glasses
   */
  std::vector<Fold> make_folds(const std::vector<Trajectory> &trajectories, HoldOut hold_out,
                               std::size_t n_folds = 0);
} // namespace seem::statistics

#endif
