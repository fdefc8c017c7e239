// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/mean_flow_law.h>

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
  constexpr double infinity = std::numeric_limits<double>::infinity();

  const auto table_1 = std::make_shared<const TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5);

  /// tau = 30 gamma_el whatever X1.
  const auto linear =
      std::make_shared<const TaylorElasticity>(30.0, infinity, infinity, infinity, 16.5);

  MeanFlowLaw make_law(std::shared_ptr<const Elasticity> elasticity, ScriptedEventSource source,
                       const double sub_step = 1e-5, const EnergyBound bound = EnergyBound::report)
  {
    MeanFlowLawParameters p;
    p.bulk_modulus = 100.0;
    p.sub_step = sub_step;
    p.energy_bound = bound;
    return {std::move(elasticity), std::make_shared<ScriptedEventSource>(std::move(source)), p};
  }

  /// Drops of a fifth of the stress at a rate of 100: tau = 1.5 [1 - exp(-20 gamma)] in a linear
  /// medium.
  const ScriptedEventSource relaxing({}, {100.0}, [](const State &before, double) {
    return make_jump(0.2 * before.tau, 0.0);
  });

  /// Steps of the rate and jumps of all signs.
  const ScriptedEventSource
      glass({0.3, 0.7, 1.1, 1.6}, {20, 60, 100, 200, 600}, [](const State &before, const double u) {
        return make_jump(before.tau * (0.5 * u - 0.1),
                         0.05 * (0.01 - before.x[0]) + 0.002 * (u - 0.5));
      });

  std::vector<SymmetricTensor> corners()
  {
    std::mt19937 generator(4);
    std::vector<SymmetricTensor> points;
    for (int i = 0; i < 6; ++i)
      points.push_back(random_tensor(generator, 0.05));
    points.insert(points.begin() + 2, 0.8 * points[1]);
    points.insert(points.begin() + 4, -points[3]);
    return points;
  }

  double stress_at(const MeanFlowLaw &law, const double gamma)
  {
    MaterialPoint point(law, {}, make_state(0.0, 0.0));
    point.shear_to(gamma);
    return point.shear_stress_xy();
  }
} // namespace

TEST(MeanFlowLaw, AConstantFlowInALinearMediumIsExact)
{
  // d tau/d gamma = 30 - 100*0.1 = 20, dX/d gamma = 100*0.0002, d gamma_p/d gamma = 10/30.
  const MeanFlowLaw law = make_law(linear, {100.0, make_jump(0.1, 0.0002)});
  MaterialPoint point(law, {}, make_state(0.0, 0.001));
  point.shear_to(0.1);
  EXPECT_NEAR(point.shear_stress_xy(), 2.0, 1e-11);
  EXPECT_NEAR(point.fields().tau, 2.0, 1e-11);
  EXPECT_NEAR(point.fields().x1, 0.003, 1e-14);
  EXPECT_NEAR(point.fields().plastic_shear, 0.1 / 3, 1e-12);
  EXPECT_NEAR(point.total.forward_strain, 0.1, 1e-12);
  EXPECT_EQ(point.total.backward_strain, 0.0);
  EXPECT_EQ(point.total.n_events, 0u);
  EXPECT_EQ(point.events.records.size(), 0u);
  // Work 0.1 = elastic 2^2/60 + X1 0.002*160.21766/16.5 + heat; the last to the sub-step.
  EXPECT_NEAR(point.total.heat, 0.1 - 4.0 / 60 - 0.0194203227, 2e-5);
  EXPECT_NEAR(point.energy().heat, point.total.heat, 1e-15);
}

TEST(MeanFlowLaw, ConvergesWithTheSubStepInASofteningMedium)
{
  // G = 30 (1 - X1/0.1): tau = (30 - 10) gamma - 30*0.02/0.1 gamma^2/2; 3.88 at 0.2.
  const auto softening = std::make_shared<TaylorElasticity>(30.0, 0.1, infinity, infinity, 16.5);
  const auto error = [&](const double sub_step) {
    return stress_at(make_law(softening, {100.0, make_jump(0.1, 0.0002)}, sub_step), 0.2) - 3.88;
  };
  const double coarse = error(1e-3), fine = error(1e-4);
  EXPECT_GT(std::abs(coarse), 1e-5);
  EXPECT_NEAR(coarse / fine, 10.0, 0.5);
  EXPECT_LT(std::abs(error(1e-5)), 1e-5);
}

TEST(MeanFlowLaw, RelaxesIntoTheSteadyStateWhereTheModulusIsTheLossOfStress)
{
  EXPECT_NEAR(stress_at(make_law(linear, relaxing), 0.05), 1.5 * (1 - std::exp(-1.0)), 2e-4);
  EXPECT_NEAR(stress_at(make_law(linear, relaxing), 1.0), 30.0 / (100 * 0.2), 1e-8);

  // Of the full elasticity: G_t(tau) = 100*0.2 tau.
  const double tau = stress_at(make_law(table_1, relaxing), 1.0);
  EXPECT_NEAR(table_1->tangent(tau, 0.0), 20 * tau, 2e-3); // to the sub-step
}

TEST(MeanFlowLaw, TheReverseBranchIsTheForwardOneFromZeroStress)
{
  const MeanFlowLaw law = make_law(linear, relaxing);
  MaterialPoint point(law, {}, make_state(0.0, 0.0));
  point.shear_to(1.0);        // 1.5 GPa
  point.shear_to(1.0 - 0.05); // elastic to zero stress
  EXPECT_NEAR(point.shear_stress_xy(), 0.0, 1e-8);
  EXPECT_NEAR(point.total.backward_strain, 0.05, 1e-9);
  point.shear_to(1.0 - 0.05 - 0.03);
  EXPECT_NEAR(point.shear_stress_xy(), -1.5 * (1 - std::exp(-0.6)), 2e-4);
}

TEST(MeanFlowLaw, UnloadingAndReloadingAreElasticUpToTheRecord)
{
  const MeanFlowLaw law = make_law(table_1, glass);
  MaterialPoint point(law, {}, make_state(0.0, 0.004));
  point.shear_to(0.08);
  const double x1 = point.fields().x1, heat = point.total.heat, tau = point.shear_stress_xy();
  const double plastic = point.fields().plastic_shear;
  point.shear_to(0.07);
  EXPECT_EQ(point.fields().x1, x1);
  EXPECT_EQ(point.total.heat, heat);
  EXPECT_NEAR(point.shear_stress_xy(), table_1->stress(table_1->elastic_strain(tau, x1) - 0.01, x1),
              1e-12);
  EXPECT_NEAR(point.response().tangent.shear, table_1->tangent(point.shear_stress_xy(), x1), 1e-9);
  point.shear_to(0.08);
  EXPECT_NEAR(point.shear_stress_xy(), tau, 1e-12);
  EXPECT_NEAR(point.total.heat, heat, 1e-14);
  EXPECT_NEAR(point.total.backward_strain, 0.02, 1e-12);
  point.shear_to(0.081);
  EXPECT_GT(point.total.heat, heat + 1e-5);
  EXPECT_GT(point.fields().plastic_shear, plastic + 1e-5);
}

TEST(MeanFlowLaw, WithoutTheRecordReloadingFlows)
{
  MeanFlowLawParameters p;
  p.bulk_modulus = 100.0;
  p.record = false;
  const MeanFlowLaw law(table_1, std::make_shared<ScriptedEventSource>(glass), p);
  MaterialPoint point(law, {}, make_state(0.0, 0.004));
  point.shear_to(0.08);
  const double heat = point.total.heat;
  point.shear_to(0.07);
  EXPECT_EQ(point.total.heat, heat);
  point.shear_to(0.08);
  EXPECT_GT(point.total.heat, heat + 1e-3);
}

TEST(MeanFlowLaw, SlidesAlongAnEdgeWhereTheFlowPointsToItFromBothSides)
{
  // Below 1 GPa d tau/d gamma = 30 - 5, above 30 - 200: it slides with 300 events per unit strain.
  for (const double rate_above : {2000.0, infinity})
  {
    const MeanFlowLaw law = make_law(linear, {{1.0}, {50.0, rate_above}, [](const State &, double) {
                                                return make_jump(0.1, 1e-5);
                                              }});
    MaterialPoint point(law, {}, make_state(0.0, 0.0));
    point.shear_to(0.2);
    EXPECT_NEAR(point.shear_stress_xy(), 1.0, rate_above < infinity ? 2e-3 : 1e-12);
    // 50 events per unit strain up to gamma = 0.04, 300 from there.
    EXPECT_NEAR(point.fields().x1, 1e-5 * (50 * 0.04 + 300 * 0.16), 1e-6);
    EXPECT_EQ(point.response().tangent.shear, 30.0); // at rest: the elastic predictor
    const Response flowing = law.evaluate(point.state.data(), simple_shear(0.2012345));
    EXPECT_GE(flowing.tangent.shear, 0.01 * 30.0);
  }
}

TEST(MeanFlowLaw, AStressAboveTheHighestSampledOneRelaxesAtOnceAndGoesOn)
{
  const auto jump = [](const State &, double) { return make_jump(0.1, 1e-5); };
  const MeanFlowLaw law = make_law(linear, {{1.0}, {50.0, infinity}, jump});
  MaterialPoint point(law, {}, make_state(1.6, 0.0));
  EXPECT_NEAR(point.shear_stress_xy(), 1.6, 1e-14); // nothing happens before it is loaded
  point.shear_to(1e-9);
  EXPECT_NEAR(point.shear_stress_xy(), 1.0, 1e-12);
  EXPECT_NEAR(point.fields().x1, 6e-5, 1e-10);
  point.shear_to(0.1);
  EXPECT_NEAR(point.shear_stress_xy(), 1.0, 1e-12);
  EXPECT_NEAR(point.fields().x1, 6e-5 + 0.1 * 300e-5, 1e-9);

  // Where the flow below the edge points away from it, the stress leaves it: down to 0.5 GPa.
  const MeanFlowLaw falling = make_law(linear, {{0.5, 1.0}, {20.0, 1000.0, infinity}, jump});
  MaterialPoint other(falling, {}, make_state(1.6, 0.0));
  other.shear_to(0.005);
  EXPECT_NEAR(other.shear_stress_xy(), 1.0 - 70 * 0.005, 2e-3);
  other.shear_to(0.05);
  EXPECT_NEAR(other.shear_stress_xy(), 0.5, 2e-3);

  // One sub-step that jumps over the edge from far below.
  const MeanFlowLaw coarse = make_law(linear, {{1.0}, {50.0, infinity}, jump}, 0.1);
  EXPECT_NEAR(stress_at(coarse, 0.1), 1.0, 1e-12);
}

TEST(MeanFlowLaw, AForcedMeanJumpThatDoesNotLowerTheStressIsAnError)
{
  const MeanFlowLaw law = make_law(linear, {{1.0}, {50.0, infinity}, [](const State &, double) {
                                              return make_jump(-0.1, 0.0);
                                            }});
  EXPECT_THROW(stress_at(law, 0.2), Error);
  const MeanFlowLaw always = make_law(linear, {infinity, make_jump(0.1, 0.0)});
  EXPECT_THROW(stress_at(always, 0.2), Error);
}

TEST(MeanFlowLaw, AMeanJumpNeverTurnsTheStress)
{
  // 1000*0.1 > 30 even at zero stress: it stays there, with 30/0.1 events per unit strain.
  const MeanFlowLaw law = make_law(linear, {1000.0, make_jump(0.1, 1e-5)});
  MaterialPoint point(law, {}, make_state(0.0, 0.0));
  point.shear_to(0.1);
  EXPECT_EQ(point.shear_stress_xy(), 0.0);
  EXPECT_NEAR(point.fields().x1, 3e-4, 1e-12);
  EXPECT_NEAR(point.fields().plastic_shear, 0.1, 1e-14);
}

TEST(MeanFlowLaw, WorkIsStoredOrLeavesAsHeatToTheSubStep)
{
  const auto error = [](const double sub_step) {
    const MeanFlowLaw law = make_law(table_1, glass, sub_step);
    MaterialPoint point(law, {}, make_state(0.15, 0.004));
    const EnergyDensity begin = point.energy();
    double work = 0.0;
    for (const SymmetricTensor &corner : corners())
    {
      const SymmetricTensor from = point.strain;
      const int n = 400;
      for (int i = 1; i <= n; ++i)
      {
        const SymmetricTensor here = point.strain, before = point.response().stress;
        point.go_to(from + double(i) / n * (corner - from));
        work += 0.5 * (before + point.response().stress).dot(point.strain - here);
      }
    }
    const EnergyDensity end = point.energy();
    EXPECT_GT(point.total.heat, 0.05);
    EXPECT_GT(point.total.backward_strain, 0.1);
    return work - (end.elastic - begin.elastic) - (end.inelastic - begin.inelastic) -
           point.total.heat;
  };
  const double coarse = error(4e-5), fine = error(1e-5);
  EXPECT_LT(std::abs(coarse), 1e-3);
  EXPECT_LT(std::abs(fine), 0.4 * std::abs(coarse));
}

TEST(MeanFlowLaw, APathDoesNotDependOnHowItIsCutToTheSubStep)
{
  const auto run = [](const double sub_step, const unsigned int n) {
    const MeanFlowLaw law = make_law(table_1, glass, sub_step);
    MaterialPoint point(law, {}, make_state(-0.1, 0.004));
    for (const SymmetricTensor &corner : corners())
      point.go_to(corner, n);
    return point.response().stress;
  };
  for (const double sub_step : {1e-4, 1e-5})
    for (const unsigned int n : {3u, 100u})
    {
      const double difference = (run(sub_step, n) - run(sub_step, 1)).norm();
      EXPECT_GT(difference, 0.0);
      EXPECT_LT(difference, 200 * sub_step); // the largest loss of stress is about that per strain
    }
}

TEST(MeanFlowLaw, ARotatedStrainPathGivesTheRotatedStress)
{
  const MeanFlowLaw law = make_law(table_1, glass, 1e-4);
  std::mt19937 generator(9);
  const Eigen::Matrix3d r = random_rotation(generator);
  MaterialPoint reference(law, {}, make_state(0.0, 0.004)), rotated(law, {}, make_state(0, 0.004));
  for (const SymmetricTensor &corner : corners())
  {
    reference.go_to(corner, 2);
    rotated.go_to(rotate(r, corner), 2);
  }
  // A bin edge may be crossed a sub-step later by round-off.
  EXPECT_NEAR((rotated.response().stress - rotate(r, reference.response().stress)).norm(), 0.0,
              200 * 1e-4);
}

TEST(MeanFlowLaw, EvaluationFlowsAsTheAdvanceDoes)
{
  const MeanFlowLaw law = make_law(table_1, glass);
  MaterialPoint point(law, {}, make_state(0.1, 0.004));
  for (const SymmetricTensor &corner : corners())
  {
    const std::vector<double> before = point.state;
    const SymmetricTensor stress = law.evaluate(point.state.data(), corner).stress;
    EXPECT_EQ(point.state, before);
    point.go_to(corner);
    EXPECT_EQ(point.response().stress, stress);
  }
}

TEST(MeanFlowLaw, TheTangentFollowsTheFlowAndStaysPositiveWhereTheStressFalls)
{
  // G_t = 30 - 20 tau along N, and tau/gamma across it, as on any proportional path from zero.
  const MeanFlowLaw law = make_law(linear, relaxing);
  std::vector<double> state(law.state_size());
  law.initialise(state.data(), {}, make_state(0.0, 0.0));
  const Tangent early = law.evaluate(state.data(), simple_shear(0.0500005)).tangent;
  EXPECT_NEAR(early.shear, 30.0 - 20 * 1.5 * (1 - std::exp(-1.0)), 0.01);
  EXPECT_NEAR(early.secant, 1.5 * (1 - std::exp(-1.0)) / 0.05, 0.01);

  const MeanFlowLaw softening = make_law(
      linear, {{1.0}, {10.0, 1000.0}, [](const State &, double) { return make_jump(0.1, 0.0); }});
  softening.initialise(state.data(), {}, make_state(1.4, 0.0));
  const Response response = softening.evaluate(state.data(), simple_shear(0.001));
  EXPECT_NEAR(response.stress[5] / sqrt2, 1.4 - 70 * 0.001, 1e-10);
  EXPECT_NEAR(response.tangent.shear, 0.3, 1e-12);
  EXPECT_GT(response.tangent.secant, 0.0);
}

TEST(MeanFlowLaw, IsTheLimitOfTheStochasticLawInLargeVolumes)
{
  const double volume_ratio = 1000.0, gamma = 0.06;
  const int n = 200;
  const auto source = std::make_shared<ScriptedEventSource>(
      std::vector<double>{0.6}, std::vector<double>{30, 60},
      [](const State &before, const double u) {
        return make_jump(before.tau * (0.5 * u - 0.1),
                         0.05 * (0.01 - before.x[0]) + 0.002 * (u - 0.5));
      });
  std::vector<double> x1_of_bound;
  for (const EnergyBound bound : {EnergyBound::report, EnergyBound::redraw, EnergyBound::clip})
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.energy_bound = bound;
    const SeemLaw stochastic(table_1, source, p);
    double sum_tau = 0, square_tau = 0, sum_x1 = 0, square_x1 = 0, sum_heat = 0;
    for (int i = 0; i < n; ++i)
    {
      MaterialPoint point(stochastic, {{static_cast<std::uint64_t>(i), 0}, volume_ratio},
                          make_state(0.1, 0.004));
      point.shear_to(gamma);
      const double tau = point.shear_stress_xy(), x1 = point.fields().x1;
      sum_tau += tau;
      square_tau += tau * tau;
      sum_x1 += x1;
      square_x1 += x1 * x1;
      sum_heat += point.total.heat;
    }
    const auto standard_error = [&](const double sum, const double square) {
      return std::sqrt((square / n - sum * sum / n / n) / (n - 1));
    };

    const MeanFlowLaw law = make_law(table_1, *source, 1e-5, bound);
    MaterialPoint flow(law, {}, make_state(0.1, 0.004));
    flow.shear_to(gamma);
    // The largest jumps are 0.4 GPa and 0.001 eV, and the limit is left by O(1/m) of them.
    EXPECT_NEAR(flow.shear_stress_xy(), sum_tau / n,
                5 * standard_error(sum_tau, square_tau) + 0.4 / volume_ratio);
    EXPECT_NEAR(flow.fields().x1, sum_x1 / n,
                5 * standard_error(sum_x1, square_x1) + 0.001 / volume_ratio);
    EXPECT_NEAR(flow.total.heat, sum_heat / n, 0.005 * flow.total.heat);
    EXPECT_LT(standard_error(sum_x1, square_x1), 1e-5);
    x1_of_bound.push_back(flow.fields().x1);
  }
  // The comparison tells the bounds apart.
  EXPECT_GT(x1_of_bound[0] - x1_of_bound[2], 1e-4);
  EXPECT_GT(x1_of_bound[2] - x1_of_bound[1], 1e-4);
}

TEST(MeanFlowLaw, WhereNoJumpIsAllowedTheyAreClipped)
{
  // All jumps gain: dtau = 0, dX1 > 0. Clipped, nothing is left of them.
  const ScriptedEventSource gaining(100.0, make_jump(0.0, 1e-4));
  for (const EnergyBound bound : {EnergyBound::redraw, EnergyBound::clip})
  {
    const MeanFlowLaw law = make_law(linear, gaining, 1e-4, bound);
    MaterialPoint point(law, {}, make_state(0.0, 0.002));
    point.shear_to(0.05);
    EXPECT_NEAR(point.shear_stress_xy(), 1.5, 1e-12);
    EXPECT_EQ(point.fields().x1, 0.002);
    EXPECT_NEAR(point.total.heat, 0.0, 1e-14);
  }
  const MeanFlowLaw law = make_law(linear, gaining, 1e-4);
  MaterialPoint point(law, {}, make_state(0.0, 0.002));
  point.shear_to(0.05);
  EXPECT_NEAR(point.fields().x1, 0.0025, 1e-15);
}

TEST(MeanFlowLaw, APathOfTooManySubStepsSaysHowFarItMayGo)
{
  MeanFlowLawParameters p;
  p.bulk_modulus = 100.0;
  p.sub_step = 1e-4;
  p.max_sub_steps = 300;
  const MeanFlowLaw law(table_1, std::make_shared<ScriptedEventSource>(glass), p);
  std::vector<double> state(law.state_size());
  law.initialise(state.data(), {}, make_state(-0.1, 0.004));
  const std::vector<double> before = state;
  const SymmetricTensor begin = simple_shear(0.0), end = simple_shear(0.1);
  const Activity failed = law.advance(state.data(), {}, begin, end, nullptr);
  EXPECT_EQ(state, before);
  EXPECT_EQ(failed.heat, 0.0);
  // Elastic up to zero stress, then 300 sub-steps of 1e-4.
  EXPECT_NEAR(failed.admissible_share, (table_1->elastic_strain(0.1, 0.004) + 0.03) / 0.1, 1e-12);
  EXPECT_THROW(law.evaluate(state.data(), end), StepError);
  const SymmetricTensor part = 0.999 * failed.admissible_share * end;
  EXPECT_NO_THROW(law.evaluate(state.data(), part));
  EXPECT_EQ(law.advance(state.data(), {}, begin, part, nullptr).admissible_share, 1.0);
}

TEST(MeanFlowLaw, RefusesBadParameters)
{
  const auto source = std::make_shared<ScriptedEventSource>(relaxing);
  MeanFlowLawParameters good;
  good.bulk_modulus = 100.0;
  EXPECT_NO_THROW(MeanFlowLaw(linear, source, good));
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
  {
    MeanFlowLawParameters p = good;
    p.bulk_modulus = bad;
    EXPECT_THROW(MeanFlowLaw(linear, source, p), InputError);
    p = good;
    p.sub_step = bad;
    EXPECT_THROW(MeanFlowLaw(linear, source, p), InputError);
  }
}
