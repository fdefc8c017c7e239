// SPDX-License-Identifier: LGPL-2.1-or-later
// The stochastic law along whole paths: it must not feel increments, axes or the order of calls.
#include "support/material_point.h"
#include "support/tensors.h"

#include <seem/law/seem_law.h>

#include <gtest/gtest.h>

#include <cmath>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

namespace
{
  const auto table_1 = std::make_shared<const TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5);

  /// A glass by hand: rates grow in steps with the stress, jumps of either sign, X1 tends to 0.01.
  SeemLaw glass(const std::uint64_t seed = 1)
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.seed = seed;
    return {table_1,
            std::make_shared<ScriptedEventSource>(std::vector<double>{0.3, 0.7, 1.1, 1.6},
                                                  std::vector<double>{60, 160, 300, 600, 1800},
                                                  [](const State &before, const double u) {
                                                    return make_jump(before.tau * (0.6 * u - 0.1),
                                                                     0.2 * (0.01 - before.x[0]) +
                                                                         0.001 * (u - 0.5));
                                                  }),
            p};
  }

  const PointData point_data = {{12, 2}, 1.0};
  const State initial = make_state(-0.1, 0.004);

  void expect_same_events(const MaterialPoint &a, const MaterialPoint &b, const double tolerance)
  {
    ASSERT_EQ(a.events.records.size(), b.events.records.size());
    for (std::size_t i = 0; i < a.events.records.size(); ++i)
    {
      const EventRecord &p = a.events.records[i], &q = b.events.records[i];
      EXPECT_EQ(p.number, q.number);
      EXPECT_NEAR(p.before.tau, q.before.tau, tolerance);
      EXPECT_NEAR(p.before.x[0], q.before.x[0], tolerance);
      EXPECT_NEAR(p.jump.dtau, q.jump.dtau, tolerance);
      EXPECT_NEAR(p.jump.dx[0], q.jump.dx[0], tolerance);
      EXPECT_NEAR(p.heat, q.heat, tolerance);
      EXPECT_NEAR(p.plastic_shear, q.plastic_shear, tolerance);
    }
  }

  void expect_same_end(const MaterialPoint &a, const MaterialPoint &b, const double tolerance)
  {
    expect_same_events(a, b, tolerance);
    for (std::size_t i = 0; i < a.state.size(); ++i)
      EXPECT_NEAR(a.state[i], b.state[i], tolerance) << "state[" << i << "]";
    EXPECT_NEAR((a.response().stress - b.response().stress).norm(), 0.0, 25 * tolerance);
    EXPECT_NEAR(a.total.heat, b.total.heat, tolerance);
    EXPECT_NEAR(a.total.forward_strain, b.total.forward_strain, tolerance);
    EXPECT_NEAR(a.total.backward_strain, b.total.backward_strain, tolerance);
  }

  /// Corners of a path with turns of every kind: new directions, unloading, reversal, volume.
  std::vector<SymmetricTensor> corners()
  {
    std::mt19937 generator(4);
    std::vector<SymmetricTensor> points;
    for (int i = 0; i < 12; ++i)
      points.push_back(random_tensor(generator, 0.06));
    points.insert(points.begin() + 3, 0.7 * points[2]);
    points.insert(points.begin() + 7, -points[6]);
    return points;
  }
} // namespace

TEST(SeemLawPath, SimpleShearDoesNotDependOnTheIncrement)
{
  const SeemLaw law = glass();
  MaterialPoint one(law, point_data, initial);
  one.shear_to(0.1);
  EXPECT_GT(one.total.n_events, 8u);
  for (const unsigned int n : {3u, 10u, 100u, 1000u})
  {
    MaterialPoint many(law, point_data, initial);
    many.shear_to(0.1, n);
    expect_same_end(many, one, 1e-10);
  }
}

TEST(SeemLawPath, ANonProportionalPathDoesNotDependOnHowItsSegmentsAreCut)
{
  for (const std::uint64_t seed : {1, 2, 3})
  {
    const SeemLaw law = glass(seed);
    const auto run = [&](const auto &cuts_of) {
      MaterialPoint point(law, point_data, initial);
      unsigned int segment = 0;
      for (const SymmetricTensor &corner : corners())
        point.go_to(corner, cuts_of(segment++));
      return point;
    };
    const MaterialPoint coarse = run([](unsigned int) { return 1u; });
    EXPECT_GT(coarse.total.n_events, 60u);
    EXPECT_GT(coarse.total.backward_strain, 0.1);
    expect_same_end(run([](unsigned int i) { return 2u + i; }), coarse, 1e-10);
    expect_same_end(run([](unsigned int i) { return i % 2 == 0 ? 1u : 97u; }), coarse, 1e-10);
    expect_same_end(run([](unsigned int) { return 500u; }), coarse, 1e-10);
  }
}

TEST(SeemLawPath, ARotatedStrainPathGivesTheRotatedStress)
{
  const SeemLaw law = glass();
  const State isotropic = make_state(0.0, 0.004); // an initial stress would point along xy
  MaterialPoint reference(law, point_data, isotropic);
  for (const SymmetricTensor &corner : corners())
    reference.go_to(corner, 3);

  std::mt19937 generator(9);
  for (int i = 0; i < 10; ++i)
  {
    const Eigen::Matrix3d r = random_rotation(generator);
    MaterialPoint rotated(law, point_data, isotropic);
    for (const SymmetricTensor &corner : corners())
      rotated.go_to(rotate(r, corner), 3);
    expect_same_events(rotated, reference, 1e-10);
    EXPECT_NEAR((rotated.response().stress - rotate(r, reference.response().stress)).norm(), 0.0,
                1e-9);
  }
}

TEST(SeemLawPath, SimpleShearInAnyPlaneIsThePointModel)
{
  // The point model by brute force: tiny steps of gamma_el, the hazard summed step by step.
  const SeemLaw law = glass();
  const double edges[] = {0.3, 0.7, 1.1, 1.6}, rates[] = {60, 160, 300, 600, 1800};
  const RandomStream stream(1, point_data.key);
  const double step = 1e-6, end = 0.08;
  double gamma_el = 0.0, x1 = 0.004, hazard = 0.0;
  std::vector<double> taus;
  for (long i = 0; i < std::lround(end / step); ++i)
  {
    gamma_el += step;
    const double tau = table_1->stress(gamma_el, x1);
    int bin = 0;
    while (bin < 4 && tau > edges[bin])
      ++bin;
    hazard += tau > 0 ? rates[bin] * step : 0.0;
    const auto n = static_cast<std::uint32_t>(taus.size());
    if (hazard >= threshold(stream, n))
    {
      const double u = stream.uniform(n, RandomPurpose::jump)[0];
      taus.push_back(tau);
      const double after = tau - tau * (0.6 * u - 0.1);
      x1 += 0.2 * (0.01 - x1) + 0.001 * (u - 0.5);
      gamma_el = table_1->elastic_strain(after, x1);
      hazard = 0.0;
    }
  }

  for (const int plane : {3, 4, 5})
    for (const double sign : {1.0, -1.0})
    {
      MaterialPoint point(law, point_data, make_state(0.0, 0.004));
      SymmetricTensor strain = SymmetricTensor::Zero();
      strain[plane] = sign * end / sqrt2;
      point.go_to(strain, 17);
      ASSERT_EQ(point.events.records.size(), taus.size());
      for (std::size_t i = 0; i < taus.size(); ++i)
        EXPECT_NEAR(point.events.records[i].before.tau, taus[i], 2e-3);
      EXPECT_NEAR(point.response().stress[plane] / sqrt2, sign * table_1->stress(gamma_el, x1),
                  2e-3);
      EXPECT_NEAR(point.fields().x1, x1, 1e-4);
    }
  EXPECT_GT(taus.size(), 6u);
}

TEST(SeemLawPath, ARepeatedUpdateGivesTheSameBitsAndAnotherNameDoesNot)
{
  const SeemLaw law = glass();
  MaterialPoint point(law, point_data, initial);
  point.shear_to(0.03);
  const std::vector<double> state = point.state;
  const SymmetricTensor next = point.strain + 0.05 * symmetric_tensor(1, 0, -1, 0.2, 0, 0.5);

  std::vector<double> first = state, second = state;
  EventList events_of_first, events_of_second;
  const Activity a = law.advance(first.data(), point_data, point.strain, next, &events_of_first);
  // Something else in between, with the same law.
  MaterialPoint(law, {{77, 0}, 2.0}, initial).shear_to(0.1);
  const Activity b = law.advance(second.data(), point_data, point.strain, next, &events_of_second);
  EXPECT_EQ(first, second);
  EXPECT_GT(a.n_events, 2u);
  EXPECT_EQ(a.n_events, b.n_events);
  EXPECT_EQ(a.heat, b.heat);
  EXPECT_EQ(events_of_first.records.size(), events_of_second.records.size());

  // Nor does it matter whether anybody watches.
  std::vector<double> unseen = state;
  law.advance(unseen.data(), point_data, point.strain, next, nullptr);
  EXPECT_EQ(unseen, first);

  for (const PointKey &other : {PointKey{13, 2}, PointKey{12, 3}})
  {
    MaterialPoint stranger(law, {other, 1.0}, initial);
    stranger.shear_to(0.03);
    EXPECT_NE(stranger.state, state);
  }
  const SeemLaw other_seed = glass(2);
  MaterialPoint stranger(other_seed, point_data, initial);
  stranger.shear_to(0.03);
  EXPECT_NE(stranger.state, state);
}
