// SPDX-License-Identifier: LGPL-2.1-or-later
#include "repeated_runs.h"

#include <seem/commands/path_progress.h>
#include <seem/commands/run_storage.h>
#include <seem/io/manifest.h>
#include <seem/io/scratch_runs.h>
#include <seem/io/table_reader.h>
#include <seem/statistics/ordered_work.h>

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <utility>
#include <vector>

namespace seem::commands
{
  namespace
  {
    struct ReadRun
    {
      std::vector<std::string> notices;
      RowsKey key;
    };
  } // namespace

  std::unique_ptr<const statistics::RunSource>
  store_atomistic_runs(const AtomisticRunsParameters &parameters,
                       const std::filesystem::path &scratch_directory, const unsigned int n_threads)
  {
    const std::vector<io::ManifestEntry> entries = io::read_manifest(parameters.manifest);
    auto runs = std::make_unique<io::ScratchRuns>(entries.size(), scratch_directory);
    std::vector<std::string> all_notices;
    std::map<RowsKey, std::vector<std::size_t>> alike;
    PathProgress progress(entries.size(), -1.0, "reading run");
    statistics::ordered_work(
        entries.size(), n_threads,
        [&](const std::size_t i) {
          ReadRun result;
          statistics::Trajectory run =
              io::read_trajectory(entries[i].path, entries[i].info,
                                  entries[i].format(parameters.format), &result.notices);
          result.key = rows_key(run);
          statistics::RunSurvey survey = statistics::survey(run); // while its rows are at hand
          runs->store(i, std::move(run), std::move(survey));
          return result;
        },
        [&](const std::size_t i, const ReadRun &run) {
          all_notices.insert(all_notices.end(), run.notices.begin(), run.notices.end());
          alike[run.key].push_back(i);
          progress.advance();
        });
    refuse_repeated_runs(*runs, alike);
    for (const std::string &notice : all_notices)
      fmt::print(stderr, "seem: note: {}\n", notice);
    return runs;
  }
} // namespace seem::commands
