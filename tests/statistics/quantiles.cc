// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/quantiles.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using seem::statistics::quantiles;

TEST(Quantiles, AreLinearBetweenTheOrderedValues)
{
  // numpy.quantile([7, 1, 3, 2], [0, 0.05, 0.25, 0.5, 0.75, 1])
  const std::vector<double> q = quantiles({7, 1, 3, 2}, {0, 0.05, 0.25, 0.5, 0.75, 1});
  const double expected[] = {1.0, 1.15, 1.75, 2.5, 4.0, 7.0};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(q[i], expected[i], 1e-14);
  EXPECT_THAT(quantiles({5}, {0.05, 0.95}), ::testing::ElementsAre(5, 5));
}

TEST(Quantiles, WhatIsNotFiniteIsLeftOut)
{
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(quantiles({nan, 4, 2, nan}, {0.5}), ::testing::ElementsAre(3));
  EXPECT_TRUE(std::isnan(quantiles({nan}, {0.5})[0]));
  EXPECT_TRUE(std::isnan(quantiles({}, {0.5})[0]));
}
