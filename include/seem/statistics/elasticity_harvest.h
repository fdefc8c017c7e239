// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ELASTICITY_HARVEST_H
#define SEEM_STATISTICS_ELASTICITY_HARVEST_H

#include <seem/database/event_database.h>
#include <seem/statistics/elastic_model.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/increments.h>
#include <seem/statistics/trajectory.h>

#include <string>
#include <vector>

namespace seem::statistics
{
  /// Elasticity, reference energy and noise floors of a set of runs, and the increments seen
  /// through them.
  struct ElasticityHarvest
  {
    ElasticModel model; ///< the one elasticity that all else is seen through; a table with errors
    database::ElasticConstants fitted; ///< its constants with standard errors
    database::FittedNumber u0;         ///< [eV per atom]
    database::FittedNumber first_g0;
    database::FittedNumber first_u_a;
    EventFloors floors;
    double branch_spread = 0.0;         ///< scatter of branch moduli about the elasticity [GPa]
    double branch_bias = 0.0;           ///< their mean minus the elasticity [GPa]
    std::vector<Increments> increments; ///< [n_runs]
    std::vector<std::string> warnings;
  };

  /**
   * Fit the elasticity as HarvestSettings::elasticity says, together with the set of event-free
   * increments that it is fitted to: first those without trapezoid loss and stress drop, then those
   * without a loss or deficit above the noise, until that set stays the same. Standard errors come
   * from resampling whole glasses with the event-free increments and u0 fixed (that of u0 itself:
   * its scatter over the resamples).
   * @throws InputError naming the sample or setting
   */
  ElasticityHarvest harvest_elasticity(const std::vector<Trajectory> &trajectories,
                                       const HarvestSettings &settings);
} // namespace seem::statistics

#endif
