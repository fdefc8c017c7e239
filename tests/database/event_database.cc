// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/event_database.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace seem::database
{
  namespace
  {
    /// The smallest complete database: two bins, one event.
    EventDatabase small_database()
    {
      EventDatabase database;
      database.n_atoms = 4000;
      database.volume = 64000;
      database.u0 = -4.4;
      database.strain_increment = 1e-4;
      database.elasticity.g0.value = 30;
      database.elasticity.u_a.value = 0.1;
      database.elasticity.tau_a.value = std::numeric_limits<double>::infinity();
      database.elasticity.tau_b.value = 3;
      database.axes = {{"tau", "GPa", {0, 1, 2}}, {"X1", "eV", {0, 0.01}}};
      database.exposure = {2e-4, 0};
      database.n_increments = {2, 0};
      database.n_events = {1, 0};
      database.rate = {6931.5, 0};
      database.events.tau = {0.5};
      database.events.x = {{0.005}};
      database.events.dtau = {0.1};
      database.events.dx = {{1e-4}};
      database.events.net_dtau = {-0.09};
      database.events.strain = {0.02};
      database.events.sample = {0};
      Sample sample;
      sample.name = "one";
      sample.n_atoms = 4000;
      sample.volume = 64000;
      database.samples = {sample};
      return database;
    }

    /// The message that check() gives after @p damage.
    std::string message_after(const std::function<void(EventDatabase &)> &damage)
    {
      EventDatabase database = small_database();
      damage(database);
      try
      {
        check(database);
      }
      catch (const InputError &error)
      {
        return error.what();
      }
      return "accepted";
    }
  } // namespace

  using ::testing::HasSubstr;

  TEST(EventDatabase, ACompleteOneIsAccepted)
  {
    EXPECT_NO_THROW(check(small_database()));
  }

  TEST(EventDatabase, AMissingEntryIsNamed)
  {
    EXPECT_THAT(message_after([](auto &d) { d.exposure.pop_back(); }), HasSubstr("exposure has 1"));
    EXPECT_THAT(message_after([](auto &d) { d.rate.push_back(0); }), HasSubstr("rate has 3"));
    EXPECT_THAT(message_after([](auto &d) { d.events.dtau.clear(); }), HasSubstr("events.dtau"));
    EXPECT_THAT(message_after([](auto &d) { d.events.dx[0].clear(); }), HasSubstr("events.dx"));
    EXPECT_THAT(message_after([](auto &d) { d.events.x.clear(); }), HasSubstr("events.x"));
    EXPECT_THAT(message_after([](auto &d) { d.events.sample.clear(); }),
                HasSubstr("events.sample"));
    EXPECT_THAT(message_after([](auto &d) { d.axes.pop_back(); }), HasSubstr("axes"));
  }

  TEST(EventDatabase, AnImpossibleNumberIsNamed)
  {
    EXPECT_THAT(message_after([](auto &d) { d.volume = 0; }), HasSubstr("volume"));
    EXPECT_THAT(message_after([](auto &d) { d.n_atoms = -1; }), HasSubstr("atoms"));
    EXPECT_THAT(message_after([](auto &d) { d.u0 = std::nan(""); }), HasSubstr("u0"));
    EXPECT_THAT(message_after([](auto &d) { d.strain_increment = 0; }), HasSubstr("increment"));
    EXPECT_THAT(message_after([](auto &d) { d.elasticity.g0.value = INFINITY; }), HasSubstr("G0"));
    EXPECT_THAT(message_after([](auto &d) { d.elasticity.tau_b.value = 0; }), HasSubstr("tauB"));
    EXPECT_THAT(message_after([](auto &d) { d.axes[0].edges[1] = 5; }), HasSubstr("'tau'"));
    EXPECT_THAT(message_after([](auto &d) { d.events.tau[0] = std::nan(""); }),
                HasSubstr("events.tau[0]"));
    EXPECT_THAT(message_after([](auto &d) { d.rate[0] = -1; }), HasSubstr("rate[0]"));
    EXPECT_THAT(message_after([](auto &d) { d.samples[0].volume = 0; }), HasSubstr("'one'"));
    EXPECT_THAT(message_after([](auto &d) { d.minimum_events = -1; }), HasSubstr("minimum"));
  }

  TEST(EventDatabase, AnElasticityTableIsChecked)
  {
    const auto with_table = [](const auto &damage) {
      return message_after([&](EventDatabase &d) {
        d.elasticity_table = ElasticityTable{{0, 1, 2}, {0, 0.01}, {}, {}};
        d.elasticity_table->compliance = {0.03, 0.04, 0.05, 0.04, 0.05, 0.06};
        d.elasticity_table->standard_error.assign(6, 0.001);
        damage(*d.elasticity_table);
      });
    };
    EXPECT_EQ(with_table([](auto &) {}), "accepted");
    EXPECT_THAT(with_table([](auto &t) { t.compliance[4] = -1; }), HasSubstr("tau = 1 GPa"));
    EXPECT_THAT(with_table([](auto &t) { t.compliance.pop_back(); }), HasSubstr("expected 2 x 3"));
    EXPECT_THAT(with_table([](auto &t) { t.tau[0] = 0.5; }), HasSubstr("expected 0"));
    EXPECT_THAT(with_table([](auto &t) { t.standard_error.clear(); }),
                HasSubstr("standard_error has 0"));
    EXPECT_THAT(with_table([](auto &t) { t.standard_error[2] = -1; }),
                HasSubstr("standard_error[2]"));
  }

  TEST(EventDatabase, TheErrorOfATableIsTheRootMeanSquareOfItsNodes)
  {
    const ElasticityTable table = {{0}, {0, 0.01}, {0.02, 0.04}, {0.0002, 0.0028}};
    EXPECT_NEAR(table.relative_error(), 0.05, 1e-15); // 1 % and 7 %
  }

  TEST(EventDatabase, CountsMustAgree)
  {
    EXPECT_THAT(message_after([](auto &d) { d.n_events[0] = 3; }), HasSubstr("bin 0"));
    EXPECT_THAT(message_after([](auto &d) { d.n_events[0] = 2; }), HasSubstr("count 2 events"));
    EXPECT_THAT(message_after([](auto &d) { d.exposure[1] = 1e-4; }), HasSubstr("bin 1"));
    EXPECT_THAT(message_after([](auto &d) { d.events.sample[0] = 1; }), HasSubstr("sample 1"));
  }
} // namespace seem::database
