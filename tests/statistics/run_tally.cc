// SPDX-License-Identifier: LGPL-2.1-or-later
// The tally goes over stretches of increments; here they are counted one by one.
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/aftershocks.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/harvest.h>
#include <seem/statistics/increments.h>

#include <gtest/gtest.h>

#include <map>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    const tests::SyntheticGlass glass;

    /// Many events, some one after the other; runs that begin at negative stress or fall back to
    /// it.
    std::vector<Trajectory> runs()
    {
      const double dgamma = 1e-4;
      std::vector<Trajectory> result;
      for (unsigned int i = 0; i < 4; ++i)
      {
        const auto rate = [](const State &s) { return 300.0 + 900.0 * s.tau; };
        const auto random = tests::poisson(rate, dgamma, 70 + i);
        const auto events = [=](const std::size_t k, const State &s) -> std::optional<Jump> {
          if (k >= 900 && k < 1000)
            return tests::jump(0.01, 0.0); // a slow fall below zero
          if (k == 1005)
            return tests::jump(0.05, 0.0); // while unloading
          return random(k, s);
        };
        result.push_back(
            glass.shear(tests::state(i % 2 == 0 ? -0.1 : 0.0, 0.002 * i), 3000, dgamma, events));
        result.back().info.name = "run " + std::to_string(i);
        tests::add_noise(result.back(), 1e-5, 1e-6, 90 + i);
      }
      return result;
    }

    HarvestSettings settings(const bool merge, const double low)
    {
      HarvestSettings result;
      result.n_bootstrap = 0;
      result.merge_consecutive = merge;
      if (merge)
      {
        // The slow fall is no event then: stress crosses zero between two of them.
        result.event_definition = EventDefinition::stress_drop;
        result.drop_floor = 0.02;
      }
      result.n_bins = {{7, 5}};
      result.tau_range = {{low, 0.5}}; // the runs leave it
      return result;
    }

    void expect_counted_one_by_one(const bool merge, const double low)
    {
      const std::vector<Trajectory> all = runs();
      const HarvestSettings asked = settings(merge, low);
      const Harvest found = harvest(all, asked);
      const database::EventDatabase &db = found.database;
      const database::StateGrid grid(db.axes);
      AftershockCounts aftershocks(grid.n_bins());
      std::vector<double> n_events(grid.n_bins(), 0.0);
      std::map<std::pair<std::size_t, std::size_t>, std::pair<double, double>> visits;
      std::size_t n_outside = 0, n_unloading = 0, n_unloading_events = 0;
      Drift drift;
      for (std::size_t r = 0; r < all.size(); ++r)
      {
        const Trajectory &run = all[r];
        const auto elasticity = database::harvested_elasticity(db, run.atomic_volume());
        const Increments increments = read_increments(run, *elasticity, db.u0);
        const Flags events = find_events(increments, asked.event_definition, found.report.floors);
        std::size_t lag = 0;
        bool before = false;
        for (std::size_t i = 0; i < events.size(); ++i)
        {
          const bool event = events[i] != 0;
          if (run.tau[i] < 0.0)
          {
            ++n_unloading;
            n_unloading_events += event;
          }
          else
          {
            const State state = tests::state(run.tau[i], increments.x1[i]);
            const std::size_t bin = grid.clamped_bin(state);
            n_outside += !grid.bin(state);
            n_events[bin] += event && !(merge && before);
            visits[{r, bin}].first += increments.dgamma[i];
            visits[{r, bin}].second += 1.0;
            aftershocks.add(bin, AftershockCounts::lag_class(lag), event);
            drift.strain += increments.dgamma[i];
            (event ? drift.event_stress : drift.quiet_stress) +=
                event ? increments.deficit[i] : -increments.deficit[i];
          }
          before = event && !(run.tau[i] < 0.0);
          lag = event ? 1 : lag == 0 ? 0 : lag + 1;
        }
      }
      EXPECT_GT(n_outside, 100u);
      EXPECT_GT(n_unloading, 100u);
      EXPECT_GT(n_unloading_events, 0u);
      EXPECT_EQ(found.report.n_clamped, n_outside);
      EXPECT_EQ(found.report.n_unloading, n_unloading);
      EXPECT_EQ(found.report.n_unloading_events, n_unloading_events);
      EXPECT_EQ(db.n_events, n_events);
      ASSERT_EQ(db.visits.size(), visits.size());
      std::size_t v = 0;
      for (const auto &[where, what] : visits)
      {
        EXPECT_EQ(db.visits.sample[v], where.first);
        EXPECT_EQ(db.visits.bin[v], where.second);
        EXPECT_NEAR(db.visits.exposure[v], what.first, 1e-12);
        EXPECT_EQ(db.visits.n_increments[v], what.second);
        ++v;
      }
      const std::vector<Aftershock> expected = aftershocks.ratios();
      ASSERT_EQ(found.report.aftershocks.size(), expected.size());
      for (std::size_t c = 0; c < expected.size(); ++c)
      {
        EXPECT_GT(expected[c].n_events, 5.0);
        EXPECT_EQ(found.report.aftershocks[c].n_increments, expected[c].n_increments);
        EXPECT_EQ(found.report.aftershocks[c].n_events, expected[c].n_events);
        EXPECT_DOUBLE_EQ(found.report.aftershocks[c].ratio, expected[c].ratio);
      }
      EXPECT_NEAR(found.report.drift.quiet_stress, drift.quiet_stress / drift.strain, 1e-9);
      EXPECT_NEAR(found.report.drift.event_stress, drift.event_stress / drift.strain, 1e-9);
    }
  } // namespace

  TEST(RunTally, CountsAsOneByOne)
  {
    expect_counted_one_by_one(false, 0.1);
  }

  TEST(RunTally, CountsAsOneByOneWithEventsMergedOnAGridOfUnloadingToo)
  {
    expect_counted_one_by_one(true, -0.23); // zero lies in a bin
  }
} // namespace seem::statistics
