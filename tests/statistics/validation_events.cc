// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/validation_events.h>

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace seem::statistics
{
  namespace
  {
    /// A path to strain 0.4 with events at @p strain, state and sizes constant.
    ValidationPath path_with(const std::vector<double> &strain, const std::string &cluster = "",
                             const double dtau = 0.1, const double tau = 1.0)
    {
      ValidationPath path;
      path.label = "a";
      path.cluster = cluster;
      for (int i = 0; i <= 4; ++i)
      {
        path.strain.push_back(0.1 * i);
        path.tau.push_back(tau + 0.01 * i);
        path.x1.push_back(0.02 + 0.001 * i);
      }
      for (const double at : strain)
      {
        path.events.strain.push_back(at);
        path.events.tau.push_back(tau);
        path.events.x1.push_back(0.02);
        path.events.dtau.push_back(dtau);
        path.events.heat.push_back(2.0 * dtau);
        path.events.plastic_strain.push_back(dtau / 20.0);
      }
      return path;
    }

    /// Events of a Poisson process of rate @p rate to strain 0.4.
    ValidationPath poisson(const double rate, std::mt19937_64 &generator)
    {
      std::exponential_distribution<double> wait(rate);
      std::vector<double> strain;
      for (double at = wait(generator); at < 0.4; at += wait(generator))
        strain.push_back(at);
      return path_with(strain);
    }
  } // namespace

  TEST(EventWindows, AreCountedByHand)
  {
    // Windows of 0.15 up to 0.4: [0, 0.15), [0.15, 0.3); the rest is left out.
    const std::vector<ValidationPath> paths = {path_with({0.01, 0.02, 0.149, 0.15}, "g"),
                                               path_with({0.1, 0.29, 0.31}, "h")};
    const EventWindows windows = event_windows(paths, 0.15, 0.4);
    ASSERT_EQ(windows.mean.size(), 2u);
    EXPECT_NEAR(windows.strain[1], 0.225, 1e-12);
    EXPECT_EQ(windows.mean[0], 2.0); // 3 and 1
    EXPECT_EQ(windows.mean[1], 1.0); // 1 and 1
    EXPECT_NEAR(windows.per_strain.value, 3.0 / 0.3, 1e-12);
    EXPECT_NEAR(windows.per_strain.standard_error, 1.0 / 0.3, 1e-12); // counts 4 and 2
    EXPECT_NEAR(windows.fano.value, 2.0 / 3.0, 1e-12);                // (2 + 0)/(2 + 1)
  }

  TEST(EventWindows, FanoFactorOfAPoissonProcessIsOneAndOfARegularOneIsNot)
  {
    std::mt19937_64 generator(7);
    std::vector<ValidationPath> random, regular;
    for (int i = 0; i < 60; ++i)
    {
      random.push_back(poisson(500.0, generator));
      std::vector<double> strain;
      for (int k = 0; k < 200; ++k)
        strain.push_back(0.002 * (k + i / 60.0));
      regular.push_back(path_with(strain));
    }
    const EventWindows poisson_windows = event_windows(random, 0.01, 0.4);
    EXPECT_NEAR(poisson_windows.fano.value, 1.0, 5.0 * poisson_windows.fano.standard_error);
    EXPECT_LT(poisson_windows.fano.standard_error, 0.05);
    EXPECT_NEAR(poisson_windows.per_strain.value, 500.0,
                5.0 * poisson_windows.per_strain.standard_error);
    EXPECT_LT(event_windows(regular, 0.01, 0.4).fano.value, 0.1);
  }

  TEST(EventWindows, RefuseWhatHoldsNoWindow)
  {
    EXPECT_THROW(event_windows({}, 0.1, 0.4), InputError);
    EXPECT_THROW(event_windows({path_with({})}, 0.5, 0.4), InputError);
  }

  TEST(KsDistance, IsWorkedByHand)
  {
    EXPECT_DOUBLE_EQ(ks_distance({1, 2, 3, 4}, {1, 2, 3, 4}), 0.0);
    EXPECT_DOUBLE_EQ(ks_distance({1, 2}, {3, 4, 5}), 1.0);
    EXPECT_DOUBLE_EQ(ks_distance({1, 2, 3, 4}, {3.5}), 0.75);
    // Equal values are one step, however they are ordered.
    EXPECT_DOUBLE_EQ(ks_distance({2, 2, 2, 5}, {2, 7}), 0.5);
    EXPECT_DOUBLE_EQ(ks_distance({1, 1, 1}, {1}), 0.0);
    EXPECT_TRUE(std::isnan(ks_distance({}, {1})));
  }

  TEST(SizeDistance, HoldsTheModelAgainstTheDifferenceBetweenGlasses)
  {
    const std::vector<ValidationPath> runs = {path_with({0.1, 0.2}, "g", 0.1),
                                              path_with({0.1, 0.2}, "h", 0.3)};
    const std::vector<ValidationPath> model = {path_with({0.1, 0.2, 0.39}, "", 0.2)};
    const SizeDistance distance = size_distance(runs, model, &PathEvents::dtau, 0.35);
    EXPECT_DOUBLE_EQ(distance.distance.value, 0.5);
    EXPECT_DOUBLE_EQ(distance.between_glasses, 1.0);
    EXPECT_NEAR(distance.critical, 1.358 * std::sqrt(1.0 / 4.0 + 1.0 / 2.0), 1e-12);
    EXPECT_TRUE(
        std::isnan(size_distance({runs[0]}, model, &PathEvents::heat, 0.35).between_glasses));
  }

  TEST(HazardSinceEvent, IsEventsOverStrainSpentAtThatAge)
  {
    // Ages 0.02 and 0.1 end with events, 0.28 with the end of the path.
    const AgeHazard hazard =
        hazard_since_event({path_with({0.0, 0.02, 0.12})}, {0.01, 0.05, 0.2, 0.5}, 0.4);
    ASSERT_EQ(hazard.hazard.size(), 3u);
    EXPECT_NEAR(hazard.exposure[0], 0.01 + 0.04 + 0.04, 1e-12);
    EXPECT_NEAR(hazard.exposure[1], 0.05 + 0.15, 1e-12);
    EXPECT_NEAR(hazard.exposure[2], 0.08, 1e-12);
    EXPECT_NEAR(hazard.hazard[0].value, 1.0 / 0.09, 1e-9);
    EXPECT_NEAR(hazard.hazard[1].value, 1.0 / 0.2, 1e-9);
    EXPECT_EQ(hazard.hazard[2].value, 0.0);
    EXPECT_TRUE(
        std::isnan(hazard_since_event({path_with({0.1})}, {0.5, 0.6}, 0.4).hazard[0].value));
  }

  TEST(HazardSinceEvent, OfAPoissonProcessIsItsRateAtAnyAge)
  {
    std::mt19937_64 generator(11);
    std::vector<ValidationPath> paths;
    for (int i = 0; i < 100; ++i)
      paths.push_back(poisson(500.0, generator));
    const AgeHazard hazard = hazard_since_event(paths, age_edges(1e-4, 6), 0.4);
    for (const Estimate &bin : hazard.hazard)
    {
      EXPECT_NEAR(bin.value, 500.0, 5.0 * bin.standard_error);
      EXPECT_LT(bin.standard_error, 50.0);
    }
  }

  TEST(AgeEdges, LieHalfwayBetweenIncrements)
  {
    const std::vector<double> edges = age_edges(2.0, 3);
    EXPECT_EQ(edges, (std::vector<double>{1.0, 3.0, 7.0, 15.0}));
  }

  TEST(EqualStateRatio, ComparesOnlyEqualStates)
  {
    // Equal states: sizes 0.3 against 0.1, three events against two in the same strain. Events of b
    // at a higher stress, where a never was, must not count.
    std::vector<ValidationPath> a = {path_with({0.1, 0.2, 0.3}, "a1", 0.3),
                                     path_with({0.1, 0.2, 0.3}, "a2", 0.3)};
    std::vector<ValidationPath> b = {path_with({0.1, 0.2}, "b1", 0.1),
                                     path_with({0.1, 0.2}, "b2", 0.1),
                                     path_with({0.1}, "b3", 9.0, 3.0)};
    const EqualStateRatio ratio = equal_state_ratio(a, b, {{20, 5}}, 0.4);
    EXPECT_NEAR(ratio.dtau.value, 3.0, 1e-12);
    EXPECT_NEAR(ratio.heat.value, 3.0, 1e-12);
    EXPECT_NEAR(ratio.rate.value, 1.5, 1e-12);
    EXPECT_NEAR(ratio.n_events, 6.0 * 4.0 / 10.0, 1e-12);
    // Glasses of a label are alike here: nothing scatters.
    EXPECT_NEAR(ratio.dtau.standard_error, 0.0, 1e-9);
    EXPECT_TRUE(std::isnan(equal_state_ratio({a[0]}, b, {{20, 5}}, 0.4).dtau.standard_error));
    EXPECT_TRUE(std::isnan(equal_state_ratio(a, {b[2]}, {{20, 5}}, 0.4).dtau.value));
  }

  TEST(ClusterNumbers, APathWithoutAClusterIsItsOwn)
  {
    EXPECT_EQ(
        cluster_numbers({path_with({}, "g"), path_with({}), path_with({}, "g"), path_with({})}),
        (std::vector<std::size_t>{0, 1, 0, 2}));
  }
} // namespace seem::statistics
