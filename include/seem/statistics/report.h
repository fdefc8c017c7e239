// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_REPORT_H
#define SEEM_STATISTICS_REPORT_H

#include <seem/database/event_database.h>
#include <seem/statistics/aftershocks.h>
#include <seem/statistics/branch_residuals.h>
#include <seem/statistics/curves.h>
#include <seem/statistics/elasticity_harvest.h>
#include <seem/statistics/estimator.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/isotropy.h>

#include <array>
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

    EventCounts &operator+=(const EventCounts &other);
  };

  /// Drift of stress and X1, summed over increments; or per unit strain.
  struct Drift
  {
    double strain = 0.0;       ///< forward strain that the sums are over [-]
    double quiet_stress = 0.0; ///< on event-free increments, which the model leaves out [GPa]
    double quiet_x1 = 0.0;     ///< the same of X1 [eV per atom]
    double event_stress = 0.0; ///< stress lost by events, for comparison [GPa]
    double event_x1 = 0.0;     ///< |dX1| of events, for comparison [eV per atom]

    Drift &operator+=(const Drift &other);
    Drift per_strain() const;
  };

  /// Mean and quantiles of one quantity over the events; NaN without events.
  struct Distribution
  {
    static constexpr std::array<double, 5> probabilities = {{0.05, 0.25, 0.5, 0.75, 0.95}};

    double mean = 0.0;
    std::array<double, 5> quantiles = {};
  };

  Distribution distribution_of(const std::vector<double> &values);

  /// What the events of the table do.
  struct EventFigures
  {
    Distribution dtau;           ///< stress deficit [GPa]
    Distribution dx1;            ///< change of X1 [eV per atom]
    Distribution plastic_strain; ///< [-]
    Distribution heat;           ///< D [eV per cell]
  };

  /// Everything a user should know about a harvest before trusting its database.
  struct HarvestReport
  {
    std::map<std::string, CurveFigures> labels; ///< figures of the runs' mean curves
    std::map<std::string, double> initial_x1; ///< mean X1 of the first rows per label [eV per atom]

    std::size_t n_runs = 0;
    std::size_t n_glasses = 0;
    std::size_t n_fit_runs = 0;         ///< runs that elasticity and floors were fitted to
    std::size_t n_fit_rows = 0;         ///< their rows
    std::size_t n_fit_glasses = 0;      ///< their glasses
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
    database::FittedNumber first_g0;           ///< from the first strain
    database::FittedNumber first_u_a;          ///< from the first strain
    std::optional<ElasticIntervals> intervals; ///< 95 % intervals of the constants
    BranchResiduals branches;                  ///< branch moduli against the elasticity
    Drift drift;                               ///< per unit strain

    double tau_range[2] = {0.0, 0.0}; ///< grid [GPa]
    double x1_range[2] = {0.0, 0.0};  ///< grid [eV per atom]
    std::size_t n_bins = 0;
    std::size_t n_visited = 0;
    std::size_t n_full = 0;    ///< visited bins with at least minimum_events
    std::size_t n_pooled = 0;  ///< visited bins with fewer
    std::size_t n_clamped = 0; ///< increments outside a given grid range, counted in its rim
    double minimum_events = 0.0;

    EventFigures event_figures;
    std::size_t n_negative_plastic = 0; ///< events of the table with a negative plastic strain
    std::vector<Aftershock> aftershocks;
    Isotropy isotropy;
    std::size_t n_violating = 0; ///< events with D < 0 by more than the ambiguity of the increment

    EstimatorReport estimator;

    unsigned int n_bootstrap = 0;
    std::vector<std::string> warnings;

    /// The report as text, several lines.
    std::string text() const;

    /// The report as a JSON object; doc/file_formats.md lists its keys. Numbers that are not finite
    /// are null.
    std::string json() const;
  };
} // namespace seem::statistics

#endif
