// SPDX-License-Identifier: LGPL-2.1-or-later
#include "space_function.h"

#include <seem/core/exceptions.h>

#include <deal.II/base/function_parser.h>

#include <fmt/format.h>

#include <memory>

namespace seem::commands
{
  template <int dim>
  std::function<double(const dealii::Point<dim> &, double)>
  space_function(const std::string &expression, const std::string &key)
  {
    const auto parser = std::make_shared<dealii::FunctionParser<dim>>(1);
    try
    {
      parser->initialize(dim == 2 ? "x,y,t" : "x,y,z,t", expression, {{"pi", dealii::numbers::PI}},
                         /*time_dependent=*/true);
      parser->value(dealii::Point<dim>());
    }
    catch (const dealii::ExceptionBase &)
    {
      throw InputError(fmt::format("\"{}\": \"{}\" is no expression in x, y{} and t that can be "
                                   "read",
                                   key, expression, dim == 2 ? "" : ", z"));
    }
    return [parser](const dealii::Point<dim> &x, const double t) {
      parser->set_time(t);
      return parser->value(x);
    };
  }

  template std::function<double(const dealii::Point<2> &, double)>
  space_function(const std::string &, const std::string &);
  template std::function<double(const dealii::Point<3> &, double)>
  space_function(const std::string &, const std::string &);
} // namespace seem::commands
