// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_passes.h"

#include <seem/core/exceptions.h>
#include <seem/statistics/increments.h>
#include <seem/statistics/noise_floor.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace seem::statistics
{
  namespace
  {
    [[noreturn]] void fail(const SampleInfo &sample, const std::string &message)
    {
      throw InputError(fmt::format("sample '{}': {}", sample.name, message));
    }

    /// Relative deviation from the first sample that two samples of one representative volume may
    /// have.
    constexpr double size_tolerance = 0.05;

    /// Deviation of work_ratio() from 1 beyond which energy and stress do not belong together.
    constexpr double work_tolerance = 0.1;
  } // namespace

  void check(const Trajectory &trajectory)
  {
    const std::size_t n = trajectory.n_rows();
    if (trajectory.tau.size() != n || trajectory.energy.size() != n)
      fail(trajectory.info,
           fmt::format(
               "{} strains, {} stresses and {} energies: the columns must be of equal length", n,
               trajectory.tau.size(), trajectory.energy.size()));
    if (n < 3)
      fail(trajectory.info, fmt::format("{} rows: at least 3 are needed", n));
    // One answer for all rows, then the row.
    const bool good = row_passes::finite(n, trajectory.strain.data()) &&
                      row_passes::finite(n, trajectory.tau.data()) &&
                      row_passes::finite(n, trajectory.energy.data()) &&
                      row_passes::growing(n, trajectory.strain.data());
    for (std::size_t i = 0; i < n && !good; ++i)
    {
      if (!std::isfinite(trajectory.strain[i]) || !std::isfinite(trajectory.tau[i]) ||
          !std::isfinite(trajectory.energy[i]))
        fail(trajectory.info,
             fmt::format(
                 "row {}: strain {}, stress {} GPa, energy {} eV: not all are finite numbers",
                 i + 1, trajectory.strain[i], trajectory.tau[i], trajectory.energy[i]));
      if (i > 0 && !(trajectory.strain[i] > trajectory.strain[i - 1]))
        fail(trajectory.info,
             fmt::format("row {}: strain {} does not exceed {} of the row before; the runs must be "
                         "sheared forwards without repeated rows",
                         i + 1, trajectory.strain[i], trajectory.strain[i - 1]));
    }
    if (!(trajectory.info.n_atoms > 0.0) || !std::isfinite(trajectory.info.n_atoms))
      fail(trajectory.info,
           fmt::format("number of atoms = {} must be positive", trajectory.info.n_atoms));
    if (!(trajectory.info.volume > 0.0) || !std::isfinite(trajectory.info.volume))
      fail(trajectory.info,
           fmt::format("volume = {} A^3 must be positive", trajectory.info.volume));
  }

  double work_ratio(const Trajectory &trajectory)
  {
    const Range stresses = row_passes::range(trajectory.tau.size(), trajectory.tau.data());
    const double largest = std::max({0.0, stresses.high, -stresses.low});

    constexpr std::size_t enough = 4096; // of ratios: their median is then good to a per cent
    const std::size_t stride = std::max<std::size_t>(1, (trajectory.n_rows() - 1) / enough);
    std::vector<double> ratios;
    for (std::size_t i = 0; i + 1 < trajectory.n_rows(); i += stride)
    {
      const double mean = 0.5 * (trajectory.tau[i] + trajectory.tau[i + 1]);
      if (std::abs(mean) <= 0.1 * largest)
        continue;
      const double gained =
          trajectory.info.n_atoms * (trajectory.energy[i + 1] - trajectory.energy[i]);
      ratios.push_back(gained / work(trajectory.info.volume, mean,
                                     trajectory.strain[i + 1] - trajectory.strain[i]));
    }
    return ratios.empty() ? std::nan("") : median(ratios);
  }

  void check(const SampleInfo &sample, const double ratio, const SampleInfo &first)
  {
    if (std::abs(sample.n_atoms / first.n_atoms - 1.0) > size_tolerance ||
        std::abs(sample.volume / first.volume - 1.0) > size_tolerance)
      fail(sample,
           fmt::format("{} atoms in {} A^3, but sample '{}' has {} in {} A^3: events of different "
                       "representative volumes cannot share a database",
                       sample.n_atoms, sample.volume, first.name, first.n_atoms, first.volume));
    if (!(std::abs(ratio - 1.0) <= work_tolerance))
      fail(sample,
           fmt::format(
               "energy and stress do not belong together: N du/(V tau dgamma) = {:.4g}, 1 is "
               "expected; "
               "check the unit and sign of the stress, total or per-atom energy, atoms and volume",
               ratio));
  }

  void check(const std::vector<Trajectory> &trajectories)
  {
    if (trajectories.empty())
      throw InputError("no samples: at least one run is needed");
    for (const Trajectory &trajectory : trajectories)
    {
      check(trajectory);
      check(trajectory.info, work_ratio(trajectory), trajectories.front().info);
    }
  }

  std::vector<std::size_t> glass_numbers(const RunSource &runs)
  {
    std::map<std::pair<std::string, std::string>, std::size_t> known;
    std::vector<std::size_t> result;
    std::size_t n_glasses = 0;
    for (std::size_t i = 0; i < runs.size(); ++i)
    {
      const SampleInfo &info = runs.info(i);
      if (info.glass.empty())
      {
        result.push_back(n_glasses++);
        continue;
      }
      const auto [entry, inserted] =
          known.emplace(std::make_pair(info.label, info.glass), n_glasses);
      if (inserted)
        ++n_glasses;
      result.push_back(entry->second);
    }
    return result;
  }

  std::vector<std::size_t> glass_numbers(const std::vector<Trajectory> &trajectories)
  {
    return glass_numbers(RunsInMemory(trajectories));
  }
} // namespace seem::statistics
