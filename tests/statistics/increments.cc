// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/increments.h>

#include <gtest/gtest.h>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    const tests::SyntheticGlass glass;

    const law::TaylorElasticity elasticity(glass.g0, glass.u_a, glass.tau_a, glass.tau_b,
                                           glass.volume / glass.n_atoms);
  } // namespace

  TEST(Work, IsVolumeTimesStressTimesStrain)
  {
    EXPECT_NEAR(work(160.21766208, 2.0, 0.5), 1.0, 1e-15); // 160.2 A^3 GPa are 1 eV
  }

  TEST(Increments, AnElasticRunHasNoDeficitNoLossAndConstantX1)
  {
    const Trajectory run = glass.shear(tests::state(-0.1, 0.004), 700, 1e-4, {});
    const Increments increments = read_increments(run, elasticity, glass.u0);
    ASSERT_EQ(increments.size(), 700u);
    ASSERT_EQ(increments.x1.size(), 701u);
    for (std::size_t i = 0; i < increments.size(); ++i)
    {
      EXPECT_NEAR(increments.x1[i], 0.004, 1e-10);
      EXPECT_NEAR(increments.deficit[i], 0.0, 1e-10);
      EXPECT_NEAR(increments.dx1(i), 0.0, 1e-10);
      EXPECT_NEAR(energy_loss(run, increments, elasticity, i), 0.0, 1e-7);
      EXPECT_NEAR(increments.trapezoid_loss[i], 0.0, 1e-7);
    }
  }

  TEST(Increments, AJumpAtFixedStrainIsReadBackExactly)
  {
    const Trajectory run = glass.shear(tests::state(0.0, 0.002), 600, 1e-4,
                                       tests::placed({{499, tests::jump(0.2, 5e-4)}}));
    const Increments increments = read_increments(run, elasticity, glass.u0);
    EXPECT_NEAR(increments.deficit[499], 0.2, 1e-8);
    EXPECT_NEAR(increments.dx1(499), 5e-4, 1e-9);
    EXPECT_DOUBLE_EQ(increments.net_dtau[499], run.tau[500] - run.tau[499]);
    // Energy lost at fixed strain: what the generator took out at the jump, from its own integrals.
    const double tau = run.tau[500] + 0.2;
    const double lost =
        glass.elastic_energy(tau, 0.002) - glass.elastic_energy(run.tau[500], 0.0025) - 5e-4;
    EXPECT_NEAR(energy_loss(run, increments, elasticity, 499), lost * glass.n_atoms, 1e-5);
    EXPECT_GT(lost, 0.0);
  }

  TEST(Increments, TheTrapezoidBlursAnEventByHalfTheWorkOfItsDeficit)
  {
    const Trajectory run = glass.shear(tests::state(0.0, 0.0), 600, 1e-4,
                                       tests::placed({{499, tests::jump(0.2, 0.0)}}));
    const Increments increments = read_increments(run, elasticity, glass.u0);
    // The event sits at the end of the increment: V * 0.1 GPa * 1e-4 = 0.003958848... eV below.
    EXPECT_NEAR(energy_loss(run, increments, elasticity, 499) - increments.trapezoid_loss[499],
                63426.0 * 0.1 * 1e-4 / 160.21766208, 1e-6);
  }
} // namespace seem::statistics
