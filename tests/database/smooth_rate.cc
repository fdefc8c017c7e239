// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/smooth_rate.h>
#include <seem/database/state_grid.h>

#include <gtest/gtest.h>

#include <cmath>

namespace seem::database
{
  namespace
  {
    const std::vector<Axis> axes = {uniform_axis("tau", "GPa", 0.0, 2.0, 8),
                                    uniform_axis("X1", "eV", 0.0, 0.02, 6)};

    /// ln(lambda) = 3 + 2 t - x, linear in the bin numbers from 0 to 1.
    double log_linear(const std::size_t bin)
    {
      return 3.0 + 2.0 * (static_cast<double>(bin % 8) + 0.5) / 8.0 -
             (static_cast<double>(bin / 8) + 0.5) / 6.0;
    }

    /// Counts equal to their expectation, with exposure that differs from bin to bin.
    BinCounts expected_counts(const std::size_t empty_from)
    {
      BinCounts counts;
      for (std::size_t b = 0; b < 48; ++b)
      {
        counts.exposure.push_back(b < empty_from ? 0.1 + 0.05 * static_cast<double>(b % 5) : 0.0);
        counts.n_events.push_back(counts.exposure[b] * std::exp(log_linear(b)));
      }
      return counts;
    }
  } // namespace

  TEST(SmoothRate, IsThatOfTheCountsIfItIsLogLinearHoweverSmooth)
  {
    const BinCounts counts = expected_counts(48);
    for (const double curvature : {0.01, 1.0, 100.0})
    {
      const std::vector<double> rate = smooth_rate(axes, counts, curvature);
      for (std::size_t b = 0; b < rate.size(); ++b)
        EXPECT_NEAR(std::log(rate[b]), log_linear(b), 1e-5) << b;
      EXPECT_NEAR(poisson_deviance(counts, rate), 0.0, 1e-6);
    }
  }

  TEST(SmoothRate, StaysWithinTheVisitedRatesWhereNothingWasVisited)
  {
    const std::vector<double> rate = smooth_rate(axes, expected_counts(24), 1.0);
    double lowest = 1e99;
    for (std::size_t b = 0; b < 24; ++b)
    {
      EXPECT_NEAR(std::log(rate[b]), log_linear(b), 1e-4);
      lowest = std::min(lowest, rate[b]);
    }
    for (std::size_t b = 24; b < 48; ++b)
      EXPECT_GE(rate[b], lowest);
    // Along tau the trend goes on.
    EXPECT_NEAR(std::log(rate[31]), std::log(rate[23]) - 1.0 / 6.0, 0.01);
  }

  TEST(SmoothRate, FollowsTheBinsIfItMayAndTheirTrendIfItMust)
  {
    BinCounts counts = expected_counts(48);
    for (std::size_t b = 0; b < 48; ++b)
      counts.n_events[b] *= b % 2 == 0 ? 1.5 : 0.5;
    const std::vector<double> rough = smooth_rate(axes, counts, 1e5),
                              smooth = smooth_rate(axes, counts, 1e-3);
    for (std::size_t b = 0; b < 48; ++b)
    {
      EXPECT_NEAR(rough[b] * counts.exposure[b] / counts.n_events[b], 1.0, 1e-3);
      EXPECT_NEAR(std::log(smooth[b]), log_linear(b), 0.25);
    }
    // The smooth rate keeps the number of events, whatever else it gives up.
    double expected = 0.0, counted = 0.0;
    for (std::size_t b = 0; b < 48; ++b)
    {
      expected += smooth[b] * counts.exposure[b];
      counted += counts.n_events[b];
    }
    EXPECT_NEAR(expected, counted, 1e-3 * counted);
    EXPECT_GT(poisson_deviance(counts, smooth), poisson_deviance(counts, rough) + 1.0);
  }

  TEST(SmoothRate, SeveralCurvaturesInOneCallAreAsOneByOne)
  {
    BinCounts counts = expected_counts(30);
    std::vector<double> sizes;
    for (std::size_t b = 0; b < 48; ++b)
    {
      counts.n_events[b] = std::floor(counts.n_events[b] * static_cast<double>(b * 7 % 5));
      sizes.push_back(0.01 * counts.n_events[b] * static_cast<double>(1 + b * 5 % 3));
    }
    const std::vector<double> curvatures = {0.1, 0.5, 4.0, 1e3, 2.0}; // far apart, and back
    const auto rates = smooth_rates(axes, counts, curvatures);
    const auto means = smooth_sizes(axes, counts.n_events, sizes, 3.0, curvatures);
    ASSERT_EQ(rates.size(), curvatures.size());
    ASSERT_EQ(means.size(), curvatures.size());
    for (std::size_t i = 0; i < curvatures.size(); ++i)
    {
      const std::vector<double> rate = smooth_rate(axes, counts, curvatures[i]);
      const std::vector<double> mean =
          smooth_size(axes, counts.n_events, sizes, 3.0, curvatures[i]);
      for (std::size_t b = 0; b < 48; ++b)
      {
        EXPECT_NEAR(rates[i][b] / rate[b], 1.0, 1e-7) << curvatures[i] << " " << b;
        EXPECT_NEAR(means[i][b] / mean[b], 1.0, 1e-7) << curvatures[i] << " " << b;
      }
    }
  }

  TEST(SmoothRate, RefusesWhatItCannotUse)
  {
    const BinCounts counts = expected_counts(48);
    EXPECT_THROW(smooth_rates(axes, counts, {1.0, 0.0}), InputError);
    EXPECT_THROW(smooth_rate(axes, counts, 0.0), InputError);
    EXPECT_THROW(smooth_rate(axes, counts, NAN), InputError);
    EXPECT_THROW(smooth_rate(axes, {std::vector<double>(48, 0.0), counts.exposure}, 1.0),
                 InputError);
    EXPECT_THROW(smooth_size(axes, counts.n_events, std::vector<double>(48, -1.0), 1.0, 1.0),
                 InputError);
  }

  TEST(SmoothSize, IsThatOfTheEventsIfItIsLogLinear)
  {
    std::vector<double> n, sum;
    for (std::size_t b = 0; b < 48; ++b)
    {
      n.push_back(static_cast<double>(b % 7));
      sum.push_back(n[b] * 0.01 * std::exp(log_linear(b)));
    }
    for (const double dispersion : {1.0, 3.0})
    {
      const std::vector<double> size = smooth_size(axes, n, sum, dispersion, 1.0);
      for (std::size_t b = 0; b < 48; ++b)
        if (n[b] > 0.0)
        {
          EXPECT_NEAR(std::log(size[b] / 0.01), log_linear(b), 1e-4) << b;
        }
    }
  }
} // namespace seem::database
