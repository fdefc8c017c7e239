// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_COMPONENT_ENSEMBLE_H
#define SEEM_COMMANDS_COMPONENT_ENSEMBLE_H

#include <seem/commands/point_loading.h>
#include <seem/core/state.h>
#include <seem/law/mixed_control.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace seem::commands
{
  /// What the paths of an ensemble have in common beside the load.
  struct ComponentEnsembleSettings
  {
    double volume_ratio = 1.0;          ///< m [-]
    std::uint64_t first_replica = 0;    ///< path i has the key (cell first_replica + i, ...)
    std::uint16_t quadrature_point = 0; ///< the same for all paths
    std::function<void()> on_path;      ///< called after each path, if set

    /// As in PointEnsembleSettings.
    law::InitialState volume_initial;
  };

  /// A point at one time of output.
  struct ComponentRow
  {
    law::SymmetricTensor strain;
    law::SymmetricTensor stress; ///< [GPa]
    law::PointFields fields;
  };

  /// One path: rows at the times of output, fewer if the material did not carry the stress.
  struct ComponentPath
  {
    State initial;
    std::uint64_t replica = 0;
    std::vector<ComponentRow> rows;
    std::string limit; ///< why it ended early; empty if it did not
    double end_time = 0.0;
    law::Activity activity;
    law::PointBalance balance;   ///< work and heat to the end [GPa]
    law::EnergyDensity elevated; ///< elastic and inelastic energy at the end less at rest [GPa]

    /// work - (elastic + inelastic + heats): the error of the trapezoids [GPa].
    double first_law_residual() const;
  };

  struct ComponentEnsemble
  {
    std::vector<double> times;
    std::vector<ComponentPath> paths;

    /// A number of every path that got to output @p row.
    std::vector<double> column(std::size_t row,
                               const std::function<double(const ComponentRow &)> &number) const;
  };

  /**
   * Drive points of any law through prescribed components of strain and stress.
   * @param[in] initial  state of each path; where stress is prescribed it is taken off first
   * @throws InputError  a prescribed value is not finite; there is no path; m is not positive
   * @throws Error       no equilibrium, naming path, t, state and residuals
   */
  ComponentEnsemble run_component_ensemble(const law::MaterialLaw &law, const PointLoading &loading,
                                           const std::vector<State> &initial,
                                           const ComponentEnsembleSettings &settings);
} // namespace seem::commands

#endif
