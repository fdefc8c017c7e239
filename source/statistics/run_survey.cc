// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_passes.h"

#include <seem/statistics/run_survey.h>
#include <seem/statistics/trajectory_check.h>

#include <algorithm>
#include <array>

namespace seem::statistics
{
  RunSurvey survey(const Trajectory &run)
  {
    check(run);
    RunSurvey result{{run.energy[0], run.tau[0], run.atomic_volume()},
                     run.strain.front(),
                     run.strain.back(),
                     {},
                     work_ratio(run),
                     {}};
    const std::size_t n = run.n_rows() - 1;
    for (std::size_t begin = 0; begin < n; begin += RunSurvey::rows_of_block)
    {
      const std::size_t size = std::min(RunSurvey::rows_of_block, n - begin);
      const double *const tau = run.tau.data() + begin;
      result.blocks.push_back({row_passes::range(size, run.energy.data() + begin),
                               row_passes::forward_range(size, tau, tau)});
      result.tau.add(result.blocks.back().tau);
    }
    return result;
  }

  std::vector<Range> x1_bounds(const RunSurvey &survey, const law::Elasticity &elasticity,
                               const double u0)
  {
    const std::size_t n = survey.blocks.size();
    std::vector<double> energy(2 * n), tau(2 * n, 0.0), x1(2 * n);
    const auto is_empty = [](const RowBlock &block) { return block.tau.low > block.tau.high; };
    for (std::size_t b = 0; b < n; ++b)
    {
      const RowBlock &block = survey.blocks[b];
      energy[b] = block.energy.low;
      energy[n + b] = block.energy.high;
      if (is_empty(block))
        continue;
      tau[b] = block.tau.high;
      tau[n + b] = block.tau.low;
    }
    elasticity.inelastic_energies(2 * n, energy.data(), u0, tau.data(), x1.data());
    constexpr double round_off = 1e-9; // eV per atom: far above it, far below what counts
    std::vector<Range> bounds(n);
    for (std::size_t b = 0; b < n; ++b)
      if (!is_empty(survey.blocks[b]))
        bounds[b] = {x1[b] - round_off, x1[n + b] + round_off};
    return bounds;
  }

  Range x1_range(const Trajectory &run, const std::vector<Range> &bounds,
                 const law::Elasticity &elasticity, const double u0, const Range &known)
  {
    constexpr std::size_t block = RunSurvey::rows_of_block;
    std::array<double, block> x1;
    Range result;
    const std::size_t n = run.n_rows() - 1;
    for (std::size_t b = 0; b < bounds.size(); ++b)
    {
      if (known.holds(bounds[b]) || result.holds(bounds[b]))
        continue;
      const std::size_t begin = b * block, size = std::min(block, n - begin);
      const double *const tau = run.tau.data() + begin;
      elasticity.inelastic_energies(size, run.energy.data() + begin, u0, tau, x1.data());
      result.add(row_passes::forward_range(size, tau, x1.data()));
    }
    return result;
  }
} // namespace seem::statistics
