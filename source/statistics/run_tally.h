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
    /// Of one increment.
    struct Increment
    {
      std::uint32_t bin;      ///< of the state at its beginning
      std::uint8_t event;     ///< it holds an event
      std::uint8_t head;      ///< it is an event of the table: the first of those merged
      std::uint8_t lag_class; ///< AftershockCounts::lag_class()
      std::uint8_t unloading; ///< kept out of the table
    };

    std::shared_ptr<const Trajectory> run;
    database::Sample sample;
    std::vector<Increment> increments;
    database::EventTable events; ///< without EventTable::sample
    EventCounts counts;          ///< in_table is left zero
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
