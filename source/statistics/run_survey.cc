// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_tally.h"

#include <seem/statistics/run_survey.h>

#include <algorithm>
#include <array>

namespace seem::statistics
{
  RunSurvey survey(const Trajectory &run)
  {
    RunSurvey result{{run.energy[0], run.tau[0], run.atomic_volume()},
                     run.strain.front(),
                     run.strain.back(),
                     {}};
    for (std::size_t i = 0; i + 1 < run.n_rows(); ++i)
      if (!unloading(run, i))
        result.tau.add(run.tau[i]);
    return result;
  }

  Range x1_range(const Trajectory &run, const law::Elasticity &elasticity, const double u0)
  {
    constexpr std::size_t block = 1024; // stays in the cache
    std::array<double, block> x1;
    std::array<Range, 4> ranges;
    const std::size_t n = run.n_rows() - 1;
    for (std::size_t begin = 0; begin < n; begin += block)
    {
      const std::size_t size = std::min(block, n - begin);
      elasticity.inelastic_energies(size, run.energy.data() + begin, u0, run.tau.data() + begin,
                                    x1.data());
      // Four at once: each waits for the one before in its own range only.
      for (std::size_t i = 0; i < size; ++i)
        if (!unloading(run, begin + i))
          ranges[i % ranges.size()].add(x1[i]);
    }
    Range result;
    for (const Range &range : ranges)
      result.add(range);
    return result;
  }
} // namespace seem::statistics
