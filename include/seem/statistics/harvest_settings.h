// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_HARVEST_SETTINGS_H
#define SEEM_STATISTICS_HARVEST_SETTINGS_H

#include <seem/database/event_database.h>
#include <seem/statistics/estimator.h>
#include <seem/statistics/taylor_constants.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

namespace seem::statistics
{
  /// Which increments of a run hold a plastic event.
  enum class EventDefinition
  {
    stress_drop,    ///< tau falls, Delta tau < -floor: the paper's definition
    stress_deficit, ///< tau stays below the elastic prediction by more than the noise
    energy_loss,    ///< the energy stays below the elastic prediction by more than the noise
    any_loss        ///< stress deficit or energy loss; the default
  };

  /// Where the elastic constants come from.
  enum class ElasticitySource
  {
    branch_fit,    ///< Eq. (7) fitted to tangent moduli of event-free branches; the default
    tabulated,     ///< a table of the tangent fitted to the same moduli
    loading_curve, ///< G0, uA from the first strain, tauA, tauB from the energy along the loading
                   ///< curve (the paper)
    linear,        ///< G0, uA from the first strain, tauA = tauB = infinity
    given          ///< HarvestSettings::given
  };

  /// The name of a definition as the user writes it: "stress drop", "stress deficit", "energy
  /// loss", "union".
  std::string name(EventDefinition definition);

  /// The name of a source as the user writes it: "branch fit", "tabulated", "loading curve",
  /// "linear", "given".
  std::string name(ElasticitySource source);

  /// @throws InputError naming the possible names
  EventDefinition event_definition(const std::string &name);

  /// @throws InputError naming the possible names
  ElasticitySource elasticity_source(const std::string &name);

  /// All that the user can choose about a harvest. What is not set is measured from the runs.
  struct HarvestSettings
  {
    std::string material; ///< free text, copied to the database

    std::optional<double>
        reference_energy; ///< u0 [eV per atom]; default: lowest stress-free initial energy

    ElasticitySource elasticity = ElasticitySource::branch_fit;
    TaylorConstants given = {}; ///< the constants, if elasticity is given
    std::optional<database::ElasticityTable>
        given_table;                ///< in their place, if elasticity is given
    double first_strain = 0.02;     ///< G0 and uA are first estimated below this strain [-]
    double loading_strain = 0.05;   ///< the loading-curve fit ends here [-]
    std::size_t fit_rows = 1000000; ///< elasticity and noise floors are fitted to so many rows, see
                                    ///< fit_runs()
    double piece_strain = 0.001;    ///< event-free branches are cut into pieces of this strain [-]
    double robust_scale = 4.0;      ///< Huber's bend in standard deviations; 0: plain least squares

    std::array<std::size_t, 2> table_nodes = {{8, 7}}; ///< along tau and X1, if tabulated
    double table_curvature = 0.1; ///< TableFitSettings::curvature, if tabulated

    EventDefinition event_definition = EventDefinition::any_loss;
    std::optional<double>
        energy_floor; ///< [eV per cell]; default: floor_factor times the measured noise
    std::optional<double> deficit_floor; ///< [GPa]; default: floor_factor times the measured noise
    double drop_floor = 0.0;             ///< [GPa], for the stress-drop definition
    double floor_factor = 8.0;           ///< floors in standard deviations of event-free increments
    bool merge_consecutive = false;      ///< count a run of event increments as one event

    std::array<std::size_t, 2> n_bins = {{20, 20}}; ///< along tau and X1
    std::optional<std::array<double, 2>> tau_range; ///< [GPa]; default: what was visited
    std::optional<std::array<double, 2>> x1_range;  ///< [eV per atom]; default: what was visited
    double minimum_events = 10.0; ///< a bin is pooled with its nearest until it holds so many

    EstimatorSettings estimator; ///< of rates and jumps

    unsigned int n_bootstrap = 50; ///< resamples for the standard errors; 0: none
    std::uint64_t seed = 1;        ///< of the resampling

    /// @throws InputError naming the setting that is out of its range
    void check() const;

    /// Every setting as text, for the database and for logs.
    std::map<std::string, std::string> as_text() const;
  };
} // namespace seem::statistics

#endif
