// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_HARVESTED_GLASS_H
#define SEEM_TESTS_VERIFICATION_HARVESTED_GLASS_H

#include <seem/database/material.h>
#include <seem/io/manifest.h>
#include <seem/io/table_reader.h>
#include <seem/law/elasticity.h>
#include <seem/statistics/harvest.h>

#include <memory>
#include <vector>

namespace seem::verification
{
  /// The shipped glass, harvested from its runs with the default settings but for a grid of
  /// @p n_bins by @p n_bins bins, the estimator, and no memory.
  struct HarvestedGlass
  {
    explicit HarvestedGlass(
        const std::size_t n_bins = 20,
        const statistics::EstimatorKind kind = statistics::EstimatorKind::pooled_bins)
    {
      std::vector<statistics::Trajectory> runs;
      for (const io::ManifestEntry &entry :
           io::read_manifest(SEEM_SOURCE_DIR "/data/cu64zr36/manifest.csv"))
        runs.push_back(io::read_trajectory(entry.path, entry.info));
      statistics::HarvestSettings settings;
      settings.n_bootstrap = 0;
      settings.n_bins = {{n_bins, n_bins}};
      settings.estimator.kind = kind;
      settings.estimator.memory = false; // its variable relaxes in no mean flow of (tau, X1)
      const database::EventDatabase db = statistics::harvest(runs, settings).database;
      source = database::make_event_source(db);
      elasticity = std::make_shared<law::TaylorElasticity>(
          db.elasticity.g0.value, db.elasticity.u_a.value, db.elasticity.tau_a.value,
          db.elasticity.tau_b.value, db.atomic_volume());
      // At rest with the mean X1 of the samples.
      for (const database::Sample &sample : db.samples)
        initial.x[0] += sample.initial.x[0] / static_cast<double>(db.samples.size());
    }

    std::shared_ptr<const law::EventSource> source;
    std::shared_ptr<const law::Elasticity> elasticity;
    State initial;
  };
} // namespace seem::verification

#endif
