// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/isotropy.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace seem::statistics
{
  namespace
  {
    DirectedRun run(const std::size_t glass, const char *direction, const double stress,
                    const double n_events)
    {
      return {glass, direction, stress, n_events, 100.0};
    }
  } // namespace

  TEST(Isotropy, ABalancedDesignGivesTheNumbersOfAPairedTest)
  {
    // Differences 0.1, 0.2, 0.3 GPa between two directions: mean 0.2, s = 0.1, t = 0.2/(0.1/sqrt 3)
    // = 3.4641, F = t^2 = 12 with 1 and 2 degrees of freedom, two-sided p of Student's t with 2:
    // 1 - t/sqrt(t^2 + 2) = 1 - sqrt(12/14) = 0.074180.
    const Isotropy isotropy = test_isotropy(
        {run(0, "x", 1.0, 100), run(0, "y", 1.1, 110), run(1, "x", 2.0, 90), run(1, "y", 2.2, 110),
         run(4, "x", 0.5, 80), run(4, "y", 0.8, 110), run(7, "x", 9.0, 1000)});
    ASSERT_TRUE(isotropy.tested);
    EXPECT_EQ(isotropy.n_glasses, 3u);
    EXPECT_EQ(isotropy.n_runs, 6u); // glass 7 was sheared once
    EXPECT_EQ(isotropy.degrees_of_freedom, 2u);
    EXPECT_NEAR(isotropy.stress.chi_squared, 12.0, 1e-9);
    EXPECT_NEAR(isotropy.stress.p_value, 0.0741799, 1e-6);
    ASSERT_EQ(isotropy.directions.size(), 2u);
    EXPECT_EQ(isotropy.directions[1].direction, "y");
    EXPECT_NEAR(isotropy.directions[1].stress.value, 0.1, 1e-12); // half the difference
    EXPECT_NEAR(isotropy.directions[1].stress.standard_error, 0.05 / std::sqrt(3.0), 1e-12);
    // Ratios 1.0, 1.1, 0.9, 1.1, 0.8, 1.1: mean 1, direction y 0.1 above it.
    EXPECT_NEAR(isotropy.directions[1].rate_ratio.value, 1.1, 1e-12);
    EXPECT_NEAR(isotropy.directions[0].rate_ratio.value, 0.9, 1e-12);
  }

  TEST(Isotropy, AnUnbalancedDesignIsFreeOfTheGlasses)
  {
    // Glasses differ by far more than directions; direction z, of glass 1 and 2 alone, is 0.5 up.
    std::vector<DirectedRun> runs;
    for (const double noise : {1e-3, -1e-3})
      for (std::size_t glass = 0; glass < 3; ++glass)
        for (const char *direction : {"x", "y", "z"})
          if (glass > 0 || direction[0] != 'z')
            runs.push_back(
                run(glass, direction,
                    10.0 * static_cast<double>(glass) + (direction[0] == 'z' ? 0.5 : 0.0) + noise,
                    100));
    const Isotropy isotropy = test_isotropy(runs);
    ASSERT_TRUE(isotropy.tested);
    EXPECT_NEAR(isotropy.directions[2].stress.value - isotropy.directions[0].stress.value, 0.5,
                1e-9);
    EXPECT_LT(isotropy.stress.p_value, 1e-6);
    EXPECT_THAT(isotropy.contradictions(),
                ::testing::ElementsAre(::testing::HasSubstr("the mean stress")));
  }

  TEST(Isotropy, ThePValueOfIsotropicGlassesIsUniform)
  {
    std::mt19937_64 generator(3);
    std::normal_distribution<double> normal;
    constexpr int n = 2000;
    int n_below = 0;
    for (int k = 0; k < n; ++k)
    {
      std::vector<DirectedRun> runs;
      for (std::size_t glass = 0; glass < 4; ++glass)
        for (const char *direction : {"x", "y", "z"})
          if (glass != 1 || direction[0] != 'y')
            runs.push_back(
                run(glass, direction, static_cast<double>(glass) + normal(generator), 100));
      n_below += test_isotropy(runs).stress.p_value < 0.1;
    }
    EXPECT_NEAR(n_below, 0.1 * n, 5.0 * std::sqrt(0.09 * n));
  }

  TEST(Isotropy, TooFewDirectionsOrGlassesAreNotTested)
  {
    EXPECT_FALSE(test_isotropy({}).tested);
    const Isotropy single =
        test_isotropy({run(0, "x", 1, 1), run(1, "y", 1, 1), run(2, "x", 1, 1)});
    EXPECT_FALSE(single.tested);
    EXPECT_THAT(single.reason, ::testing::HasSubstr("no glass"));
    EXPECT_THAT(test_isotropy({run(0, "x", 1, 1), run(0, "y", 2, 1), run(1, "y", 1, 1)}).reason,
                ::testing::HasSubstr("only one glass"));
    // Two pairs of different directions: glass and direction cannot be told apart.
    EXPECT_FALSE(
        test_isotropy({run(0, "x", 1, 1), run(0, "y", 2, 1), run(1, "z", 1, 1), run(1, "w", 1, 1)})
            .tested);
  }
} // namespace seem::statistics
