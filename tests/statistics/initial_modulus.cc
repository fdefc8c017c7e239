// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/initial_modulus.h>

#include <gtest/gtest.h>

#include <cmath>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  TEST(InitialModulus, IsTheMeanSlopeOfTheEventFreeIncrementsOfTheFirstStrain)
  {
    Trajectory run;
    run.info.n_atoms = 10;
    run.info.volume = 160;
    run.strain = {0.0, 0.01, 0.02, 0.03, 0.04};
    run.tau = {0.0, 0.30, 0.10, 0.38, 5.0};
    run.energy = {-4.0, -4.0, -4.0, -4.0, -4.0};
    const InitialModulus modulus = initial_modulus(run, {0, 1, 0, 0}, 0.03);
    EXPECT_NEAR(modulus.modulus, (0.30 + 0.28) / 0.02, 1e-12); // the drop and the last one left out
    EXPECT_DOUBLE_EQ(modulus.atomic_volume, 16.0);
    EXPECT_THROW(initial_modulus(run, {1, 1, 1, 1}, 0.03), InputError);
  }

  TEST(InitialModulusFit, RecoversALinearSofteningWithX1)
  {
    // Moduli 30 (1 - X1/0.1) at X1 = 0, 0.005, 0.01, stress free.
    const InitialModulusFit fit = fit_initial_modulus(
        {{30.0, -4.5, 0.0, 16.0}, {28.5, -4.495, 0.0, 16.0}, {27.0, -4.49, 0.0, 16.0}}, {});
    EXPECT_NEAR(fit.constants.g0, 30.0, 1e-10);
    EXPECT_NEAR(fit.constants.u_a, 0.1, 1e-10);
    EXPECT_DOUBLE_EQ(fit.u0, -4.5);
    EXPECT_TRUE(fit.u_a_identified);
  }

  TEST(InitialModulusFit, AModulusThatDoesNotFallLeavesTheSofteningOut)
  {
    const InitialModulusFit fit =
        fit_initial_modulus({{30.0, -4.5, 0.0, 16.0}, {31.0, -4.495, 0.0, 16.0}}, {});
    EXPECT_FALSE(fit.u_a_identified);
    EXPECT_TRUE(std::isinf(fit.constants.u_a));
    EXPECT_DOUBLE_EQ(fit.constants.g0, 30.5);
    EXPECT_TRUE(std::isinf(fit_initial_modulus({{30.0, -4.5, 0.0, 16.0}}, {}).constants.u_a));
    EXPECT_THROW(fit_initial_modulus({{-30.0, -4.5, 0.0, 16.0}}, {}), InputError);
  }

  TEST(LoadingCurve, FindsTauAAndTauBOfASmoothLoading)
  {
    const tests::SyntheticGlass glass;
    const Trajectory run = glass.shear(tests::state(0.05, 0.0), 1200, 1e-4, {});
    InitialModulusFit first;
    first.constants.g0 = glass.g0;
    first.constants.u_a = glass.u_a;
    first.u0 = glass.u0;
    const TaylorConstants constants = fit_loading_curve({&run}, first, 0.12);
    EXPECT_NEAR(constants.tau_a, 8.4, 0.01);
    EXPECT_NEAR(constants.tau_b, 2.90, 0.001);
    EXPECT_EQ(constants.g0, glass.g0);
  }

  TEST(LoadingCurve, LeavesATermOutRatherThanMakeItNegative)
  {
    tests::SyntheticGlass glass;
    glass.tau_a = INFINITY;
    const Trajectory run = glass.shear(tests::state(0.0, 0.0), 1000, 1e-4, {});
    InitialModulusFit first;
    first.constants.g0 = 0.99 * glass.g0; // too soft: the quadratic term would have to stiffen it
    first.constants.u_a = glass.u_a;
    first.u0 = glass.u0;
    const TaylorConstants constants = fit_loading_curve({&run}, first, 0.1);
    EXPECT_TRUE(std::isinf(constants.tau_a));
    EXPECT_NEAR(constants.tau_b, 2.9, 0.2);
  }
} // namespace seem::statistics
