// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_tally.h"

#include <seem/statistics/run_survey.h>

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
    Range result;
    for (std::size_t i = 0; i + 1 < run.n_rows(); ++i)
      if (!unloading(run, i))
        result.add(elasticity.inelastic_energy(run.energy[i] - u0, run.tau[i]));
    return result;
  }
} // namespace seem::statistics
