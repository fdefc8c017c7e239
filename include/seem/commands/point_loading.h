// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_POINT_LOADING_H
#define SEEM_COMMANDS_POINT_LOADING_H

#include <seem/commands/component_loading.h>
#include <seem/commands/parameters.h>
#include <seem/law/mixed_control.h>

#include <vector>

namespace seem::commands
{
  enum class LoadingKind
  {
    simple_shear, ///< monotone, section "Strain"
    components    ///< each component of strain or stress a function of t
  };

  /// Section "Loading" of `seem point`: what happens to each component, by expressions or a table.
  struct PointLoading
  {
    LoadingKind kind = LoadingKind::simple_shear;
    law::ComponentControl control = {};
    law::LoadPath path;             ///< throws InputError where a value is not finite
    std::vector<double> times;      ///< of the output, the first is the begin
    std::vector<double> kinks;      ///< rows of a table: increments end there
    double largest_increment = 0.0; ///< of t

    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError naming the key, or file and line of the table
    static PointLoading parse(const Parameters &parameters);
  };
} // namespace seem::commands

#endif
