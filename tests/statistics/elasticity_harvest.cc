// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/elasticity_harvest.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    /// Ten flowing runs of the glass of Table I at 100 to 600 events per unit strain, started from
    /// different X1.
    std::vector<Trajectory> flowing_runs(const bool noise)
    {
      const tests::SyntheticGlass glass;
      std::vector<Trajectory> runs;
      for (unsigned int i = 0; i < 10; ++i)
      {
        const auto rate = [](const State &s) { return 100.0 + 90.0 * s.tau * s.tau; };
        runs.push_back(glass.shear(tests::state(0.1 * (i % 3) - 0.1, 0.0015 * i), 3000, 1e-4,
                                   tests::poisson(rate, 1e-4, 11 + i)));
        runs.back().info.name = "run " + std::to_string(i);
        runs.back().info.glass = std::to_string(i);
        if (noise)
          tests::add_noise(runs.back(), 1e-5, 1e-6, 101 + i);
      }
      return runs;
    }
  } // namespace

  TEST(ElasticityHarvest, RecoversTableOneOfThePaperFromFlowingRunsWithNoise)
  {
    const ElasticityHarvest elastic = harvest_elasticity(flowing_runs(true), {});
    EXPECT_NEAR(elastic.model.constants.g0, 25.9, 0.15);
    EXPECT_NEAR(elastic.model.constants.u_a, 0.101, 0.004);
    EXPECT_NEAR(elastic.model.constants.tau_a, 8.4, 0.8);
    EXPECT_NEAR(elastic.model.constants.tau_b, 2.90, 0.05);
    EXPECT_NEAR(elastic.u0.value, -4.6, 1e-5);
    EXPECT_GT(elastic.fitted.g0.standard_error, 0.0);
    EXPECT_LT(elastic.fitted.g0.standard_error, 0.1);
    EXPECT_TRUE(elastic.warnings.empty());
    // The noise that was put in: stress 1e-5 twice in a difference; the floor is 8 of these.
    EXPECT_NEAR(elastic.floors.deficit.spread, 1.414e-5, 3e-6);
    EXPECT_NEAR(elastic.floors.energy.spread, 1.414e-6, 3e-7);
  }

  TEST(ElasticityHarvest, ATableRecoversTheTangentFromFlowingRunsWithNoise)
  {
    HarvestSettings settings;
    settings.elasticity = ElasticitySource::tabulated;
    settings.n_bootstrap = 10;
    const ElasticityHarvest elastic = harvest_elasticity(flowing_runs(true), settings);
    ASSERT_TRUE(elastic.model.table.has_value());
    EXPECT_TRUE(elastic.warnings.empty());
    EXPECT_NEAR(elastic.u0.value, -4.6, 2e-5);
    EXPECT_GT(elastic.model.table->relative_error(), 0.0);
    EXPECT_LT(elastic.model.table->relative_error(), 0.02);
    const auto table = elastic.model.elasticity(16.0);
    const tests::SyntheticGlass glass;
    for (const double x1 : {0.002, 0.007, 0.012})
      for (const double tau : {0.2, 0.9, 1.6})
        EXPECT_NEAR(table->tangent(tau, x1) / glass.tangent(tau, x1), 1.0, 0.015)
            << "tau " << tau << " X1 " << x1;
    // X1, deficit and energy are all seen through the table: quiet increments stay quiet.
    EXPECT_NEAR(elastic.floors.deficit.spread, 1.414e-5, 5e-6);
  }

  TEST(ElasticityHarvest, StandardErrorsAreRepeatableAndFollowTheSeed)
  {
    const std::vector<Trajectory> runs = flowing_runs(true);
    HarvestSettings settings;
    settings.n_bootstrap = 8;
    const double first = harvest_elasticity(runs, settings).fitted.g0.standard_error;
    EXPECT_EQ(harvest_elasticity(runs, settings).fitted.g0.standard_error, first);
    settings.seed = 2;
    EXPECT_NE(harvest_elasticity(runs, settings).fitted.g0.standard_error, first);
    settings.n_bootstrap = 0;
    EXPECT_EQ(harvest_elasticity(runs, settings).fitted.g0.standard_error, 0.0);
  }

  TEST(ElasticityHarvest, OneGlassGivesNoStandardErrorAndSaysSo)
  {
    std::vector<Trajectory> runs = flowing_runs(true);
    for (Trajectory &run : runs)
      run.info.glass = "the one";
    const ElasticityHarvest elastic = harvest_elasticity(runs, {});
    EXPECT_EQ(elastic.fitted.g0.standard_error, 0.0);
    EXPECT_THAT(elastic.warnings, ::testing::Contains(::testing::HasSubstr("one glass")));
  }

  TEST(ElasticityHarvest, NinetyFivePerCentIntervalsCoverTheTruth)
  {
    // Data sets of six glasses with much noise, so that the scatter between glasses is that of the
    // noise alone; 19 of 20 are to be covered, and five standard errors of 40 trials are 0.17.
    const tests::SyntheticGlass glass;
    constexpr unsigned int n_sets = 40;
    unsigned int n_g0 = 0, n_u_a = 0;
    for (unsigned int k = 0; k < n_sets; ++k)
    {
      std::vector<Trajectory> runs;
      for (unsigned int i = 0; i < 6; ++i)
      {
        const auto rate = [](const State &s) { return 100.0 + 90.0 * s.tau * s.tau; };
        runs.push_back(glass.shear(tests::state(0.0, 0.003 * i), 1500, 1e-4,
                                   tests::poisson(rate, 1e-4, 1000 * k + i)));
        runs.back().info.name = std::to_string(i);
        tests::add_noise(runs.back(), 5e-4, 1e-6, 77000 + 1000 * k + i);
      }
      HarvestSettings settings;
      settings.n_bootstrap = 20;
      settings.reference_energy = -4.6;
      const ElasticityHarvest elastic = harvest_elasticity(runs, settings);
      ASSERT_TRUE(elastic.intervals.has_value());
      n_g0 += elastic.intervals->g0.low < 25.9 && 25.9 < elastic.intervals->g0.high;
      n_u_a += elastic.intervals->u_a.low < 0.101 && 0.101 < elastic.intervals->u_a.high;
      EXPECT_LT(elastic.intervals->g0.high - elastic.intervals->g0.low, 4.0);
    }
    EXPECT_GE(n_g0, 31u);
    EXPECT_GE(n_u_a, 31u);
  }

  TEST(ElasticityHarvest, GivenConstantsAreKept)
  {
    HarvestSettings settings;
    settings.elasticity = ElasticitySource::given;
    settings.given = {20.0, 0.2, INFINITY, 4.0};
    settings.reference_energy = -4.601;
    const ElasticityHarvest elastic = harvest_elasticity(flowing_runs(false), settings);
    EXPECT_EQ(elastic.model.constants.g0, 20.0);
    EXPECT_EQ(elastic.model.constants.u_a, 0.2);
    EXPECT_TRUE(std::isinf(elastic.model.constants.tau_a));
    EXPECT_EQ(elastic.model.constants.tau_b, 4.0);
    EXPECT_EQ(elastic.u0.value, -4.601);
    EXPECT_EQ(elastic.u0.standard_error, 0.0);
  }

  TEST(ElasticityHarvest, TheLinearFitLeavesTheNonlinearTermsOut)
  {
    HarvestSettings settings;
    settings.elasticity = ElasticitySource::linear;
    const ElasticityHarvest elastic = harvest_elasticity(flowing_runs(false), settings);
    EXPECT_TRUE(std::isinf(elastic.model.constants.tau_a));
    EXPECT_TRUE(std::isinf(elastic.model.constants.tau_b));
    EXPECT_NEAR(elastic.model.constants.g0, 25.9, 0.4);
    EXPECT_EQ(elastic.model.constants.g0, elastic.first_g0.value);
  }

  TEST(ElasticityHarvest, GivenFloorsAreKept)
  {
    HarvestSettings settings;
    settings.energy_floor = 1e-3;
    settings.deficit_floor = 2e-3;
    settings.drop_floor = 3e-3;
    const ElasticityHarvest elastic = harvest_elasticity(flowing_runs(false), settings);
    EXPECT_EQ(elastic.floors.energy.floor, 1e-3);
    EXPECT_TRUE(elastic.floors.energy.given);
    EXPECT_EQ(elastic.floors.deficit.floor, 2e-3);
    EXPECT_EQ(elastic.floors.drop, 3e-3);
  }
} // namespace seem::statistics
