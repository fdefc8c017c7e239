// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_SPARSE_FACTOR_H
#define SEEM_SOLVER_SPARSE_FACTOR_H

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>

#include <mpi.h>

#include <vector>

namespace seem::solver
{
  /**
   * Factor L D L^T of a symmetric positive definite matrix, gathered on the first rank: what it
   * gives does not depend on the partition but for round-off. Half the entries of an LU, and no
   * iterative refinement. The order of elimination is that of approximate minimum degree.
   */
  class SparseFactor
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    /// Factorise; a later @p matrix must have the sparsity of the first.
    /// @throws StepError on all ranks if a pivot is not positive
    void initialise(const dealii::TrilinosWrappers::SparseMatrix &matrix);

    void solve(Vector &dst, const Vector &src) const;

  private:
    /// Values of all ranks on the first one, rank after rank.
    template <typename T>
    std::vector<T> gather(const std::vector<T> &local, MPI_Datatype type) const;

    MPI_Comm communicator = MPI_COMM_NULL;
    bool first_rank = true, serial = true, analysed = false;
    std::vector<int> counts, offsets; ///< rows of each rank
    Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factor;
    mutable Eigen::VectorXd rhs, solution; ///< of all rows, on the first rank
  };
} // namespace seem::solver

#endif
