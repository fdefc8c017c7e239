// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/labelled_database.h"

#include <seem/database/comparison.h>
#include <seem/database/subset.h>

#include <gtest/gtest.h>

namespace seem::database
{
  namespace
  {
    /// So many events that each bin has dozens.
    EventDatabase rich_database(const unsigned int seed, const double rate = 20.0)
    {
      return tests::labelled_database(12, seed, rate, 0.05);
    }
  } // namespace

  TEST(Compare, ADatabaseDoesNotDifferFromItself)
  {
    const EventDatabase all = rich_database(1);
    const Comparison same = compare(all, all);
    EXPECT_TRUE(same.same_grid);
    EXPECT_EQ(same.n_common_runs, 39u);
    for (const ComparedStatistic *statistic : {&same.rate, &same.dtau, &same.dx1})
    {
      EXPECT_EQ(statistic->bins.size(), 36u) << statistic->name;
      EXPECT_EQ(statistic->chi_squared, 0.0) << statistic->name;
      EXPECT_EQ(statistic->difference, 0.0) << statistic->name;
    }
    EXPECT_TRUE(same.settings.empty());
  }

  TEST(Compare, SamplesOfOneLawDifferByAboutOneStandardError)
  {
    // Differences over 20 pairs: their mean square is 1 with a standard error of sqrt(2/20); that
    // of chi^2 over the bins sqrt(2/720). The jumps are exponential, the variance of few of them is
    // itself uncertain: the bins hold more than 20.
    double rate = 0.0, dtau = 0.0, rate_bins = 0.0, dtau_bins = 0.0;
    constexpr unsigned int n = 20; // pairs
    for (unsigned int seed = 1; seed <= n; ++seed)
    {
      const Comparison pair = compare(rich_database(seed), rich_database(100 + seed));
      EXPECT_EQ(pair.n_common_runs, 0u);
      rate += std::pow(pair.rate.difference, 2) / n;
      dtau += std::pow(pair.dtau.difference, 2) / n;
      ASSERT_EQ(pair.rate.bins.size(), 36u);
      rate_bins += pair.rate.chi_squared / (36.0 * n);
      dtau_bins += pair.dtau.chi_squared / (36.0 * n);
    }
    EXPECT_NEAR(rate, 1.0, 5.0 * std::sqrt(2.0 / n));
    EXPECT_NEAR(dtau, 1.0, 5.0 * std::sqrt(2.0 / n));
    EXPECT_NEAR(rate_bins, 1.0, 5.0 * std::sqrt(2.0 / (36.0 * n)));
    EXPECT_NEAR(dtau_bins, 1.0, 7.0 * std::sqrt(2.0 / (36.0 * n)));
  }

  TEST(Compare, FindsARateThatDiffers)
  {
    const Comparison other = compare(rich_database(1), rich_database(2, 23.0));
    EXPECT_NEAR(other.rate.mean_b / other.rate.mean_a, 1.15, 0.05);
    EXPECT_GT(other.rate.difference, 4.0);
    EXPECT_LT(other.rate.p_value, 0.01);
    EXPECT_LT(std::abs(other.dtau.difference), 4.0);
    EXPECT_GT(other.total_rate.difference, 4.0);
  }

  TEST(Compare, FindsJumpsThatDiffer)
  {
    const EventDatabase one = rich_database(1);
    EventDatabase two = rich_database(2);
    for (double &size : two.events.dtau)
      size *= 1.2;
    const Comparison other = compare(one, two);
    EXPECT_NEAR(other.dtau.mean_b / other.dtau.mean_a, 1.2, 0.08);
    EXPECT_GT(other.dtau.difference, 4.0);
    EXPECT_LT(std::abs(other.rate.difference), 4.0);
    EXPECT_LT(std::abs(other.dx1.difference), 4.0);
  }

  TEST(Compare, RunsOfOneGlassCountTogether)
  {
    // Each glass counts twice: the numbers stay, the standard errors of the means over glasses too,
    // which Poisson numbers alone would make smaller by the root of 2.
    const EventDatabase one = rich_database(1), two = rich_database(2);
    std::vector<std::size_t> twice;
    for (std::size_t i = 0; i < one.samples.size(); ++i)
      twice.insert(twice.end(), 2, i);
    EventDatabase doubled = subset(two, twice);
    for (std::size_t i = 0; i < doubled.samples.size(); ++i)
      doubled.samples[i].glass = two.samples[i / 2].glass;
    const Comparison plain = compare(one, two), same = compare(one, doubled);
    EXPECT_NEAR(same.rate.shift.standard_error / plain.rate.shift.standard_error, 1.0, 0.1);
    EXPECT_NEAR(same.rate.bins[20].b.standard_error / plain.rate.bins[20].b.standard_error, 1.0,
                0.1);
  }

  TEST(Compare, GridsThatDifferAreNotComparedBinByBin)
  {
    const EventDatabase one = tests::labelled_database();
    EventDatabase two = one;
    two.axes[1].edges.back() *= 1.1;
    two.settings["tau bins"] = "6";
    const Comparison other = compare(one, two);
    EXPECT_FALSE(other.same_grid);
    EXPECT_TRUE(other.rate.bins.empty());
    ASSERT_EQ(other.settings.size(), 1u);
    EXPECT_EQ(other.settings[0].name, "tau bins");
    EXPECT_EQ(other.settings[0].a, "");
    EXPECT_EQ(other.settings[0].b, "6");
  }
} // namespace seem::database
