// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/labelled_database.h"

#include <seem/database/merge.h>
#include <seem/database/subset.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seem::database
{
  using ::testing::AllOf;
  using ::testing::HasSubstr;
  using tests::message_of;

  namespace
  {
    /// Give a database a memory that changes nothing, as statistics::add_memory() would.
    void add_idle_memory(EventDatabase &db)
    {
      db.memory = Memory();
      db.memory->relaxation_strain.value = 0.2;
      db.axes.push_back(uniform_axis("memory", "1", -1.0, 1.0, 1));
      db.events.x.push_back(std::vector<double>(db.events.size(), 0.5));
      db.events.dx.push_back(std::vector<double>(db.events.size(), -0.1));
      for (Sample &sample : db.samples)
        sample.initial.x[1] = 0.5;
    }
  } // namespace

  TEST(Merge, ThePartsOfADatabaseGiveItBack)
  {
    EventDatabase all = tests::labelled_database();
    all.smoothing = Smoothing();
    const EventDatabase merged =
        merge(subset(all, {0, 1, 2, 3, 4}), subset(all, {5, 6, 7, 8, 9, 10, 11, 12, 13, 14}));
    EXPECT_EQ(merged.n_events, all.n_events);
    EXPECT_EQ(merged.n_increments, all.n_increments);
    EXPECT_EQ(merged.events.tau, all.events.tau);
    EXPECT_EQ(merged.events.x, all.events.x);
    EXPECT_EQ(merged.events.dtau, all.events.dtau);
    EXPECT_EQ(merged.events.dx, all.events.dx);
    EXPECT_EQ(merged.events.net_dtau, all.events.net_dtau);
    EXPECT_EQ(merged.events.strain, all.events.strain);
    EXPECT_EQ(merged.events.plastic_strain, all.events.plastic_strain);
    EXPECT_EQ(merged.events.heat, all.events.heat);
    EXPECT_EQ(merged.events.sample, all.events.sample);
    EXPECT_EQ(merged.visits.sample, all.visits.sample);
    EXPECT_EQ(merged.visits.bin, all.visits.bin);
    EXPECT_EQ(merged.visits.exposure, all.visits.exposure);
    EXPECT_EQ(merged.visits.n_increments, all.visits.n_increments);
    EXPECT_TRUE(merged.smoothing.has_value());
    for (std::size_t bin = 0; bin < all.n_bins(); ++bin)
      EXPECT_NEAR(merged.rate[bin], all.rate[bin], 1e-9 * all.rate[bin]);
  }

  TEST(Merge, LeavesTheMemoryOut)
  {
    const EventDatabase plain = tests::labelled_database();
    EventDatabase first = subset(plain, {0, 1, 2}), second = subset(plain, {3, 4});
    const EventDatabase expected = merge(first, second);
    add_idle_memory(first);
    check(first);
    const EventDatabase merged = merge(first, second);
    EXPECT_FALSE(merged.memory.has_value());
    EXPECT_EQ(merged.axes.size(), 2u);
    EXPECT_EQ(merged.events.x, expected.events.x);
    EXPECT_EQ(merged.samples[0].initial.x[1], 0.0);
  }

  TEST(Merge, NamesBothSettingsWhereTheyDiffer)
  {
    const EventDatabase all = tests::labelled_database();
    EventDatabase first = subset(all, {0}), second = subset(all, {1});
    first.settings = {{"Runs/Manifest", "a.csv"}, {"seed", "1"}};
    second.settings = {{"Runs/Manifest", "b.csv"}, {"seed", "1"}};
    const EventDatabase merged = merge(first, second);
    EXPECT_EQ(merged.settings.at("Runs/Manifest"), "a.csv | b.csv");
    EXPECT_EQ(merged.settings.at("seed"), "1");
  }

  TEST(Merge, RefusesARunTwice)
  {
    const EventDatabase all = tests::labelled_database();
    EventDatabase first = subset(all, {0, 1}), second = subset(all, {1, 2});
    EXPECT_THAT(message_of([&] { merge(first, second); }),
                AllOf(HasSubstr("run 'mid0' of the second is run 'mid0' of the first"),
                      HasSubstr("seem database select")));
    for (EventDatabase *db : {&first, &second})
      for (Sample &sample : db->samples)
        sample.checksum = "";
    EXPECT_THAT(message_of([&] { merge(first, second); }), HasSubstr("name mid0"));
  }

  TEST(Merge, RefusesWhatDoesNotMeanTheSameAndSaysTheCure)
  {
    const EventDatabase all = tests::labelled_database();
    const EventDatabase first = subset(all, {0});
    const auto refusal = [&](const auto &change) {
      EventDatabase second = subset(all, {1});
      change(second);
      return message_of([&] { merge(first, second); });
    };
    const auto cure = HasSubstr("Elasticity/Source = database");
    EXPECT_EQ(refusal([](EventDatabase &) {}), "accepted");
    EXPECT_THAT(refusal([](EventDatabase &db) { db.elasticity.g0.value *= 1.001; }),
                AllOf(HasSubstr("G0 [GPa] is 25 in the first and 25.025 in the second"), cure));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.elasticity.u_a.value = 0.1; }),
                HasSubstr("uA [eV]"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.elasticity.tau_a.value = 8.0; }),
                HasSubstr("tauA [GPa]"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.elasticity.tau_b.value = 3.0; }),
                HasSubstr("tauB [GPa]"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.u0 = 1e-4; }),
                AllOf(HasSubstr("u0 [eV]"), cure));
    EXPECT_THAT(
        refusal([](EventDatabase &db) {
          db.elasticity_table = {{0.0, 2.0}, {0.0, 0.02}, {0.04, 0.05, 0.04, 0.05}, {0, 0, 0, 0}};
        }),
        HasSubstr("the elasticity is of Eq. (7) in the first and tabulated"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.axes[1].edges.back() = 0.021; }),
                AllOf(HasSubstr("axis 'X1' is 6 bins from 0 to 0.02 eV in the first and 6 bins "
                                "from 0 to 0.021 eV"),
                      cure));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.axes[0].unit = "MPa"; }), HasSubstr("MPa"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.strain_increment = 2e-4; }),
                HasSubstr("the strain increment"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.n_atoms = 32000; }),
                HasSubstr("the number of atoms is 4000 in the first and 32000"));
    EXPECT_THAT(refusal([](EventDatabase &db) { db.visits = {}; }),
                HasSubstr("the second does not say which sample visited which bin"));
  }

  TEST(Merge, RefusesOtherDefinitionsOfAnEvent)
  {
    const EventDatabase all = tests::labelled_database();
    EventDatabase first = subset(all, {0}), second = subset(all, {1});
    first.settings = {{"event definition", "union"}, {"deficit floor in force", "0.002"}};
    second.settings = {{"event definition", "stress drop"}, {"deficit floor in force", "0.0021"}};
    EXPECT_THAT(message_of([&] { merge(first, second); }),
                HasSubstr("\"event definition\" is \"union\" in the first and \"stress drop\""));
    second.settings["event definition"] = "union";
    EXPECT_EQ(message_of([&] { merge(first, second); }), "accepted");
    second.settings["deficit floor in force"] = "0.004";
    EXPECT_THAT(message_of([&] { merge(first, second); }),
                HasSubstr("the deficit floor in force is 0.002 in the first and 0.004"));
  }
} // namespace seem::database
