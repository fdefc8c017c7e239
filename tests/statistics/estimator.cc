// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/estimator.h>

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "support/sampled_database.h"

namespace seem::statistics
{
  namespace
  {
    double straight(const double tau, double)
    {
      return 40.0 * std::exp(tau);
    }

    double wavy(const double tau, const double x1)
    {
      return 100.0 * std::exp(1.5 * std::sin(6.0 * tau) * std::cos(600.0 * x1));
    }

    double size(double, double)
    {
      return 0.02;
    }
  } // namespace

  TEST(Estimator, CountsByGlassAddUpToTheDatabase)
  {
    database::EventDatabase db = tests::sampled_database({straight, size, {}}, 6, 0.02);
    for (std::size_t s = 0; s < 6; ++s)
      db.samples[s].glass = s < 2 ? "a" : "b";
    const std::vector<GlassCounts> glasses = counts_by_glass(db);
    ASSERT_EQ(glasses.size(), 2U);
    for (std::size_t b = 0; b < db.n_bins(); ++b)
    {
      EXPECT_NEAR(glasses[0].counts.exposure[b], 0.04, 1e-12);
      EXPECT_NEAR(glasses[0].counts.exposure[b] + glasses[1].counts.exposure[b], db.exposure[b],
                  1e-12);
      EXPECT_EQ(glasses[0].counts.n_events[b] + glasses[1].counts.n_events[b], db.n_events[b]);
    }
    db.visits = {};
    EXPECT_THROW(counts_by_glass(db), InputError);
  }

  TEST(Estimator, ChoosesSmoothnessByWhatThereIsToSee)
  {
    const auto choice = [](double (*rate)(double, double)) {
      const database::EventDatabase db = tests::sampled_database({rate, size, {}}, 12, 0.05);
      return choose_smoothing(db.axes, counts_by_glass(db));
    };
    const SmoothingChoice smooth = choice(straight), rough = choice(wavy);
    EXPECT_LE(smooth.rate_curvature, 2.0);
    EXPECT_GE(rough.rate_curvature, 16.0);
    EXPECT_EQ(rough.n_folds, 10U);
    for (const SmoothingScore &score : rough.rate_scores)
      EXPECT_GE(score.score, rough.rate_scores.back().score * 0.5);
    // Sizes that are the same everywhere want no curvature.
    EXPECT_LE(rough.size_curvature, 2.0);
  }

  TEST(Estimator, StaysWithItsDefaultsIfThereAreTooFewGlasses)
  {
    const database::EventDatabase db = tests::sampled_database({wavy, size, {}}, 2, 0.05);
    const SmoothingChoice choice = choose_smoothing(db.axes, counts_by_glass(db));
    EXPECT_EQ(choice.n_folds, 0U);
    EXPECT_EQ(choice.rate_curvature, SmoothingChoice().rate_curvature);
  }

  TEST(Estimator, GoesWithoutWhatTheEventsDoNotAllow)
  {
    database::EventDatabase db =
        tests::sampled_database({[](double, double) { return 0.0; }, size, {}}, 3, 0.02);
    const EstimatorReport report = apply_estimator(db, {}, 0, 1);
    EXPECT_EQ(report.warnings.size(), 2U);
    EXPECT_FALSE(db.smoothing);
    EXPECT_FALSE(db.memory);
  }

  TEST(Estimator, DoesAsItIsTold)
  {
    EstimatorSettings settings;
    settings.rate_curvature = 3.0;
    settings.size_curvature = 4.0;
    settings.kernel_events = 50.0;
    settings.relaxation_strain = 0.3;
    database::EventDatabase db = tests::sampled_database({straight, size, {}}, 6, 0.02);
    const EstimatorReport report = apply_estimator(db, settings, 5, 1);
    ASSERT_TRUE(db.smoothing && db.memory);
    EXPECT_EQ(db.smoothing->rate_curvature, 3.0);
    EXPECT_EQ(db.smoothing->size_curvature, 4.0);
    EXPECT_EQ(db.smoothing->kernel_events, 50.0);
    EXPECT_EQ(db.memory->relaxation_strain.value, 0.3);
    EXPECT_GT(db.memory->mean.standard_error, 0.0);
    EXPECT_NE(report.text().find("curvature of rates 3"), std::string::npos);

    settings.kind = EstimatorKind::pooled_bins;
    settings.memory = false;
    db = tests::sampled_database({straight, size, {}}, 6, 0.02);
    EXPECT_NE(apply_estimator(db, settings, 0, 1).text().find("pooled bins"), std::string::npos);
    EXPECT_FALSE(db.smoothing || db.memory);
    EXPECT_EQ(estimator_kind("pooled bins"), EstimatorKind::pooled_bins);
    EXPECT_THROW(estimator_kind("splines"), InputError);
  }
} // namespace seem::statistics
