// SPDX-License-Identifier: LGPL-2.1-or-later
#include "synthetic/checks.h"

#include <seem/statistics/elasticity_harvest.h>

namespace seem::recovery
{
  namespace
  {
    constexpr std::size_t n_samples = 60; ///< of each of the three labels

    Harvested large_harvest(const std::uint64_t seed, const unsigned int n_bootstrap)
    {
      tests::SyntheticAqs aqs;
      aqs.seed = seed;
      statistics::HarvestSettings settings;
      settings.n_bootstrap = n_bootstrap;
      settings.estimator.memory = false;
      return harvested(aqs, tests::three_preparations(), n_samples, settings);
    }
  } // namespace

  TEST(SyntheticGlassLong, ConstantsAndRatesAreRecovered)
  {
    const Harvested result = large_harvest(1, 50);
    const database::EventDatabase &db = result.harvest.database;
    expect_elasticity({}, db.u0, db.elasticity);
    expect_rates({}, result);
  }

  TEST(SyntheticGlassLong, IntervalsCoverTheTruthAsOftenAsTheySay)
  {
    constexpr unsigned int n_replicates = 40;
    constexpr std::size_t n_runs = 20; // of each label
    int covered[4] = {0, 0, 0, 0};
    for (unsigned int k = 0; k < n_replicates; ++k)
    {
      tests::SyntheticAqs aqs;
      aqs.seed = 1000 + k;
      const statistics::ElasticityHarvest fit = statistics::harvest_elasticity(
          tests::trajectories_of(aqs.runs(tests::three_preparations(), n_runs)), {});
      const statistics::TaylorConstants truth = constants(aqs.law, fit.u0.value);
      const auto covers = [](const statistics::Interval &interval, const double value) {
        return value >= interval.low && value <= interval.high ? 1 : 0;
      };
      covered[0] += covers(fit.intervals->g0, truth.g0);
      covered[1] += covers(fit.intervals->u_a, truth.u_a);
      covered[2] += covers(fit.intervals->tau_a, truth.tau_a);
      covered[3] += covers(fit.intervals->tau_b, truth.tau_b);
    }
    const char *const names[] = {"G0", "uA", "tauA", "tauB"};
    for (int i = 0; i < 4; ++i)
    {
      say("95 %% interval of %s: holds the truth in %d of %u replicates", names[i], covered[i],
          n_replicates);
      EXPECT_GE(covered[i], 34) << names[i]; // 85 %
    }
  }

  TEST(SyntheticGlassLong, MeanPathsAreRecoveredOnFourSeedsOfFive)
  {
    int n_good = 0;
    for (std::uint64_t seed = 11; seed <= 15; ++seed)
    {
      say("seed %u", static_cast<unsigned int>(seed));
      tests::SyntheticAqs aqs;
      aqs.seed = seed;
      const Harvested result = large_harvest(seed, 0);
      n_good += largest_distance(aqs, tests::three_preparations(), result, 300, 300) <= 1.5 ? 1 : 0;
    }
    EXPECT_GE(n_good, 4);
  }

  TEST(SyntheticGlassLong, TheSpreadBetweenLabelsNeedsTheMemory)
  {
    tests::SyntheticAqs aqs;
    aqs.memory_strain = 0.4;
    const MemorySpread spread = memory_spread(aqs, n_samples, 200);
    EXPECT_LT(std::abs(MemorySpread::in_errors(spread.with.tau, spread.truth.tau)), 2.0);
    EXPECT_LT(MemorySpread::in_errors(spread.without.tau, spread.truth.tau), -8.0);
  }

  TEST(SyntheticGlassLong, ALargeSampleGivesTheConstantsByItsBranchesNotByItsLoadingCurve)
  {
    // A hundred volumes in one, as the 400 000 atoms of the paper.
    tests::SyntheticAqs aqs;
    aqs.volume_ratio = 100.0;
    aqs.final_strain = 0.1;
    aqs.dgamma = 1e-5; // so that most increments are without an event
    aqs.tau_noise *= 0.1;
    statistics::HarvestSettings settings;
    settings.n_bootstrap = 0;
    settings.reference_energy = aqs.law.u0;
    const std::vector<statistics::Trajectory> runs =
        tests::trajectories_of(aqs.runs({tests::three_preparations()[0]}, 2));
    const auto fit = [&](const statistics::ElasticitySource source) {
      settings.elasticity = source;
      const database::ElasticConstants fitted =
          statistics::harvest_elasticity(runs, settings).fitted;
      say("%s: G0 %.3f, uA %.4f, tauA %.2f, tauB %.3f", statistics::name(source).c_str(),
          fitted.g0.value, fitted.u_a.value, fitted.tau_a.value, fitted.tau_b.value);
      EXPECT_NEAR(fitted.g0.value, aqs.law.g0, 0.015 * aqs.law.g0);
      EXPECT_NEAR(fitted.tau_a.value, aqs.law.tau_a, 0.2 * aqs.law.tau_a);
      return fitted.tau_b.value;
    };
    EXPECT_NEAR(fit(statistics::ElasticitySource::branch_fit), aqs.law.tau_b, 0.03 * aqs.law.tau_b);
    // What events do along the loading curve counts as elasticity: too soft by several per cent.
    const double loading = fit(statistics::ElasticitySource::loading_curve);
    EXPECT_LT(loading, 0.97 * aqs.law.tau_b);
    EXPECT_GT(loading, 0.9 * aqs.law.tau_b);
  }
} // namespace seem::recovery
