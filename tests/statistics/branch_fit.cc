// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/branch_fit.h>

#include <gtest/gtest.h>

#include <cmath>

#include "support/elastic_branches.h"

namespace seem::statistics
{
  namespace
  {
    using tests::pointers;

    std::vector<BranchData> elastic_branches(const tests::SyntheticGlass &glass, const double noise)
    {
      return tests::elastic_branches(glass, {0.0, 0.003, 0.008, 0.013, 0.02}, noise);
    }

    const TaylorConstants start = {30.0, 0.2, 10.0, 4.0};
  } // namespace

  TEST(BranchData, PiecesNeverCrossAnEvent)
  {
    Trajectory run = tests::SyntheticGlass().shear(tests::state(0.0, 0.0), 20, 1e-3, {});
    Flags events(20, 0);
    events[6] = 1; // between rows 6 and 7
    const BranchData data = branch_data(run, events, 4e-3);
    // Rows 0-4, 4-6 (half a piece is kept), then 7-11, 11-15, 15-19; row 19-20 is too short.
    ASSERT_EQ(data.pieces.size(), 5u);
    const double expected_weights[] = {1.0, 0.5, 1.0, 1.0, 1.0};
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_NEAR(data.pieces[i].weight, expected_weights[i], 1e-9);
    EXPECT_DOUBLE_EQ(data.pieces[2].tau, 0.5 * (run.tau[7] + run.tau[11]));
    EXPECT_NEAR(data.pieces[2].modulus, (run.tau[11] - run.tau[7]) / 4e-3, 1e-9);
    EXPECT_DOUBLE_EQ(data.pieces[2].energy, run.energy[9]);
    EXPECT_DOUBLE_EQ(data.initial.energy, run.energy[0]);
  }

  TEST(BranchFit, RecoversTableOneOfThePaper)
  {
    const tests::SyntheticGlass glass;
    const std::vector<BranchData> runs = elastic_branches(glass, 0.0);
    const BranchFit fit = fit_branches(pointers(runs), start, {});
    EXPECT_TRUE(fit.settled);
    EXPECT_NEAR(fit.constants.g0, 25.9, 0.02);
    EXPECT_NEAR(fit.constants.u_a, 0.101, 0.0005);
    EXPECT_NEAR(fit.constants.tau_a, 8.4, 0.1);
    EXPECT_NEAR(fit.constants.tau_b, 2.90, 0.005);
    EXPECT_NEAR(fit.u0, glass.u0, 1e-6);
    EXPECT_NEAR(fit.bias, 0.0, 0.01);
    for (const bool at_bound : fit.at_bound)
      EXPECT_FALSE(at_bound);
  }

  TEST(BranchFit, RecoversTableOneThroughNoise)
  {
    const std::vector<BranchData> runs = elastic_branches({}, 2e-5);
    const BranchFit fit = fit_branches(pointers(runs), start, {});
    EXPECT_NEAR(fit.constants.g0, 25.9, 0.06);
    EXPECT_NEAR(fit.constants.u_a, 0.101, 0.002);
    EXPECT_NEAR(fit.constants.tau_a, 8.4, 0.5);
    EXPECT_NEAR(fit.constants.tau_b, 2.90, 0.03);
  }

  TEST(BranchFit, ATermThatIsNotThereIsFoundAbsent)
  {
    tests::SyntheticGlass glass;
    glass.tau_a = INFINITY;
    const std::vector<BranchData> runs = elastic_branches(glass, 0.0);
    // Without the tauA term its parameter fits 0 from above, so at best on the bound.
    const BranchFit fit = fit_branches(pointers(runs), start, {});
    EXPECT_GT(fit.constants.tau_a, 40.0);
    EXPECT_NEAR(fit.constants.tau_b, 2.90, 0.01);

    glass.tau_b = INFINITY;
    glass.u_a = INFINITY;
    const std::vector<BranchData> linear = elastic_branches(glass, 0.0);
    const BranchFit linear_fit = fit_branches(pointers(linear), start, {});
    EXPECT_NEAR(linear_fit.constants.g0, 25.9, 0.01);
    EXPECT_GT(linear_fit.constants.u_a, 10.0);
    EXPECT_GT(linear_fit.constants.tau_b, 10.0);
  }

  TEST(BranchFit, StiffeningIsHeldAtTheBoundAndSaid)
  {
    // A modulus that grows with stress: both nonlinear terms would have to be negative.
    std::vector<BranchData> runs(1);
    runs[0].initial = {-4.6, 0.0, 16.0};
    for (int i = 0; i < 40; ++i)
    {
      const double tau = 0.05 * i;
      runs[0].pieces.push_back({tau, -4.6 + 0.1 * tau * tau / 60.0, tau, 30.0 + tau, 1.0, 16.0});
    }
    const BranchFit fit = fit_branches(pointers(runs), start, {});
    EXPECT_TRUE(fit.at_bound[2]);
    EXPECT_TRUE(fit.at_bound[3]);
    EXPECT_TRUE(std::isinf(fit.constants.tau_a));
    EXPECT_TRUE(std::isinf(fit.constants.tau_b));
  }

  TEST(BranchFit, AGivenReferenceEnergyIsKept)
  {
    const std::vector<BranchData> runs = elastic_branches({}, 0.0);
    BranchFitSettings settings;
    settings.reference_energy = -4.605;
    const BranchFit fit = fit_branches(pointers(runs), start, settings);
    EXPECT_EQ(fit.u0, -4.605);
    // X1 is 5 meV larger everywhere: 1/(1 - (x + d)/U) with U = uA + d and a stiffer G0 is the same
    // law.
    EXPECT_NEAR(fit.constants.u_a, 0.106, 0.0005);
    EXPECT_NEAR(fit.constants.g0, 25.9 * 0.106 / 0.101, 0.03);
  }

  TEST(BranchFit, RobustLossHoldsOutliersAtBay)
  {
    std::vector<BranchData> runs = elastic_branches({}, 2e-5);
    for (BranchData &run : runs)
      for (std::size_t i = 0; i < run.pieces.size(); i += 20)
        run.pieces[i].modulus -= 40.0;
    BranchFitSettings plain;
    plain.robust_scale = 0.0;
    const double with_loss = fit_branches(pointers(runs), start, {}).constants.g0;
    const double without = fit_branches(pointers(runs), start, plain).constants.g0;
    EXPECT_NEAR(with_loss, 25.9, 0.2);
    EXPECT_GT(std::abs(without - 25.9), 5.0 * std::abs(with_loss - 25.9));
  }

  TEST(BranchFit, RefusesTooFewPieces)
  {
    std::vector<BranchData> runs(1);
    runs[0].initial = {-4.6, 0.0, 16.0};
    EXPECT_THROW(fit_branches(pointers(runs), start, {}), InputError);
  }
} // namespace seem::statistics
