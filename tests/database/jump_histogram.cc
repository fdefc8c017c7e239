// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/database/jump_histogram.h>
#include <seem/database/state_grid.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace seem::database
{
  namespace
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();

    State state(const double tau, const double x1)
    {
      State result;
      result.tau = tau;
      result.x[0] = x1;
      return result;
    }

    /// Two bins along tau, three along X1; G = 30 GPa whatever X1.
    EventDatabase small()
    {
      EventDatabase db;
      db.n_atoms = 4000.0;
      db.volume = 4000.0 * 16.0;
      db.elasticity.g0.value = 30.0;
      db.elasticity.u_a.value = db.elasticity.tau_a.value = db.elasticity.tau_b.value = infinity;
      db.axes = {uniform_axis("tau", "GPa", 0.0, 2.0, 2), uniform_axis("X1", "eV", 0.0, 0.03, 3)};
      db.events.tau = {1.5, 1.7, 1.9, 0.5, 1.5};
      db.events.x = {{0.015, 0.012, 0.012, 0.015, 0.025}};
      db.events.dtau = {0.1, 0.3, 0.3, 0.7, 0.7};
      db.events.dx = {{0.0002, -0.0004, 0.0011, 0.0, 0.0}};
      db.events.net_dtau = {0.0, -0.2, -0.2, 0.0, 0.0};
      db.events.heat = {1.0, 2.0, -0.5, 1.0, 1.0};
      db.events.plastic_strain = {0, 0, 0, 0, 0};
      return db;
    }
  } // namespace

  TEST(JumpHistogram, CountsTheEventsOfTheBinAlone)
  {
    const JumpHistogram h = jump_histogram(small(), 1 + 2 * 1, 2);
    EXPECT_EQ(h.n_events, 3u);
    EXPECT_EQ(h.n_gaining, 1u);
    EXPECT_EQ(h.n_ageing, 1u);
    // tau' = 1.5 + 0 + 0.1, 1.7 - 0.2 + 0.3, 1.9 - 0.2 + 0.3.
    EXPECT_NEAR(h.mean_state.tau, 1.8, 1e-14);
    EXPECT_NEAR(h.mean_state.x[0], 0.013, 1e-16);
    ASSERT_EQ(h.dtau_edges.size(), 3u);
    EXPECT_NEAR(h.dtau_edges[1], 0.2, 1e-15);
    EXPECT_NEAR(h.dx1_edges[1], 0.00035, 1e-16);
    EXPECT_THAT(h.counts, ::testing::ElementsAre(1, 1, 0, 1));
  }

  TEST(JumpHistogram, OneEventStillHasABoxAroundIt)
  {
    const JumpHistogram h = jump_histogram(small(), 0 + 2 * 1, 3);
    EXPECT_EQ(h.n_events, 1u);
    EXPECT_EQ(std::accumulate(h.counts.begin(), h.counts.end(), 0.0), 1.0);
    EXPECT_LT(h.dx1_edges.front(), 0.0);
    EXPECT_GT(h.dtau_edges.back(), 0.7);
  }

  TEST(JumpHistogram, TheReversibleLineGivesAllElasticEnergyToTheStructure)
  {
    // Omega (tau^2 - (tau - dtau)^2)/(2 G) in eV: 16*(4 - 2.25)/60/160.21766208.
    const law::TaylorElasticity linear(30.0, infinity, infinity, infinity, 16.0);
    EXPECT_NEAR(reversible_dx1(linear, state(2.0, 0.01), 0.5), 16.0 * 1.75 / 60.0 / 160.21766208,
                1e-15);
    EXPECT_LT(reversible_dx1(linear, state(2.0, 0.01), -0.5), 0.0);
    EXPECT_NEAR(reversible_dx1(linear, state(2.0, 0.01), 0.0), 0.0, 1e-17);

    // Softer with X1: the total energy stays.
    const law::TaylorElasticity glass(25.9, 0.101, 8.4, 2.9, 16.0);
    const double dx1 = reversible_dx1(glass, state(2.0, 0.01), 0.5);
    EXPECT_NEAR(glass.elastic_energy(1.5, 0.01 + dx1) + dx1, glass.elastic_energy(2.0, 0.01),
                1e-15);
    EXPECT_GT(dx1, 1e-4);

    const JumpHistogram h = jump_histogram(small(), 1 + 2 * 1, 2);
    ASSERT_EQ(h.line_dtau.size(), h.line_dx1.size());
    EXPECT_EQ(h.line_dtau.front(), 0.1);
    EXPECT_EQ(h.line_dtau.back(), 0.3);
    EXPECT_NEAR(h.line_dx1.back(), 16.0 * (1.8 * 1.8 - 1.5 * 1.5) / 60.0 / 160.21766208, 1e-12);
  }

  TEST(JumpHistogram, AnEmptyBinIsRefused)
  {
    EXPECT_THROW(jump_histogram(small(), 0, 5), InputError);
    EXPECT_THROW(jump_histogram(small(), 3, 0), InputError);
  }
} // namespace seem::database
