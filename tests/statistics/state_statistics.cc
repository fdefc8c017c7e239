// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/state_statistics.h>

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  TEST(EventRate, IsTheHazardAndNotTheBiasedRatio)
  {
    EXPECT_NEAR(event_rate(1, 2, 2e-4), 6931.471805599453, 1e-9); // ln 2 / 1e-4
    EXPECT_EQ(event_rate(0, 5, 5e-4), 0.0);
    EXPECT_EQ(event_rate(0, 0, 0.0), 0.0);
  }

  TEST(EventRate, StaysFiniteIfEveryIncrementHeldAnEvent)
  {
    EXPECT_NEAR(event_rate(4, 4, 4e-4), std::log(8.0) / 1e-4, 1e-8); // k = 3.5 of 4
  }

  TEST(EventRate, RecoversAKnownPoissonRateWithinFiveStandardErrors)
  {
    std::mt19937_64 generator(3);
    std::poisson_distribution<int> poisson(0.3); // 300 per unit strain at increments of 1e-3
    const int n = 50000;
    int k = 0;
    for (int i = 0; i < n; ++i)
      k += poisson(generator) > 0;
    const double p = 1.0 - std::exp(-0.3);
    const double error = std::sqrt(p / (1.0 - p) / n) / 1e-3; // delta method
    EXPECT_NEAR(event_rate(k, n, n * 1e-3), 300.0, 5.0 * error);
    EXPECT_GT(std::abs(k / (n * 1e-3) - 300.0), 5.0 * error); // k/n is biased
  }

  TEST(StateStatistics, CountsEachIncrementInTheBinItBeganIn)
  {
    const database::StateGrid grid(
        {{"tau", "GPa", {0.0, 1.0, 2.0, 3.0}}, {"X1", "eV", {0.0, 0.01, 0.02}}});
    StateStatistics statistics(grid);
    statistics.add(tests::state(1.5, 0.015), 1e-4, false);
    statistics.add(tests::state(1.5, 0.015), 1e-4, true);
    statistics.add(tests::state(0.5, 0.005), 3e-4, false);
    statistics.add(tests::state(9.0, 0.015), 1e-4, true); // outside: in the rim
    EXPECT_EQ(statistics.n_increments(), (std::vector<double>{1, 0, 0, 0, 2, 1}));
    EXPECT_EQ(statistics.n_events(), (std::vector<double>{0, 0, 0, 0, 1, 1}));
    EXPECT_DOUBLE_EQ(statistics.exposure()[0], 3e-4);
    EXPECT_DOUBLE_EQ(statistics.exposure()[4], 2e-4);
    EXPECT_EQ(statistics.n_visited(), 3u);
    EXPECT_EQ(statistics.n_with_events(1.0), 2u);
    EXPECT_NEAR(statistics.rate()[4], std::log(2.0) / 1e-4, 1e-8);
    EXPECT_EQ(statistics.rate()[0], 0.0);
  }
} // namespace seem::statistics
