// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_VALIDATE_FOLDS_H
#define SEEM_SOURCE_COMMANDS_VALIDATE_FOLDS_H

#include <seem/commands/validate_command.h>
#include <seem/law/material_law.h>
#include <seem/statistics/report.h>
#include <seem/statistics/trajectory.h>

#include <string>
#include <vector>

namespace seem::commands
{
  /// A harvest of one fold and what its model says of the runs that it did not have.
  struct FoldResult
  {
    statistics::HoldOut hold_out = statistics::HoldOut::glass;
    statistics::Fold fold;
    statistics::HarvestReport report;
    law::Activity activity; ///< of all model paths
    /// [held_out] as the harvest sees them, and the model's; energies from the lowest u0 of all
    /// folds.
    std::vector<statistics::ValidationPath> runs;
    std::vector<statistics::ValidationPath> model;
  };

  /**
   * Harvest and predict every fold of every kind of hold-out, several at a time. The path with
   * number k of run i has the same random numbers in every fold that predicts it.
   * @throws InputError naming the fold that cannot be harvested
   */
  std::vector<FoldResult> run_folds(const std::vector<statistics::Trajectory> &trajectories,
                                    const ValidateParameters &parameters);
} // namespace seem::commands

#endif
