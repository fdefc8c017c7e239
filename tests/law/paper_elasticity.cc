// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/paper_elasticity.h>

#include <gtest/gtest.h>

#include <cmath>

#include "support/elasticity_contract.h"

using namespace seem;
using namespace seem::law;

namespace
{
  constexpr double omega = 16.5;

  /// Table I of the paper.
  const PaperElasticity paper(25.90, 0.101, 8.4, 2.90, omega);
  const TaylorElasticity taylor(25.90, 0.101, 8.4, 2.90, omega);

  const std::vector<double> stresses = {-2.5, -0.7, 0.0, 0.3, 1.7, 2.5};
  const std::vector<double> energies = {-0.01, 0.0, 0.01, 0.03, 0.0905, 0.2};
} // namespace

TEST(PaperElasticity, StepsWithTheModulusOfX1Alone)
{
  // 25.90 (1 - 0.01/0.101) = 23.335644.
  EXPECT_NEAR(paper.tangent(2.0, 0.01), 23.335644, 1e-6);
  EXPECT_NEAR(paper.elastic_strain(2.0, 0.01), 0.0857058, 1e-8);
  tests::expect_strain_tangent_and_stress_to_agree(paper, stresses, energies);
}

TEST(PaperElasticity, TakesEnergyAndX1FromEquation7)
{
  // The number of TaylorElasticity's test, worked by hand there.
  EXPECT_NEAR(paper.elastic_energy(2.0, 0.01), 0.01107623, 1e-8);
  tests::expect_inelastic_energy_to_be_found(paper, stresses, energies);
  EXPECT_EQ(paper.inelastic_energy(0.02, 1.5), taylor.inelastic_energy(0.02, 1.5));
}

TEST(PaperElasticity, ABranchDoesNotStoreItsWork)
{
  // Work to 2 GPa: 2^2/(2 x 23.3356) = 0.0857058 GPa; stored: 0.01107623 eV x 160.2177/16.5.
  const double work = 2.0 * 2.0 / (2.0 * 23.335644);
  EXPECT_NEAR(paper.energy_density(2.0, 0.01), 0.1075516, 1e-6);
  EXPECT_NEAR(paper.energy_density(2.0, 0.01) - work, 0.0218458, 1e-6);
}

TEST(PaperElasticity, TheCapHoldsInAllFunctions)
{
  EXPECT_FALSE(paper.capped(0.0908));
  EXPECT_TRUE(paper.capped(0.0910));
  EXPECT_DOUBLE_EQ(paper.tangent(1.0, 0.2), 2.59);
  EXPECT_NEAR(paper.energy_density(1.0, 0.2), paper.energy_density(1.0, 0.0909), 1e-14);
}

TEST(PaperElasticity, RefusesBadConstants)
{
  EXPECT_THROW(PaperElasticity(-1.0, 0.1, 8, 3, omega), InputError);
  EXPECT_THROW(PaperElasticity(25.0, 0.1, 8, 0.0, omega), InputError);
}
