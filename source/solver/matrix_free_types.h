// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MATRIX_FREE_TYPES_H
#define SEEM_SOLVER_MATRIX_FREE_TYPES_H

#include "wide_vectorization.h"

#include <deal.II/matrix_free/fe_evaluation.h>
#include <deal.II/matrix_free/matrix_free.h>

namespace seem::solver
{
  template <int dim, typename Number>
  using WideMatrixFree = dealii::MatrixFree<dim, Number, Wide<Number>>;

  template <int dim, int degree, typename Number>
  using WideEvaluation = dealii::FEEvaluation<dim, degree, degree + 1, dim, Number, Wide<Number>>;
} // namespace seem::solver

#ifdef SEEM_OWN_VECTORIZATION
namespace dealii
{
  // Compiled once, in matrix_free_instances.cc.
  extern template class MatrixFree<2, double, seem::solver::WideDouble>;
  extern template class MatrixFree<3, double, seem::solver::WideDouble>;
  extern template class MatrixFree<2, float, seem::solver::WideFloat>;
  extern template class MatrixFree<3, float, seem::solver::WideFloat>;
} // namespace dealii
#endif

#endif
