// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/path_progress.h>
#include <seem/commands/run_storage.h>
#include <seem/io/manifest.h>
#include <seem/io/scratch_runs.h>
#include <seem/statistics/ordered_work.h>

#include <fmt/format.h>

#include <cstdio>

namespace seem::commands
{
  std::unique_ptr<const statistics::RunSource>
  store_atomistic_runs(const AtomisticRunsParameters &parameters,
                       const std::filesystem::path &scratch_directory, const unsigned int n_threads)
  {
    const std::vector<io::ManifestEntry> entries = io::read_manifest(parameters.manifest);
    auto runs = std::make_unique<io::ScratchRuns>(entries.size(), scratch_directory);
    std::vector<std::string> all_notices;
    PathProgress progress(entries.size(), -1.0, "reading run");
    statistics::ordered_work(
        entries.size(), n_threads,
        [&](const std::size_t i) {
          std::vector<std::string> notices;
          runs->store(i, io::read_trajectory(entries[i].path, entries[i].info, parameters.format,
                                             &notices));
          return notices;
        },
        [&](const std::size_t, const std::vector<std::string> &notices) {
          all_notices.insert(all_notices.end(), notices.begin(), notices.end());
          progress.advance();
        });
    for (const std::string &notice : all_notices)
      fmt::print(stderr, "seem: note: {}\n", notice);
    return runs;
  }
} // namespace seem::commands
