// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/labelled_database.h"

#include <seem/database/subset.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace seem::database
{
  using ::testing::HasSubstr;
  using tests::message_of;

  TEST(Subset, HoldsTheEventsVisitsAndCountsOfItsSamplesInTheirOrder)
  {
    const EventDatabase all = tests::labelled_database();
    const EventDatabase part = subset(all, {7, 2});
    ASSERT_EQ(part.samples.size(), 2u);
    EXPECT_EQ(part.samples[0].name, all.samples[7].name);

    std::vector<double> dtau, plastic, heat;
    for (const std::uint32_t sample : {7u, 2u})
      for (std::size_t i = 0; i < all.events.size(); ++i)
        if (all.events.sample[i] == sample)
        {
          dtau.push_back(all.events.dtau[i]);
          plastic.push_back(all.events.plastic_strain[i]);
          heat.push_back(all.events.heat[i]);
        }
    EXPECT_EQ(part.events.dtau, dtau);
    EXPECT_EQ(part.events.plastic_strain, plastic);
    EXPECT_EQ(part.events.heat, heat);
    // Each sample spent 0.01 in each bin.
    for (std::size_t bin = 0; bin < part.n_bins(); ++bin)
    {
      EXPECT_DOUBLE_EQ(part.exposure[bin], 0.02);
      EXPECT_EQ(part.n_increments[bin], 200.0);
    }
    double n = 0.0;
    for (const double events : part.n_events)
      n += events;
    EXPECT_EQ(n, static_cast<double>(dtau.size()));
  }

  TEST(Subset, CountsASampleTwiceAsTwoGlasses)
  {
    const EventDatabase all = tests::labelled_database();
    const EventDatabase once = subset(all, {3}), twice = subset(all, {3, 3});
    EXPECT_EQ(twice.events.size(), 2 * once.events.size());
    EXPECT_EQ(twice.samples[1].name, all.samples[3].name + " #2");
    EXPECT_NE(twice.samples[1].glass, twice.samples[0].glass);
    for (std::size_t bin = 0; bin < once.n_bins(); ++bin)
      EXPECT_NEAR(twice.rate[bin], once.rate[bin], 1e-9 * once.rate[bin]);
  }

  TEST(Subset, TakesTheMeanVolumeOfItsSamples)
  {
    EventDatabase all = tests::labelled_database();
    all.samples[0].volume = 60000;
    all.samples[1].volume = 68000;
    EXPECT_DOUBLE_EQ(subset(all, {0, 1}).volume, 64000);
    EXPECT_DOUBLE_EQ(subset(all, {1}).volume, 68000);
  }

  TEST(Subset, NeedsVisitsAndASample)
  {
    EventDatabase all = tests::labelled_database();
    EXPECT_THAT(message_of([&] { subset(all, {}); }), HasSubstr("no sample is left"));
    EXPECT_THAT(message_of([&] { subset(all, {15}); }), HasSubstr("no sample number 15"));
    all.visits = {};
    EXPECT_THAT(message_of([&] { subset(all, {0}); }), HasSubstr("seem harvest"));
  }

  TEST(Select, KeepsLabelsAndGlasses)
  {
    const EventDatabase all = tests::labelled_database();
    EXPECT_EQ(select(all, {"slow", "fast"}, {}).samples.size(), 10u);
    EXPECT_EQ(select(all, {}, {"mid/0"}).samples.size(), 2u); // sheared twice
    EXPECT_EQ(select(all, {"mid"}, {"mid/2"}).samples[0].name, "mid2");
  }

  TEST(Select, NamesWhatTheDatabaseHas)
  {
    const EventDatabase all = tests::labelled_database();
    EXPECT_THAT(message_of([&] { select(all, {"slwo"}, {}); }),
                HasSubstr("no label \"slwo\"; it has fast, mid, slow"));
    EXPECT_THAT(message_of([&] { select(all, {}, {"mid/9"}); }),
                HasSubstr("no glass \"mid/9\"; it has fast/0, fast/2"));
    EXPECT_THAT(message_of([&] { select(all, {"slow"}, {"mid/2"}); }), HasSubstr("no sample"));
  }

  TEST(Bootstrap, DrawsAsManyGlassesOfEachLabelEachWithAllItsRuns)
  {
    const EventDatabase all = tests::labelled_database();
    std::set<std::string> drawn;
    bool repeated = false;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
    {
      const EventDatabase one = bootstrap(all, seed);
      std::map<std::string, std::set<std::string>> glasses;
      std::map<std::string, int> runs_of_zero;
      for (const Sample &sample : one.samples)
      {
        glasses[sample.label].insert(sample.glass);
        drawn.insert(sample.glass);
        repeated = repeated || sample.glass.find('#') != std::string::npos;
        if (sample.glass == "slow/0")
          ++runs_of_zero[sample.glass];
      }
      for (const char *label : {"slow", "mid", "fast"})
        EXPECT_EQ(glasses[label].size(), 4u) << label << ", seed " << seed;
      for (const auto &[glass, n] : runs_of_zero)
        EXPECT_EQ(n, 2) << glass;
    }
    EXPECT_TRUE(repeated);
    for (const char *glass : {"slow/0", "slow/2", "slow/3", "slow/4", "fast/4"})
      EXPECT_EQ(drawn.count(glass), 1u) << glass;
  }

  TEST(Bootstrap, FollowsItsSeed)
  {
    const EventDatabase all = tests::labelled_database();
    EXPECT_EQ(bootstrap(all, 1).events.dtau, bootstrap(all, 1).events.dtau);
    EXPECT_NE(bootstrap(all, 1).events.dtau, bootstrap(all, 2).events.dtau);
  }

  TEST(Bootstrap, ScattersAsOtherGlassesWould)
  {
    // The standard deviation of the number of events over resamples is that of sums over 40 Poisson
    // numbers of each label, sqrt(n): with 40 glasses a resample of them has 1 - 1/40 of it.
    const EventDatabase all = tests::labelled_database(40, 5);
    const double n = static_cast<double>(all.events.size());
    double sum = 0.0, squares = 0.0;
    constexpr int n_resamples = 200;
    for (std::uint64_t seed = 0; seed < n_resamples; ++seed)
    {
      // Runs per resample vary by the glass that was sheared twice: events per run do not.
      const EventDatabase one = bootstrap(all, seed);
      const double events = static_cast<double>(one.events.size()) *
                            static_cast<double>(all.samples.size()) /
                            static_cast<double>(one.samples.size());
      sum += events / n_resamples;
      squares += events * events / n_resamples;
    }
    const double deviation = std::sqrt(squares - sum * sum);
    EXPECT_NEAR(deviation, std::sqrt(n), 5.0 * std::sqrt(n / (2.0 * n_resamples)));
  }
} // namespace seem::database
