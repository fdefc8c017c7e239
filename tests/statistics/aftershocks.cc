// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/aftershocks.h>

#include <gtest/gtest.h>

#include <cmath>

namespace seem::statistics
{
  TEST(AftershockCounts, TheRateAfterAnEventIsHeldAgainstTheQuietRateAtTheSameStates)
  {
    AftershockCounts counts(3);
    const auto add = [&](const std::size_t bin, const std::size_t lag, const int n, const int k) {
      for (int i = 0; i < n; ++i)
        counts.add(bin, AftershockCounts::lag_class(lag), i < k);
    };
    add(0, 0, 1000, 10);  // quiet: 0.01
    add(1, 11, 1000, 40); // quiet, too: 0.04
    add(0, 1, 300, 0);
    add(1, 1, 100, 50);
    add(2, 1, 100, 100); // never quiet: left out
    const auto ratios = counts.ratios();
    ASSERT_EQ(ratios.size(), 4u);
    EXPECT_EQ(ratios[0].n_increments, 400.0);
    EXPECT_EQ(ratios[0].n_events, 50.0);
    // 7 of 400 were to be expected: ln(1 - 50/400)/ln(1 - 7/400) = 7.5634.
    EXPECT_NEAR(ratios[0].ratio, 7.5634, 1e-4);
    EXPECT_NEAR(ratios[0].standard_error, std::sqrt(50.0) / 7.0, 1e-12);
    EXPECT_TRUE(std::isnan(ratios[1].ratio));
    EXPECT_DOUBLE_EQ(counts.share(1), 90.0 / 1100.0);
  }

  TEST(AftershockCounts, LagsFallIntoTheirClasses)
  {
    EXPECT_EQ(AftershockCounts::lag_class(0), 0u);
    EXPECT_EQ(AftershockCounts::lag_class(1), 1u);
    EXPECT_EQ(AftershockCounts::lag_class(2), 2u);
    EXPECT_EQ(AftershockCounts::lag_class(5), 3u);
    EXPECT_EQ(AftershockCounts::lag_class(6), 4u);
    EXPECT_EQ(AftershockCounts::lag_class(11), 0u);
  }
} // namespace seem::statistics
