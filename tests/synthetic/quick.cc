// SPDX-License-Identifier: LGPL-2.1-or-later
#include "synthetic/checks.h"

#include <seem/database/merge.h>
#include <seem/database/subset.h>
#include <seem/statistics/renew_estimator.h>

// Small versions of what tests/synthetic/long shows with more samples and seeds.
namespace seem::recovery
{
  namespace
  {
    /// Three labels with twelve runs each; without a memory, which this law has not.
    const Harvested &small_harvest()
    {
      static const Harvested result = [] {
        statistics::HarvestSettings settings;
        settings.n_bootstrap = 10;
        settings.n_bins = {{12, 10}};
        settings.estimator.memory = false;
        return harvested({}, tests::three_preparations(), 12, settings);
      }();
      return result;
    }
  } // namespace

  TEST(SyntheticGlass, ItsElasticConstantsAreRecovered)
  {
    const database::EventDatabase &db = small_harvest().harvest.database;
    expect_elasticity({}, db.u0, db.elasticity);
  }

  TEST(SyntheticGlass, TheConstantsFollowTheReferenceEnergyExactly)
  {
    // X1 may count from any energy: energies and tangents of both descriptions are equal.
    const tests::SyntheticLaw law;
    const double shift = 0.003;
    const law::TaylorElasticity elasticity =
        constants(law, law.u0 + shift).elasticity(law.volume / law.n_atoms);
    for (const double tau : {0.4, 1.7, 2.6})
      for (const double x1 : {0.004, 0.02})
      {
        EXPECT_NEAR(elasticity.tangent(tau, x1 - shift), law.tangent(tau, x1), 1e-10);
        EXPECT_NEAR(elasticity.elastic_energy(tau, x1 - shift), law.elastic_energy(tau, x1), 1e-14);
      }
  }

  TEST(SyntheticGlass, ItsRatesAreRecoveredInFullBins)
  {
    expect_rates({}, small_harvest());
  }

  TEST(SyntheticGlass, ItsMeanPathsAreRecovered)
  {
    EXPECT_LT(largest_distance({}, tests::three_preparations(), small_harvest(), 60, 100), 1.5);
  }

  TEST(SyntheticGlass, ItsMemoryIsRecovered)
  {
    tests::SyntheticAqs aqs;
    aqs.memory_strain = 0.4;
    aqs.final_strain = 0.3;
    const MemorySpread spread = memory_spread(aqs, 12, 60);
    EXPECT_LT(std::abs(MemorySpread::in_errors(spread.with.tau, spread.truth.tau)), 2.0);
    EXPECT_LT(MemorySpread::in_errors(spread.without.tau, spread.truth.tau), -5.0);
  }

  TEST(SyntheticGlass, HarvestsOfHalvesMergeToTheHarvestOfAll)
  {
    const Harvested &all = small_harvest();
    const database::EventDatabase &whole = all.harvest.database;
    statistics::HarvestSettings settings;
    settings.n_bootstrap = 0;
    settings.elasticity = statistics::ElasticitySource::given;
    settings.given = {whole.elasticity.g0.value, whole.elasticity.u_a.value,
                      whole.elasticity.tau_a.value, whole.elasticity.tau_b.value};
    settings.reference_energy = whole.u0;
    settings.n_bins = {{12, 10}};
    settings.tau_range = {{whole.axes[0].edges.front(), whole.axes[0].edges.back()}};
    settings.x1_range = {{whole.axes[1].edges.front(), whole.axes[1].edges.back()}};
    settings.energy_floor = all.harvest.report.floors.energy.floor;
    settings.deficit_floor = all.harvest.report.floors.deficit.floor;
    settings.estimator.memory = false;

    const auto half = [&](const std::size_t begin, const std::size_t end) {
      std::vector<statistics::Trajectory> runs;
      for (std::size_t i = begin; i < end; ++i)
        runs.push_back(all.runs[i].trajectory);
      return statistics::harvest(runs, settings).database;
    };
    database::EventDatabase merged = database::merge(half(0, 17), half(17, 36));
    statistics::renew_estimator(merged);
    EXPECT_EQ(merged.events.dtau, whole.events.dtau);
    EXPECT_EQ(merged.events.heat, whole.events.heat);
    EXPECT_EQ(merged.events.sample, whole.events.sample);
    EXPECT_EQ(merged.n_increments, whole.n_increments);
    EXPECT_EQ(merged.visits.bin, whole.visits.bin);
    EXPECT_EQ(merged.smoothing->rate_curvature, whole.smoothing->rate_curvature);
    EXPECT_EQ(merged.smoothing->size_curvature, whole.smoothing->size_curvature);
    for (std::size_t bin = 0; bin < whole.n_bins(); ++bin)
      EXPECT_NEAR(merged.rate[bin], whole.rate[bin], 1e-9 * whole.rate[bin]);
  }
} // namespace seem::recovery
