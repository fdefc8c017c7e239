// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/power_law.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <random>

namespace seem::statistics
{
  namespace
  {
    constexpr double none = std::numeric_limits<double>::infinity();

    double uniform(std::mt19937_64 &generator)
    {
      return (static_cast<double>(generator() >> 11) + 0.5) * 0x1p-53;
    }

    /// Rejection from the power law without a cutoff; tau > 1.
    std::vector<double> continuous_sizes(const std::size_t n, const double minimum,
                                         const double tau, const double cutoff,
                                         const std::uint64_t seed)
    {
      std::mt19937_64 generator(seed);
      std::vector<double> sizes;
      while (sizes.size() < n)
      {
        const double s = minimum * std::pow(uniform(generator), -1.0 / (tau - 1.0));
        if (uniform(generator) < std::exp(-(s - minimum) / cutoff))
          sizes.push_back(s);
      }
      return sizes;
    }

    /// From the sums of the probabilities of all whole numbers.
    std::vector<double> whole_sizes(const std::size_t n, const unsigned int minimum,
                                    const double tau, const double cutoff, const std::uint64_t seed)
    {
      std::vector<double> sums;
      double sum = 0.0;
      for (unsigned int k = minimum; k < 1000000; ++k)
        sums.push_back(sum += std::pow(k, -tau) * std::exp(-(k - 1.0) / cutoff));
      std::mt19937_64 generator(seed);
      std::vector<double> sizes;
      for (std::size_t i = 0; i < n; ++i)
        sizes.push_back(minimum + static_cast<double>(std::lower_bound(sums.begin(), sums.end(),
                                                                       sum * uniform(generator)) -
                                                      sums.begin()));
      return sizes;
    }

    PowerLawSettings without_goodness(const bool cutoff = true)
    {
      PowerLawSettings settings;
      settings.cutoff = cutoff;
      settings.n_synthetic = 0;
      return settings;
    }

    void expect_within_five_errors(const Estimate &estimate, const double truth)
    {
      EXPECT_GT(estimate.standard_error, 0.0);
      EXPECT_LT(std::abs(estimate.value - truth), 5.0 * estimate.standard_error)
          << estimate.value << " +- " << estimate.standard_error << " for " << truth;
    }

  } // namespace

  TEST(PowerLaw, WithoutACutoffTheExponentIsThatOfHill)
  {
    const std::vector<double> sizes = continuous_sizes(4000, 0.02, 1.8, none, 1);
    const PowerLawFit fit =
        fit_power_law(sizes, SizeKind::continuous, 0.02, without_goodness(false));
    double logs = 0.0;
    for (const double size : sizes)
      logs += std::log(size / 0.02);
    EXPECT_NEAR(fit.exponent.value, 1.0 + 4000.0 / logs, 1e-6);
    EXPECT_NEAR(fit.exponent.standard_error, (fit.exponent.value - 1.0) / std::sqrt(4000.0), 1e-6);
    expect_within_five_errors(fit.exponent, 1.8);
    EXPECT_TRUE(std::isinf(fit.cutoff.value));
    EXPECT_EQ(fit.n, 4000u);
  }

  TEST(PowerLaw, ContinuousSizesWithACutoffGiveBackBoth)
  {
    for (const auto &[tau, cutoff] : {std::pair(1.3, 0.5), {1.5, 10.0}, {2.2, 0.3}})
    {
      const PowerLawFit fit = fit_power_law(continuous_sizes(6000, 0.02, tau, cutoff, 2),
                                            SizeKind::continuous, 0.02, without_goodness());
      expect_within_five_errors(fit.exponent, tau);
      expect_within_five_errors(fit.cutoff, cutoff);
      EXPECT_LT(fit.exponent.standard_error, 0.1);
    }
  }

  TEST(PowerLaw, WholeNumbersWithACutoffGiveBackBoth)
  {
    for (const unsigned int minimum : {1u, 3u})
      for (const auto &[tau, cutoff] : {std::pair(1.3, 20.0), {1.7, 3000.0}})
      {
        const PowerLawFit fit = fit_power_law(whole_sizes(6000, minimum, tau, cutoff, 3),
                                              SizeKind::discrete, minimum, without_goodness());
        expect_within_five_errors(fit.exponent, tau);
        expect_within_five_errors(fit.cutoff, cutoff);
      }
    // Taken for continuous ones they would not.
    const PowerLawFit wrong = fit_power_law(whole_sizes(6000, 1, 1.3, 20.0, 3),
                                            SizeKind::continuous, 1.0, without_goodness());
    EXPECT_GT(std::abs(wrong.exponent.value - 1.3), 5.0 * wrong.exponent.standard_error);
  }

  TEST(PowerLaw, WholeNumbersWithoutACutoffDoNotGetOne)
  {
    const std::vector<double> sizes = whole_sizes(5000, 1, 2.6, none, 4);
    const PowerLawFit fit = fit_power_law(sizes, SizeKind::discrete, 1, without_goodness(false));
    expect_within_five_errors(fit.exponent, 2.6);
    EXPECT_TRUE(std::isinf(fit.cutoff.value));
    // The mean of ln s of the fitted law is that of the sizes.
    const PowerLaw law = fit.law();
    double mean = 0.0, model = 0.0;
    for (const double size : sizes)
      mean += std::log(size) / 5000.0;
    for (unsigned int k = 1; k < 200000; ++k)
      model += law.probability(k) * std::log(k);
    EXPECT_NEAR(model, mean, 1e-5);
  }

  TEST(PowerLaw, StandardErrorsAreThoseOfRepeatedFits)
  {
    constexpr unsigned int n_fits = 60;
    double square = 0.0, square_cutoff = 0.0;
    for (unsigned int i = 0; i < n_fits; ++i)
    {
      const PowerLawFit fit = fit_power_law(continuous_sizes(2000, 1.0, 1.4, 60.0, 100 + i),
                                            SizeKind::continuous, 1.0, without_goodness());
      square += std::pow((fit.exponent.value - 1.4) / fit.exponent.standard_error, 2);
      square_cutoff += std::pow(
          std::log(fit.cutoff.value / 60.0) * fit.cutoff.value / fit.cutoff.standard_error, 2);
    }
    // A mean of 60 squares of normal numbers: 1 +- sqrt(2/60).
    EXPECT_NEAR(square / n_fits, 1.0, 5.0 * std::sqrt(2.0 / n_fits));
    EXPECT_NEAR(square_cutoff / n_fits, 1.0, 5.0 * std::sqrt(2.0 / n_fits));
  }

  TEST(PowerLaw, TheGoodnessTellsALawFromAnother)
  {
    PowerLawSettings settings;
    settings.n_synthetic = 60;
    const PowerLawFit good = fit_power_law(continuous_sizes(800, 1.0, 1.5, 30.0, 7),
                                           SizeKind::continuous, 1.0, settings);
    EXPECT_GT(good.ks_probability, 0.02);
    EXPECT_LT(good.ks_distance, 0.05);

    std::mt19937_64 generator(8);
    std::vector<double> two_humps;
    for (unsigned int i = 0; i < 800; ++i)
      two_humps.push_back(i % 2 == 0 ? 1.0 + 0.1 * uniform(generator)
                                     : 30.0 + 10.0 * uniform(generator));
    const PowerLawFit bad = fit_power_law(two_humps, SizeKind::continuous, 1.0, settings);
    EXPECT_EQ(bad.ks_probability, 0.0);
    EXPECT_GT(bad.ks_distance, 0.1);
  }

  TEST(PowerLaw, ProbabilitiesAddUpAndQuantilesInvertThem)
  {
    for (const double cutoff : {15.0, 5000.0})
    {
      const PowerLaw law(SizeKind::discrete, 2, 1.4, cutoff);
      double sum = 0.0;
      for (unsigned int k = 2; k < 400000; ++k)
      {
        sum += law.probability(k);
        if (k < 100 || k % 1009 == 0)
        {
          ASSERT_NEAR(law.cumulative(k), sum, 2e-6) << k;
        }
      }
      EXPECT_NEAR(sum, 1.0, 1e-9);
      EXPECT_EQ(law.cumulative(1.5), 0.0);
      EXPECT_EQ(law.probability(2.5), 0.0);
      for (const double k : {2.0, 3.0, 50.0})
        EXPECT_EQ(law.quantile(law.cumulative(k) - 1e-9), k);
    }
    const PowerLaw law(SizeKind::continuous, 0.5, 1.4, 3.0);
    for (const double p : {1e-4, 0.1, 0.5, 0.99})
      EXPECT_NEAR(law.cumulative(law.quantile(p)), p, 1e-9);
    const double h = 1e-4;
    EXPECT_NEAR((law.cumulative(1.0 + h) - law.cumulative(1.0 - h)) / (2 * h), law.probability(1.0),
                1e-3);
    // Without a cutoff in closed form.
    const PowerLaw pure(SizeKind::continuous, 0.5, 2.5);
    EXPECT_NEAR(pure.cumulative(2.0), 1.0 - std::pow(4.0, -1.5), 1e-5);
  }

  TEST(PowerLaw, TheBestMinimumIsWhereTheLawBegins)
  {
    std::vector<double> sizes = continuous_sizes(2000, 10.0, 1.7, 2000.0, 9);
    std::mt19937_64 generator(10);
    for (unsigned int i = 0; i < 1000; ++i)
      sizes.push_back(10.0 * uniform(generator));
    sizes.push_back(-1.0); // events may take stress up: not a size
    const double minimum = best_minimum(sizes, SizeKind::continuous);
    EXPECT_GT(minimum, 8.0);
    EXPECT_LT(minimum, 20.0);
    expect_within_five_errors(
        fit_power_law(sizes, SizeKind::continuous, minimum, without_goodness()).exponent, 1.7);
  }

  TEST(PowerLaw, ScalingIsFoundWithItsError)
  {
    constexpr unsigned int n_fits = 100;
    double square = 0.0, prefactor = 0.0;
    for (unsigned int k = 0; k < n_fits; ++k)
    {
      std::mt19937_64 generator(20 + k);
      std::vector<double> x, y;
      for (unsigned int i = 0; i < 300; ++i)
      {
        x.push_back(1.0 + std::floor(8.0 * uniform(generator) * uniform(generator)));
        // A scatter that grows with x and leaves the mean: of ln y the power would be another.
        const double width = std::min(0.1 * x.back(), 0.9);
        const double scatter = 1.0 + width;
        const double other = 2.0 - scatter;
        y.push_back(3.0 * std::pow(x.back(), 1.6) * (uniform(generator) < 0.5 ? scatter : other));
      }
      x.push_back(4.0);
      y.push_back(-1.0); // left out
      const ScalingFit fit = fit_scaling(x, y);
      EXPECT_EQ(fit.n, 300u);
      expect_within_five_errors(fit.exponent, 1.6);
      square += std::pow((fit.exponent.value - 1.6) / fit.exponent.standard_error, 2);
      prefactor += fit.prefactor / n_fits;
    }
    EXPECT_NEAR(square / n_fits, 1.0, 5.0 * std::sqrt(2.0 / n_fits));
    EXPECT_NEAR(prefactor, 3.0, 0.1);
  }

  TEST(PowerLaw, SizesThatAreRoundOffDoNotHinderTheSearchForAMinimum)
  {
    std::vector<double> sizes;
    const PowerLaw law(SizeKind::continuous, 1e-3, 1.5, 1.0);
    for (unsigned int i = 0; i < 2000; ++i)
      sizes.push_back(law.quantile((i + 0.5) / 2000.0));
    for (unsigned int i = 0; i < 300; ++i)
      sizes.push_back(1e-19 * (1.0 + i));
    const double minimum = best_minimum(sizes, SizeKind::continuous);
    EXPECT_GE(minimum, 1e-3);
    EXPECT_NEAR(fit_power_law(sizes, SizeKind::continuous, minimum).exponent.value, 1.5, 0.1);
  }

  TEST(PowerLaw, WhatCannotBeFittedIsRefused)
  {
    const std::vector<double> few(10, 2.0), equal(100, 2.0);
    EXPECT_THROW(fit_power_law(few, SizeKind::discrete, 1), InputError);
    EXPECT_THROW(fit_power_law(equal, SizeKind::discrete, 2), InputError);
    EXPECT_THROW(fit_power_law(equal, SizeKind::discrete, 1.5), InputError);
    EXPECT_THROW(fit_power_law(equal, SizeKind::continuous, 0.0), InputError);
    EXPECT_THROW(best_minimum(few, SizeKind::discrete), InputError);
    EXPECT_THROW(PowerLaw(SizeKind::continuous, 1.0, 0.9), InputError);
    EXPECT_THROW(fit_scaling(equal, equal), InputError);
  }
} // namespace seem::statistics
