// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/noise_floor.h>

#include <gtest/gtest.h>

#include <random>

namespace seem::statistics
{
  TEST(Median, IsTheMiddleOrTheMeanOfTheTwoMiddleOnes)
  {
    EXPECT_EQ(median({3.0}), 3.0);
    EXPECT_EQ(median({5.0, 1.0, 2.0}), 2.0);
    EXPECT_EQ(median({4.0, 1.0, 2.0, 10.0}), 3.0);
  }

  TEST(RobustSpread, IgnoresAnOutlier)
  {
    // Deviations from 3: 2, 1, 0, 1, 997; their median is 1.
    EXPECT_DOUBLE_EQ(robust_spread({1.0, 2.0, 3.0, 4.0, 1000.0}, 3.0), 1.4826);
  }

  TEST(NoiseFloor, FindsTheSpreadOfNormalNoiseUnderATailOfEvents)
  {
    std::mt19937_64 generator(7);
    std::normal_distribution<double> normal(1.0, 2.0);
    std::vector<double> values;
    for (int i = 0; i < 20000; ++i)
      values.push_back(normal(generator));
    for (int i = 0; i < 6000; ++i)
      values.push_back(100.0 + i);
    const NoiseFloor floor = measure_noise_floor(values, 8.0, 0.0);
    EXPECT_NEAR(floor.centre, 1.0, 0.1);
    EXPECT_NEAR(floor.spread, 2.0, 0.1);
    EXPECT_NEAR(floor.floor, 1.0 + 8.0 * 2.0, 0.8);
    EXPECT_FALSE(floor.given);
  }

  TEST(NoiseFloor, NeverFallsBelowTheResolution)
  {
    EXPECT_EQ(measure_noise_floor({0.0, 0.0, 0.0, 1.0}, 8.0, 1e-8).floor, 1e-8);
  }
} // namespace seem::statistics
