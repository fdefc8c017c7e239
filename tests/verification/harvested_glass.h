// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_HARVESTED_GLASS_H
#define SEEM_TESTS_VERIFICATION_HARVESTED_GLASS_H

#include <seem/database/grid_event_source.h>
#include <seem/io/manifest.h>
#include <seem/io/table_reader.h>
#include <seem/law/elasticity.h>
#include <seem/statistics/harvest.h>

#include <memory>
#include <vector>

namespace seem::verification
{
  /// The shipped glass, harvested from its runs with the default settings and a grid of @p n_bins
  /// by
  /// @p n_bins.
  struct HarvestedGlass
  {
    explicit HarvestedGlass(const std::size_t n_bins = 20)
    {
      std::vector<statistics::Trajectory> runs;
      for (const io::ManifestEntry &entry :
           io::read_manifest(SEEM_SOURCE_DIR "/data/cu64zr36/manifest.csv"))
        runs.push_back(io::read_trajectory(entry.path, entry.info));
      statistics::HarvestSettings settings;
      settings.n_bootstrap = 0;
      settings.n_bins = {{n_bins, n_bins}};
      const database::EventDatabase db = statistics::harvest(runs, settings).database;
      source = std::make_shared<database::GridEventSource>(db);
      elasticity = std::make_shared<law::TaylorElasticity>(
          db.elasticity.g0.value, db.elasticity.u_a.value, db.elasticity.tau_a.value,
          db.elasticity.tau_b.value, db.atomic_volume());
      // At rest with the mean X1 of the samples.
      for (const database::Sample &sample : db.samples)
        initial.x[0] += sample.initial.x[0] / static_cast<double>(db.samples.size());
    }

    std::shared_ptr<const database::GridEventSource> source;
    std::shared_ptr<const law::Elasticity> elasticity;
    State initial;
  };
} // namespace seem::verification

#endif
