// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elasticity_fit.h"

namespace seem::statistics
{
  namespace
  {
    /// Those of a choice that there are: runs without rows to fit to have none.
    template <typename T>
    std::vector<T> chosen(const std::vector<T> &all, const Choice &choice)
    {
      std::vector<T> result;
      result.reserve(choice.size());
      for (const std::size_t i : choice)
        if (i < all.size())
          result.push_back(all[i]);
      return result;
    }

    /// Eq. (7) by the moduli of the branches.
    void fit_to_branches(const std::vector<const BranchData *> &branches,
                         const HarvestSettings &settings, const ElasticModel *start,
                         const double tolerance, Fit &fit)
    {
      TaylorConstants begin = fit.model.constants;
      if (start != nullptr)
        begin = start->constants;
      else
        begin.tau_b =
            3.0; // off the bound, where the fit has no slope to follow in 1/tauA^2 and 1/tauB^4
      fit.branch = fit_branches(branches, begin,
                                {settings.reference_energy, settings.robust_scale, 50, tolerance});
      fit.model.constants = fit.branch.constants;
      fit.u0 = fit.branch.u0;
    }

    /// A table on top of Eq. (7).
    void fit_table_to_branches(const std::vector<const BranchData *> &branches,
                               const HarvestSettings &settings, const ElasticModel *start,
                               const double tolerance, Fit &fit)
    {
      TableFitSettings table;
      table.n_nodes = settings.table_nodes;
      table.curvature = settings.table_curvature;
      table.reference_energy = settings.reference_energy;
      table.robust_scale = settings.robust_scale;
      table.tolerance = tolerance;
      fit.table = fit_table(branches, fit.model.constants, table,
                            start != nullptr && start->table ? &*start->table : nullptr);
      fit.model.table = fit.table.table;
      fit.u0 = fit.table.u0;
    }
  } // namespace

  std::vector<const BranchData *> chosen_branches(const FitData &data, const Choice &choice)
  {
    std::vector<const BranchData *> result;
    for (const std::size_t i : choice)
      result.push_back(&data.branches[i]);
    return result;
  }

  Fit fit_model(const FitData &data, const Choice &choice, const HarvestSettings &settings,
                const ElasticModel *start, const double tolerance)
  {
    Fit fit;
    fit.first = fit_initial_modulus(chosen(data.moduli, choice), settings.reference_energy);
    fit.model.constants = fit.first.constants;

    const std::vector<const BranchData *> branches = chosen_branches(data, choice);
    switch (settings.elasticity)
    {
    case ElasticitySource::branch_fit:
      fit_to_branches(branches, settings, start, tolerance, fit);
      return fit;
    case ElasticitySource::tabulated:
      fit_to_branches(branches, settings, start, tolerance, fit);
      fit_table_to_branches(branches, settings, start, tolerance, fit);
      return fit;
    case ElasticitySource::loading_curve:
      fit.model.constants =
          fit_loading_curve(chosen(data.trajectories, choice), fit.first, settings.loading_strain);
      break;
    case ElasticitySource::linear:
      break;
    case ElasticitySource::given:
      fit.model.constants = settings.given;
      fit.model.table = settings.given_table;
      break;
    }
    fit.u0 = settings.reference_energy.value_or(lowest_stress_free_energy(branches, fit.model));
    return fit;
  }
} // namespace seem::statistics
