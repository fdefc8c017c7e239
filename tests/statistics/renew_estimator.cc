// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/labelled_database.h"

#include <seem/database/merge.h>
#include <seem/database/subset.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/renew_estimator.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seem::statistics
{
  using ::testing::HasSubstr;

  namespace
  {
    /// A database that its estimator was applied to, as by a harvest.
    database::EventDatabase estimated(const EstimatorSettings &settings)
    {
      database::EventDatabase db = tests::labelled_database();
      HarvestSettings harvest;
      harvest.estimator = settings;
      harvest.n_bootstrap = 3;
      harvest.seed = 5;
      db.settings = harvest.as_text();
      apply_estimator(db, settings, 3, 5);
      return db;
    }

    void expect_same_estimator(const database::EventDatabase &a, const database::EventDatabase &b)
    {
      ASSERT_EQ(a.smoothing.has_value(), b.smoothing.has_value());
      if (a.smoothing)
      {
        EXPECT_EQ(a.smoothing->rate_curvature, b.smoothing->rate_curvature);
        EXPECT_EQ(a.smoothing->size_curvature, b.smoothing->size_curvature);
        EXPECT_EQ(a.smoothing->kernel_events, b.smoothing->kernel_events);
      }
      ASSERT_EQ(a.memory.has_value(), b.memory.has_value());
      if (!a.memory)
        return;
      EXPECT_EQ(a.memory->mean.value, b.memory->mean.value);
      EXPECT_EQ(a.memory->mean.standard_error, b.memory->mean.standard_error);
      EXPECT_EQ(a.memory->per_decade.value, b.memory->per_decade.value);
      EXPECT_EQ(a.memory->relaxation_strain.value, b.memory->relaxation_strain.value);
      EXPECT_EQ(a.events.x, b.events.x);
    }
  } // namespace

  TEST(RenewEstimator, PartsThatAreMergedGetWhatTheWholeHad)
  {
    const database::EventDatabase whole = estimated({});
    std::vector<std::size_t> first = {0, 1, 2, 3, 4, 5}, second = {6, 7, 8, 9, 10, 11, 12, 13, 14};
    database::EventDatabase merged =
        database::merge(database::subset(whole, first), database::subset(whole, second));
    renew_estimator(merged);
    expect_same_estimator(merged, whole);
    EXPECT_GT(whole.memory->mean.standard_error, 0.0);
  }

  TEST(RenewEstimator, FollowsTheSettingsOfTheHarvest)
  {
    EstimatorSettings given;
    given.rate_curvature = 3.25;
    given.size_curvature = 1.5;
    given.kernel_events = 60.0;
    given.relaxation_strain = 0.3;
    database::EventDatabase db = estimated(given);
    renew_estimator(db);
    EXPECT_EQ(db.smoothing->rate_curvature, 3.25);
    EXPECT_EQ(db.smoothing->size_curvature, 1.5);
    EXPECT_EQ(db.smoothing->kernel_events, 60.0);
    EXPECT_EQ(db.memory->relaxation_strain.value, 0.3);

    given.kind = EstimatorKind::pooled_bins;
    given.memory = false;
    db = estimated(given);
    renew_estimator(db);
    EXPECT_FALSE(db.smoothing.has_value());
    EXPECT_FALSE(db.memory.has_value());
  }

  TEST(RenewEstimator, WithoutSettingsTheEstimatorStaysWhatItIs)
  {
    database::EventDatabase db = tests::labelled_database();
    renew_estimator(db);
    EXPECT_FALSE(db.smoothing.has_value());
    EXPECT_FALSE(db.memory.has_value());
    db.smoothing = database::Smoothing{7.0, 3.0, 50.0};
    renew_estimator(db);
    EXPECT_EQ(db.smoothing->rate_curvature, 7.0);
    EXPECT_EQ(db.smoothing->kernel_events, 50.0);
  }

  TEST(RenewEstimator, OfSettingsThatDifferTheFirstCounts)
  {
    database::EventDatabase db = tests::labelled_database();
    db.settings = {{"estimator", "smooth"}, {"rate curvature", "2.5 | 4"}, {"memory", "false"}};
    EXPECT_EQ(*estimator_settings(db).rate_curvature, 2.5);
    db.settings["rate curvature"] = "much";
    EXPECT_THAT(tests::message_of([&] { estimator_settings(db); }),
                HasSubstr("\"rate curvature\" of the database is \"much\""));
  }

  TEST(BootstrapWithMemory, FitsTheMemoryToWhatWasDrawn)
  {
    const database::EventDatabase whole = estimated({});
    const database::EventDatabase one = bootstrap_with_memory(whole, 1),
                                  two = bootstrap_with_memory(whole, 2);
    database::check(one);
    EXPECT_NE(one.memory->mean.value, two.memory->mean.value);
    EXPECT_EQ(one.memory->mean.standard_error, whole.memory->mean.standard_error);
    EXPECT_EQ(one.smoothing->rate_curvature, whole.smoothing->rate_curvature);
    EXPECT_EQ(one.n_internal_variables(), 2u);
  }
} // namespace seem::statistics
