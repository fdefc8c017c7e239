// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/branch_fit.h>
#include <seem/statistics/elasticity_harvest.h>
#include <seem/statistics/initial_modulus.h>
#include <seem/statistics/table_fit.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace seem::statistics
{
  namespace
  {
    /// Smallest floors, for data without noise: far below any event of a representative volume.
    constexpr double energy_resolution = 1e-8; // eV per cell
    constexpr double stress_resolution = 1e-6; // GPa

    /// One choice of runs, by index; an index may occur several times.
    using Choice = std::vector<std::size_t>;

    /// What the fits of all kinds need, per run.
    struct FitData
    {
      std::vector<const Trajectory *> trajectories;
      std::vector<InitialModulus> moduli;
      std::vector<BranchData> branches;
    };

    template <typename T>
    std::vector<T> chosen(const std::vector<T> &all, const Choice &choice)
    {
      std::vector<T> result;
      result.reserve(choice.size());
      for (const std::size_t i : choice)
        result.push_back(all[i]);
      return result;
    }

    std::vector<const BranchData *> chosen_branches(const FitData &data, const Choice &choice)
    {
      std::vector<const BranchData *> result;
      for (const std::size_t i : choice)
        result.push_back(&data.branches[i]);
      return result;
    }

    /// Result of any of the fits.
    struct Fit
    {
      ElasticModel model;
      double u0 = 0.0;
      InitialModulusFit first;
      BranchFit branch; ///< of the branch fit and the table only
      TableFit table;   ///< of the table only
    };

    /// Eq. (7) by the moduli of the branches.
    void fit_to_branches(const std::vector<const BranchData *> &branches,
                         const HarvestSettings &settings, const ElasticModel *start,
                         const double tolerance, Fit &fit)
    {
      TaylorConstants begin = fit.model.constants;
      if (start != nullptr)
        begin = start->constants;
      else
        begin.tau_b =
            3.0; // off the bound, where the fit has no slope to follow in 1/tauA^2 and 1/tauB^4
      fit.branch = fit_branches(branches, begin,
                                {settings.reference_energy, settings.robust_scale, 50, tolerance});
      fit.model.constants = fit.branch.constants;
      fit.u0 = fit.branch.u0;
    }

    /// A table on top of Eq. (7).
    void fit_table_to_branches(const std::vector<const BranchData *> &branches,
                               const HarvestSettings &settings, const ElasticModel *start,
                               const double tolerance, Fit &fit)
    {
      TableFitSettings table;
      table.n_nodes = settings.table_nodes;
      table.curvature = settings.table_curvature;
      table.reference_energy = settings.reference_energy;
      table.robust_scale = settings.robust_scale;
      table.tolerance = tolerance;
      fit.table = fit_table(branches, fit.model.constants, table,
                            start != nullptr && start->table ? &*start->table : nullptr);
      fit.model.table = fit.table.table;
      fit.u0 = fit.table.u0;
    }

    /// @param[in] start  where to begin and, for a table, which nodes to take, or nullptr
    Fit fit_model(const FitData &data, const Choice &choice, const HarvestSettings &settings,
                  const ElasticModel *start, const double tolerance = 1e-6)
    {
      Fit fit;
      fit.first = fit_initial_modulus(chosen(data.moduli, choice), settings.reference_energy);
      fit.model.constants = fit.first.constants;

      const std::vector<const BranchData *> branches = chosen_branches(data, choice);
      switch (settings.elasticity)
      {
      case ElasticitySource::branch_fit:
        fit_to_branches(branches, settings, start, tolerance, fit);
        return fit;
      case ElasticitySource::tabulated:
        fit_to_branches(branches, settings, start, tolerance, fit);
        fit_table_to_branches(branches, settings, start, tolerance, fit);
        return fit;
      case ElasticitySource::loading_curve:
        fit.model.constants = fit_loading_curve(chosen(data.trajectories, choice), fit.first,
                                                settings.loading_strain);
        break;
      case ElasticitySource::linear:
        break;
      case ElasticitySource::given:
        fit.model.constants = settings.given;
        break;
      }
      fit.u0 = settings.reference_energy.value_or(lowest_stress_free_energy(branches, fit.model));
      return fit;
    }

    FitData fit_data(const std::vector<Trajectory> &trajectories, const std::vector<Flags> &events,
                     const HarvestSettings &settings)
    {
      FitData data;
      for (std::size_t i = 0; i < trajectories.size(); ++i)
      {
        data.trajectories.push_back(&trajectories[i]);
        data.moduli.push_back(initial_modulus(trajectories[i], events[i], settings.first_strain));
        data.branches.push_back(branch_data(trajectories[i], events[i], settings.piece_strain));
      }
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
      std::vector<double> result;
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

    /// Standard deviation, zero for fewer than two values.
    double standard_deviation(const std::vector<double> &values)
    {
      if (values.size() < 2)
        return 0.0;
      double mean = 0.0, sum = 0.0;
      for (const double value : values)
        mean += value / static_cast<double>(values.size());
      for (const double value : values)
        sum += (value - mean) * (value - mean);
      return std::sqrt(sum / static_cast<double>(values.size() - 1));
    }

    /**
     * Standard error of a constant c = q^(-1/power) from the resampled q = c^-power, which unlike c
     * stays finite when the term vanishes: s_c = c^(power + 1) s_q / power.
     */
    double standard_error(const std::vector<double> &resampled, const double value,
                          const double power)
    {
      if (!std::isfinite(value))
        return 0.0;
      std::vector<double> q;
      for (const double c : resampled)
        q.push_back(std::isfinite(c) ? std::pow(c, -power) : 0.0);
      return standard_deviation(q) * std::pow(value, power + 1.0) / power;
    }

    /// Runs resampled with replacement by whole glasses.
    Choice resample(const std::vector<std::vector<std::size_t>> &runs_of_glass,
                    std::mt19937_64 &generator)
    {
      Choice choice;
      for (std::size_t k = 0; k < runs_of_glass.size(); ++k)
      {
        const std::vector<std::size_t> &runs = runs_of_glass[generator() % runs_of_glass.size()];
        choice.insert(choice.end(), runs.begin(), runs.end());
      }
      return choice;
    }

    void add_standard_errors(const FitData &data, const std::vector<Trajectory> &trajectories,
                             const Fit &best, const HarvestSettings &settings,
                             ElasticityHarvest &result)
    {
      const std::vector<std::size_t> glass = glass_numbers(trajectories);
      std::vector<std::vector<std::size_t>> runs_of_glass(
          *std::max_element(glass.begin(), glass.end()) + 1);
      for (std::size_t i = 0; i < glass.size(); ++i)
        runs_of_glass[glass[i]].push_back(i);
      if (settings.n_bootstrap == 0 || runs_of_glass.size() < 2)
      {
        if (settings.n_bootstrap > 0)
          result.warnings.push_back("only one glass: standard errors cannot be estimated");
        return;
      }

      // Far below the standard errors; a full solution would only cost time.
      constexpr double tolerance = 1e-3;

      // u0 only names the zero of X1: held fixed, its choice does not pass for scatter of G0 and
      // uA.
      HarvestSettings fixed = settings;
      fixed.reference_energy = best.u0;

      std::mt19937_64 generator(settings.seed);
      std::vector<double> g0, u_a, tau_a, tau_b, u0, first_g0, first_u_a;
      std::vector<std::vector<double>> nodes(best.model.table ? best.model.table->compliance.size()
                                                              : 0);
      for (unsigned int k = 0; k < settings.n_bootstrap; ++k)
      {
        const Choice choice = resample(runs_of_glass, generator);
        const Fit fit = fit_model(data, choice, fixed, &best.model, tolerance);
        g0.push_back(fit.model.constants.g0);
        u_a.push_back(fit.model.constants.u_a);
        tau_a.push_back(fit.model.constants.tau_a);
        tau_b.push_back(fit.model.constants.tau_b);
        for (std::size_t n = 0; n < nodes.size(); ++n)
          nodes[n].push_back(fit.model.table->compliance[n]);
        u0.push_back(lowest_stress_free_energy(chosen_branches(data, choice), best.model));
        first_g0.push_back(fit.first.constants.g0);
        first_u_a.push_back(fit.first.constants.u_a);
      }
      for (std::size_t n = 0; n < nodes.size(); ++n)
        result.model.table->standard_error[n] = standard_deviation(nodes[n]);
      const TaylorConstants &constants = best.model.constants;
      result.fitted.g0.standard_error = standard_error(g0, constants.g0, 1.0);
      result.fitted.u_a.standard_error = standard_error(u_a, constants.u_a, 1.0);
      result.fitted.tau_a.standard_error = standard_error(tau_a, constants.tau_a, 2.0);
      result.fitted.tau_b.standard_error = standard_error(tau_b, constants.tau_b, 4.0);
      result.u0.standard_error = standard_deviation(u0);
      result.first_g0.standard_error = standard_error(first_g0, best.first.constants.g0, 1.0);
      result.first_u_a.standard_error = standard_error(first_u_a, best.first.constants.u_a, 1.0);
    }

    /// Warn of a constant whose term is absent or no larger than two of its standard errors.
    void warn_if_not_identified(const char *name, const database::FittedNumber &number,
                                const double power, const char *unit,
                                std::vector<std::string> &warnings)
    {
      if (!std::isfinite(number.value))
        warnings.push_back(fmt::format(
            "{} is not identified: its term vanishes in the fit and is left out", name));
      else if (power * number.standard_error > 0.5 * number.value)
        warnings.push_back(fmt::format(
            "{} = {:.4g} {} is weakly identified: its term is within two standard errors "
            "of zero",
            name, number.value, unit));
    }

    void add_warnings(const Fit &fit, const HarvestSettings &settings, ElasticityHarvest &result)
    {
      if (settings.elasticity == ElasticitySource::given)
        return;
      warn_if_not_identified("uA", result.fitted.u_a, 1.0, "eV", result.warnings);
      if (settings.elasticity == ElasticitySource::branch_fit ||
          settings.elasticity == ElasticitySource::loading_curve)
      {
        warn_if_not_identified("tauA", result.fitted.tau_a, 2.0, "GPa", result.warnings);
        warn_if_not_identified("tauB", result.fitted.tau_b, 4.0, "GPa", result.warnings);
      }
      const bool tabulated = settings.elasticity == ElasticitySource::tabulated;
      if ((settings.elasticity == ElasticitySource::branch_fit || tabulated) && !fit.branch.settled)
        result.warnings.push_back(
            fmt::format("the branch fit did not settle in {} iterations", fit.branch.n_iterations));
      if (tabulated && !fit.table.settled)
        result.warnings.push_back(fmt::format(
            "the elasticity table did not settle in {} iterations", fit.table.n_iterations));
    }

    /// Scatter and mean of the branch moduli about the elasticity in force.
    void measure_branches(const FitData &data, ElasticityHarvest &result)
    {
      std::vector<double> residuals;
      double sum = 0.0, total = 0.0;
      for (const BranchData &run : data.branches)
      {
        const auto elasticity = result.model.elasticity(run.initial.atomic_volume);
        for (const BranchPiece &piece : run.pieces)
        {
          const double x1 =
              elasticity->inelastic_energy(piece.energy - result.u0.value, piece.tau_of_energy);
          residuals.push_back(piece.modulus - elasticity->tangent(piece.tau, x1));
          sum += piece.weight * residuals.back();
          total += piece.weight;
        }
      }
      if (residuals.empty())
        return;
      result.branch_spread = robust_spread(residuals, median(residuals));
      result.branch_bias = sum / total;
    }
  } // namespace

  ElasticityHarvest harvest_elasticity(const std::vector<Trajectory> &trajectories,
                                       const HarvestSettings &settings)
  {
    constexpr unsigned int max_passes = 10;

    ElasticityHarvest result;
    for (const Trajectory &trajectory : trajectories)
      result.increments.push_back(raw_increments(trajectory));
    result.floors.drop = settings.drop_floor;
    result.floors.energy = floor_of(joined(result.increments, &Increments::trapezoid_loss),
                                    settings.energy_floor, settings, energy_resolution);

    std::vector<Flags> events = first_events(result.increments, result.floors.energy);
    Choice all(trajectories.size());
    std::iota(all.begin(), all.end(), std::size_t(0));
    FitData data;
    Fit fit;
    bool settled = false;
    for (unsigned int pass = 0; pass < max_passes && !settled; ++pass)
    {
      data = fit_data(trajectories, events, settings);
      // The nodes of a table follow the pieces, so each pass lays them anew.
      const ElasticModel start = {fit.model.constants, {}};
      fit = fit_model(data, all, settings, pass == 0 ? nullptr : &start);

      for (std::size_t i = 0; i < trajectories.size(); ++i)
        result.increments[i] = read_increments(
            trajectories[i], *fit.model.elasticity(trajectories[i].atomic_volume()), fit.u0);
      result.floors.deficit = floor_of(joined(result.increments, &Increments::deficit),
                                       settings.deficit_floor, settings, stress_resolution);

      std::vector<Flags> found;
      for (const Increments &run : result.increments)
        found.push_back(find_events(run, EventDefinition::any_loss, result.floors));
      settled = found == events;
      events = std::move(found);
    }
    if (!settled)
      result.warnings.push_back(
          fmt::format("the set of event-free increments did not settle in {} passes", max_passes));

    result.model = fit.model;
    result.fitted = {{fit.model.constants.g0, 0.0},
                     {fit.model.constants.u_a, 0.0},
                     {fit.model.constants.tau_a, 0.0},
                     {fit.model.constants.tau_b, 0.0}};
    result.u0.value = fit.u0;
    result.first_g0.value = fit.first.constants.g0;
    result.first_u_a.value = fit.first.constants.u_a;
    add_standard_errors(data, trajectories, fit, settings, result);
    if (settings.reference_energy)
      result.u0.standard_error = 0.0;
    measure_branches(data, result);
    add_warnings(fit, settings, result);
    return result;
  }
} // namespace seem::statistics
