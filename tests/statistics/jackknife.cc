// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/jackknife.h>

#include <gtest/gtest.h>

#include <cmath>

namespace seem::statistics
{
  namespace
  {
    /// Mean of @p values without entry @p left_out.
    double mean_without(const std::vector<double> &values, const std::size_t left_out)
    {
      double sum = 0.0, n = 0.0;
      for (std::size_t i = 0; i < values.size(); ++i)
        if (i != left_out)
        {
          sum += values[i];
          n += 1.0;
        }
      return sum / n;
    }
  } // namespace

  TEST(Jackknife, OfAMeanIsItsOrdinaryStandardError)
  {
    const std::vector<double> values = {1.0, 2.0, 6.0};
    const Estimate estimate =
        jackknife({0, 0, 0}, [&](const std::size_t out) { return mean_without(values, out); });
    EXPECT_DOUBLE_EQ(estimate.value, 3.0);
    EXPECT_NEAR(estimate.standard_error, std::sqrt(7.0 / 3.0), 1e-14); // variance 7 of 3 values
  }

  TEST(Jackknife, ErrorsOfIndependentSamplesAddInQuadrature)
  {
    const std::vector<double> a = {1.0, 3.0}, b = {10.0, 11.0, 15.0};
    const Estimate estimate = jackknife({0, 0, 1, 1, 1}, [&](const std::size_t out) {
      return mean_without(b, out < 2 ? 5 : out - 2) - mean_without(a, out < 2 ? out : 5);
    });
    EXPECT_DOUBLE_EQ(estimate.value, 10.0);
    // Variances 2 of 2 values and 7 of 3.
    EXPECT_NEAR(estimate.standard_error, std::sqrt(2.0 / 2.0 + 7.0 / 3.0), 1e-14);
  }

  TEST(Jackknife, HasNoErrorWhereASampleIsASingleCluster)
  {
    const auto one = [](const std::size_t) { return 1.0; };
    EXPECT_TRUE(std::isnan(jackknife({0}, one).standard_error));
    EXPECT_TRUE(std::isnan(jackknife({0, 0, 1}, one).standard_error));
    EXPECT_EQ(jackknife({0, 0}, one).standard_error, 0.0);
  }
} // namespace seem::statistics
