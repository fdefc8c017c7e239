// SPDX-License-Identifier: LGPL-2.1-or-later
// The stochastic law between events: elastic branch, shear clock, initial stress, bad input.
#include "support/material_point.h"
#include "support/tensors.h"

#include <seem/core/exceptions.h>
#include <seem/law/seem_law.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

namespace
{
  constexpr double infinity = std::numeric_limits<double>::infinity();

  std::shared_ptr<const Elasticity> table_1()
  {
    return std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5);
  }

  /// tau = 25 gamma.
  std::shared_ptr<const Elasticity> hooke()
  {
    return std::make_shared<TaylorElasticity>(25.0, infinity, infinity, infinity, 16.5);
  }

  SeemLawParameters parameters(const std::uint64_t seed = 1)
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.seed = seed;
    return p;
  }

  SeemLaw law_of_rate(const std::shared_ptr<const Elasticity> &elasticity, const double rate,
                      const Jump &jump = Jump())
  {
    return {elasticity, std::make_shared<ScriptedEventSource>(rate, jump), parameters()};
  }

  /// The hazard that is left before the next event at a constant rate, in a state with one internal
  /// variable: X1, hazard at the start of the clock, start, next event, number of events, heat,
  /// plastic strain, record.
  double remaining(const MaterialPoint &point, const double rate)
  {
    const double record = sqrt2 * Eigen::Map<const SymmetricTensor>(&point.state[12]).norm();
    return record > 0.0 ? rate * (point.state[3] - record) : point.state[1];
  }

  const PointData point_data = {{3, 1}, 1.0};
} // namespace

TEST(SeemLaw, WithoutEventsSimpleShearFollowsTheElasticBranch)
{
  const auto elasticity = table_1();
  const SeemLaw law = law_of_rate(elasticity, 0.0);
  MaterialPoint point(law, point_data, make_state(0.0, 0.008));
  for (const double gamma : {0.01, 0.05, 0.12, -0.03, -0.2})
  {
    point.shear_to(gamma);
    const SymmetricTensor stress = point.response().stress;
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(stress[i], 0.0);
    EXPECT_NEAR(elasticity->elastic_strain(point.shear_stress_xy(), 0.008), gamma, 1e-15);
    EXPECT_NEAR(point.fields().tau, std::abs(point.shear_stress_xy()), 1e-15);
    EXPECT_EQ(point.fields().x1, 0.008);
  }
  EXPECT_EQ(point.total.n_events, 0u);
}

TEST(SeemLaw, StressIsCoaxialWithTheElasticStrainAndPressureIsLinear)
{
  const auto elasticity = table_1();
  const SeemLaw law = law_of_rate(elasticity, 0.0);
  MaterialPoint point(law, point_data, make_state(0.0, 0.01));
  std::mt19937 generator(11);
  for (int i = 0; i < 20; ++i)
  {
    point.go_to(random_tensor(generator, 0.05));
    const SymmetricTensor e = deviator(point.strain);
    const SymmetricTensor stress = point.response().stress, s = deviator(stress);
    const double gamma = std::sqrt(2.0 * e.dot(e)), tau = std::sqrt(0.5 * s.dot(s));
    EXPECT_NEAR(elasticity->elastic_strain(tau, 0.01), gamma, 1e-14);
    EXPECT_NEAR((s / s.norm() - e / e.norm()).norm(), 0.0, 1e-13);
    EXPECT_NEAR(trace(stress) / 3.0, 100.0 * trace(point.strain), 1e-12);
  }
}

TEST(SeemLaw, TheTangentAtZeroStrainIsFiniteAndIsotropic)
{
  const SeemLaw law = law_of_rate(table_1(), 0.0);
  const MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  const auto tangent = matrix(point.response().tangent);
  const double shear[] = {tangent(3, 3), tangent(4, 4), tangent(5, 5),
                          tangent(0, 0) - tangent(0, 1)};
  for (const double twice_g : shear)
    EXPECT_NEAR(twice_g, 2 * 25.90, 1e-12);
  EXPECT_NEAR(tangent(0, 0) + 2 * tangent(0, 1), 3 * 100.0, 1e-12);
  EXPECT_EQ(point.response().stress.norm(), 0.0);
}

TEST(SeemLaw, InitialStressOfEitherSignIsCarriedAtZeroStrain)
{
  const SeemLaw law = law_of_rate(table_1(), 0.0);
  for (const double tau : {0.2, -0.2, 1.5, 0.0})
  {
    const MaterialPoint point(law, point_data, make_state(tau, 0.01));
    EXPECT_NEAR(point.shear_stress_xy(), tau, 1e-15);
    EXPECT_NEAR(point.response().stress.norm(), sqrt2 * std::abs(tau), 1e-15);
    EXPECT_NEAR(point.fields().tau, std::abs(tau), 1e-15);
  }
}

TEST(SeemLaw, NegativeInitialStressDrawsNoHazardUntilZeroIsCrossed)
{
  // tau = -0.2 + 25 gamma is zero at gamma = 0.008.
  const SeemLaw law = law_of_rate(hooke(), 30.0);
  for (const unsigned int n : {1u, 3u, 100u})
  {
    MaterialPoint point(law, point_data, make_state(-0.2, 0.0));
    const double threshold = remaining(point, 30.0);
    ASSERT_GT(threshold, 0.2);
    point.shear_to(0.008 * 0.999, n);
    EXPECT_NEAR(remaining(point, 30.0), threshold, 1e-13);
    EXPECT_EQ(point.total.forward_strain, 0.0);
    point.shear_to(0.0110, n);
    EXPECT_NEAR(remaining(point, 30.0), threshold - 30.0 * 0.003, 1e-13);
    EXPECT_NEAR(point.total.forward_strain, 0.003, 1e-15);
    EXPECT_NEAR(point.total.backward_strain, 0.008, 1e-15);
  }
}

TEST(SeemLaw, UnloadingAndReloadingBelowTheRecordIsReversible)
{
  const SeemLaw law = law_of_rate(table_1(), 2.0);
  MaterialPoint point(law, point_data, make_state(0.1, 0.01));
  std::mt19937 generator(5);
  const SymmetricTensor top = simple_shear(0.05) + 0.02 * symmetric_tensor(1, -1, 0.3, 0, 0.2, 0);
  point.go_to(top);
  ASSERT_EQ(point.total.n_events, 0u);
  const std::vector<double> state = point.state;
  const SymmetricTensor stress = point.response().stress;
  const Activity before = point.total;

  // Straight down and up, and around through smaller strains of any direction.
  point.go_to(0.3 * top, 7);
  point.go_to(top);
  for (int i = 0; i < 5; ++i)
    point.go_to(0.5 * top + random_tensor(generator, 0.003), 3);
  point.go_to(top, 10);

  EXPECT_EQ(point.state[0], state[0]);
  EXPECT_EQ(point.state[3], state[3]); // the next event stays where it was
  for (std::size_t i = 0; i < state.size(); ++i)
    EXPECT_NEAR(point.state[i], state[i], 1e-15);
  EXPECT_NEAR(point.total.forward_strain, before.forward_strain, 1e-13);
  EXPECT_GT(point.total.backward_strain, before.backward_strain + 0.02);
  EXPECT_NEAR((point.response().stress - stress).norm(), 0.0, 1e-12);

  // Beyond the record the clock runs again: only for what is beyond it.
  const double gamma_top = std::sqrt(2.0) * (deviator(top) + simple_shear(0.1 / 25.0)).norm();
  point.go_to(1.1 * top);
  EXPECT_GT(point.total.forward_strain, before.forward_strain + 0.09 * gamma_top);
  EXPECT_LT(point.total.forward_strain, before.forward_strain + 0.11 * gamma_top);
}

TEST(SeemLaw, BackwardStrainCountsUnloadingAndReloading)
{
  const SeemLaw law = law_of_rate(hooke(), 0.0);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.shear_to(0.05);
  point.shear_to(0.02);
  point.shear_to(0.06); // 0.03 up to the record, then 0.01 forward
  EXPECT_NEAR(point.total.forward_strain, 0.06, 1e-15);
  EXPECT_NEAR(point.total.backward_strain, 0.06, 1e-15);
  point.shear_to(-0.01); // back to zero, then forward the other way
  EXPECT_NEAR(point.total.forward_strain, 0.07, 1e-15);
  EXPECT_NEAR(point.total.backward_strain, 0.12, 1e-15);

  // Past the turning point and up to the right angle of the record: (4,3) -> (-3,4), by its middle
  // (0.5,3.5) whose norm is sqrt(12.5), below the record of norm 5.
  MaterialPoint turning(law, point_data, make_state(0.0, 0.0));
  const auto strain = [](const double xy, const double xz) {
    return symmetric_tensor(0, 0, 0, 0, 0.005 * xz, 0.005 * xy);
  };
  turning.go_to(strain(4, 3));
  const double forward = turning.total.forward_strain;
  EXPECT_NEAR(forward, 0.05, 1e-15);
  turning.go_to(strain(-3, 4) * 0.999999 + strain(4, 3) * 0.000001);
  EXPECT_NEAR(turning.total.backward_strain, 0.01 * 2 * (5 - std::sqrt(12.5)), 1e-6);
  turning.go_to(strain(-3, 4) * 1.0001);
  EXPECT_NEAR(turning.total.backward_strain, 0.01 * 2 * (5 - std::sqrt(12.5)), 1e-6);
}

TEST(SeemLaw, BackwardStrainUpToAReversalCountsBothWays)
{
  // Record (5,0); from there straight to (3,-1) and then along (-1,1): the norm falls to that of
  // (1,1), where the clock rests at the right angle (0,2) only after growing again.
  const SeemLaw law = law_of_rate(hooke(), 0.0);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  const auto strain = [](const double xy, const double xz) {
    return symmetric_tensor(0, 0, 0, 0, 0.005 * xz, 0.005 * xy);
  };
  point.go_to(strain(5, 0));
  point.go_to(strain(3, -1));
  const double before = point.total.backward_strain;
  EXPECT_NEAR(before, 0.01 * (5 - std::sqrt(10.0)), 1e-15);
  point.go_to(strain(-1, 3));
  // Down to (1,1), up to (0,2) where the record is dropped, forward to (-1,3).
  EXPECT_NEAR(point.total.backward_strain - before,
              0.01 * (std::sqrt(10.0) - std::sqrt(2.0) + 2.0 - std::sqrt(2.0)), 1e-15);
  EXPECT_NEAR(point.total.forward_strain, 0.05 + 0.01 * (std::sqrt(10.0) - 2.0), 1e-15);
}

TEST(SeemLaw, TheStrainsOfAnyPathDoNotDependOnHowItIsCut)
{
  // Short and long pieces around a record, so that they end within it, beyond it and against it.
  for (const bool record : {true, false})
  {
    SeemLawParameters p = parameters();
    p.record = record;
    const SeemLaw law(hooke(), std::make_shared<ScriptedEventSource>(1e-9, Jump()), p);
    std::mt19937 generator(7);
    std::uniform_real_distribution<double> size(0.0, 0.02);
    MaterialPoint whole(law, point_data, make_state(0.0, 0.0)), cut = whole;
    for (unsigned int i = 0; i < 400; ++i)
    {
      const SymmetricTensor target = 0.01 * symmetric_tensor(1, -1, 0.3, 0, 0.2, 0) +
                                     random_tensor(generator, size(generator));
      whole.go_to(target);
      cut.go_to(target, 2 + i % 7);
      ASSERT_NEAR(whole.total.forward_strain, cut.total.forward_strain, 1e-12) << i;
      ASSERT_NEAR(whole.total.backward_strain, cut.total.backward_strain, 1e-12) << i;
      for (std::size_t k = 0; k < whole.state.size(); ++k)
        ASSERT_NEAR(whole.state[k], cut.state[k], 1e-12) << i << ", " << k;
    }
    EXPECT_EQ(whole.total.n_events, 0U);
    EXPECT_GT(whole.total.forward_strain, 0.1);
    EXPECT_GT(whole.total.backward_strain, 0.1);
  }
}

TEST(SeemLaw, ReversalResetsTheRecordAndTheReverseShearDrawsHazard)
{
  const SeemLaw law = law_of_rate(hooke(), 3.0);
  for (const unsigned int n : {1u, 13u})
  {
    MaterialPoint point(law, point_data, make_state(0.0, 0.0));
    const double threshold = remaining(point, 3.0);
    ASSERT_GT(threshold, 3.0 * 0.09);
    point.shear_to(0.05, n);
    EXPECT_NEAR(remaining(point, 3.0), threshold - 3.0 * 0.05, 1e-13);
    point.shear_to(-0.02, n); // the reverse part is 0.02, though below the record of 0.05
    EXPECT_NEAR(remaining(point, 3.0), threshold - 3.0 * 0.07, 1e-13);
    point.shear_to(0.01, n); // and so is the way back beyond zero
    EXPECT_NEAR(remaining(point, 3.0), threshold - 3.0 * 0.08, 1e-13);
  }
}

TEST(SeemLaw, WithoutRecordReloadingDrawsHazardAgain)
{
  SeemLawParameters p = parameters();
  p.record = false;
  const SeemLaw law(hooke(), std::make_shared<ScriptedEventSource>(3.0, Jump()), p);
  for (const unsigned int n : {1u, 8u})
  {
    MaterialPoint point(law, point_data, make_state(0.0, 0.0));
    const double threshold = remaining(point, 3.0);
    ASSERT_GT(threshold, 3.0 * 0.09);
    point.shear_to(0.05, n);
    point.shear_to(0.02, n);
    point.shear_to(0.06, n);
    EXPECT_NEAR(remaining(point, 3.0), threshold - 3.0 * 0.09, 1e-13);
  }
}

TEST(SeemLaw, VolumeChangeAloneDrawsNoHazard)
{
  const SeemLaw law = law_of_rate(table_1(), 1e9);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  for (const double volume : {0.01, -0.02, 0.3})
    point.go_to(volume * identity());
  EXPECT_EQ(point.total.n_events, 0u);
  EXPECT_NEAR(trace(point.response().stress), 3 * 100.0 * 0.9, 1e-11);
}

TEST(SeemLaw, AStrainThatDoesNotMoveChangesNothing)
{
  const SeemLaw law = law_of_rate(table_1(), 1e9);
  MaterialPoint point(law, point_data, make_state(0.5, 0.0));
  const std::vector<double> state = point.state;
  point.go_to(point.strain);
  EXPECT_EQ(point.state, state);
  EXPECT_EQ(point.total.n_events, 0u);
}

TEST(SeemLaw, RefusesAStrainThatIsNotFiniteAndKeepsTheState)
{
  const SeemLaw law = law_of_rate(table_1(), 100.0);
  MaterialPoint point(law, point_data, make_state(0.0, 0.01));
  point.shear_to(0.02);
  const std::vector<double> state = point.state;
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity})
    for (int i = 0; i < 6; ++i)
    {
      SymmetricTensor strain = point.strain;
      strain[i] = bad;
      EXPECT_THROW(law.advance(point.state.data(), point_data, point.strain, strain, nullptr),
                   InputError);
      EXPECT_THROW(law.advance(point.state.data(), point_data, strain, point.strain, nullptr),
                   InputError);
      EXPECT_EQ(point.state, state);
    }
}

TEST(SeemLaw, RefusesParametersWithoutABulkModulus)
{
  const auto source = std::make_shared<ScriptedEventSource>(1.0, Jump());
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
  {
    SeemLawParameters p;
    p.bulk_modulus = bad;
    EXPECT_THROW(SeemLaw(table_1(), source, p), InputError);
  }
}

TEST(SeemLaw, RefusesASourceWithMoreVariablesThanAStateHolds)
{
  class Many : public ScriptedEventSource
  {
  public:
    explicit Many(const std::size_t n) : ScriptedEventSource(1.0, Jump()), n(n)
    {
    }
    std::size_t n_internal_variables() const override
    {
      return n;
    }

  private:
    std::size_t n;
  };
  EXPECT_THROW(SeemLaw(table_1(), std::make_shared<Many>(0), parameters()), InputError);
  EXPECT_THROW(SeemLaw(table_1(), std::make_shared<Many>(5), parameters()), InputError);
  const SeemLaw law(table_1(), std::make_shared<Many>(4), parameters());
  EXPECT_EQ(law.state_size(), 4u + 17u);
}
