// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/scripted_event_source.h"

#include <seem/core/exceptions.h>
#include <seem/law/hazard_clock.h>

#include <gtest/gtest.h>

#include <limits>

using namespace seem;
using namespace seem::law;
using seem::testing::ScriptedEventSource;

namespace
{
  constexpr double infinity = std::numeric_limits<double>::infinity();

  /// tau = 25 gamma: the edges 0.5, 1 and 2 GPa are the strains 0.02, 0.04 and 0.08.
  const TaylorElasticity linear(25.0, infinity, infinity, infinity, 16.5);
  const TaylorElasticity table_1(25.90, 0.101, 8.4, 2.90, 16.5);

  const ScriptedEventSource steps({0.5, 1.0, 2.0}, {10.0, 100.0, 0.0, 400.0},
                                  [](const State &, double) { return Jump(); });

  constexpr InternalVariables x = {0.01};
} // namespace

TEST(HazardClock, AddsUpThePiecesOfConstantRate)
{
  // 10*(0.02 - 0.01) + 100*0.02 + 0*0.04 + 400*(0.09 - 0.08) = 0.1 + 2 + 0 + 4 = 6.1
  EXPECT_NEAR(hazard(steps, linear, {0.25, x}, 0.01, 0.09, 1.0), 6.1, 1e-14);
  EXPECT_NEAR(hazard(steps, linear, {0.25, x}, 0.01, 0.03, 1.0), 1.1, 1e-14);
  EXPECT_NEAR(hazard(steps, linear, {0.25, x}, 0.01, 0.03, 2.5), 2.75, 1e-14);
}

TEST(HazardClock, FiresWhereTheThresholdIsReached)
{
  // 0.1 is used up by 0.02, 2.1 by 0.04 and by 0.08.
  EXPECT_NEAR(firing_strain(steps, linear, {0.25, x}, 0.01, 1.0, 0.05), 0.015, 1e-16);
  EXPECT_NEAR(firing_strain(steps, linear, {0.25, x}, 0.01, 1.0, 1.1), 0.03, 1e-16);
  EXPECT_NEAR(firing_strain(steps, linear, {0.25, x}, 0.01, 1.0, 4.1), 0.085, 1e-16);
  EXPECT_NEAR(firing_strain(steps, linear, {2.5, x}, 0.1, 1.0, 40.0), 0.2, 1e-15);
}

TEST(HazardClock, TheRateGrowsWithTheVolume)
{
  // Twice the rate: 1.1 needs 0.55 of the single one, 0.1 to 0.02 and 0.45/100 beyond.
  EXPECT_NEAR(firing_strain(steps, linear, {0.25, x}, 0.01, 2.0, 1.1), 0.0245, 1e-16);
}

TEST(HazardClock, CrossesTheEdgesExactlyOnACurvedBranch)
{
  const double gamma_1 = table_1.elastic_strain(0.5, 0.01);
  const double gamma_2 = table_1.elastic_strain(1.0, 0.01);
  const double gamma_3 = table_1.elastic_strain(2.0, 0.01);
  const double sum = 10 * gamma_1 + 100 * (gamma_2 - gamma_1) + 400 * (0.15 - gamma_3);
  EXPECT_NEAR(hazard(steps, table_1, {0.0, x}, 0.0, 0.15, 1.0), sum, 1e-13);
  EXPECT_NEAR(firing_strain(steps, table_1, {0.0, x}, 0.0, 1.0, sum), 0.15, 1e-15);
}

TEST(HazardClock, TheHazardUpToTheFiringStrainIsTheThreshold)
{
  for (const double threshold : {0.01, 0.3, 2.0, 5.0, 20.0})
  {
    const State begin = {table_1.stress(0.003, 0.01), x};
    const double gamma = firing_strain(steps, table_1, begin, 0.003, 1.5, threshold);
    EXPECT_NEAR(hazard(steps, table_1, begin, 0.003, gamma, 1.5), threshold, 1e-12);
    // From any place on the way with what is left there, it fires at the same strain.
    for (const double share : {0.1, 0.5, 0.9})
    {
      const double middle = 0.003 + share * (gamma - 0.003);
      const double used = hazard(steps, table_1, begin, 0.003, middle, 1.5);
      EXPECT_NEAR(firing_strain(steps, table_1, {table_1.stress(middle, 0.01), x}, middle, 1.5,
                                threshold - used),
                  gamma, 1e-12);
    }
  }
}

TEST(HazardClock, AnInfiniteRateFiresAtItsEdge)
{
  const ScriptedEventSource ceiling({0.5}, {1.0, infinity},
                                    [](const State &, double) { return Jump(); });
  EXPECT_DOUBLE_EQ(firing_strain(ceiling, linear, {0.25, x}, 0.01, 1.0, 50.0), 0.02);
  EXPECT_NEAR(hazard(ceiling, linear, {0.25, x}, 0.01, 0.02, 1.0), 0.01, 1e-15);
  EXPECT_EQ(hazard(ceiling, linear, {0.25, x}, 0.01, 0.03, 1.0), infinity);

  // Already above it: at once.
  EXPECT_EQ(firing_strain(ceiling, linear, {0.75, x}, 0.03, 1.0, 50.0), 0.03);
}

TEST(HazardClock, ARateThatVanishesForGoodNeverFires)
{
  const ScriptedEventSource ending({0.5}, {10.0, 0.0},
                                   [](const State &, double) { return Jump(); });
  EXPECT_EQ(firing_strain(ending, linear, {0.0, x}, 0.0, 1.0, 0.21), infinity);
  EXPECT_NEAR(firing_strain(ending, linear, {0.0, x}, 0.0, 1.0, 0.19), 0.019, 1e-16);
}

TEST(HazardClock, ABranchWithoutLengthUsesUpNothing)
{
  EXPECT_EQ(hazard(steps, linear, {0.75, x}, 0.03, 0.03, 1.0), 0.0);
  EXPECT_EQ(hazard(steps, linear, {0.75, x}, 0.03, 0.02, 1.0), 0.0);
}

namespace
{
  /// The rate is 1000 gamma up to gamma = 0.02 (0.5 GPa), then falls as 40 - 1000 gamma to 0 at
  /// 0.04.
  class Tent : public EventSource
  {
    std::size_t n_internal_variables() const override
    {
      return 1;
    }
    RatePiece rate(const State &state) const override
    {
      const double gamma = state.tau / 25.0;
      if (gamma < 0.02)
        return {1000.0 * gamma, 0.5, Support::inside, 20.0};
      if (gamma < 0.04)
        return {40.0 - 1000.0 * gamma, 1.0, Support::inside, 0.0};
      return {0.0, infinity, Support::outside};
    }
    DrawnEvent draw(const State &, const RandomWords &) const override
    {
      return {};
    }
    void for_each_jump(const State &,
                       const std::function<void(const Jump &, double)> &) const override
    {
    }
  };
} // namespace

TEST(HazardClock, ARateThatChangesLinearlyIsIntegratedExactly)
{
  // 500 gamma^2 up to 0.02, 0.2 there, 0.4 at the end.
  EXPECT_NEAR(hazard(Tent(), linear, {0.0, x}, 0.0, 0.01, 1.0), 0.05, 1e-16);
  EXPECT_NEAR(hazard(Tent(), linear, {0.25, x}, 0.01, 0.02, 2.0), 0.3, 1e-15);
  EXPECT_NEAR(hazard(Tent(), linear, {0.0, x}, 0.0, 0.03, 1.0), 0.35, 1e-15);
  EXPECT_NEAR(hazard(Tent(), linear, {0.0, x}, 0.0, 1.0, 1.0), 0.4, 1e-15);
  EXPECT_NEAR(firing_strain(Tent(), linear, {0.0, x}, 0.0, 1.0, 0.05), 0.01, 1e-16);
  EXPECT_NEAR(firing_strain(Tent(), linear, {0.0, x}, 0.0, 1.0, 0.35), 0.03, 1e-15);
  EXPECT_NEAR(firing_strain(Tent(), linear, {0.25, x}, 0.01, 2.0, 0.3 + 1e-9), 0.02, 1e-9);
  EXPECT_NEAR(firing_strain(Tent(), linear, {0.5, x}, 0.02, 1.0, 0.15), 0.03, 1e-15);
  // All of it is used up only at the very end; more never.
  EXPECT_NEAR(firing_strain(Tent(), linear, {0.5, x}, 0.02, 1.0, 0.2 - 1e-12), 0.04, 1e-6);
  EXPECT_EQ(firing_strain(Tent(), linear, {0.5, x}, 0.02, 1.0, 0.201), infinity);
}

TEST(HazardClock, ASourceThatDoesNotMoveOnIsRefused)
{
  class Stuck : public EventSource
  {
    std::size_t n_internal_variables() const override
    {
      return 1;
    }
    RatePiece rate(const State &state) const override
    {
      return {1.0, state.tau, Support::inside};
    }
    DrawnEvent draw(const State &, const RandomWords &) const override
    {
      return {};
    }
    void for_each_jump(const State &,
                       const std::function<void(const Jump &, double)> &) const override
    {
    }
  };
  EXPECT_THROW(firing_strain(Stuck(), linear, {0.25, x}, 0.01, 1.0, 1.0), Error);
  EXPECT_THROW(hazard(Stuck(), linear, {0.25, x}, 0.01, 0.02, 1.0), Error);
}
