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
    return {{run.energy[0], run.tau[0], run.atomic_volume()},
            run.strain.front(),
            run.strain.back(),
            row_passes::forward_range(run.n_rows() - 1, run.tau.data(), run.tau.data()),
            work_ratio(run)};
  }

  Range x1_range(const Trajectory &run, const law::Elasticity &elasticity, const double u0)
  {
    constexpr std::size_t block = 1024; // stays in the cache
    std::array<double, block> x1;
    Range result;
    const std::size_t n = run.n_rows() - 1;
    for (std::size_t begin = 0; begin < n; begin += block)
    {
      const std::size_t size = std::min(block, n - begin);
      elasticity.inelastic_energies(size, run.energy.data() + begin, u0, run.tau.data() + begin,
                                    x1.data());
      result.add(row_passes::forward_range(size, run.tau.data() + begin, x1.data()));
    }
    return result;
  }
} // namespace seem::statistics
