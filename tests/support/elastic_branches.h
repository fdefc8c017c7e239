// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_ELASTIC_BRANCHES_H
#define SEEM_TESTS_SUPPORT_ELASTIC_BRANCHES_H

#include "support/synthetic_glass.h"

#include <seem/statistics/branch_fit.h>

#include <vector>

namespace seem::tests
{
  /// Elastic runs to about 2.3 GPa of glasses with the given X1 [eV], the first one the deepest,
  /// with noise of that size [eV per atom] in the energy and a hundred times it [GPa] in the
  /// stress.
  inline std::vector<statistics::BranchData>
  elastic_branches(const SyntheticGlass &glass, const std::vector<double> &x1, const double noise)
  {
    std::vector<statistics::BranchData> result;
    unsigned int seed = 1;
    for (const double of_run : x1)
    {
      statistics::Trajectory run = glass.shear(state(-0.1 + 10.0 * of_run, of_run), 1400, 1e-4, {});
      add_noise(run, noise, 100.0 * noise, seed++);
      result.push_back(statistics::branch_data(run, statistics::Flags(1400, 0), 1e-3));
    }
    return result;
  }

  inline std::vector<const statistics::BranchData *>
  pointers(const std::vector<statistics::BranchData> &runs)
  {
    std::vector<const statistics::BranchData *> result;
    for (const statistics::BranchData &run : runs)
      result.push_back(&run);
    return result;
  }
} // namespace seem::tests

#endif
