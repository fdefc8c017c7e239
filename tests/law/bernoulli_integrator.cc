// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/scripted_event_source.h"

#include <seem/law/bernoulli_integrator.h>
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

  /// tau = 25 gamma.
  std::shared_ptr<const Elasticity> hooke()
  {
    return std::make_shared<TaylorElasticity>(25.0, infinity, infinity, infinity, 16.5);
  }

  BernoulliIntegrator make_integrator(const ScriptedEventSource &source)
  {
    return {hooke(), std::make_shared<ScriptedEventSource>(source), 1};
  }

  /// Number of events of a path of @p n increments from @p state.
  unsigned int count_events(const BernoulliIntegrator &integrator, State &state,
                            const double increment, const unsigned int n, const double m,
                            const std::uint64_t path)
  {
    unsigned int count = 0;
    for (std::uint32_t i = 0; i < n; ++i)
    {
      bool fired;
      state = integrator.step(state, increment, m, {path, 0}, i, fired);
      count += fired;
    }
    return count;
  }
} // namespace

TEST(BernoulliIntegrator, WithoutAnEventTheStepIsElastic)
{
  const BernoulliIntegrator integrator = make_integrator({0.0, make_jump(1.0, 1.0)});
  bool fired = true;
  const State next = integrator.step(make_state(0.5, 0.01), 0.01, 1.0, {0, 0}, 0, fired);
  EXPECT_FALSE(fired);
  EXPECT_NEAR(next.tau, 0.75, 1e-15);
  EXPECT_EQ(next.x[0], 0.01);
}

TEST(BernoulliIntegrator, AnEventAddsTheJumpOverMToTheElasticStep)
{
  const BernoulliIntegrator integrator = make_integrator({infinity, make_jump(0.3, 0.002)});
  bool fired = false;
  const State next = integrator.step(make_state(0.5, 0.01), 0.01, 2.0, {0, 0}, 0, fired);
  EXPECT_TRUE(fired);
  EXPECT_NEAR(next.tau, 0.5 + 0.25 - 0.15, 1e-15);
  EXPECT_NEAR(next.x[0], 0.011, 1e-16);
}

TEST(BernoulliIntegrator, FiresWithTheProbabilityOfItsRate)
{
  // p = 1 - exp(-2 * 500 * 1e-4) = 1 - exp(-0.1) = 0.09516258; the misprinted sense gives 0.9.
  const BernoulliIntegrator integrator = make_integrator({500.0, Jump()});
  State state = make_state(1.0, 0.0);
  const unsigned int n = 40000;
  const double share = double(count_events(integrator, state, 1e-4, n, 2.0, 0)) / n;
  const double p = 0.09516258;
  EXPECT_NEAR(share, p, 5 * std::sqrt(p * (1 - p) / n));
}

TEST(BernoulliIntegrator, DrawsNoHazardAgainstTheShear)
{
  const BernoulliIntegrator integrator = make_integrator({infinity, make_jump(0.3, 0.0)});
  bool fired = true;
  const State next = integrator.step(make_state(-0.2, 0.0), 0.001, 1.0, {0, 0}, 0, fired);
  EXPECT_FALSE(fired);
  EXPECT_NEAR(next.tau, -0.175, 1e-15);
}

TEST(BernoulliIntegrator, ConvergesToTheEventDrivenLaw)
{
  // One trial per increment loses the second event of an increment: the rate is low by
  // lambda dgamma/2 at first order. lambda = 200, so at dgamma = 2e-3, 5e-4 and 1e-4 p/dgamma is
  // 164.84, 190.33 and 198.01.
  const ScriptedEventSource source(200.0, make_jump(0.1, 0.0));
  const BernoulliIntegrator integrator = make_integrator(source);
  SeemLawParameters p;
  p.bulk_modulus = 100.0;
  const SeemLaw law(hooke(), std::make_shared<ScriptedEventSource>(source), p);

  const unsigned int n_paths = 1000;
  double counts[4] = {};
  for (unsigned int path = 0; path < n_paths; ++path)
  {
    const State initial = make_state(5.0, 0.0);
    std::vector<double> state(law.state_size());
    const PointData data = {{path, 0}, 1.0};
    law.initialise(state.data(), data, initial);
    counts[0] +=
        law.advance(state.data(), data, simple_shear(0), simple_shear(0.1), nullptr).n_events;
    const unsigned int n_increments[] = {50, 200, 1000};
    for (int i = 0; i < 3; ++i)
    {
      State begin = initial;
      counts[i + 1] +=
          count_events(integrator, begin, 0.1 / n_increments[i], n_increments[i], 1.0, path);
    }
  }
  const double expected[] = {20.0, 16.484, 19.033, 19.801};
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(counts[i] / n_paths, expected[i], 5 * std::sqrt(20.0 / n_paths)) << i;
}
