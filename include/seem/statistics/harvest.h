// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_HARVEST_H
#define SEEM_STATISTICS_HARVEST_H

#include <seem/database/event_database.h>
#include <seem/statistics/harvest_execution.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/report.h>
#include <seem/statistics/run_source.h>
#include <seem/statistics/trajectory.h>

#include <vector>

namespace seem::statistics
{
  /// The database and what is to be known about it.
  struct Harvest
  {
    database::EventDatabase database;
    HarvestReport report;
  };

  /**
   * Harvest the statistics of plastic events from athermal quasistatic shear runs (Xu et al. 2024,
   * Eqs. 1-8).
   *
   * Reference energy and elasticity are fitted, X1 is computed for every row, event increments are
   * found and sorted into bins by the state at the beginning of the increment. Increments begun at
   * tau < 0 (unloading) are left out of the table.
   *
   * Conventions of the table: the state of an event is that of the row before the increment; its
   * jump is taken at the end of the increment, dtau = elastic prediction - actual and dX1 =
   * X1(after) - X1(before), at fixed strain. The event happened somewhere in the increment; the
   * elastic part of it, G dgamma, is small against a bin.
   *
   * The runs are walked three times, one by one: to check them, for the range of X1 if the grid
   * follows it, and for the events. In between, elasticity and noise floors are fitted to
   * fit_runs(), which are in memory together. So memory is bounded by HarvestSettings::fit_rows, by
   * the longest run times the threads, and by the events. The result does not depend on the number
   * of threads.
   *
   * @throws InputError naming the sample and row, or the setting, that cannot be used
   */
  Harvest harvest(const RunSource &runs, const HarvestSettings &settings,
                  const HarvestExecution &execution);

  /// The same of runs in memory, with one thread.
  Harvest harvest(const std::vector<Trajectory> &trajectories,
                  const HarvestSettings &settings = {});

  /// The run as a curve for comparison with the model, X1 with the elasticity and u0 of @p
  /// database.
  Curve curve_of(const Trajectory &trajectory, const database::EventDatabase &database);
} // namespace seem::statistics

#endif
