// SPDX-License-Identifier: LGPL-2.1-or-later
// The first law at a point, and the bound on the energy of an event.
#include "support/material_point.h"
#include "support/tensors.h"

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
  const auto table_1 = std::make_shared<const TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5);
  const PointData point_data = {{12, 2}, 1.0};

  SeemLaw make_law(const ScriptedEventSource &source, const EnergyBound bound)
  {
    SeemLawParameters p;
    p.bulk_modulus = 60.0;
    p.energy_bound = bound;
    return {table_1, std::make_shared<ScriptedEventSource>(source), p};
  }

  /// Work of the stress with events frozen, from @p begin to @p end: 5-point Gauss rule.
  double work(const SeemLaw &law, const std::vector<double> &state, const SymmetricTensor &begin,
              const SymmetricTensor &end)
  {
    const double x[] = {0.0, 0.5384693101056831, 0.9061798459386640};
    const double w[] = {0.5688888888888889, 0.4786286704993665, 0.2369268850561891};
    const SymmetricTensor change = end - begin;
    double sum = 0.0;
    for (const double sign : {-1.0, 1.0})
      for (int i = 0; i < 3; ++i)
        sum +=
            (i == 0 ? 0.5 : 1.0) * w[i] *
            law.evaluate(state.data(), begin + 0.5 * (1 + sign * x[i]) * change).stress.dot(change);
    return 0.5 * sum;
  }

  /// Half of the events gain energy: no drop, and X1 grows.
  const ScriptedEventSource half_gain({0.2}, {0.0, 200.0}, [](const State &, const double u) {
    return u < 0.5 ? make_jump(0.0, 0.002 * (1 + u)) : make_jump(0.15, 0.0);
  });

  /// All do: the stress rises.
  const ScriptedEventSource all_gain({0.2}, {0.0, 100.0},
                                     [](const State &, double) { return make_jump(-0.05, 0.001); });
} // namespace

TEST(SeemLawEnergy, WorkIsStoredOrLeavesAsHeat)
{
  const ScriptedEventSource source(
      {0.5, 1.2}, {20.0, 100.0, 500.0}, [](const State &before, const double u) {
        return make_jump(before.tau * (0.6 * u - 0.1), 0.002 * (u - 0.5));
      });
  const SeemLaw law = make_law(source, EnergyBound::report);
  MaterialPoint point(law, point_data, make_state(0.15, 0.004));
  const EnergyDensity begin = point.energy();

  // A path with turns and a change of volume, in increments with at most one event each.
  double done = 0.0;
  std::mt19937 generator(8);
  for (int corner = 0; corner < 6; ++corner)
  {
    const SymmetricTensor target = random_tensor(generator, 0.05), from = point.strain;
    const int n = 3000;
    for (int i = 1; i <= n; ++i)
    {
      const std::vector<double> before = point.state;
      const SymmetricTensor here = point.strain;
      const std::size_t n_before = point.events.records.size();
      point.go_to(from + double(i) / n * (target - from));
      ASSERT_LE(point.events.records.size(), n_before + 1);
      if (point.events.records.size() == n_before)
        done += work(law, before, here, point.strain);
      else
      {
        const SymmetricTensor at_event =
            here + point.events.records.back().path * (point.strain - here);
        done += work(law, before, here, at_event) + work(law, point.state, at_event, point.strain);
      }
    }
  }
  const EnergyDensity end = point.energy();
  EXPECT_GT(point.total.n_events, 20u);
  EXPECT_GT(done, 0.01);
  EXPECT_NEAR(
      done, end.elastic - begin.elastic + end.inelastic - begin.inelastic + point.total.heat, 1e-9);
}

TEST(SeemLawEnergy, GainingEventsAreKeptAndCountedByDefault)
{
  const SeemLaw law = make_law(half_gain, EnergyBound::report);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.shear_to(0.2);
  unsigned int n_gaining = 0;
  double heat = 0.0;
  for (const EventRecord &record : point.events.records)
  {
    n_gaining += record.jump.dtau == 0.0;
    EXPECT_EQ(record.heat < 0.0, record.jump.dtau == 0.0);
    heat += record.heat;
  }
  EXPECT_GT(n_gaining, 5u);
  EXPECT_LT(n_gaining, point.total.n_events);
  EXPECT_EQ(point.total.n_gaining, n_gaining);
  EXPECT_NEAR(point.total.heat, heat, 1e-14);
}

TEST(SeemLawEnergy, GainingEventsAreRedrawnOnRequest)
{
  const SeemLaw law = make_law(half_gain, EnergyBound::redraw);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.shear_to(0.2);
  EXPECT_GT(point.total.n_gaining, 5u);
  EXPECT_LT(point.total.n_gaining, point.total.n_events);
  for (const EventRecord &record : point.events.records)
  {
    EXPECT_GE(record.heat, 0.0);
    EXPECT_EQ(record.jump.dtau, 0.15); // drawn, not clipped
  }
}

TEST(SeemLawEnergy, GainingEventsAreClippedOnRequest)
{
  const SeemLaw law = make_law(half_gain, EnergyBound::clip);
  MaterialPoint point(law, point_data, make_state(0.0, 0.0));
  point.shear_to(0.2);
  unsigned int n_clipped = 0;
  for (const EventRecord &record : point.events.records)
    if (record.jump.dtau == 0.0)
    {
      // No drop: D = 0 is no change of X1.
      ++n_clipped;
      EXPECT_NEAR(record.jump.dx[0], 0.0, 1e-15);
      EXPECT_GE(record.heat, 0.0);
      EXPECT_LE(record.heat, 1e-13);
    }
    else
      EXPECT_GT(record.heat, 7.49e-4); // (0.2^2 - 0.05^2)/(2 G), the smallest
  EXPECT_GT(n_clipped, 5u);
  EXPECT_EQ(point.total.n_gaining, n_clipped);
}

TEST(SeemLawEnergy, RedrawingClipsWhereEveryJumpGains)
{
  for (const EnergyBound bound : {EnergyBound::redraw, EnergyBound::clip})
    for (const double m : {1.0, 0.3, 8.0})
    {
      const SeemLaw law = make_law(all_gain, bound);
      MaterialPoint point(law, {{12, 2}, m}, make_state(0.0, 0.0));
      point.shear_to(0.1);
      EXPECT_GT(point.total.n_events, 0u);
      EXPECT_EQ(point.total.n_gaining, point.total.n_events);
      for (const EventRecord &record : point.events.records)
      {
        EXPECT_EQ(record.jump.dtau, -0.05 / m);
        EXPECT_LT(record.jump.dx[0], 0.0);
        EXPECT_GE(record.heat, 0.0);
        EXPECT_LE(record.heat, 1e-13);
        // The bound by hand: u_el and X1 together do not grow.
        const double k = 160.21766208 / 16.5, x1 = record.before.x[0], tau = record.before.tau;
        const double before = table_1->energy_density(tau, x1) + k * x1;
        const double x1_after = x1 + record.jump.dx[0];
        const double after = table_1->energy_density(tau + 0.05 / m, x1_after) + k * x1_after;
        EXPECT_NEAR(after, before, 1e-13);
      }
    }
}
