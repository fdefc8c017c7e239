// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ELASTICITY_HARVEST_H
#define SEEM_STATISTICS_ELASTICITY_HARVEST_H

#include <seem/database/event_database.h>
#include <seem/statistics/branch_fit.h>
#include <seem/statistics/branch_residuals.h>
#include <seem/statistics/elastic_model.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/harvest_execution.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/increments.h>
#include <seem/statistics/run_source.h>
#include <seem/statistics/trajectory.h>

#include <string>
#include <vector>

namespace seem::statistics
{
  /// A range of values.
  struct Interval
  {
    double low = 0.0;
    double high = 0.0;
  };

  /// 95 % intervals of the constants of Eq. (7); the upper end is infinite where the term may
  /// vanish.
  struct ElasticIntervals
  {
    Interval g0;    ///< [GPa]
    Interval u_a;   ///< [eV per atom]
    Interval tau_a; ///< [GPa]
    Interval tau_b; ///< [GPa]
  };

  /// Elasticity, reference energy and noise floors of a set of runs.
  struct ElasticityHarvest
  {
    ElasticModel model; ///< the one elasticity that all else is seen through; a table with errors
    database::ElasticConstants fitted;         ///< its constants with standard errors
    std::optional<ElasticIntervals> intervals; ///< if standard errors were estimated
    database::FittedNumber u0;                 ///< [eV per atom]
    database::FittedNumber first_g0;
    database::FittedNumber first_u_a;
    EventFloors floors;
    BranchResiduals branches;      ///< the moduli against the elasticity
    double strain_increment = 0.0; ///< median of the runs that were fitted to [-]
    std::size_t n_fit_runs = 0;    ///< runs that were fitted to
    std::size_t n_fit_rows = 0;    ///< their rows
    std::size_t n_fit_glasses = 0; ///< their glasses
    std::vector<std::string> warnings;
  };

  /**
   * The runs that elasticity and noise floors are fitted to, in their order: all of them if they
   * have no more than @p fit_rows rows together; else, of the list sorted by label and glass, as
   * many as hold about @p fit_rows, at least two, equally spaced in the list.
   */
  std::vector<std::size_t> fit_runs(const RunSource &runs, std::size_t fit_rows);

  /**
   * Fit the elasticity as HarvestSettings::elasticity says, together with the set of event-free
   * increments that it is fitted to: first those without trapezoid loss and stress drop, then those
   * without a loss or deficit above the noise, until that set stays the same. It is fitted to
   * fit_runs(); only the reference energy is of all runs. Standard errors come from resampling
   * whole glasses with the event-free increments and u0 fixed (that of u0 itself: its scatter over
   * the resamples); 95 % intervals from these with Student's distribution over the glasses.
   * @param[in] initial  the first row of each run, [n_runs]
   * @throws InputError naming the sample or setting
   */
  ElasticityHarvest harvest_elasticity(const RunSource &runs,
                                       const std::vector<InitialRow> &initial,
                                       const HarvestSettings &settings,
                                       const HarvestExecution &execution = {});

  /// The same of runs in memory.
  ElasticityHarvest harvest_elasticity(const std::vector<Trajectory> &trajectories,
                                       const HarvestSettings &settings);
} // namespace seem::statistics

#endif
