// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_COMPONENT_LOADING_H
#define SEEM_COMMANDS_COMPONENT_LOADING_H

#include <seem/commands/parameters.h>
#include <seem/law/mixed_control.h>

#include <functional>
#include <string>
#include <vector>

namespace seem::commands
{
  using TimeFunction = std::function<double(double)>;

  /**
   * The expression in t of an entry.
   * @param[in] begin  t at which it is tried
   * @throws InputError naming the entry if it cannot be read; the function throws one where its
   * value is not finite
   */
  TimeFunction time_function(const Parameters &parameters, const std::string &key, double begin);

  /// Components of strain and stress as functions of t, by expressions or a table: the part of
  /// section "Loading" that a point and a periodic body share.
  struct ComponentLoading
  {
    law::ComponentControl control = {};
    law::LoadPath path;        ///< throws InputError where a value is not finite
    std::string table_file;    ///< empty: expressions
    std::vector<double> kinks; ///< t of the rows of the table

    /// In the present section.
    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError with @p reason if a component is prescribed
    static void refuse(const Parameters &parameters, const std::string &reason);

    /// @throws InputError naming the key, or file and line of the table
    static ComponentLoading parse(const Parameters &parameters);
  };
} // namespace seem::commands

#endif
