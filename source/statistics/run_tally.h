// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_STATISTICS_RUN_TALLY_H
#define SEEM_SOURCE_STATISTICS_RUN_TALLY_H

#include <seem/database/event_database.h>
#include <seem/database/state_grid.h>
#include <seem/law/elasticity.h>
#include <seem/statistics/aftershocks.h>
#include <seem/statistics/curves.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/isotropy.h>
#include <seem/statistics/report.h>
#include <seem/statistics/state_statistics.h>
#include <seem/statistics/trajectory.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace seem::statistics
{
  /// Increments that began against the shear are unloading and stay out of the table.
  inline bool unloading(const Trajectory &trajectory, const std::size_t i)
  {
    return trajectory.tau[i] < 0.0;
  }

  /// What does not depend on the run while runs are tallied.
  struct TallySettings
  {
    EventDefinition definition = EventDefinition::any_loss;
    bool merge = false;
    EventFloors floors;
    double u0 = 0.0;               ///< [eV per atom]
    double strain_increment = 0.0; ///< of the runs [-]
  };

  /// What one run gives to the database and to the report.
  struct RunTally
  {
    /// The increments begun in one state bin, those of unloading left out.
    struct Visit
    {
      std::uint32_t bin = 0;
      std::uint32_t n_increments = 0;
      std::uint32_t n_events = 0; ///< of the table: merged ones count once
      double exposure = 0.0;      ///< sum of the strain increments [-]
      AftershockCounts::Classes by_lag = {};
    };

    std::shared_ptr<const Trajectory> run;
    database::Sample sample;
    std::size_t n_increments = 0; ///< all of the run
    std::vector<Visit> visits;    ///< by bin, ascending
    database::EventTable events;  ///< without EventTable::sample
    EventCounts counts;           ///< in_table is left zero
    std::size_t n_unloading = 0, n_unloading_events = 0, n_violating = 0, n_clamped = 0;
    bool uneven = false; ///< an increment differs from the usual one
    Drift drift;         ///< sums over the run, with its forward strain
    Curve curve;         ///< on the strain grid of its label
  };

  /**
   * Sort the increments of one run into bins and find its events.
   * @param[in] elasticity  of the run's atomic volume
   * @param[in] strains     grid of RunTally::curve, may be empty
   */
  RunTally tally(std::shared_ptr<const Trajectory> run, const law::Elasticity &elasticity,
                 const database::StateGrid &grid, const TallySettings &settings,
                 const std::vector<double> &strains);
} // namespace seem::statistics

#endif
