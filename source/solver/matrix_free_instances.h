// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MATRIX_FREE_INSTANCES_H
#define SEEM_SOLVER_MATRIX_FREE_INSTANCES_H

// The code of deal.II's matrix-free layer for the widths of wide_vectorization.h. In one file for
// each number, so that they compile side by side.
#include "wide_vectorization.h"

#ifdef SEEM_OWN_VECTORIZATION

#include <deal.II/matrix_free/dof_info.templates.h>
#include <deal.II/matrix_free/mapping_info.templates.h>
#include <deal.II/matrix_free/mapping_info_storage.templates.h>
#include <deal.II/matrix_free/matrix_free.templates.h>
#include <deal.II/matrix_free/shape_info.templates.h>

#define FE_EVAL_FACTORY_DEGREE_MAX 2
#include <deal.II/matrix_free/evaluation_template_factory.templates.h>
#include <deal.II/matrix_free/evaluation_template_factory_hanging_nodes.templates.h>

#include <deal.II/lac/affine_constraints.h>

/// In namespace dealii.
#define SEEM_INSTANTIATE(dim, Number, Lanes)                                                       \
  template class MatrixFree<dim, Number, Lanes>;                                                   \
  template void MatrixFree<dim, Number, Lanes>::internal_reinit<double, dim>(                      \
      const std::shared_ptr<hp::MappingCollection<dim>> &,                                         \
      const std::vector<const DoFHandler<dim, dim> *> &,                                           \
      const std::vector<const AffineConstraints<double> *> &, const std::vector<IndexSet> &,       \
      const std::vector<hp::QCollection<dim>> &,                                                   \
      const MatrixFree<dim, Number, Lanes>::AdditionalData &);                                     \
  template struct internal::FEEvaluationFactory<dim, Lanes>;                                       \
  template struct internal::FEEvaluationHangingNodesFactory<dim, Number, Lanes>;

#endif

#endif
