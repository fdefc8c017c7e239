// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_STIFFNESS_PRECONDITIONER_H
#define SEEM_SOLVER_STIFFNESS_PRECONDITIONER_H

#include <seem/law/material_law.h>
#include <seem/solver/balance_operator.h>
#include <seem/solver/discretisation.h>
#include <seem/solver/specimen_mesh.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <memory>
#include <vector>

namespace seem::solver
{
  /// How the tangent operator is preconditioned.
  enum class PreconditionerKind
  {
    automatic, ///< by what is possible and the size of the problem
    direct,    ///< sparse L D L^T of the matrix, gathered on one rank
    amg,       ///< smoothed aggregation of the matrix (ML)
    multigrid, ///< geometric, matrix-free
    spectral   ///< exact for a homogeneous body, by Fourier transforms: periodic boxes
  };

  /// Numbers of a cycle of multigrid; the residuals and all else are in double.
  enum class MultigridPrecision
  {
    double_precision, ///< iterates do not depend on the partition but for round-off
    single_precision  ///< cheaper; iterates depend on the partition within the solver's tolerance
  };

  /**
   * Preconditioner from the tangent of an earlier state. Stiffness changes slowly, so it is kept
   * over many solves and renewed by the caller when iterations grow.
   */
  template <int dim>
  class StiffnessPreconditioner
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    virtual ~StiffnessPreconditioner() = default;

    /// Renew for the tangents [n_points] that @p balance has been given.
    virtual void update(const BalanceOperator<dim> &balance,
                        const std::vector<law::Tangent> &tangents) = 0;

    virtual void vmult(Vector &dst, const Vector &src) const = 0;
  };

  /**
   * @param[in] mesh            of @p discretisation; both must outlive the preconditioner
   * @param[in] prescribed      components that the discretisation holds
   * @param[in] settings        of the operator
   * @param[in] precision       if it is multigrid
   */
  template <int dim>
  std::unique_ptr<StiffnessPreconditioner<dim>>
  make_preconditioner(PreconditionerKind kind, const SpecimenMesh<dim> &mesh,
                      const Discretisation<dim> &discretisation,
                      const PrescribedComponents<dim> &prescribed, const ElementSettings &settings,
                      MultigridPrecision precision = MultigridPrecision::double_precision);
} // namespace seem::solver

#endif
