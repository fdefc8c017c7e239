// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_STATISTICS_ELASTICITY_FIT_H
#define SEEM_SOURCE_STATISTICS_ELASTICITY_FIT_H

#include <seem/statistics/branch_fit.h>
#include <seem/statistics/elastic_model.h>
#include <seem/statistics/elasticity_harvest.h>
#include <seem/statistics/initial_modulus.h>
#include <seem/statistics/table_fit.h>

#include <cstddef>
#include <vector>

namespace seem::statistics
{
  /// One choice of runs, by index; an index may occur several times.
  using Choice = std::vector<std::size_t>;

  /// What the fits of all kinds need, per run.
  struct FitData
  {
    std::vector<const Trajectory *> trajectories; ///< [n_fit_runs]
    std::vector<InitialModulus> moduli;           ///< [n_fit_runs]
    /// [n_fit_runs], then the runs that only u0 is taken from, without pieces.
    std::vector<BranchData> branches;
  };

  /// Result of any of the fits.
  struct Fit
  {
    ElasticModel model;
    double u0 = 0.0;
    InitialModulusFit first;
    BranchFit branch; ///< of the branch fit and the table only
    TableFit table;   ///< of the table only
  };

  /// The branches of a choice.
  std::vector<const BranchData *> chosen_branches(const FitData &data, const Choice &choice);

  /// The fit that the settings ask for, to the runs of @p choice.
  /// @param[in] start  where to begin and, for a table, which nodes to take, or nullptr
  Fit fit_model(const FitData &data, const Choice &choice, const HarvestSettings &settings,
                const ElasticModel *start, double tolerance = 1e-6);

  /**
   * Standard errors and 95 % intervals of @p result from resampled glasses; see
   * harvest_elasticity().
   * @param[in] fit_glass  glass of each run that was fitted to, [n_fit_runs]
   * @param[in] glass      glass of each entry of data.branches
   */
  void add_standard_errors(const FitData &data, const std::vector<std::size_t> &fit_glass,
                           const std::vector<std::size_t> &glass, const Fit &best,
                           const HarvestSettings &settings, const HarvestExecution &execution,
                           ElasticityHarvest &result);

  /// Warn of constants that are not identified and of fits that did not settle.
  void add_warnings(const Fit &fit, const HarvestSettings &settings, ElasticityHarvest &result);
} // namespace seem::statistics

#endif
