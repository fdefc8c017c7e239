// SPDX-License-Identifier: LGPL-2.1-or-later
// The events of the stochastic law: when they happen, what they do, and their bounds.
#include "support/material_point.h"

#include <seem/core/exceptions.h>
#include <seem/core/units.h>
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
  constexpr double omega = 16.5;

  std::shared_ptr<const Elasticity> table_1()
  {
    return std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, omega);
  }

  /// tau = 25 gamma.
  std::shared_ptr<const Elasticity> hooke()
  {
    return std::make_shared<TaylorElasticity>(25.0, infinity, infinity, infinity, omega);
  }

  SeemLaw make_law(const std::shared_ptr<const Elasticity> &elasticity,
                   const ScriptedEventSource &source, const EnergyBound bound = EnergyBound::report)
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.energy_bound = bound;
    p.max_events_per_update = 1000;
    return {elasticity, std::make_shared<ScriptedEventSource>(source), p};
  }

  /// An event at tau = @p ceiling, never below.
  ScriptedEventSource at_ceiling(const double ceiling, const Jump &jump)
  {
    return {{ceiling}, {0.0, infinity}, [jump](const State &, double) { return jump; }};
  }

  SymmetricTensor plastic_strain(const MaterialPoint &point)
  {
    return Eigen::Map<const SymmetricTensor>(point.state.data() + 6);
  }

  const PointData point_data = {{3, 1}, 1.0};
} // namespace

TEST(SeemLawEvents, HappenWhereTheThresholdsAddUp)
{
  // tau = 25 gamma - 0.01 n stays positive, so at a constant rate of 200 event n happens where the
  // first n + 1 thresholds add up to 200 gamma.
  const SeemLaw law = make_law(hooke(), {200.0, make_jump(0.01, 0.0001)});
  MaterialPoint point(law, point_data, make_state(0.3, 0.0));
  point.shear_to(0.1);

  const RandomStream stream(1, point_data.key);
  double gamma = 0.0;
  unsigned int n = 0;
  for (const EventRecord &record : point.events.records)
  {
    gamma += threshold(stream, n) / 200.0;
    EXPECT_EQ(record.number, n);
    EXPECT_NEAR(record.path, gamma / 0.1, 1e-12);
    EXPECT_NEAR(record.before.tau, 0.3 + 25 * gamma - 0.01 * n, 1e-12);
    EXPECT_NEAR(record.before.x[0], 0.0001 * n, 1e-15);
    EXPECT_NEAR(record.plastic_shear, 0.01 / 25, 1e-15);
    ++n;
  }
  EXPECT_GT(gamma + threshold(stream, n) / 200.0, 0.1);
  EXPECT_GT(n, 5u);
  EXPECT_EQ(point.total.n_events, n);
  EXPECT_EQ(point.fields().n_events, n);
  EXPECT_NEAR(point.shear_stress_xy(), 0.3 + 2.5 - 0.01 * n, 1e-12);
}

TEST(SeemLawEvents, CountsAtAConstantRateArePoissonDistributed)
{
  // Mean and variance 200 * 0.1 = 20.
  const SeemLaw law = make_law(hooke(), {200.0, make_jump(1e-3, 0.0)});
  const unsigned int n = 4000;
  double sum = 0, sum_squares = 0;
  for (unsigned int replica = 0; replica < n; ++replica)
  {
    MaterialPoint point(law, {{replica, 0}, 1.0}, make_state(0.0, 0.0));
    point.shear_to(0.1);
    sum += point.total.n_events;
    sum_squares += double(point.total.n_events) * point.total.n_events;
  }
  const double mean = sum / n, variance = sum_squares / n - mean * mean;
  EXPECT_NEAR(mean, 20.0, 5 * std::sqrt(20.0 / n));
  // Fourth central moment of the Poisson distribution: 3 mean^2 + mean.
  EXPECT_NEAR(variance, 20.0, 5 * std::sqrt((2 * 400.0 + 20.0) / n));
}

TEST(SeemLawEvents, MoveStressAndStructureByExactlyTheJump)
{
  const SeemLaw law = make_law(table_1(), at_ceiling(1.5, make_jump(0.4, 0.003)));
  MaterialPoint point(law, point_data, make_state(0.0, 0.01));
  const SymmetricTensor direction = symmetric_tensor(0.4, -0.3, -0.1, 0.2, -0.5, 0.3);
  // Stop right behind the event.
  const double gamma = table_1()->elastic_strain(1.5, 0.01);
  point.go_to((1 + 1e-13) * gamma / shear_strain(direction) * direction);

  ASSERT_EQ(point.total.n_events, 1u);
  const EventRecord &record = point.events.records[0];
  EXPECT_NEAR(record.before.tau, 1.5, 1e-14);
  EXPECT_EQ(record.jump.dtau, 0.4);
  EXPECT_EQ(record.support, Support::forced);
  EXPECT_EQ(point.total.n_forced, 1u);
  EXPECT_NEAR(point.fields().tau, 1.1, 1e-11);
  EXPECT_NEAR(point.fields().x1, 0.013, 1e-16);
  const SymmetricTensor s = deviator(point.response().stress);
  EXPECT_NEAR((s / s.norm() - direction / direction.norm()).norm(), 0.0, 1e-12);

  // de_p = (g(1.5, 0.010) - g(1.1, 0.013))/sqrt(2) N
  const double lost = gamma - table_1()->elastic_strain(1.1, 0.013);
  EXPECT_NEAR(record.plastic_shear, lost, 1e-15);
  EXPECT_NEAR((plastic_strain(point) - lost / sqrt2 * direction.normalized()).norm(), 0.0, 1e-14);
  EXPECT_NEAR(trace(plastic_strain(point)), 0.0, 1e-16);
}

TEST(SeemLawEvents, HeatIsTheEnergyThatAnEventLosesAtFixedStrain)
{
  // Linear: tau^2/50 from 2.0 to 1.5 loses (4 - 2.25)/50 = 0.035 GPa; 0.002 eV per atom take up
  // 0.002*160.21766208/16.5 GPa.
  const SeemLaw law = make_law(hooke(), at_ceiling(2.0, make_jump(0.5, 0.002)));
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.shear_to(0.085);
  ASSERT_EQ(point.total.n_events, 1u);
  EXPECT_NEAR(point.total.heat, 0.035 - 0.002 * 160.21766208 / 16.5, 1e-14);
  EXPECT_NEAR(point.events.records[0].heat, point.total.heat, 1e-16);
  EXPECT_NEAR(point.energy().inelastic, 0.002 * 160.21766208 / 16.5, 1e-15);
  EXPECT_NEAR(point.energy().elastic, 1.625 * 1.625 / 50, 1e-12);
}

TEST(SeemLawEvents, RatesGrowAndJumpsShrinkWithTheVolume)
{
  const SeemLaw law = make_law(hooke(), {100.0, make_jump(0.06, 0.0003)});
  for (const double m : {1.0, 3.0, 0.25})
  {
    const PointData data = {{3, 1}, m};
    MaterialPoint point(law, data, make_state(1.0, 0.0));
    point.shear_to(0.1);
    const RandomStream stream(1, data.key);
    double gamma = 0.0;
    ASSERT_GT(point.events.records.size(), 1u);
    for (const EventRecord &record : point.events.records)
    {
      gamma += threshold(stream, record.number) / (100.0 * m);
      EXPECT_NEAR(record.path, gamma / 0.1, 1e-12);
      EXPECT_NEAR(record.jump.dtau, 0.06 / m, 1e-16);
      EXPECT_NEAR(record.jump.dx[0], 0.0003 / m, 1e-18);
    }
    EXPECT_NEAR(point.shear_stress_xy(), 3.5 - 0.06 / m * point.total.n_events, 1e-12);
  }
}

TEST(SeemLawEvents, ManyVolumesGiveTheMeanFlow)
{
  // dtau/dgamma = 25 - 0.1*rate with rate = 100 below and 300 above 1 GPa: tau sticks to 1 GPa.
  const ScriptedEventSource source({1.0}, {100.0, 300.0},
                                   [](const State &, double) { return make_jump(0.1, 0.0); });
  const SeemLaw law = make_law(hooke(), source);
  MaterialPoint point(law, {{0, 0}, 1000.0}, make_state(0.0, 0.0));
  point.shear_to(0.2, 2000);
  EXPECT_NEAR(point.shear_stress_xy(), 1.0, 0.02);
  // At rest the mean rate is 25/0.1 = 250 per volume.
  const unsigned int before = point.total.n_events;
  point.shear_to(0.4, 2000);
  EXPECT_NEAR((point.total.n_events - before) / 1000.0, 50.0, 5 * std::sqrt(50.0 / 1000.0));
}

TEST(SeemLawEvents, AJumpBeyondZeroTurnsTheStressAndLoadingGoesOn)
{
  // At 1.0 GPa down to -0.25 GPa; back at 1.0 GPa after a strain of 1.25/25 = 0.05.
  const SeemLaw law = make_law(hooke(), at_ceiling(1.0, make_jump(1.25, 0.0)));
  for (const unsigned int n : {1u, 7u, 1000u})
  {
    MaterialPoint point(law, point_data, make_state(0.0, 0.0));
    point.shear_to(0.042, n);
    EXPECT_NEAR(point.shear_stress_xy(), -0.2, 1e-12);
    EXPECT_NEAR(point.fields().tau, 0.2, 1e-12);
    point.shear_to(0.16, n);
    // Events at 0.04, 0.09 and 0.14.
    ASSERT_EQ(point.total.n_events, 3u);
    EXPECT_NEAR(point.shear_stress_xy(), -0.25 + 25 * 0.02, 1e-12);
    // Forward: 0.04, then 0.04 of each 0.05, then 0.01; the rest brings the stress back to zero.
    EXPECT_NEAR(point.total.forward_strain, 0.13, 1e-13);
    EXPECT_NEAR(point.total.backward_strain, 0.03, 1e-13);
  }
}

TEST(SeemLawEvents, AJumpMayRaiseTheStress)
{
  const ScriptedEventSource source({0.5, 0.6}, {0.0, infinity, 0.0},
                                   [](const State &, double) { return make_jump(-0.2, -0.001); });
  const SeemLaw law = make_law(hooke(), source);
  MaterialPoint point(law, point_data, make_state(0.0, 0.01));
  point.shear_to(0.04);
  ASSERT_EQ(point.total.n_events, 1u);
  EXPECT_NEAR(point.shear_stress_xy(), 1.2, 1e-14);
  EXPECT_NEAR(point.fields().x1, 0.009, 1e-16);
  EXPECT_NEAR(plastic_strain(point)[5], -0.2 / 25 / sqrt2, 1e-16);
}

TEST(SeemLawEvents, AtZeroStressGoAlongTheStrainIncrement)
{
  const ScriptedEventSource source({0.1}, {infinity, 0.0},
                                   [](const State &, double) { return make_jump(-0.5, 0.0); });
  const SeemLaw law = make_law(hooke(), source);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  const SymmetricTensor direction = symmetric_tensor(0.01, -0.02, 0.01, 0.003, 0, -0.005);
  point.go_to(direction);
  ASSERT_EQ(point.total.n_events, 1u);
  EXPECT_EQ(point.events.records[0].before.tau, 0.0);
  EXPECT_NEAR(point.fields().tau, 0.5 + 25 * shear_strain(direction), 1e-14);
  const SymmetricTensor s = deviator(point.response().stress);
  EXPECT_NEAR((s.normalized() - direction.normalized()).norm(), 0.0, 1e-14);
}

TEST(SeemLawEvents, TooManyAskForAShorterStepAndKeepTheState)
{
  const SeemLaw many = make_law(hooke(), {1e6, make_jump(1e-6, 0.0)});
  // Above the ceiling a jump that raises the stress, and one that does nothing, would never end.
  const SeemLaw rising = make_law(hooke(), at_ceiling(0.5, make_jump(-0.1, 0.0)));
  const SeemLaw idle = make_law(hooke(), at_ceiling(0.5, make_jump(0.0, 0.0)));
  const SeemLaw idle_at_zero = make_law(hooke(), {infinity, make_jump(0.0, 0.0)});
  for (const auto &[law, share] : {std::pair(&many, 0.01), std::pair(&rising, 0.2),
                                   std::pair(&idle, 0.2), std::pair(&idle_at_zero, 0.0)})
  {
    MaterialPoint point(*law, point_data, make_state(0.0, 0.0));
    const std::vector<double> state = point.state;
    const Activity activity = law->advance(point.state.data(), point_data, SymmetricTensor::Zero(),
                                           simple_shear(0.1), nullptr);
    // 1000 events of 1e5 in the whole path; the ceiling at 0.02 of 0.1; at once.
    EXPECT_NEAR(activity.admissible_share, share, 5 * std::sqrt(1000.0) / 1e5);
    EXPECT_EQ(activity.n_events, 0u);
    EXPECT_EQ(point.state, state);
  }
  // A step of the share, or a little less, succeeds where one can.
  MaterialPoint point(many, point_data, make_state(0.0, 0.0));
  const Activity failed = many.advance(point.state.data(), point_data, SymmetricTensor::Zero(),
                                       simple_shear(0.1), nullptr);
  point.shear_to(0.99 * failed.admissible_share * 0.1);
  EXPECT_EQ(point.total.admissible_share, 1.0);
  EXPECT_NEAR(point.total.n_events, 990, 100);
}

TEST(SeemLawEvents, AnIncrementMayEndExactlyAtAnEvent)
{
  const SeemLaw law = make_law(table_1(), {300.0, make_jump(0.1, 0.001)});
  MaterialPoint whole(law, point_data, make_state(0.2, 0.01));
  whole.shear_to(0.05);
  ASSERT_GT(whole.total.n_events, 5u);

  MaterialPoint cut(law, point_data, make_state(0.2, 0.01));
  for (const EventRecord &record : whole.events.records)
    cut.shear_to(record.path * 0.05);
  cut.shear_to(0.05);
  ASSERT_EQ(cut.total.n_events, whole.total.n_events);
  for (std::size_t i = 0; i < whole.state.size(); ++i)
    EXPECT_NEAR(cut.state[i], whole.state[i], 1e-11);
}

TEST(SeemLawEvents, FurtherInternalVariablesMoveToo)
{
  class TwoVariables : public ScriptedEventSource
  {
  public:
    TwoVariables()
        : ScriptedEventSource({1.0}, {0.0, infinity}, [](const State &before, double) {
            Jump jump = make_jump(0.5, 0.001);
            jump.dx[1] = 2.0 + before.x[1];
            return jump;
          })
    {
    }
    std::size_t n_internal_variables() const override
    {
      return 2;
    }
  };
  SeemLawParameters p;
  p.bulk_modulus = 100.0;
  const SeemLaw law(hooke(), std::make_shared<TwoVariables>(), p);
  State initial = make_state(0.0, 0.01);
  initial.x[1] = -1.0;
  MaterialPoint point(law, {{0, 0}, 2.0}, initial);
  point.shear_to(0.0501); // at 0.04 GPa by 0.25 down, again at 0.05
  ASSERT_EQ(point.total.n_events, 2u);
  EXPECT_NEAR(point.state[0], 0.011, 1e-16);
  // -1 + (2 - 1)/2 = -0.5, then + (2 - 0.5)/2 = 0.25.
  EXPECT_NEAR(point.state[1], 0.25, 1e-15);
}

TEST(SeemLawEvents, AStateStaysConsistentOverManyEvents)
{
  const ScriptedEventSource source(
      {0.5, 1.0}, {100.0, 1000.0, 5000.0}, [](const State &before, const double u) {
        return make_jump(0.2 * u * before.tau, 0.05 * (0.01 - before.x[0]) + 2e-4 * (u - 0.5));
      });
  const SeemLaw law = make_law(table_1(), source);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.go_to(20.0 * symmetric_tensor(0.5, -0.3, -0.2, 0.1, 0.2, 0.4), 20000);
  EXPECT_GT(point.total.n_events, 10000u);
  EXPECT_EQ(point.fields().n_events, point.total.n_events);
  EXPECT_EQ(point.events.records.size(), point.total.n_events);
  EXPECT_NEAR(trace(plastic_strain(point)), 0.0, 1e-12);

  // The stress that follows from the state is that of the sum of the records.
  double plastic = 0.0, x1 = 0.0;
  for (const EventRecord &record : point.events.records)
  {
    plastic += record.plastic_shear;
    x1 += record.jump.dx[0];
  }
  EXPECT_NEAR(point.fields().x1, x1, 1e-12);
  EXPECT_NEAR(point.fields().plastic_shear, plastic, 1e-10);
  EXPECT_NEAR(table_1()->elastic_strain(point.fields().tau, x1),
              shear_strain(deviator(point.strain)) - plastic, 1e-10);
}

TEST(SeemLawEvents, BeyondTheCapOfTheStructureAreCounted)
{
  const SeemLaw law = make_law(table_1(), at_ceiling(0.1, make_jump(0.05, 0.04)));
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.shear_to(0.02); // X1 = 0.04, 0.08, then 0.12 and more: beyond 0.0909
  ASSERT_GT(point.total.n_events, 2u);
  EXPECT_EQ(point.total.n_capped, point.total.n_events - 2);
}
