// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_SPACE_FUNCTION_H
#define SEEM_SOURCE_COMMANDS_SPACE_FUNCTION_H

#include <deal.II/base/point.h>

#include <functional>
#include <string>

namespace seem::commands
{
  /**
   * An expression in x, y, z [nm] and the pseudo-time t, as muParser reads it.
   * @param[in] key  the parameter that it comes from, for messages
   * @throws InputError if it cannot be read
   */
  template <int dim>
  std::function<double(const dealii::Point<dim> &, double)>
  space_function(const std::string &expression, const std::string &key);
} // namespace seem::commands

#endif
