// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/statistics/branch_fit.h>
#include <seem/statistics/elastic_calibration.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/increments.h>
#include <seem/statistics/trajectory_check.h>

namespace seem::statistics
{
  namespace
  {
    /// Smallest floors, for data without noise.
    constexpr double energy_resolution = 1e-8; // eV per cell
    constexpr double stress_resolution = 1e-6; // GPa
  }                                            // namespace

  ElasticCalibration calibrate_elasticity(const RunSource &runs,
                                          const database::EventDatabase &database,
                                          const double first_strain, const double piece_strain,
                                          const double floor_factor)
  {
    if (runs.size() == 0)
      throw InputError("there are no runs to hold against the elasticity");
    ElasticCalibration result;
    result.first_strain = first_strain;
    const std::vector<std::size_t> glass = glass_numbers(runs);
    std::vector<InitialModulus> moduli;
    std::vector<BranchResidual> residuals;
    for (std::size_t i = 0; i < runs.size(); ++i)
    {
      const auto run = runs.load(i);
      const auto elasticity = database::harvested_elasticity(database, run->atomic_volume());
      const Increments increments = read_increments(*run, *elasticity, database.u0);
      EventFloors floors;
      floors.energy =
          measure_noise_floor(increments.trapezoid_loss, floor_factor, energy_resolution);
      floors.deficit = measure_noise_floor(increments.deficit, floor_factor, stress_resolution);
      const Flags events = find_events(increments, EventDefinition::any_loss, floors);

      moduli.push_back(initial_modulus(*run, events, first_strain));
      result.first.push_back({run->info, increments.x1.front(), moduli.back().modulus});
      for (const BranchPiece &piece : branch_data(*run, events, piece_strain).pieces)
      {
        const double x1 =
            elasticity->inelastic_energy(piece.energy - database.u0, piece.tau_of_energy);
        residuals.push_back({piece.tau, x1, piece.modulus, elasticity->tangent(piece.tau, x1),
                             piece.weight, glass[i]});
      }
    }
    result.fit = fit_initial_modulus(moduli, database.u0);
    result.branches = measure_branches(residuals);
    return result;
  }
} // namespace seem::statistics
