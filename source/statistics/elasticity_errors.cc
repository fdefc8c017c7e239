// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elasticity_fit.h"

#include <seem/statistics/ordered_work.h>

#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace seem::statistics
{
  namespace
  {
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

    /**
     * 95 % interval of a constant c = q^(-1/power) over n glasses: q -+ t s_q sqrt(n/(n - 1)), t of
     * Student's distribution with n - 1 degrees of freedom; the root makes up for the bootstrap,
     * whose variance is that of a sample with divisor n. In q the interval stays meaningful when
     * the term may vanish: the upper end of c is then infinite.
     */
    Interval interval_of(const std::vector<double> &resampled, const double value,
                         const double power, const std::size_t n_glasses)
    {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      std::vector<double> q;
      for (const double c : resampled)
        q.push_back(std::isfinite(c) ? std::pow(c, -power) : 0.0);
      const double n = static_cast<double>(n_glasses);
      const double t = boost::math::quantile(boost::math::students_t(n - 1.0), 0.975);
      const double half = t * standard_deviation(q) * std::sqrt(n / (n - 1.0));
      const double centre = std::isfinite(value) ? std::pow(value, -power) : 0.0;
      const double low = centre - half, high = centre + half;
      return {high > 0.0 ? std::pow(high, -1.0 / power) : infinity,
              low > 0.0 ? std::pow(low, -1.0 / power) : infinity};
    }

    /// Runs by glass.
    std::vector<std::vector<std::size_t>> by_glass(const std::vector<std::size_t> &glass)
    {
      std::map<std::size_t, std::vector<std::size_t>> runs;
      for (std::size_t i = 0; i < glass.size(); ++i)
        runs[glass[i]].push_back(i);
      std::vector<std::vector<std::size_t>> result;
      for (auto &[number, members] : runs)
        result.push_back(std::move(members));
      return result;
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
  } // namespace

  void add_standard_errors(const FitData &data, const std::vector<std::size_t> &fit_glass,
                           const std::vector<std::size_t> &glass, const Fit &best,
                           const HarvestSettings &settings, const HarvestExecution &execution,
                           ElasticityHarvest &result)
  {
    const std::vector<std::vector<std::size_t>> runs_of_glass = by_glass(fit_glass);
    result.n_fit_glasses = runs_of_glass.size();
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
    std::vector<Choice> choices;
    for (unsigned int k = 0; k < settings.n_bootstrap; ++k)
      choices.push_back(resample(runs_of_glass, generator));

    std::vector<double> g0, u_a, tau_a, tau_b, u0, first_g0, first_u_a;
    std::vector<std::vector<double>> nodes(best.model.table ? best.model.table->compliance.size()
                                                            : 0);
    ordered_work(
        choices.size(), execution.n_threads,
        [&](const std::size_t k) {
          return fit_model(data, choices[k], fixed, &best.model, tolerance);
        },
        [&](const std::size_t k, const Fit &fit) {
          g0.push_back(fit.model.constants.g0);
          u_a.push_back(fit.model.constants.u_a);
          tau_a.push_back(fit.model.constants.tau_a);
          tau_b.push_back(fit.model.constants.tau_b);
          for (std::size_t n = 0; n < nodes.size(); ++n)
            nodes[n].push_back(fit.model.table->compliance[n]);
          first_g0.push_back(fit.first.constants.g0);
          first_u_a.push_back(fit.first.constants.u_a);
          execution.report("resampling the glasses", k + 1, choices.size());
        });

    // u0 is of all runs, also of those that the elasticity was not fitted to.
    const bool all_fitted = glass.size() == fit_glass.size();
    const std::vector<std::vector<std::size_t>> runs_of_all = by_glass(glass);
    for (const Choice &choice : choices)
      u0.push_back(lowest_stress_free_energy(
          chosen_branches(data, all_fitted ? choice : resample(runs_of_all, generator)),
          best.model));

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
    if (settings.elasticity != ElasticitySource::given)
      result.intervals =
          ElasticIntervals{interval_of(g0, constants.g0, 1.0, runs_of_glass.size()),
                           interval_of(u_a, constants.u_a, 1.0, runs_of_glass.size()),
                           interval_of(tau_a, constants.tau_a, 2.0, runs_of_glass.size()),
                           interval_of(tau_b, constants.tau_b, 4.0, runs_of_glass.size())};
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
      result.warnings.push_back(fmt::format("the elasticity table did not settle in {} iterations",
                                            fit.table.n_iterations));
  }
} // namespace seem::statistics
