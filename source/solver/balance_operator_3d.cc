// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matrix_free_balance.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

namespace seem::solver
{
  template <>
  std::unique_ptr<BalanceOperator<3>>
  make_balance_operator<3>(const Discretisation<3> &discretisation, const ElementSettings &settings)
  {
    switch (discretisation.degree)
    {
    case 1:
      return std::make_unique<MatrixFreeBalance<3, 1>>(discretisation, settings);
    case 2:
      return std::make_unique<MatrixFreeBalance<3, 2>>(discretisation, settings);
    default:
      throw InputError(
          fmt::format("elements of degree {}: expected 1 or 2", discretisation.degree));
    }
  }
} // namespace seem::solver
