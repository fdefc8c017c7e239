// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_STIFFNESS_PRECONDITIONER_H
#define SEEM_SOLVER_STIFFNESS_PRECONDITIONER_H

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

#include <memory>
#include <vector>

namespace seem::solver
{
  /// How the tangent matrix is turned into a preconditioner.
  enum class PreconditionerKind
  {
    automatic, ///< direct up to a size where its fill is still cheap, else amg
    direct,    ///< sparse LU (Amesos KLU, gathered on one rank)
    amg        ///< smoothed aggregation (ML)
  };

  /**
   * Preconditioner from a tangent matrix of an earlier state. Stiffness changes slowly, so it is
   * kept over many solves and renewed by the caller when iterations grow.
   */
  class StiffnessPreconditioner
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    /// @param[in] constant_modes  rigid translations on the owned degrees of freedom, for amg
    StiffnessPreconditioner(PreconditionerKind kind, std::vector<std::vector<bool>> constant_modes);
    ~StiffnessPreconditioner();

    /// Renew from @p matrix, which must stay alive.
    void update(const dealii::TrilinosWrappers::SparseMatrix &matrix);

    bool empty() const;

    void vmult(Vector &dst, const Vector &src) const;

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation;
    PreconditionerKind kind;
    std::vector<std::vector<bool>> constant_modes;
  };
} // namespace seem::solver

#endif
