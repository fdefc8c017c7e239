// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/elastic_calibration.h>

#include <gtest/gtest.h>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    database::EventDatabase database_of(const tests::SyntheticGlass &glass)
    {
      database::EventDatabase db;
      db.n_atoms = glass.n_atoms;
      db.volume = glass.volume;
      db.u0 = glass.u0;
      db.elasticity.g0.value = glass.g0;
      db.elasticity.u_a.value = glass.u_a;
      db.elasticity.tau_a.value = glass.tau_a;
      db.elasticity.tau_b.value = glass.tau_b;
      return db;
    }

    std::vector<Trajectory> sheared(const tests::SyntheticGlass &glass)
    {
      std::vector<Trajectory> runs;
      for (const double x1 : {0.002, 0.006, 0.010, 0.014})
      {
        // A large event in the first strain, and others later.
        runs.push_back(glass.shear(tests::state(0.0, x1), 1000, 1e-4,
                                   tests::placed({{60, tests::jump(0.05, 0.0001)},
                                                  {400, tests::jump(0.2, 0.0005)},
                                                  {700, tests::jump(0.1, 0.0)}})));
        runs.back().info.name = "run " + std::to_string(runs.size());
        runs.back().info.glass = runs.back().info.name;
      }
      return runs;
    }
  } // namespace

  TEST(ElasticCalibration, FindsTheModulusAndItsFallWithX1)
  {
    const tests::SyntheticGlass glass;
    const auto runs = sheared(glass);
    const auto result = calibrate_elasticity(RunsInMemory(runs), database_of(glass));
    ASSERT_EQ(result.first.size(), 4u);
    EXPECT_NEAR(result.first[2].x1, 0.010, 1e-9);
    EXPECT_EQ(result.first[2].info.name, "run 3");
    // Table I, less what tauA and tauB take below 2 % strain: about 1 %.
    EXPECT_NEAR(result.first[2].modulus, glass.tangent(0.25, 0.010), 0.2);
    EXPECT_TRUE(result.fit.u_a_identified);
    EXPECT_NEAR(result.fit.constants.g0, glass.g0, 0.3);
    EXPECT_NEAR(result.fit.constants.u_a, glass.u_a, 0.01);
  }

  TEST(ElasticCalibration, BranchesAgreeWithTheRightElasticityAndNotWithAnother)
  {
    const tests::SyntheticGlass glass;
    const auto runs = sheared(glass);
    const auto right = calibrate_elasticity(RunsInMemory(runs), database_of(glass));
    EXPECT_GT(right.branches.n_pieces, 300u);
    EXPECT_NEAR(right.branches.bias, 0.0, 0.02);
    for (const ResidualBin &bin : right.branches.tau)
      EXPECT_NEAR(bin.residual.value, 0.0, 0.05) << bin.low << " " << bin.high;

    database::EventDatabase stiff = database_of(glass);
    stiff.elasticity.g0.value = 30.0;
    EXPECT_LT(calibrate_elasticity(RunsInMemory(runs), stiff).branches.bias, -1.0);
  }

  TEST(ElasticCalibration, ItsOptionsAreUsed)
  {
    const tests::SyntheticGlass glass;
    const auto runs = sheared(glass);
    const auto db = database_of(glass);
    const auto base = calibrate_elasticity(RunsInMemory(runs), db);
    EXPECT_NE(calibrate_elasticity(RunsInMemory(runs), db, 0.04).first[0].modulus,
              base.first[0].modulus);
    EXPECT_LT(calibrate_elasticity(RunsInMemory(runs), db, 0.02, 0.002).branches.n_pieces,
              base.branches.n_pieces);
    EXPECT_THROW(calibrate_elasticity(RunsInMemory({}), db), InputError);
    EXPECT_THROW(calibrate_elasticity(RunsInMemory(runs), db, 0.0), InputError);
  }
} // namespace seem::statistics
