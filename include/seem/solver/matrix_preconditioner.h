// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MATRIX_PRECONDITIONER_H
#define SEEM_SOLVER_MATRIX_PRECONDITIONER_H

#include <seem/solver/stiffness_preconditioner.h>

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

#include <memory>
#include <vector>

namespace seem::solver
{
  class SparseFactor;

  /// Approximate inverse of a stiffness matrix: its sparse factor or algebraic multigrid.
  class MatrixInverse
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    /**
     * @param[in] direct          L D L^T, gathered on one rank; else one cycle of AMG
     * @param[in] constant_modes  rigid translations on the owned degrees of freedom, for AMG
     * @param[in] linear_elements tells AMG how dense the matrix is
     */
    MatrixInverse(bool direct, std::vector<std::vector<bool>> constant_modes, bool linear_elements);
    ~MatrixInverse();

    /// Renew from @p matrix, which must stay alive and keep its sparsity.
    /// @throws StepError on all ranks if the matrix has no factor: it is not positive definite
    void update(const dealii::TrilinosWrappers::SparseMatrix &matrix);

    void vmult(Vector &dst, const Vector &src) const;

  private:
    bool is_direct;
    std::vector<std::vector<bool>> constant_modes;
    bool linear_elements;
    std::unique_ptr<SparseFactor> factor;
    std::unique_ptr<dealii::TrilinosWrappers::PreconditionAMG> amg;
  };

  /// Preconditioner from the assembled matrix.
  template <int dim>
  class MatrixPreconditioner final : public StiffnessPreconditioner<dim>
  {
  public:
    using Vector = typename StiffnessPreconditioner<dim>::Vector;

    MatrixPreconditioner(bool direct, const Discretisation<dim> &discretisation);

    void update(const BalanceOperator<dim> &balance,
                const std::vector<law::Tangent> &tangents) override;

    void vmult(Vector &dst, const Vector &src) const override;

  private:
    dealii::TrilinosWrappers::SparseMatrix matrix;
    MatrixInverse inverse;
  };

  /// Rigid translations on the owned degrees of freedom of @p dof_handler.
  template <int dim>
  std::vector<std::vector<bool>> constant_modes(const dealii::DoFHandler<dim> &dof_handler);
} // namespace seem::solver

#endif
