// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elasticity_fit.h"

#include <seem/statistics/ordered_work.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace seem::statistics
{
  namespace
  {
    /// Smallest floors, for data without noise: far below any event of a representative volume.
    constexpr double energy_resolution = 1e-8; // eV per cell
    constexpr double stress_resolution = 1e-6; // GPa

    using Runs = std::vector<std::shared_ptr<const Trajectory>>;

    FitData fit_data(const Runs &runs, const std::vector<Flags> &events,
                     const std::vector<InitialRow> &others, const HarvestSettings &settings)
    {
      FitData data;
      for (std::size_t i = 0; i < runs.size(); ++i)
      {
        data.trajectories.push_back(runs[i].get());
        data.moduli.push_back(initial_modulus(*runs[i], events[i], settings.first_strain));
        data.branches.push_back(branch_data(*runs[i], events[i], settings.piece_strain));
      }
      for (const InitialRow &row : others)
        data.branches.push_back({row, {}});
      return data;
    }

    NoiseFloor floor_of(const std::vector<double> &values, const std::optional<double> &given,
                        const HarvestSettings &settings, const double resolution)
    {
      NoiseFloor floor = measure_noise_floor(values, settings.floor_factor, resolution);
      if (given)
      {
        floor.floor = *given;
        floor.given = true;
      }
      return floor;
    }

    std::vector<double> joined(const std::vector<Increments> &increments,
                               std::vector<double> Increments::*column)
    {
      std::size_t n = 0;
      for (const Increments &run : increments)
        n += (run.*column).size();
      std::vector<double> result;
      result.reserve(n);
      for (const Increments &run : increments)
        result.insert(result.end(), (run.*column).begin(), (run.*column).end());
      return result;
    }

    /// Events that need no elasticity to be seen: energy lost by the trapezoid rule, or a falling
    /// stress.
    std::vector<Flags> first_events(const std::vector<Increments> &increments,
                                    const NoiseFloor &energy)
    {
      std::vector<Flags> events;
      for (const Increments &run : increments)
      {
        Flags flags(run.size(), 0);
        for (std::size_t i = 0; i < flags.size(); ++i)
          flags[i] = run.trapezoid_loss[i] > energy.floor || run.net_dtau[i] < 0.0;
        events.push_back(std::move(flags));
      }
      return events;
    }

    /// The moduli of all pieces against the elasticity in force.
    std::vector<BranchResidual> residuals_of(const FitData &data,
                                             const std::vector<std::size_t> &glass,
                                             const ElasticityHarvest &result)
    {
      std::vector<BranchResidual> residuals;
      for (std::size_t i = 0; i < data.branches.size(); ++i)
      {
        const BranchData &run = data.branches[i];
        const auto elasticity = result.model.elasticity(run.initial.atomic_volume);
        for (const BranchPiece &piece : run.pieces)
        {
          const double x1 =
              elasticity->inelastic_energy(piece.energy - result.u0.value, piece.tau_of_energy);
          residuals.push_back({piece.tau, x1, piece.modulus, elasticity->tangent(piece.tau, x1),
                               piece.weight, glass[i]});
        }
      }
      return residuals;
    }

    std::vector<std::size_t> taken(const std::vector<std::size_t> &values, const Choice &choice)
    {
      std::vector<std::size_t> result;
      for (const std::size_t i : choice)
        result.push_back(values[i]);
      return result;
    }
  } // namespace

  std::vector<std::size_t> fit_runs(const RunSource &runs, const std::size_t fit_rows)
  {
    std::vector<std::size_t> order(runs.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::size_t n_rows = 0;
    for (const std::size_t i : order)
      n_rows += runs.n_rows(i);
    if (n_rows <= fit_rows)
      return order;

    constexpr std::size_t fewest = 2;
    const std::vector<std::size_t> glass = glass_numbers(runs);
    std::sort(order.begin(), order.end(), [&](const std::size_t a, const std::size_t b) {
      return std::tie(runs.info(a).label, glass[a], a) < std::tie(runs.info(b).label, glass[b], b);
    });
    const double share = static_cast<double>(fit_rows) / static_cast<double>(n_rows);
    const std::size_t n = order.size();
    const std::size_t n_fit =
        std::min(n, std::max(fewest, static_cast<std::size_t>(share * static_cast<double>(n))));
    std::vector<std::size_t> result;
    for (std::size_t k = 0; k < n_fit; ++k)
      result.push_back(order[(2 * k + 1) * n / (2 * n_fit)]);
    std::sort(result.begin(), result.end());
    return result;
  }

  ElasticityHarvest harvest_elasticity(const RunSource &source,
                                       const std::vector<InitialRow> &initial,
                                       const HarvestSettings &settings,
                                       const HarvestExecution &execution)
  {
    constexpr unsigned int max_passes = 10;

    ElasticityHarvest result;
    const Choice chosen = fit_runs(source, settings.fit_rows);
    result.n_fit_runs = chosen.size();
    Runs runs(chosen.size());
    std::vector<Increments> increments(chosen.size());
    ordered_work(
        chosen.size(), execution.n_threads,
        [&](const std::size_t k) {
          auto run = source.load(chosen[k]);
          auto raw = raw_increments(*run);
          return std::make_pair(std::move(run), std::move(raw));
        },
        [&](const std::size_t k, auto loaded) {
          runs[k] = std::move(loaded.first);
          increments[k] = std::move(loaded.second);
          result.n_fit_rows += runs[k]->n_rows();
        });

    std::vector<InitialRow> others;
    std::vector<std::size_t> other_runs;
    for (std::size_t i = 0, k = 0; i < source.size(); ++i)
      if (k < chosen.size() && chosen[k] == i)
        ++k;
      else
      {
        other_runs.push_back(i);
        others.push_back(initial[i]);
      }
    const std::vector<std::size_t> glass = glass_numbers(source);
    const std::vector<std::size_t> fit_glass = taken(glass, chosen);
    std::vector<std::size_t> branch_glass = fit_glass; // in the order of FitData::branches
    for (const std::size_t i : other_runs)
      branch_glass.push_back(glass[i]);

    result.floors.drop = settings.drop_floor;
    result.floors.energy = floor_of(joined(increments, &Increments::trapezoid_loss),
                                    settings.energy_floor, settings, energy_resolution);

    std::vector<Flags> events = first_events(increments, result.floors.energy);
    Choice all(source.size()); // of FitData::branches: u0 is of all runs
    std::iota(all.begin(), all.end(), std::size_t(0));
    FitData data;
    Fit fit;
    bool settled = false;
    for (unsigned int pass = 0; pass < max_passes && !settled; ++pass)
    {
      data = fit_data(runs, events, others, settings);
      // The nodes of a table follow the pieces, so each pass lays them anew.
      const ElasticModel start = {fit.model.constants, {}};
      fit = fit_model(data, all, settings, pass == 0 ? nullptr : &start);

      ordered_work(
          runs.size(), execution.n_threads,
          [&](const std::size_t k) {
            return read_increments(*runs[k], *fit.model.elasticity(runs[k]->atomic_volume()),
                                   fit.u0);
          },
          [&](const std::size_t k, Increments read) { increments[k] = std::move(read); });
      result.floors.deficit = floor_of(joined(increments, &Increments::deficit),
                                       settings.deficit_floor, settings, stress_resolution);

      std::vector<Flags> found;
      for (const Increments &run : increments)
        found.push_back(find_events(run, EventDefinition::any_loss, result.floors));
      settled = found == events;
      events = std::move(found);
      execution.report("fitting the elasticity", pass + 1, settled ? pass + 1 : max_passes);
    }
    if (!settled)
      result.warnings.push_back(
          fmt::format("the set of event-free increments did not settle in {} passes", max_passes));

    result.strain_increment = median(joined(increments, &Increments::dgamma));
    result.model = fit.model;
    result.fitted = {{fit.model.constants.g0, 0.0},
                     {fit.model.constants.u_a, 0.0},
                     {fit.model.constants.tau_a, 0.0},
                     {fit.model.constants.tau_b, 0.0}};
    result.u0.value = fit.u0;
    result.first_g0.value = fit.first.constants.g0;
    result.first_u_a.value = fit.first.constants.u_a;
    add_standard_errors(data, fit_glass, branch_glass, fit, settings, execution, result);
    if (settings.reference_energy)
      result.u0.standard_error = 0.0;
    result.branches = measure_branches(residuals_of(data, branch_glass, result));
    add_warnings(fit, settings, result);
    for (const std::string &contradiction : result.branches.contradictions())
      result.warnings.push_back(contradiction);
    return result;
  }

  ElasticityHarvest harvest_elasticity(const std::vector<Trajectory> &trajectories,
                                       const HarvestSettings &settings)
  {
    std::vector<InitialRow> initial;
    for (const Trajectory &run : trajectories)
      initial.push_back({run.energy[0], run.tau[0], run.atomic_volume()});
    return harvest_elasticity(RunsInMemory(trajectories), initial, settings);
  }
} // namespace seem::statistics
