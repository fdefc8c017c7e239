// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/flow_map.h>
#include <seem/database/material.h>
#include <seem/database/smooth_event_source.h>
#include <seem/law/mean_flow_law.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "support/material_point.h"
#include "support/sampled_database.h"

namespace seem::database
{
  namespace
  {
    /// Nodes of a flow map of @p n_tau x @p n_x1 with tau = 0, 1, 2, ... and X1 = 0, 0.1, ..., all
    /// visited, the flow as given.
    template <typename Tau, typename X1>
    FlowMap nodes(const std::size_t n_tau, const std::size_t n_x1, const Tau &dtau, const X1 &dx1)
    {
      FlowMap map;
      for (std::size_t i = 0; i < n_tau; ++i)
        map.tau.push_back(static_cast<double>(i));
      for (std::size_t j = 0; j < n_x1; ++j)
        map.x1.push_back(0.1 * static_cast<double>(j));
      for (const double x1 : map.x1)
        for (const double tau : map.tau)
        {
          map.dtau.push_back(dtau(tau, x1));
          map.dx1.push_back(dx1(tau, x1));
          map.visited.push_back(true);
        }
      return map;
    }

    /// A database whose flow rests at X1 = 0.012, where 200 exp(1.5 tau - 0.24) 0.02 = 25.
    const EventDatabase &flowing()
    {
      static const EventDatabase db = [] {
        EventDatabase result = tests::sampled_database(
            {[](double tau, double x1) { return 200.0 * std::exp(1.0 * tau - 20.0 * x1); },
             [](double tau, double) { return 0.02 * std::exp(0.5 * tau); },
             {}},
            20, 0.04, 8);
        // Ageing above X1 = 0.012, rejuvenation below.
        for (std::size_t e = 0; e < result.events.size(); ++e)
          result.events.dx[0][e] = result.events.dtau[e] * 0.4 * (0.012 - result.events.x[0][e]);
        return result;
      }();
      return db;
    }
  } // namespace

  TEST(FlowMap, BinMeansAreThoseOfTheEventsOfEachBin)
  {
    EventDatabase db;
    db.axes = {uniform_axis("tau", "GPa", 0.0, 3.0, 3), uniform_axis("X1", "eV", 0.0, 0.2, 2),
               uniform_axis("memory", "1", -1.0, 1.0, 2)};
    db.exposure = {0, 1, 2, 0, 0, 0, 0, 0.5, 2, 0, 0, 0};
    db.n_increments = {0, 100, 200, 0, 0, 0, 0, 50, 200, 0, 0, 0};
    db.n_events = {0, 2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    db.events.tau = {1.5, 1.2, 2.5, 1.1};
    db.events.x = {{0.05, 0.01, 0.05, 0.02}, {-0.5, -0.5, -0.5, 0.5}};
    db.events.dtau = {0.1, 0.2, 0.4, 0.6};
    db.events.dx = {{0.001, -0.002, 0.003, 0.004}, {0, 0, 0, 0}};
    const BinMeans means = bin_means(db);
    EXPECT_EQ(means.n_tau, 3u);
    EXPECT_EQ(means.n_x1, 2u);
    EXPECT_THAT(means.exposure, ::testing::ElementsAre(0, 1.5, 4, 0, 0, 0));
    EXPECT_THAT(means.n_events, ::testing::ElementsAre(0, 3, 1, 0, 0, 0));
    EXPECT_NEAR(means.rate[1], -std::log(1 - 3.0 / 150) / 0.01, 1e-12);
    EXPECT_TRUE(std::isnan(means.rate[0]));
    EXPECT_NEAR(means.mean_dtau[1], 0.3, 1e-15);
    EXPECT_NEAR(means.mean_dx1[1], 0.001, 1e-15);
    EXPECT_NEAR(means.mean_dtau[2], 0.4, 1e-15);
    EXPECT_TRUE(std::isnan(means.mean_dx1[0]));
    EXPECT_EQ(means.fullest(), 1u);
  }

  TEST(FlowMap, AFixedPointIsFoundWhereBothFlowsVanish)
  {
    // Zero at tau = 1.25, X1 = 0.13; the flow leads there.
    const auto sink = nodes(
        4, 3, [](double t, double x) { return -(t - 1.25) + 2.0 * (x - 0.13); },
        [](double t, double x) { return -0.5 * (x - 0.13) + 0.01 * (t - 1.25); });
    const auto found = fixed_points(sink);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NEAR(found[0].tau, 1.25, 1e-14);
    EXPECT_NEAR(found[0].x1, 0.13, 1e-14);
    EXPECT_TRUE(found[0].attracting);

    // Away from it along X1; and a hyperbola with the line tau = 1 + X1/0.1 crossed at X1 = 0.05,
    // 0.1.
    const auto saddle = nodes(
        4, 3, [](double t, double) { return 1.25 - t; }, [](double, double x) { return x - 0.13; });
    ASSERT_EQ(fixed_points(saddle).size(), 1u);
    EXPECT_FALSE(fixed_points(saddle)[0].attracting);

    const auto bilinear = nodes(
        3, 2, [](double t, double x) { return t - 10.0 * x - 0.5; },
        [](double t, double x) { return t * x - 0.05; });
    // tau = 10 X1 + 1/2 in tau X1 = 0.05: X1 = (-0.5 + sqrt(0.25 + 2))/20 = 0.05, tau = 1.
    const auto two = fixed_points(bilinear);
    ASSERT_EQ(two.size(), 1u);
    EXPECT_NEAR(two[0].tau, 1.0, 1e-14);
    EXPECT_NEAR(two[0].x1, 0.05, 1e-14);
  }

  TEST(FlowMap, NothingIsFoundBetweenNodesThatWereNotVisited)
  {
    auto map = nodes(
        4, 3, [](double t, double) { return 1.25 - t; }, [](double, double x) { return 0.13 - x; });
    map.visited[2 + 4 * 1] = false; // tau = 2, X1 = 0.1: a corner of the cell of the zero
    EXPECT_TRUE(fixed_points(map).empty());
    for (const PlaneCurve &curve : zero_curves(map, map.dtau))
      for (const double x1 : curve.x1)
        EXPECT_TRUE(x1 < 0.05) << x1; // what is left lies in cells with all four corners
    EXPECT_TRUE(zero_curves(map, map.dtau).empty()); // all cells of tau 1..2 have that corner
  }

  TEST(FlowMap, ZeroCurvesFollowTheZero)
  {
    const auto map = nodes(
        5, 4, [](double t, double x) { return t - 5.0 * x - 1.25; },
        [](double t, double x) {
          return (t - 1.5) * (t - 1.5) + 100.0 * (x - 0.15) * (x - 0.15) - 1.0;
        });
    const auto line = zero_curves(map, map.dtau);
    ASSERT_EQ(line.size(), 1u);
    ASSERT_EQ(line[0].tau.size(), line[0].x1.size());
    for (std::size_t k = 0; k < line[0].tau.size(); ++k)
      EXPECT_NEAR(line[0].tau[k], 5.0 * line[0].x1[k] + 1.25, 1e-13);
    const double ends[2] = {line[0].x1.front(), line[0].x1.back()};
    EXPECT_NEAR(std::min(ends[0], ends[1]), 0.0, 1e-15);
    EXPECT_NEAR(std::max(ends[0], ends[1]), 0.3, 1e-15);
    // In order along the line.
    for (std::size_t k = 2; k < line[0].x1.size(); ++k)
      EXPECT_GT((line[0].x1[k] - line[0].x1[k - 1]) * (line[0].x1[k - 1] - line[0].x1[k - 2]), 0.0);

    const auto ring = zero_curves(map, map.dx1);
    ASSERT_EQ(ring.size(), 1u);
    EXPECT_EQ(ring[0].tau.front(), ring[0].tau.back());
    EXPECT_EQ(ring[0].x1.front(), ring[0].x1.back());
    EXPECT_EQ(ring[0].tau.size(), 9u); // eight crossings
  }

  TEST(FlowMap, ASaddleIsCutWhereItsMiddleSaysSo)
  {
    // Corners 00 and 11 of a cell below zero, the others above: with the middle below, the curves
    // part 10 and 01 from them, with the middle above 00 and 11.
    const auto middle = [](const double at_11) {
      auto map = nodes(
          2, 2, [](double, double) { return 0.0; }, [](double, double) { return 0.0; });
      map.dtau = {-1.0, 1.0, 1.0, at_11};
      const auto curves = zero_curves(map, map.dtau);
      EXPECT_EQ(curves.size(), 2u);
      // Whether some curve joins the bottom (X1 = 0) with the right side (tau = 1).
      bool joins = false;
      for (const PlaneCurve &curve : curves)
        joins |= (curve.x1.front() == 0.0 && curve.tau.back() == 1.0) ||
                 (curve.x1.back() == 0.0 && curve.tau.front() == 1.0);
      return joins;
    };
    EXPECT_TRUE(middle(-2.0));
    EXPECT_FALSE(middle(-0.5));
  }

  TEST(FlowMap, TheFlowIsTheModulusLessTheRateTimesTheMeanJump)
  {
    const FlowMap map = flow_map(flowing());
    ASSERT_EQ(map.tau.size(), 8u);
    ASSERT_EQ(map.x1.size(), 8u);
    for (const std::size_t node : {0u, 17u, 63u})
    {
      EXPECT_NEAR(map.dtau[node], 25.0 - map.rate[node] * map.mean_dtau[node], 1e-6);
      EXPECT_NEAR(map.dx1[node], map.rate[node] * map.mean_dx1[node], 1e-15);
    }
    const std::size_t node = 4 + 8 * 2;
    const double tau = map.tau[4], x1 = map.x1[2];
    EXPECT_NEAR(tau, 1.125, 1e-14);
    EXPECT_NEAR(x1, 0.00625, 1e-16);
    EXPECT_NEAR(map.rate[node] / (200.0 * std::exp(tau - 20.0 * x1)), 1.0, 0.1);
    EXPECT_NEAR(map.mean_dtau[node] / (0.02 * std::exp(0.5 * tau)), 1.0, 0.1);
  }

  TEST(FlowMap, ItsFixedPointIsTheSteadyStateOfTheMeanFlowLaw)
  {
    const FlowMap map = flow_map(flowing());
    const auto points = fixed_points(map);
    ASSERT_EQ(points.size(), 1u);
    EXPECT_TRUE(points[0].attracting);
    EXPECT_NEAR(points[0].x1, 0.012, 0.0005); // a fifth of a bin
    EXPECT_NEAR(points[0].tau, (std::log(25.0 / 4.0) + 0.24) / 1.5, 0.05);

    law::MeanFlowLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    parameters.sub_step = 1e-4;
    const law::MeanFlowLaw law(make_elasticity(flowing()),
                               std::make_shared<SmoothEventSource>(flowing(), Smoothing{}),
                               parameters);
    testing::MaterialPoint point(law, {}, testing::make_state(0.8, 0.009));
    point.shear_to(0.7);
    const law::PointFields steady = point.fields();
    // To a tenth of a bin: the map is linear between the centres, the law has steps of a quarter of
    // a bin.
    EXPECT_NEAR(points[0].tau, steady.tau, 0.1 * 2.0 / 8);
    EXPECT_NEAR(points[0].x1, steady.x1, 0.1 * 0.02 / 8);

    // Near it runs the crossing of the two nullclines, too.
    double distance = 1e9;
    for (const PlaneCurve &curve : zero_curves(map, map.dtau))
      for (std::size_t k = 0; k < curve.tau.size(); ++k)
        distance = std::min(distance, std::hypot((curve.tau[k] - points[0].tau) / 2.0 * 8,
                                                 (curve.x1[k] - points[0].x1) / 0.02 * 8));
    EXPECT_LT(distance, 1.0);
  }
} // namespace seem::database
