// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/j2_law.h>

#include "support/material_point.h"
#include "support/tensors.h"

#include <seem/core/exceptions.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

namespace
{
  const double sqrt3 = std::sqrt(3.0);

  /// G = 30, K = 80 GPa: E = 80 GPa, nu = 1/3.
  J2Law make_law(const double yield_stress, const double hardening)
  {
    return J2Law({30.0, 80.0, yield_stress, hardening});
  }

  /// Work along straight segments by the trapezoidal rule over @p n increments each, minus the
  /// change of the stored energy, minus the heat.
  double energy_error(const J2Law &law, const std::vector<SymmetricTensor> &corners,
                      const unsigned int n)
  {
    MaterialPoint point(law, {}, State());
    double work = 0.0;
    for (const SymmetricTensor &corner : corners)
    {
      const SymmetricTensor from = point.strain;
      for (unsigned int i = 1; i <= n; ++i)
      {
        const SymmetricTensor before = point.response().stress;
        const SymmetricTensor here = point.strain;
        point.go_to(from + double(i) / n * (corner - from));
        work += 0.5 * (before + point.response().stress).dot(point.strain - here);
      }
    }
    const EnergyDensity energy = point.energy();
    EXPECT_NEAR(energy.heat, point.total.heat, 1e-12);
    EXPECT_GT(energy.heat, 0.01);
    return work - energy.elastic - energy.inelastic - energy.heat;
  }
} // namespace

TEST(J2Law, SimpleShearYieldsAtTheTensileYieldStressOverSqrt3)
{
  // tau_y = 0.9 at gamma = 0.03; then G H/(3G + H) = 30*10/100 = 3 GPa.
  const J2Law law = make_law(0.9 * sqrt3, 10.0);
  MaterialPoint point(law, {}, State());
  point.shear_to(0.0299999);
  EXPECT_EQ(point.total.heat, 0.0);
  point.shear_to(0.08);
  EXPECT_NEAR(point.shear_stress_xy(), 1.05, 1e-14);
  EXPECT_NEAR(point.fields().tau, 1.05, 1e-14);
  EXPECT_NEAR(point.fields().plastic_shear, 0.045, 1e-15); // 0.08 - 1.05/30
  EXPECT_EQ(point.fields().n_events, 0u);
  EXPECT_EQ(point.total.n_events, 0u);
  EXPECT_NEAR(point.energy().elastic, 0.018375, 1e-15);   // 1.05^2/60
  EXPECT_NEAR(point.energy().inelastic, 0.003375, 1e-15); // 10 (0.045^2/3)/2
  EXPECT_NEAR(point.energy().heat, 0.0405, 1e-15);        // 0.9 * 0.045
  EXPECT_NEAR(point.energy().elastic + point.energy().inelastic + point.energy().heat, 0.06225,
              1e-15); // the work: 0.9*0.03/2 + 0.05*(0.9 + 1.05)/2
}

TEST(J2Law, UniaxialStrainIsExact)
{
  // q = 2 G eps reaches 0.9 at 0.015; beyond, s_xx = 0.6 and s_yy = -0.3 at any strain.
  const J2Law law = make_law(0.9, 0.0);
  MaterialPoint point(law, {}, State());
  point.go_to(symmetric_tensor(0.04, 0, 0, 0, 0, 0));
  const SymmetricTensor stress = point.response().stress;
  EXPECT_NEAR(stress[0], 3.8, 1e-14);
  EXPECT_NEAR(stress[1], 2.9, 1e-14);
  EXPECT_NEAR(stress[2], 2.9, 1e-14);
  EXPECT_NEAR(point.state[0], 1.0 / 60, 1e-16); // 2/3 0.04 - 0.6/60
  EXPECT_NEAR(point.state[6], 1.0 / 60, 1e-16);
  EXPECT_NEAR(point.energy().heat, 0.015, 1e-15);
}

TEST(J2Law, UniaxialTensionYieldsAtTheYieldStress)
{
  const J2Law law = make_law(0.8, 0.0); // at eps = 0.8/E = 0.01
  const SymmetricTensor unit = symmetric_tensor(1, -1.0 / 3, -1.0 / 3, 0, 0, 0);
  MaterialPoint point(law, {}, State());
  point.go_to(0.0099999 * unit);
  EXPECT_EQ(point.total.heat, 0.0);
  EXPECT_NEAR(point.response().stress[0], 0.799992, 1e-14);
  EXPECT_NEAR(point.response().stress[1], 0.0, 1e-15);
  point.go_to(0.0100001 * unit);
  EXPECT_GT(point.total.heat, 0.0);
}

TEST(J2Law, UnloadingIsElasticAndReverseYieldAtTheHardenedStress)
{
  const J2Law law = make_law(0.9 * sqrt3, 10.0);
  MaterialPoint point(law, {}, State());
  point.shear_to(0.08); // tau = 1.05
  const std::vector<double> loaded = point.state;
  point.shear_to(0.0100001); // 0.0699999 back of the 0.07 = 2.1/30
  EXPECT_NEAR(point.shear_stress_xy(), -1.049997, 1e-14);
  EXPECT_EQ(point.state, loaded);
  point.shear_to(0.0);
  EXPECT_NEAR(point.shear_stress_xy(), -1.05 - 3 * 0.01, 1e-14);
  EXPECT_NEAR(point.state[6], (0.045 + 0.01 - 0.03 / 30) / sqrt3, 1e-15); // alpha never falls
}

TEST(J2Law, AProportionalPathDoesNotDependOnItsIncrements)
{
  std::mt19937 generator(2);
  const J2Law law = make_law(1.2, 7.0);
  const SymmetricTensor target = random_tensor(generator, 0.08);
  MaterialPoint one(law, {}, State()), many(law, {}, State());
  one.go_to(target);
  many.go_to(target, 700);
  for (std::size_t i = 0; i < one.state.size(); ++i)
    EXPECT_NEAR(one.state[i], many.state[i], 1e-14);
  EXPECT_NEAR((one.response().stress - many.response().stress).norm(), 0.0, 1e-12);
}

TEST(J2Law, EvaluationFlowsAsTheAdvanceDoes)
{
  std::mt19937 generator(5);
  const J2Law law = make_law(1.2, 7.0);
  MaterialPoint point(law, {}, State());
  for (int i = 0; i < 10; ++i)
  {
    const SymmetricTensor target = random_tensor(generator, 0.05);
    const SymmetricTensor before = law.evaluate(point.state.data(), target).stress;
    point.go_to(target);
    EXPECT_NEAR((point.response().stress - before).norm(), 0.0, 1e-14);
  }
  EXPECT_GT(point.state[6], 0.1);
}

TEST(J2Law, ThePerfectTangentIsPositiveDefiniteAndNearlyThatOfTheStress)
{
  const J2Law law = make_law(1.2, 0.0);
  std::vector<double> state(law.state_size());
  law.initialise(state.data(), {}, State());
  std::mt19937 generator(7);
  const SymmetricTensor strain = random_tensor(generator, 0.08);
  const Tangent tangent = law.evaluate(state.data(), strain).tangent;
  EXPECT_EQ(tangent.shear, 30e-4);
  EXPECT_LT(tangent.secant, 30.0);
  const double h = 1e-6;
  for (int i = 0; i < 6; ++i)
  {
    SymmetricTensor above = strain, below = strain;
    above[i] += h;
    below[i] -= h;
    const SymmetricTensor slope =
        (law.evaluate(state.data(), above).stress - law.evaluate(state.data(), below).stress) /
        (2 * h);
    EXPECT_LT((slope - matrix(tangent).col(i)).norm(), 2 * 30e-4 + 1e-6);
  }
}

TEST(J2Law, WorkIsStoredOrLeavesAsHeat)
{
  const J2Law law = make_law(1.2, 15.0);
  std::mt19937 generator(3);
  std::vector<SymmetricTensor> corners;
  for (int i = 0; i < 4; ++i)
    corners.push_back(random_tensor(generator, 0.06));

  // Proportional: the only error is that of the trapezoid over the kink at yield.
  EXPECT_NEAR(energy_error(law, {corners[0]}, 1000), 0.0, 1e-6);

  // With corners the return is of first order in the increment.
  const double coarse = energy_error(law, corners, 500), fine = energy_error(law, corners, 2000);
  EXPECT_LT(std::abs(coarse), 2e-4);
  EXPECT_LT(std::abs(fine), 0.3 * std::abs(coarse));
}

TEST(J2Law, StartsWithAnInitialStressBelowYield)
{
  const J2Law law = make_law(0.9, 0.0);
  MaterialPoint point(law, {}, make_state(-0.3, 0.01));
  EXPECT_NEAR(point.shear_stress_xy(), -0.3, 1e-15);
  EXPECT_THROW(MaterialPoint(law, {}, make_state(0.53, 0.0)), InputError); // 0.9/sqrt(3) = 0.5196
}

TEST(J2Law, RefusesBadParameters)
{
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -1.0, nan, infinity})
  {
    EXPECT_THROW(J2Law({bad, 80, 1, 0}), InputError);
    EXPECT_THROW(J2Law({30, bad, 1, 0}), InputError);
    EXPECT_THROW(J2Law({30, 80, bad, 0}), InputError);
  }
  for (const double bad : {-1.0, nan, infinity})
    EXPECT_THROW(J2Law({30, 80, 1, bad}), InputError);
}
