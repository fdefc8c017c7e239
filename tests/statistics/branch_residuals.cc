// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/branch_residuals.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace seem::statistics
{
  namespace
  {
    /// Pieces of ten glasses with a scatter of 1 GPa about 30 - 5 tau, the elasticity being off by
    /// @p error above 1.5 GPa.
    std::vector<BranchResidual> pieces(const double error)
    {
      std::mt19937_64 generator(5);
      std::uniform_real_distribution<double> uniform;
      std::normal_distribution<double> normal;
      std::vector<BranchResidual> result;
      for (std::size_t i = 0; i < 4000; ++i)
      {
        const double tau = 2.0 * uniform(generator);
        const double modulus = 30.0 - 5.0 * tau;
        result.push_back({tau, 0.02 * uniform(generator), modulus + normal(generator),
                          modulus + (tau > 1.5 ? error : 0.0), 1.0, i % 10});
      }
      return result;
    }
  } // namespace

  TEST(BranchResiduals, ARightElasticityLeavesTheScatterAlone)
  {
    const BranchResiduals found = measure_branches(pieces(0.0));
    EXPECT_NEAR(found.spread, 1.0, 0.06);
    EXPECT_NEAR(found.bias, 0.0, 0.08);
    // 25/3 of 25/3 + 1 GPa^2: the variance of 5 tau over that of the moduli.
    EXPECT_NEAR(found.explained_variance, 0.893, 0.01);
    EXPECT_EQ(found.n_cells, 64u);
    EXPECT_NEAR(found.reduced_chi_squared, 64.0 / 60.0, 5.0 * std::sqrt(2.0 / 60.0));
    EXPECT_EQ(found.tau.size(), 8u);
    EXPECT_EQ(found.tau[0].n_pieces, 500u);
    EXPECT_EQ(found.tau[0].n_glasses, 10u);
    EXPECT_THAT(found.contradictions(), ::testing::IsEmpty());
  }

  TEST(BranchResiduals, AWrongElasticityIsNamedWhereItIsWrong)
  {
    const BranchResiduals found = measure_branches(pieces(1.0));
    EXPECT_GT(found.reduced_chi_squared, 5.0);
    EXPECT_NEAR(found.tau[7].residual.value, -1.0, 0.25);
    EXPECT_LT(found.tau[7].p_value, 1e-5);
    const auto text = found.contradictions();
    ASSERT_FALSE(text.empty());
    EXPECT_THAT(text, ::testing::Contains(::testing::HasSubstr("tau = 1.7")));
    EXPECT_THAT(text, ::testing::Not(::testing::Contains(::testing::HasSubstr("tau = 0.5"))));
  }

  TEST(BranchResiduals, FewGlassesAreNotJudged)
  {
    std::vector<BranchResidual> two = pieces(5.0);
    for (BranchResidual &piece : two)
      piece.glass %= 2;
    EXPECT_THAT(measure_branches(two).contradictions(), ::testing::IsEmpty());
    EXPECT_EQ(measure_branches({}).n_pieces, 0u);
  }
} // namespace seem::statistics
