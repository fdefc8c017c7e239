// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SYNTHETIC_CHECKS_H
#define SEEM_TESTS_SYNTHETIC_CHECKS_H

#include "synthetic/recovery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

/// What must hold of a harvest of synthetic runs, at any number of samples.
namespace seem::recovery
{
  /// Print one line of the test's output.
  template <typename... Arguments>
  void say(const char *format, const Arguments... arguments)
  {
    std::printf("[          ] ");
    std::printf(format, arguments...);
    std::printf("\n");
  }

  /// @p number is @p truth within @p percent or three standard errors.
  inline void expect_constant(const char *name, const database::FittedNumber &number,
                              const double truth, const double percent)
  {
    say("%-5s %.5g +- %.2g, in truth %.5g: %+.3f %%", name, number.value, number.standard_error,
        truth, 100.0 * (number.value / truth - 1.0));
    EXPECT_NEAR(number.value, truth, std::max(0.01 * percent * truth, 3.0 * number.standard_error))
        << name;
    // The bound above means nothing if the errors are huge.
    EXPECT_LT(number.standard_error, 0.01 * percent * truth) << name;
  }

  inline void expect_elasticity(const tests::SyntheticLaw &law, const double u0,
                                const database::ElasticConstants &fitted)
  {
    const statistics::TaylorConstants truth = constants(law, u0);
    expect_constant("G0", fitted.g0, truth.g0, 1.5);
    expect_constant("uA", fitted.u_a, truth.u_a, 5.0);
    expect_constant("tauB", fitted.tau_b, truth.tau_b, 3.0);
  }

  /// At least 90 % of the rates of full bins lie within two standard errors, and there is no bias.
  inline void expect_rates(const tests::SyntheticAqs &aqs, const Harvested &harvested)
  {
    const std::vector<BinRate> rates = bin_rates(aqs, harvested, 50.0);
    double within = 0.0, mean = 0.0, square = 0.0;
    const double n = static_cast<double>(rates.size());
    for (const BinRate &rate : rates)
    {
      within += std::abs(rate.in_errors()) <= 2.0 ? 1.0 / n : 0.0;
      mean += rate.in_errors() / n;
      square += rate.in_errors() * rate.in_errors() / n;
    }
    say("%zu bins of 50 events or more: %.1f %% within two standard errors; mean %+.2f, rms %.2f",
        rates.size(), 100.0 * within, mean, std::sqrt(square));
    ASSERT_GT(rates.size(), 10u);
    EXPECT_GE(within, 0.9);
    EXPECT_LT(std::abs(mean), 5.0 / std::sqrt(n));
  }

  /// Rms distance of the mean path of any label, in standard errors, the larger one of tau and X1.
  inline double largest_distance(const tests::SyntheticAqs &aqs,
                                 const std::vector<tests::SyntheticPreparation> &preparations,
                                 const Harvested &harvested, const std::size_t n_truth,
                                 const std::size_t n_paths)
  {
    tests::SyntheticAqs other = aqs;
    other.seed += 1000000; // runs that the harvest has not seen
    const auto truth = statistics::by_label(true_curves(other.runs(preparations, n_truth))),
               runs = statistics::by_label(true_curves(harvested.runs)),
               model = statistics::by_label(model_curves(harvested.harvest.database, aqs.law.u0,
                                                         n_paths, aqs.final_strain, 7));
    double largest = 0.0;
    for (const auto &[label, curves] : truth)
    {
      const Distance d = distance(curves, runs.at(label), model.at(label));
      say("%-5s rms of tau %.4f GPa (%.2f standard errors), of X1 %.5f eV (%.2f)", label.c_str(),
          d.tau, d.tau_in_errors, d.x1, d.x1_in_errors);
      largest = std::max({largest, d.tau_in_errors, d.x1_in_errors});
    }
    return largest;
  }

  /// Differences of the end stress between the fast and the slow label.
  struct MemorySpread
  {
    Spread truth, with, without;

    static double in_errors(const statistics::Estimate &a, const statistics::Estimate &b)
    {
      return (a.value - b.value) / std::hypot(a.standard_error, b.standard_error);
    }
  };

  /// Three times the memory of the real glass, which relaxes half as fast: it outlasts the scatter.
  inline std::vector<tests::SyntheticPreparation> strong_memory()
  {
    return tests::preparations_with_memory(0.35);
  }

  inline MemorySpread memory_spread(const tests::SyntheticAqs &aqs, const std::size_t n_samples,
                                    const std::size_t n_paths)
  {
    statistics::HarvestSettings settings;
    settings.n_bootstrap = 0;
    const Harvested with = harvested(aqs, strong_memory(), n_samples, settings);
    settings.estimator.memory = false;
    const statistics::Harvest without =
        statistics::harvest(tests::trajectories_of(with.runs), settings);
    MemorySpread result;
    result.truth = end_spread(true_curves(with.runs));
    result.with =
        end_spread(model_curves(with.harvest.database, aqs.law.u0, n_paths, aqs.final_strain, 7));
    result.without =
        end_spread(model_curves(without.database, aqs.law.u0, n_paths, aqs.final_strain, 7));
    const database::Memory &memory = *with.harvest.database.memory;
    say("memory %+.3f per decade, in truth %+.3f; relaxes over %.3f, in truth %.3f",
        memory.per_decade.value, -0.35 * std::log(10.0), memory.relaxation_strain.value,
        aqs.memory_strain);
    say("fast less slow at the end: tau %.3f +- %.3f GPa; with memory %.3f +- %.3f; without %.3f "
        "+- %.3f",
        result.truth.tau.value, result.truth.tau.standard_error, result.with.tau.value,
        result.with.tau.standard_error, result.without.tau.value,
        result.without.tau.standard_error);
    return result;
  }
} // namespace seem::recovery

#endif
