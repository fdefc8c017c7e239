// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/noise_floor.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace seem::statistics
{
  TEST(Median, IsTheMiddleOrTheMeanOfTheTwoMiddleOnes)
  {
    EXPECT_EQ(median({3.0}), 3.0);
    EXPECT_EQ(median({5.0, 1.0, 2.0}), 2.0);
    EXPECT_EQ(median({4.0, 1.0, 2.0, 10.0}), 3.0);
  }

  TEST(Median, OfManyIsThatOfTheSortedOnes)
  {
    std::mt19937_64 generator(11);
    std::lognormal_distribution<double> skewed(0.0, 3.0);
    for (const std::size_t n : {20000u, 20001u, 65536u})
      for (const int kind : {0, 1, 2, 3, 4})
      {
        std::vector<double> values;
        for (std::size_t i = 0; i < n; ++i)
          values.push_back(kind == 0   ? skewed(generator)
                           : kind == 2 ? static_cast<double>(i % 3) // few values
                                       : static_cast<double>(i));   // ascending
        // Far off just where a sample of equal steps looks.
        for (std::size_t k = 0; k < 1024 && kind > 2; ++k)
          values[k * n / 1024] += kind == 3 ? 1e9 : -1e9;
        std::vector<double> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const double expected =
            n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2] + sorted[n / 2 - 1]);
        EXPECT_EQ(median(values), expected) << n << " of kind " << kind;
      }
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
