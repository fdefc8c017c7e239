// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_REPORT_H
#define SEEM_STATISTICS_REPORT_H

#include <seem/database/event_database.h>
#include <seem/statistics/curves.h>
#include <seem/statistics/estimator.h>
#include <seem/statistics/event_detection.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// Event increments under each definition, over the increments that are in the table.
  struct EventCounts
  {
    std::size_t stress_drop = 0;
    std::size_t stress_deficit = 0;
    std::size_t energy_loss = 0;
    std::size_t any_loss = 0;
    std::size_t used = 0;         ///< by the definition in force, before any merging
    std::size_t used_in_runs = 0; ///< of them, with an event in the increment before or after
    std::size_t in_table = 0;     ///< after merging
  };

  /// Everything a user should know about a harvest before trusting its database.
  struct HarvestReport
  {
    std::map<std::string, CurveFigures> labels; ///< figures of the runs' mean curves
    std::map<std::string, double> initial_x1; ///< mean X1 of the first rows per label [eV per atom]

    std::size_t n_runs = 0;
    std::size_t n_glasses = 0;
    std::size_t n_increments = 0;       ///< all
    std::size_t n_unloading = 0;        ///< of them, begun at tau < 0: kept out of the table
    std::size_t n_unloading_events = 0; ///< events among them
    double strain_increment = 0.0;      ///< median [-]

    EventDefinition definition = EventDefinition::any_loss;
    EventCounts events;
    EventFloors floors;

    ElasticitySource elasticity_source = ElasticitySource::branch_fit;
    database::ElasticConstants elasticity;
    std::optional<database::ElasticityTable> table; ///< in the place of Eq. (7)
    database::FittedNumber u0;
    database::FittedNumber first_g0;  ///< from the first strain
    database::FittedNumber first_u_a; ///< from the first strain
    double branch_spread = 0.0;       ///< scatter of branch moduli about the fit [GPa]
    double branch_bias = 0.0;         ///< their mean minus the fit [GPa]

    /// Drift on event-free increments that the model leaves out, per unit strain: stress [GPa] and
    /// X1 [eV per atom].
    double quiet_stress_drift = 0.0;
    double quiet_x1_drift = 0.0;
    double event_stress_drift =
        0.0;                     ///< stress lost by events per unit strain, for comparison [GPa]
    double event_x1_drift = 0.0; ///< |dX1| of events per unit strain, for comparison [eV per atom]

    double tau_range[2] = {0.0, 0.0}; ///< grid [GPa]
    double x1_range[2] = {0.0, 0.0};  ///< grid [eV per atom]
    std::size_t n_bins = 0;
    std::size_t n_visited = 0;
    std::size_t n_full = 0;    ///< visited bins with at least minimum_events
    std::size_t n_pooled = 0;  ///< visited bins with fewer
    std::size_t n_clamped = 0; ///< increments outside a given grid range, counted in its rim
    double minimum_events = 0.0;

    std::size_t n_violating = 0; ///< events with D < 0 by more than the ambiguity of the increment

    EstimatorReport estimator;

    unsigned int n_bootstrap = 0;
    std::vector<std::string> warnings;

    /// The report as text, several lines.
    std::string text() const;
  };
} // namespace seem::statistics

#endif
