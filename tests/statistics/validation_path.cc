// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/validation_path.h>

#include <gtest/gtest.h>

#include <cmath>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    using tests::jump;
    using tests::state;

    const tests::SyntheticGlass glass;

    const std::map<std::size_t, Jump> events = {
        {300, jump(0.10, 2e-4)}, {500, jump(0.08, 1e-4)}, {501, jump(0.05, 1e-4)}};

    /// A harvest of runs of this glass, none of them the one that is looked at.
    const Harvest &training()
    {
      static const Harvest result = [] {
        std::vector<Trajectory> runs;
        for (unsigned int i = 0; i < 3; ++i)
        {
          runs.push_back(glass.shear(state(0.0, 0.006 * i), 1000, 1e-4,
                                     tests::placed({{700 + 10 * i, jump(0.1, 1e-4)}})));
          runs.back().info.name = "training " + std::to_string(i);
          runs.back().info.label = i == 0 ? "slow" : "fast";
          runs.back().info.cooling_rate = i == 0 ? 1e10 : 1e13;
          tests::add_noise(runs.back(), 1e-5, 1e-6, 60 + i);
        }
        HarvestSettings settings;
        settings.n_bootstrap = 0;
        return harvest(runs, settings);
      }();
      return result;
    }

    Trajectory held_out()
    {
      Trajectory run = glass.shear(state(-0.02, 0.009), 700, 1e-4, tests::placed(events));
      run.info.name = "held out";
      run.info.label = "middle";
      run.info.glass = "middle/1";
      tests::add_noise(run, 1e-5, 1e-6, 5);
      return run;
    }
  } // namespace

  TEST(HeldOutPath, SeesARunThatTheHarvestDoesNotHave)
  {
    const Trajectory run = held_out();
    const ValidationPath path = held_out_path(run, training(), {});
    EXPECT_EQ(path.label, "middle");
    EXPECT_EQ(path.cluster, "middle/1");
    EXPECT_EQ(path.tau, run.tau);
    EXPECT_EQ(path.u, run.energy);
    // X1 counts from the u0 of the harvest, that of its lowest run.
    EXPECT_NEAR(path.x1.front(), 0.009 + glass.u0 - training().database.u0, 1e-5);

    ASSERT_EQ(path.events.size(), 3u);
    std::size_t i = 0;
    for (const auto &[increment, expected] : events)
    {
      EXPECT_NEAR(path.events.strain[i], 1e-4 * static_cast<double>(increment), 1e-12);
      EXPECT_EQ(path.events.tau[i], run.tau[increment]);
      EXPECT_NEAR(path.events.dtau[i], expected.dtau, 3e-4);
      ++i;
    }
    // D = -N (Delta u_el + Delta X1) of the first, from the glass's own integrals; its state is
    // that at the end of the increment.
    const double before = run.tau[301] + 0.10;
    const double heat = -4000.0 * (glass.elastic_energy(run.tau[301], 0.0092) -
                                   glass.elastic_energy(before, 0.009) + 2e-4);
    EXPECT_NEAR(path.events.heat[0], heat, 0.02 * heat);
    EXPECT_NEAR(path.events.plastic_strain[0], 0.10 / glass.tangent(before - 0.05, 0.009), 3e-4);
  }

  TEST(HeldOutPath, MergesConsecutiveEventsIfTheHarvestDoes)
  {
    HarvestSettings settings;
    settings.merge_consecutive = true;
    const ValidationPath path = held_out_path(held_out(), training(), settings);
    ASSERT_EQ(path.events.size(), 2u);
    EXPECT_NEAR(path.events.dtau[1], 0.13, 3e-4);
    EXPECT_NEAR(path.events.strain[1], 0.05, 1e-12);
  }

  TEST(CountEnergyFrom, TakesTheReferenceEnergyOut)
  {
    ValidationPath path;
    path.x1 = {0.01, 0.02};
    path.events.x1 = {0.015};
    path.u = {-4.58, -4.57};
    count_energy_from(-4.61, -4.6, path);
    EXPECT_NEAR(path.x1[1], 0.03, 1e-12);
    EXPECT_NEAR(path.events.x1[0], 0.025, 1e-12);
    EXPECT_NEAR(path.u[0], 0.03, 1e-12);
  }

  TEST(InitialStateOf, IsTheFirstRowOfTheRun)
  {
    const State first = initial_state_of(held_out(), training().database);
    EXPECT_NEAR(first.tau, -0.02, 1e-4);
    EXPECT_NEAR(first.x[0], 0.009 + glass.u0 - training().database.u0, 1e-5);
    EXPECT_EQ(first.x[1], 0.0);
  }

  TEST(InitialStateOf, TakesFurtherVariablesFromTheSamplesThatAreMostAlike)
  {
    database::EventDatabase database = training().database;
    database.axes.push_back({"X2", "", {0.0, 1.0}});
    database.samples[0].initial.x[1] = 0.1; // slow
    database.samples[1].initial.x[1] = 0.4; // fast
    database.samples[2].initial.x[1] = 0.6;
    Trajectory run = held_out();
    run.info.label = "fast";
    EXPECT_NEAR(initial_state_of(run, database).x[1], 0.5, 1e-12);
    run.info.label = "unknown";
    run.info.cooling_rate = 1e11;
    EXPECT_NEAR(initial_state_of(run, database).x[1], 0.1, 1e-12);
    run.info.cooling_rate = 0.0; // unknown: the nearest X1, that of fast
    EXPECT_NEAR(initial_state_of(run, database).x[1], 0.5, 1e-12);

    run.info = {};
    run.info.name = database.samples[2].name;
    run.info.label = database.samples[2].label;
    run.info.glass = database.samples[2].glass;
    run.info.n_atoms = 4000.0;
    run.info.volume = glass.volume;
    EXPECT_NEAR(initial_state_of(run, database).x[1], 0.6, 1e-12);

    database.samples.clear();
    EXPECT_THROW(initial_state_of(run, database), InputError);
  }
} // namespace seem::statistics
