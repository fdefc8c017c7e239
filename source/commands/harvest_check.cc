// SPDX-License-Identifier: LGPL-2.1-or-later
#include "repeated_runs.h"

#include <seem/commands/harvest_check.h>
#include <seem/core/exceptions.h>
#include <seem/io/manifest.h>
#include <seem/statistics/noise_floor.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

namespace seem::commands
{
  namespace
  {
    double median_increment(const std::vector<double> &strain)
    {
      std::vector<double> increments;
      for (std::size_t i = 1; i < strain.size(); ++i)
        increments.push_back(strain[i] - strain[i - 1]);
      return statistics::median(increments);
    }

    std::string description(const statistics::Trajectory &run)
    {
      const auto [low_u, high_u] = std::minmax_element(run.energy.begin(), run.energy.end());
      const auto [low_tau, high_tau] = std::minmax_element(run.tau.begin(), run.tau.end());
      return fmt::format(
          "{} rows, strain {:.6g} to {:.6g} by {:.3g}, energy {:.6f} to {:.6f} eV per "
          "atom, stress {:.3f} to {:.3f} GPa, first {:.3f} GPa, energy/work {:.3f}",
          run.n_rows(), run.strain.front(), run.strain.back(), median_increment(run.strain), *low_u,
          *high_u, *low_tau, *high_tau, run.tau.front(), statistics::work_ratio(run));
    }

    /// The runs that were found good, read once more where their rows are needed.
    class GoodRuns final : public statistics::RunSource
    {
    public:
      explicit GoodRuns(const io::TableFormat &format) : format(format)
      {
      }

      void add(const io::ManifestEntry &entry, const statistics::Trajectory &run)
      {
        entries.push_back(entry);
        infos.push_back(run.info);
        n_rows_of.push_back(run.n_rows());
      }

      std::size_t size() const override
      {
        return entries.size();
      }

      const statistics::SampleInfo &info(const std::size_t i) const override
      {
        return infos[i];
      }

      std::size_t n_rows(const std::size_t i) const override
      {
        return n_rows_of[i];
      }

      statistics::RunSurvey survey(const std::size_t i) const override
      {
        return statistics::survey(*load(i));
      }

      std::shared_ptr<const statistics::Trajectory> load(const std::size_t i) const override
      {
        std::vector<std::string> known_notices;
        return std::make_shared<const statistics::Trajectory>(io::read_trajectory(
            entries[i].path, entries[i].info, entries[i].format(format), &known_notices));
      }

    private:
      io::TableFormat format;
      std::vector<io::ManifestEntry> entries;
      std::vector<statistics::SampleInfo> infos;
      std::vector<std::size_t> n_rows_of;
    };
  } // namespace

  int harvest_check(const AtomisticRunsParameters &parameters)
  {
    const std::vector<io::ManifestEntry> entries = io::read_manifest(parameters.manifest);
    // One run at a time is in memory, however many there are.
    GoodRuns good(parameters.format);
    std::map<RowsKey, std::vector<std::size_t>> alike;
    std::map<std::string, std::size_t> of_label;
    std::vector<std::string> notices, together;
    const auto note_failure = [](std::vector<std::string> &messages, const auto &checks) {
      try
      {
        checks();
      }
      catch (const InputError &error)
      {
        messages.emplace_back(error.what());
      }
    };
    std::vector<std::string> misfits;
    std::size_t n_bad = 0;
    for (const io::ManifestEntry &entry : entries)
    {
      try
      {
        const statistics::Trajectory run =
            io::read_trajectory(entry.path, entry.info, entry.format(parameters.format), &notices);
        const double work_ratio = statistics::survey(run).work_ratio;
        statistics::check(run.info, work_ratio, run.info);
        fmt::print("good  {}: {}\n", entry.info.name, description(run));
        ++of_label[run.info.label];
        alike[rows_key(run)].push_back(good.size());
        good.add(entry, run);
        if (misfits.empty()) // the first one is told
          note_failure(misfits, [&] { statistics::check(run.info, work_ratio, good.info(0)); });
      }
      catch (const InputError &error)
      {
        ++n_bad;
        fmt::print("BAD   {}: {}\n", entry.info.name, error.what());
      }
      std::fflush(stdout);
    }
    note_failure(together, [&] { refuse_repeated_runs(good, alike); });
    together.insert(together.end(), misfits.begin(), misfits.end());
    for (const std::string &message : together)
      fmt::print("BAD   together: {}\n", message);
    for (const std::string &notice : notices)
      fmt::print("note  {}\n", notice);
    fmt::print("{} of {} runs good", good.size(), entries.size());
    for (const auto &[label, n] : of_label)
      fmt::print(", {} of {}", n, label);
    fmt::print("; nothing written\n");
    return n_bad == 0 && together.empty() ? 0 : 1;
  }
} // namespace seem::commands
