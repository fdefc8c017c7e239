// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/harvest_settings.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace seem::statistics
{
  TEST(HarvestSettings, NamesOfChoicesAreReadBack)
  {
    for (const auto definition : {EventDefinition::stress_drop, EventDefinition::stress_deficit,
                                  EventDefinition::energy_loss, EventDefinition::any_loss})
      EXPECT_EQ(event_definition(name(definition)), definition);
    for (const auto source : {ElasticitySource::branch_fit, ElasticitySource::loading_curve,
                              ElasticitySource::linear, ElasticitySource::given})
      EXPECT_EQ(elasticity_source(name(source)), source);
    EXPECT_EQ(name(EventDefinition::any_loss), "union");
    EXPECT_THROW(event_definition("drops"), InputError);
    EXPECT_THROW(elasticity_source("none"), InputError);
  }

  TEST(HarvestSettings, DefaultsAreAccepted)
  {
    EXPECT_NO_THROW(HarvestSettings().check());
  }

  TEST(HarvestSettings, EachSettingHasARange)
  {
    const auto refused = [](const std::function<void(HarvestSettings &)> &change) {
      HarvestSettings settings;
      change(settings);
      try
      {
        settings.check();
      }
      catch (const InputError &)
      {
        return true;
      }
      return false;
    };
    EXPECT_TRUE(refused([](auto &s) { s.reference_energy = std::nan(""); }));
    EXPECT_TRUE(refused([](auto &s) { s.elasticity = ElasticitySource::given; })); // no G0
    EXPECT_TRUE(refused([](auto &s) { s.first_strain = 0; }));
    EXPECT_TRUE(refused([](auto &s) { s.loading_strain = -1; }));
    EXPECT_TRUE(refused([](auto &s) { s.piece_strain = 0; }));
    EXPECT_TRUE(refused([](auto &s) { s.fit_rows = 0; }));
    EXPECT_TRUE(refused([](auto &s) { s.robust_scale = -1; }));
    EXPECT_TRUE(refused([](auto &s) { s.energy_floor = -1; }));
    EXPECT_TRUE(refused([](auto &s) { s.deficit_floor = -1; }));
    EXPECT_TRUE(refused([](auto &s) { s.drop_floor = -1; }));
    EXPECT_TRUE(refused([](auto &s) { s.floor_factor = 0; }));
    EXPECT_TRUE(refused([](auto &s) { s.n_bins[1] = 0; }));
    EXPECT_TRUE(refused([](auto &s) { s.tau_range = {{1.0, 1.0}}; }));
    EXPECT_TRUE(refused([](auto &s) { s.x1_range = {{0.1, 0.0}}; }));
    EXPECT_TRUE(refused([](auto &s) { s.minimum_events = -1; }));
  }

  TEST(HarvestSettings, AllAreWrittenAsText)
  {
    HarvestSettings settings;
    settings.energy_floor = 0.25;
    settings.elasticity = ElasticitySource::given;
    settings.given = {25.9, 0.101, INFINITY, 2.9};
    const auto text = settings.as_text();
    EXPECT_EQ(text.at("energy floor"), "0.25");
    EXPECT_EQ(text.at("deficit floor"), "auto");
    EXPECT_EQ(text.at("event definition"), "union");
    EXPECT_EQ(text.at("given tauA"), "inf");
    EXPECT_EQ(text.at("tau bins"), "20");
  }
} // namespace seem::statistics
