// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/harvest_check.h>
#include <seem/core/exceptions.h>
#include <seem/io/manifest.h>
#include <seem/statistics/noise_floor.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

namespace seem::commands
{
  namespace
  {
    double median_increment(const std::vector<double> &strain)
    {
      std::vector<double> increments;
      for (std::size_t i = 1; i < strain.size(); ++i)
        increments.push_back(strain[i] - strain[i - 1]);
      return statistics::median(std::move(increments));
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
  } // namespace

  int harvest_check(const AtomisticRunsParameters &parameters)
  {
    const std::vector<io::ManifestEntry> entries = io::read_manifest(parameters.manifest);
    std::vector<statistics::Trajectory> good;
    std::map<std::string, std::size_t> of_label;
    std::vector<std::string> notices;
    std::size_t n_bad = 0;
    for (const io::ManifestEntry &entry : entries)
    {
      try
      {
        statistics::Trajectory run =
            io::read_trajectory(entry.path, entry.info, entry.format(parameters.format), &notices);
        statistics::check(std::vector<statistics::Trajectory>{run});
        fmt::print("good  {}: {}\n", entry.info.name, description(run));
        ++of_label[run.info.label];
        good.push_back(std::move(run));
      }
      catch (const InputError &error)
      {
        ++n_bad;
        fmt::print("BAD   {}: {}\n", entry.info.name, error.what());
      }
      std::fflush(stdout);
    }
    bool together = true;
    const auto check_all = [&](const auto &checks) {
      try
      {
        checks();
      }
      catch (const InputError &error)
      {
        together = false;
        fmt::print("BAD   together: {}\n", error.what());
      }
    };
    check_all([&] { io::refuse_repeated_runs(good); });
    if (!good.empty())
      check_all([&] { statistics::check(good); });
    for (const std::string &notice : notices)
      fmt::print("note  {}\n", notice);
    fmt::print("{} of {} runs good", good.size(), entries.size());
    for (const auto &[label, n] : of_label)
      fmt::print(", {} of {}", n, label);
    fmt::print("; nothing written\n");
    return n_bad == 0 && together ? 0 : 1;
  }
} // namespace seem::commands
