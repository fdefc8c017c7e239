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
  const ClockReading reading = run_clock(steps, linear, x, 0.01, 0.09, 1.0, 7.0);
  EXPECT_FALSE(reading.fired);
  EXPECT_DOUBLE_EQ(reading.gamma_el, 0.09);
  EXPECT_NEAR(reading.remaining, 0.9, 1e-14);
}

TEST(HazardClock, StopsWhereTheThresholdIsReached)
{
  // 0.1 is used up by 0.02, 2.1 by 0.04 and by 0.08.
  EXPECT_NEAR(run_clock(steps, linear, x, 0.01, 0.09, 1.0, 0.05).gamma_el, 0.015, 1e-16);
  EXPECT_NEAR(run_clock(steps, linear, x, 0.01, 0.09, 1.0, 1.1).gamma_el, 0.03, 1e-16);
  EXPECT_NEAR(run_clock(steps, linear, x, 0.01, 0.09, 1.0, 4.1).gamma_el, 0.085, 1e-16);
  const ClockReading reading = run_clock(steps, linear, x, 0.01, 0.09, 1.0, 4.1);
  EXPECT_TRUE(reading.fired);
  EXPECT_EQ(reading.remaining, 0.0);
}

TEST(HazardClock, TheRateGrowsWithTheVolume)
{
  // Twice the rate: 1.1 needs 0.55 of the single one, 0.1 to 0.02 and 0.45/100 beyond.
  EXPECT_NEAR(run_clock(steps, linear, x, 0.01, 0.09, 2.0, 1.1).gamma_el, 0.0245, 1e-16);
}

TEST(HazardClock, CrossesTheEdgesExactlyOnACurvedBranch)
{
  const double gamma_1 = table_1.elastic_strain(0.5, 0.01);
  const double gamma_2 = table_1.elastic_strain(1.0, 0.01);
  const double gamma_3 = table_1.elastic_strain(2.0, 0.01);
  const double hazard = 10 * gamma_1 + 100 * (gamma_2 - gamma_1) + 400 * (0.15 - gamma_3);
  const ClockReading reading = run_clock(steps, table_1, x, 0.0, 0.15, 1.0, hazard + 0.25);
  EXPECT_NEAR(reading.remaining, 0.25, 1e-13);
}

TEST(HazardClock, DoesNotDependOnHowTheBranchIsCut)
{
  for (const double remaining : {0.3, 2.0, 5.0, 20.0})
  {
    const ClockReading whole = run_clock(steps, table_1, x, 0.003, 0.13, 1.5, remaining);
    for (const unsigned int n : {2u, 7u, 100u, 10000u})
    {
      ClockReading part = {false, 0.003, remaining, Support::inside};
      for (unsigned int i = 1; i <= n && !part.fired; ++i)
        part =
            run_clock(steps, table_1, x, part.gamma_el, 0.003 + 0.127 * i / n, 1.5, part.remaining);
      EXPECT_EQ(part.fired, whole.fired);
      EXPECT_NEAR(part.gamma_el, whole.gamma_el, 1e-12);
      EXPECT_NEAR(part.remaining, whole.remaining, 1e-10);
    }
    // A cut exactly on an edge.
    const double edge = table_1.elastic_strain(1.0, 0.01);
    ClockReading part = run_clock(steps, table_1, x, 0.003, edge, 1.5, remaining);
    if (!part.fired)
      part = run_clock(steps, table_1, x, edge, 0.13, 1.5, part.remaining);
    EXPECT_NEAR(part.gamma_el, whole.gamma_el, 1e-12);
    EXPECT_NEAR(part.remaining, whole.remaining, 1e-10);
  }
}

TEST(HazardClock, AnInfiniteRateFiresAtItsEdge)
{
  const ScriptedEventSource ceiling({0.5}, {1.0, infinity},
                                    [](const State &, double) { return Jump(); });
  const ClockReading reading = run_clock(ceiling, linear, x, 0.01, 0.09, 1.0, 50.0);
  EXPECT_TRUE(reading.fired);
  EXPECT_DOUBLE_EQ(reading.gamma_el, 0.02);
  EXPECT_EQ(reading.support, Support::forced);

  // Already above it: at once.
  EXPECT_DOUBLE_EQ(run_clock(ceiling, linear, x, 0.03, 0.09, 1.0, 50.0).gamma_el, 0.03);
}

TEST(HazardClock, ABranchWithoutLengthUsesUpNothing)
{
  const ClockReading reading = run_clock(steps, linear, x, 0.03, 0.03, 1.0, 0.7);
  EXPECT_FALSE(reading.fired);
  EXPECT_EQ(reading.remaining, 0.7);
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
    Jump draw(const State &, double) const override
    {
      return {};
    }
  };
  EXPECT_THROW(run_clock(Stuck(), linear, x, 0.01, 0.02, 1.0, 1.0), Error);
}
