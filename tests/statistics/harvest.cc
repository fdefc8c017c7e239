// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/harvest.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    using tests::jump;
    using tests::state;

    const tests::SyntheticGlass glass;

    /// Hand-placed events: ordinary, rejuvenating, ageing, small, two in a row.
    const std::map<std::size_t, Jump> placed_events = {
        {150, jump(0.05, 4e-5)},   {300, jump(0.10, 2e-4)},  {420, jump(0.02, -3e-5)},
        {500, jump(0.005, 1e-5)},  {640, jump(0.15, 5e-4)},  {700, jump(0.004, 1e-5)},
        {900, jump(0.20, -2e-4)},  {901, jump(0.08, 1e-4)},  {1000, jump(0.12, 3e-4)},
        {1199, jump(0.03, -1e-5)}, {1300, jump(0.30, 5e-4)}, {1400, jump(0.01, 1e-5)}};

    /// Runs from different X1, of which run 1 carries the placed events and the others are elastic.
    std::vector<Trajectory> runs_with_placed_events(const bool noise)
    {
      std::vector<Trajectory> runs;
      runs.push_back(glass.shear(state(0.0, 0.0), 700, 1e-4, {}));
      runs.push_back(glass.shear(state(0.0, 0.006), 1500, 1e-4, tests::placed(placed_events)));
      runs.push_back(glass.shear(state(0.0, 0.012), 1000, 1e-4, {}));
      for (std::size_t i = 0; i < runs.size(); ++i)
      {
        runs[i].info.name = "run " + std::to_string(i);
        if (noise)
          tests::add_noise(runs[i], 1e-5, 1e-6, static_cast<unsigned int>(21 + i));
      }
      return runs;
    }

    /// Settings without bootstrap, for speed.
    HarvestSettings quick()
    {
      HarvestSettings settings;
      settings.n_bootstrap = 0;
      return settings;
    }

    void expect_placed_events(const database::EventTable &events, const double dtau_error,
                              const double dx1_error)
    {
      ASSERT_EQ(events.size(), placed_events.size());
      std::size_t i = 0;
      for (const auto &[increment, expected] : placed_events)
      {
        EXPECT_NEAR(events.strain[i], 1e-4 * static_cast<double>(increment), 1e-12);
        EXPECT_NEAR(events.dtau[i], expected.dtau, dtau_error) << "increment " << increment;
        EXPECT_NEAR(events.dx[0][i], expected.dx[0], dx1_error) << "increment " << increment;
        EXPECT_EQ(events.sample[i], 1u);
        ++i;
      }
    }

    double sum(const std::vector<double> &values)
    {
      return std::accumulate(values.begin(), values.end(), 0.0);
    }
  } // namespace

  TEST(Harvest, FindsExactlyThePlacedEventsWithExactlyTheirJumps)
  {
    const Harvest result = harvest(runs_with_placed_events(false), quick());
    // The jumps are as good as the fitted elasticity: G_t dgamma and u_el to about 1e-4.
    expect_placed_events(result.database.events, 1e-5, 1e-6);
    EXPECT_EQ(result.report.events.used, placed_events.size());
    EXPECT_EQ(result.report.events.used_in_runs, 2u);
    EXPECT_EQ(result.report.n_violating, 0u);
  }

  TEST(Harvest, FindsExactlyThePlacedEventsThroughNoise)
  {
    const Harvest result = harvest(runs_with_placed_events(true), quick());
    expect_placed_events(result.database.events, 1e-4, 3e-6);
  }

  TEST(Harvest, TheStateOfAnEventIsThatOfTheRowBefore)
  {
    const std::vector<Trajectory> runs = runs_with_placed_events(false);
    const database::EventTable events = harvest(runs, quick()).database.events;
    EXPECT_EQ(events.tau[1], runs[1].tau[300]);
    EXPECT_NEAR(events.x[0][1], 0.00604, 1e-6); // 0.006 and the 4e-5 of the first event
    EXPECT_EQ(events.net_dtau[1], runs[1].tau[301] - runs[1].tau[300]);
  }

  TEST(Harvest, MergingMovesTheJumpsOfARunOfEventsIntoItsFirst)
  {
    HarvestSettings settings = quick();
    settings.merge_consecutive = true;
    const std::vector<Trajectory> runs = runs_with_placed_events(false);
    const Harvest merged = harvest(runs, settings);
    ASSERT_EQ(merged.database.events.size(), placed_events.size() - 1);
    EXPECT_NEAR(merged.database.events.dtau[6], 0.28, 2e-5);
    EXPECT_NEAR(merged.database.events.dx[0][6], -1e-4, 2e-6);
    EXPECT_NEAR(merged.database.events.net_dtau[6], runs[1].tau[902] - runs[1].tau[900], 1e-12);
    EXPECT_EQ(sum(merged.database.n_increments), 3200.0); // no strain is lost
  }

  TEST(Harvest, AnEventThatCreatesEnergyIsReported)
  {
    std::vector<Trajectory> runs = runs_with_placed_events(true);
    Trajectory bad =
        glass.shear(state(0.0, 0.003), 800, 1e-4, tests::placed({{600, jump(0.05, 2e-3)}}));
    bad.info.name = "bad";
    runs.push_back(bad);
    const Harvest result = harvest(runs, quick());
    EXPECT_EQ(result.report.n_violating, 1u);
  }

  TEST(Harvest, UnloadingIncrementsStayOutOfTheTable)
  {
    std::vector<Trajectory> runs = runs_with_placed_events(false);
    // tau rises from -0.1 at 25.9 GPa: the row with tau >= 0 is number 39.
    runs.push_back(
        glass.shear(state(-0.1, 0.0), 500, 1e-4, tests::placed({{10, jump(-0.01, 0.0)}})));
    const Harvest result = harvest(runs, quick());
    std::size_t expected = 0;
    for (std::size_t i = 0; i < 500; ++i)
      expected += runs.back().tau[i] < 0.0;
    EXPECT_GT(expected, 30u);
    EXPECT_EQ(result.report.n_unloading, expected);
    EXPECT_EQ(result.report.n_unloading_events, 1u);
    EXPECT_EQ(result.database.events.size(), placed_events.size());
    EXPECT_EQ(sum(result.database.n_increments), 3700.0 - static_cast<double>(expected));
    for (const double tau : result.database.events.tau)
      EXPECT_GE(tau, 0.0);
  }

  TEST(Harvest, RecoversAKnownRateBinByBinWithinFiveStandardErrors)
  {
    const double dgamma = 1e-4;
    const auto rate = [](const State &s) { return 200.0 + 250.0 * s.tau; };
    std::vector<Trajectory> runs;
    for (unsigned int i = 0; i < 12; ++i)
    {
      runs.push_back(
          glass.shear(state(0.0, 0.001 * i), 4000, dgamma, tests::poisson(rate, dgamma, 40 + i)));
      runs.back().info.name = "run " + std::to_string(i);
      tests::add_noise(runs.back(), 1e-5, 1e-6, 90 + i);
    }
    HarvestSettings settings = quick();
    settings.n_bins = {{6, 3}};
    const database::EventDatabase db = harvest(runs, settings).database;
    const database::StateGrid grid(db.axes);
    unsigned int n_judged = 0;
    for (std::size_t bin = 0; bin < grid.n_bins(); ++bin)
    {
      if (db.n_events[bin] < 50.0)
        continue;
      // The generator decides at the end of the increment; the shift in tau is under 0.003 GPa.
      const double expected = rate(grid.centre(bin));
      const double width = 0.5 * 250.0 * (db.axes[0].edges[1] - db.axes[0].edges[0]);
      const double error = expected / std::sqrt(db.n_events[bin]);
      EXPECT_NEAR(db.rate[bin], expected, width + 5.0 * error) << "bin " << bin;
      ++n_judged;
    }
    EXPECT_GE(n_judged, 6u);
    // Over all bins, where the width of a bin does not matter.
    double expected = 0.0;
    for (const Trajectory &run : runs)
      for (std::size_t i = 0; i + 1 < run.n_rows(); ++i)
        if (run.tau[i] >= 0.0)
          expected += 1.0 - std::exp(-rate(state(run.tau[i] + 0.0025, 0.0)) * dgamma);
    EXPECT_NEAR(sum(db.n_events), expected, 5.0 * std::sqrt(expected));
  }

  TEST(Harvest, CountsEventsUnderEachDefinition)
  {
    const Harvest result = harvest(runs_with_placed_events(true), quick());
    EXPECT_EQ(result.report.events.any_loss, 12u);
    // The elastic rise of an increment is about 1.5e-3 GPa or more: only jumps above it are drops.
    EXPECT_EQ(result.report.events.stress_drop, 12u);
    EXPECT_EQ(result.report.events.stress_deficit, 12u);
    EXPECT_EQ(result.report.events.energy_loss, 12u);
  }

  TEST(Harvest, ANearlyReversibleEventIsMissedByTheEnergyAloneAndFoundByTheUnion)
  {
    // An event that keeps all of its energy: dx1 = u_el(before) - u_el(after), by fixed-point
    // steps.
    const auto reversible = [](const std::size_t i, const State &s) -> std::optional<Jump> {
      if (i != 350)
        return std::nullopt;
      double dx1 = 0.0;
      for (int k = 0; k < 50; ++k)
        dx1 =
            glass.elastic_energy(s.tau, s.x[0]) - glass.elastic_energy(s.tau - 0.01, s.x[0] + dx1);
      return jump(0.01, dx1);
    };
    std::vector<Trajectory> runs = runs_with_placed_events(true);
    runs.push_back(glass.shear(state(0.0, 0.003), 700, 1e-4, reversible));
    tests::add_noise(runs.back(), 1e-5, 1e-6, 5);
    const Harvest result = harvest(runs, quick());
    EXPECT_EQ(result.database.events.size(), 13u);
    EXPECT_NEAR(result.database.events.dtau.back(), 0.01, 1e-4);

    HarvestSettings settings = quick();
    settings.event_definition = EventDefinition::energy_loss;
    const Harvest energy = harvest(runs, settings);
    EXPECT_EQ(energy.database.events.size(), 12u);
    EXPECT_EQ(energy.report.events.used, result.report.events.energy_loss);
  }

  TEST(Harvest, TheGridCoversWhatWasVisitedOrWhatWasAsked)
  {
    const std::vector<Trajectory> runs = runs_with_placed_events(false);
    const Harvest result = harvest(runs, quick());
    EXPECT_EQ(result.database.axes[0].edges.front(), 0.0);
    double highest = 0.0;
    for (const Trajectory &run : runs)
      highest = std::max(highest, *std::max_element(run.tau.begin(), run.tau.end() - 1));
    EXPECT_DOUBLE_EQ(result.database.axes[0].edges.back(), highest);
    EXPECT_NEAR(result.database.axes[1].edges.back(), 0.012, 1e-6);
    EXPECT_EQ(result.report.n_clamped, 0u);

    HarvestSettings settings = quick();
    settings.n_bins = {{4, 7}};
    settings.tau_range = {{0.0, 1.0}};
    settings.x1_range = {{-0.01, 0.04}};
    const Harvest asked = harvest(runs, settings);
    EXPECT_EQ(asked.database.n_bins(), 28u);
    EXPECT_EQ(asked.database.axes[0].edges.back(), 1.0);
    EXPECT_EQ(asked.database.axes[1].edges.front(), -0.01);
    EXPECT_GT(asked.report.n_clamped, 0u);
    EXPECT_EQ(sum(asked.database.n_increments), 3200.0);
  }

  TEST(Harvest, TheGridOfRunsThatLoadThroughZeroBeginsAtZero)
  {
    const std::vector<Trajectory> runs = {glass.shear(state(-0.011, 0.0), 500, 1e-4, {}),
                                          glass.shear(state(-0.02, 0.01), 500, 1e-4, {})};
    EXPECT_EQ(harvest(runs, quick()).database.axes[0].edges.front(), 0.0);
    // Runs that begin well above zero say nothing of the states below.
    const std::vector<Trajectory> high = {glass.shear(state(0.5, 0.0), 500, 1e-4, {}),
                                          glass.shear(state(0.6, 0.01), 500, 1e-4, {})};
    EXPECT_NEAR(harvest(high, quick()).database.axes[0].edges.front(), 0.5, 1e-12);
  }

  TEST(Harvest, RunsOfAnyLengthAreHarvested)
  {
    // Around the multiples of what passes over the rows take at once.
    for (const std::size_t n : {33u, 48u, 63u, 257u, 270u, 1025u, 1040u, 1055u})
    {
      std::vector<Trajectory> runs;
      for (const double x1 : {0.0, 0.006, 0.012})
        runs.push_back(glass.shear(state(0.0, x1), n, 1e-3, {}));
      const Harvest result = harvest(runs, quick());
      const std::vector<double> &tau = result.database.axes[0].edges,
                                &x1 = result.database.axes[1].edges;
      EXPECT_EQ(tau.front(), 0.0) << n;
      EXPECT_EQ(tau.back(), std::max({runs[0].tau[n - 1], runs[1].tau[n - 1], runs[2].tau[n - 1]}));
      EXPECT_NEAR(x1.front(), 0.0, 1e-4) << n;
      EXPECT_NEAR(x1.back(), 0.012, 1e-4) << n;
      EXPECT_EQ(result.report.n_increments, 3 * n);
    }
  }

  TEST(Harvest, FillsInTheProvenance)
  {
    std::vector<Trajectory> runs = runs_with_placed_events(false);
    runs[1].info.checksum = "crc32:01234567";
    runs[1].info.cooling_rate = 1e12;
    HarvestSettings settings = quick();
    settings.material = "Cu64Zr36";
    const database::EventDatabase db = harvest(runs, settings).database;
    EXPECT_EQ(db.material, "Cu64Zr36");
    EXPECT_EQ(db.settings.at("event definition"), "union");
    EXPECT_FALSE(db.program_version.empty());
    EXPECT_DOUBLE_EQ(db.n_atoms, 4000.0);
    EXPECT_NEAR(db.volume, 63426.0, 1e-9);
    EXPECT_NEAR(db.strain_increment, 1e-4, 1e-12);
    ASSERT_EQ(db.samples.size(), 3u);
    EXPECT_EQ(db.samples[1].checksum, "crc32:01234567");
    EXPECT_EQ(db.samples[1].cooling_rate, 1e12);
    EXPECT_NEAR(db.samples[1].initial.x[0], 0.006, 1e-6);
    EXPECT_NEAR(db.samples[1].final_strain, 0.15, 1e-9);
  }

  TEST(Harvest, AnElasticSetOfRunsGivesAnEmptyDatabaseWithAWarning)
  {
    std::vector<Trajectory> runs = {glass.shear(state(0.0, 0.0), 500, 1e-4, {}),
                                    glass.shear(state(0.0, 0.01), 500, 1e-4, {})};
    const Harvest result = harvest(runs, quick());
    EXPECT_EQ(result.database.events.size(), 0u);
    EXPECT_THAT(result.report.text(), ::testing::HasSubstr("no event was found"));
  }

  TEST(Harvest, RefusesWhatItCannotUse)
  {
    EXPECT_THROW(harvest({}, quick()), InputError);
    HarvestSettings settings = quick();
    settings.first_strain = -1.0;
    EXPECT_THROW(harvest(runs_with_placed_events(false), settings), InputError);
  }

  TEST(Harvest, ManyThreadsGiveTheSameBits)
  {
    const std::vector<Trajectory> runs = runs_with_placed_events(true);
    const Harvest one = harvest(runs, quick());
    HarvestExecution execution;
    execution.n_threads = 3;
    std::vector<std::string> steps;
    execution.progress = [&](const std::string &step, const std::size_t n_done,
                             const std::size_t n) {
      EXPECT_LE(n_done, n);
      steps.push_back(step);
    };
    const Harvest three = harvest(RunsInMemory(runs), quick(), execution);
    EXPECT_EQ(one.report.text(), three.report.text());
    EXPECT_EQ(one.report.json(), three.report.json());
    EXPECT_EQ(one.database.exposure, three.database.exposure);
    EXPECT_EQ(one.database.events.x, three.database.events.x);
    EXPECT_EQ(one.database.events.heat, three.database.events.heat);
    EXPECT_THAT(steps, ::testing::Contains("collecting the events"));
  }

  TEST(Harvest, TheElasticityIsFittedToABoundedNumberOfRowsAndTheEventsAreOfAllRuns)
  {
    std::vector<Trajectory> runs;
    for (int copy = 0; copy < 4; ++copy)
      for (Trajectory &run : runs_with_placed_events(true))
      {
        run.info.name += " of " + std::to_string(copy);
        runs.push_back(std::move(run));
      }
    HarvestSettings settings = quick();
    settings.fit_rows = 6000; // of 12812
    const Harvest part = harvest(runs, settings);
    EXPECT_EQ(part.report.n_fit_runs, 5u);
    EXPECT_LT(part.report.n_fit_rows, 7000u);
    EXPECT_THAT(part.report.text(), ::testing::HasSubstr("fitted to 5 runs"));
    EXPECT_EQ(part.database.events.size(), 4 * placed_events.size());
    EXPECT_NEAR(part.database.elasticity.g0.value,
                harvest(runs, quick()).database.elasticity.g0.value, 0.2);
    EXPECT_NEAR(part.database.u0, -4.6, 1e-5); // the lowest of all runs, fitted to or not
  }

  TEST(Harvest, PlasticStrainAndHeatOfAnEventAreThoseThatWerePutIn)
  {
    const Harvest result = harvest(runs_with_placed_events(false), quick());
    const database::EventTable &events = result.database.events;
    ASSERT_EQ(events.heat.size(), placed_events.size());
    std::size_t i = 0;
    for (const auto &[increment, expected] : placed_events)
    {
      const double after = events.tau[i] + events.net_dtau[i], before = after + expected.dtau;
      const double x1 = events.x[0][i];
      // Of the glass itself, by its Simpson integrals; the strain by Simpson's rule here.
      const double heat =
          glass.n_atoms * (glass.elastic_energy(before, x1) -
                           glass.elastic_energy(after, x1 + expected.dx[0]) - expected.dx[0]);
      const auto strain = [&](const double tau, const double x) {
        double sum = 0.0;
        for (int k = 0; k <= 200; ++k)
          sum += (k == 0 || k == 200 ? 1.0
                  : k % 2 == 1       ? 4.0
                                     : 2.0) /
                 glass.tangent(tau * k / 200.0, x);
        return sum * tau / 600.0;
      };
      EXPECT_NEAR(events.heat[i], heat, 2e-3 * std::abs(heat) + 2e-3) << increment;
      EXPECT_NEAR(events.plastic_strain[i], strain(before, x1) - strain(after, x1 + expected.dx[0]),
                  2e-6)
          << increment;
      ++i;
    }
    const EventFigures &figures = result.report.event_figures;
    EXPECT_NEAR(figures.heat.mean, sum(events.heat) / 12.0, 1e-12);
    EXPECT_NEAR(figures.dtau.quantiles[2], 0.065, 1e-4); // between 0.05 and 0.08
    EXPECT_THAT(result.report.text(), ::testing::HasSubstr("plastic strain"));

    HarvestSettings settings = quick();
    settings.merge_consecutive = true;
    const database::EventTable merged =
        harvest(runs_with_placed_events(false), settings).database.events;
    EXPECT_NEAR(merged.heat[6], events.heat[6] + events.heat[7], 1e-12);
    EXPECT_NEAR(merged.plastic_strain[6], events.plastic_strain[6] + events.plastic_strain[7],
                1e-15);

    // What is not stored is computed from the rest of the database.
    database::EventDatabase computed = result.database;
    computed.events.heat.clear();
    computed.events.plastic_strain.clear();
    database::complete_events(computed);
    for (std::size_t k = 0; k < events.size(); ++k)
    {
      EXPECT_NEAR(computed.events.heat[k], events.heat[k], 1e-9);
      EXPECT_NEAR(computed.events.plastic_strain[k], events.plastic_strain[k], 1e-12);
    }
  }

  TEST(CurveOf, CarriesTheLabelAndX1)
  {
    std::vector<Trajectory> runs = runs_with_placed_events(false);
    runs[2].info.glass = "g";
    const Harvest result = harvest(runs, quick());
    const Curve curve = curve_of(runs[2], result.database);
    EXPECT_EQ(curve.label, "a");
    EXPECT_EQ(curve.glass, "g");
    EXPECT_EQ(curve.tau, runs[2].tau);
    EXPECT_NEAR(curve.x1[500], 0.012, 2e-6);
  }
} // namespace seem::statistics
