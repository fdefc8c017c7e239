// SPDX-License-Identifier: LGPL-2.1-or-later
// The event-driven law samples the inhomogeneous Poisson process exactly, whatever the increments.
#include "synthetic_database.h"
#include "verification.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using seem::testing::make_jump;
using seem::testing::make_state;
using seem::testing::ScriptedEventSource;

namespace
{
  /// Mean, variance and histogram of @p counts against the Poisson distribution of @p mean.
  void expect_poisson(const Sample &counts, const double mean)
  {
    const double n = counts.size();
    expect_within_errors(counts.mean(), mean, std::sqrt(mean / n), "mean");
    // Fourth central moment of the Poisson distribution: 3 mean^2 + mean.
    expect_within_errors(counts.variance(), mean, std::sqrt((2.0 * mean * mean + mean) / n),
                         "variance");
    const std::size_t n_classes = static_cast<std::size_t>(mean + 10.0 * std::sqrt(mean));
    std::vector<double> histogram(n_classes), probabilities(n_classes);
    double rest = 1.0;
    for (std::size_t k = 0; k + 1 < n_classes; ++k)
    {
      probabilities[k] = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
      rest -= probabilities[k];
    }
    probabilities.back() = std::max(rest, 0.0);
    for (const double count : counts.values)
      ++histogram[std::min(static_cast<std::size_t>(count), n_classes - 1)];
    expect_chi_square(histogram, probabilities);
  }

  void expect_same(const Followed &a, const Followed &b, const double tolerance)
  {
    ASSERT_EQ(a.events.size(), b.events.size());
    for (std::size_t i = 0; i < a.events.size(); ++i)
    {
      const EventRecord &p = a.events[i], &q = b.events[i];
      EXPECT_EQ(p.number, q.number);
      EXPECT_EQ(p.support, q.support);
      EXPECT_EQ(p.jump.dtau, q.jump.dtau); // the same event of the database
      EXPECT_EQ(p.jump.dx[0], q.jump.dx[0]);
      EXPECT_NEAR(a.places[i], b.places[i], tolerance);
      EXPECT_NEAR(p.before.tau, q.before.tau, tolerance);
      EXPECT_NEAR(p.before.x[0], q.before.x[0], tolerance);
      EXPECT_NEAR(p.heat, q.heat, tolerance);
      EXPECT_NEAR(p.plastic_shear, q.plastic_shear, tolerance);
    }
    for (std::size_t i = 0; i < a.state.size(); ++i)
      EXPECT_NEAR(a.state[i], b.state[i], tolerance) << "state[" << i << "]";
    EXPECT_NEAR(a.total.forward_strain, b.total.forward_strain, tolerance);
    EXPECT_NEAR(a.total.backward_strain, b.total.backward_strain, tolerance);
  }

  const PointData point_data = {{41, 3}, 1.0};
} // namespace

TEST(VerifyExactness, CountsInSimpleShearArePoissonDistributed)
{
  // Drops of 0.02 GPa at 300 per unit strain to 0.08: 24 events.
  const SeemLaw law(table_1(), std::make_shared<ScriptedEventSource>(300.0, make_jump(0.02, 1e-4)),
                    parameters());
  Sample counts;
  const unsigned int n = ensemble(20000);
  for (std::uint64_t cell = 0; cell < n; ++cell)
    counts.add(follow(law, {{cell, 0}, 1.0}, make_state(0.5, 0.0), {simple_shear(0.08)}, [&](auto) {
                 return cell % 4 == 0 ? 7u : 1u;
               }).total.n_events);
  expect_poisson(counts, 24.0);
}

TEST(VerifyExactness, CountsOnATensorPathWithTurnsArePoissonDistributed)
{
  // Two orthogonal directions of gamma; events that change nothing, so the clock is that of the
  // path alone, by hand in units of 0.01:
  //   (0,0) -> (4,0)   forward 4            -> (1,0)   unloading
  //         -> (-2,0)  to zero, forward 2    -> (-2,1)  forward sqrt(5) - 2
  //         -> (2,1)   against the record (-2,1) from (0.5,1) on: forward sqrt(5) - sqrt(1.25)
  const SymmetricTensor u = symmetric_tensor(0.3, -0.5, 0.2, 0.1, 0.0, 0.2).normalized() / sqrt2;
  SymmetricTensor v = symmetric_tensor(0.1, 0.1, -0.2, -0.4, 0.3, 0.1);
  v = (v - 2.0 * v.dot(u) * u).normalized() / sqrt2;
  const auto at = [&](const double a, const double b) {
    return SymmetricTensor(0.01 * (a * u + b * v) + 0.001 * a * identity());
  };
  const std::vector<SymmetricTensor> corners = {at(4, 0), at(1, 0), at(-2, 0), at(-2, 1), at(2, 1)};
  const double forward =
      0.01 * (4.0 + 2.0 + std::sqrt(5.0) - 2.0 + std::sqrt(5.0) - std::sqrt(1.25));

  const double m = 1.6, rate = 200.0;
  const SeemLaw law(table_1(), std::make_shared<ScriptedEventSource>(rate, Jump()), parameters(2));
  Sample counts;
  const unsigned int n = ensemble(20000);
  for (std::uint64_t cell = 0; cell < n; ++cell)
    counts.add(follow(law, {{cell, 1}, m}, make_state(0.0, 0.004), corners, [&](auto segment) {
                 return 1u + static_cast<unsigned int>((cell + segment) % 3);
               }).total.n_events);
  expect_poisson(counts, m * rate * forward);
}

TEST(VerifyExactness, TheHazardThatATabulatedLawPassesCountsItsEvents)
{
  // The number of events less the hazard on the way to them has mean 0 and variance E[n], whatever
  // the law. The hazard by brute force: between its events a path is an elastic branch.
  const SeemLaw law = tabulated_law(3);
  const auto elasticity = table_1();
  const double end = 0.25, step = 2e-5;
  Sample excess, counts;
  const unsigned int n = ensemble(1500);
  for (std::uint64_t cell = 0; cell < n; ++cell)
  {
    const State initial = make_state(0.1, 0.003 + 0.01 * (cell % 3));
    const Followed point =
        follow(law, {{cell, 0}, 1.0}, initial, {simple_shear(end)}, [](auto) { return 1u; });
    double hazard = 0.0, strain = 0.0;
    State state = initial;
    for (std::size_t i = 0; i <= point.events.size(); ++i)
    {
      const double next = i < point.events.size() ? point.places[i] * end : end;
      const double gamma = elasticity->elastic_strain(state.tau, state.x[0]);
      const auto n_steps = static_cast<unsigned int>(std::ceil((next - strain) / step));
      for (unsigned int k = 0; k < n_steps; ++k)
      {
        const double h = (next - strain) / n_steps;
        State on_the_way = state;
        on_the_way.tau = elasticity->stress(gamma + (k + 0.5) * h, state.x[0]);
        if (on_the_way.tau > 0.0)
          hazard += h * synthetic_source()->rate(on_the_way).rate;
      }
      strain = next;
      if (i < point.events.size())
      {
        state = point.events[i].before;
        state.tau -= point.events[i].jump.dtau;
        state.x[0] += point.events[i].jump.dx[0];
      }
    }
    excess.add(point.total.n_events - hazard);
    counts.add(point.total.n_events);
  }
  EXPECT_GT(counts.mean(), 15.0);
  expect_within_errors(excess.mean(), 0.0, std::sqrt(counts.mean() / n), "events less hazard");
  // Fourth moment as measured.
  expect_within_errors(excess.variance(), counts.mean(),
                       std::sqrt((excess.moment(4) - excess.variance() * excess.variance()) / n) +
                           counts.standard_error(),
                       "variance of events less hazard");
}

TEST(VerifyExactness, SimpleShearOfATabulatedLawDoesNotDependOnTheIncrement)
{
  unsigned int n_events = 0, n_outside = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5})
    for (const double m : {1.0, 5.0})
    {
      const SeemLaw law = tabulated_law(seed);
      const State initial = make_state(-0.1, 0.006 * static_cast<double>(seed));
      const auto shear = [&](const unsigned int n) {
        return follow(law, {{seed, 1}, m}, initial, {simple_shear(0.5)}, [&](auto) { return n; });
      };
      // The whole path at once, then increments of 0.1, 1e-2, 1e-3 and 1e-4.
      const Followed whole = shear(1);
      for (const unsigned int n : {5u, 50u, 500u, 5000u})
        expect_same(shear(n), whole, 1e-10);
      n_events += whole.total.n_events;
      n_outside += whole.total.n_outside;
    }
  EXPECT_GT(n_events, 1500u);
  EXPECT_GT(n_outside, 100u);
}

TEST(VerifyExactness, ATurningPathOfATabulatedLawDoesNotDependOnTheIncrement)
{
  unsigned int n_events = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5})
    for (const double spread : {0.0, 0.2})
    {
      const SeemLaw law = tabulated_law(seed, EnergyBound::report, spread);
      const auto run = [&](const auto &cuts) {
        return follow(law, point_data, make_state(0.1, 0.005), turning_path(), cuts);
      };
      const Followed whole = run([](auto) { return 1u; });
      n_events += whole.total.n_events;
      EXPECT_GT(whole.total.backward_strain, 0.1);
      for (const unsigned int n : {3u, 30u, 300u, 3000u})
        expect_same(run([&](auto segment) { return segment % 2 == 0 ? n : n + 1; }), whole, 1e-10);
    }
  EXPECT_GT(n_events, 500u);
}
