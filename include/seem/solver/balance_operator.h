// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_BALANCE_OPERATOR_H
#define SEEM_SOLVER_BALANCE_OPERATOR_H

#include <seem/law/material_law.h>
#include <seem/law/tensor.h>

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace seem::solver
{
  /// Where a quadrature point lies and what it is called.
  template <int dim>
  struct QuadraturePoint
  {
    dealii::Point<dim> position; ///< [nm]
    double volume;               ///< JxW times the thickness in plane strain [nm^3]
    PointKey key;
  };

  /**
   * Balance of momentum on a mesh of Q1 elements with mean dilatation (B-bar), matrix-free: strains
   * from displacements, internal forces from stresses, and the tangent operator. Small strain; dim
   * = 2 is plane strain of given thickness.
   *
   * B-bar: at every quadrature point the volume strain is the cell's mean of it, tr(eps) ->
   * <tr(eps)>_cell; isochoric plastic flow then does not lock. In plane strain the correction (<tr>
   * - tr)/3 enters xx, yy and zz alike.
   *
   * Point p of the arrays [n_points] is quadrature point p % n_q of the cell p / n_q; cells in the
   * order of this rank's loop. Source: T. J. R. Hughes, doi:10.1002/nme.1620150914.
   */
  template <int dim>
  class BalanceOperator
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    /// @param[in] thickness  of the body in plane strain [nm]; 1 in 3D
    BalanceOperator(const dealii::DoFHandler<dim> &dof_handler,
                    const dealii::AffineConstraints<double> &constraints, double thickness);
    ~BalanceOperator();

    /// Quadrature points of this rank, [n_points].
    std::vector<QuadraturePoint<dim>> quadrature_points() const;

    unsigned int n_quadrature_points_per_cell() const;

    /// Active cell index of each cell of this rank, in the order of the points, [n_points / n_q].
    std::vector<unsigned int> active_cell_indices() const;

    /// Rigid translations on the owned degrees of freedom, [dim][n_locally_owned]: the near null
    /// space for AMG.
    std::vector<std::vector<bool>> constant_modes() const;

    void initialise_vector(Vector &vector) const;

    /**
     * Total strains of the fluctuation @p u [nm] about the mean strain.
     * @param[out] strains  [n_points]
     */
    void compute_strains(const Vector &u, const law::SymmetricTensor &mean_strain,
                         std::vector<law::SymmetricTensor> &strains) const;

    /**
     * Internal forces of @p stresses [GPa], [n_points], in GPa nm^2, constrained entries zero.
     * @param[out] reaction  sum over the nodes of f(x)x, symmetric part: the forces' work-conjugate
     * of the mean strain, per unit of it [GPa nm^3]. Summed over all ranks.
     * @return norm of the unassembled nodal forces over all ranks: the scale to measure an
     * unbalanced force against
     */
    double internal_forces(const std::vector<law::SymmetricTensor> &stresses, Vector &forces,
                           dealii::SymmetricTensor<2, dim> &reaction) const;

    /// Take over the points' tangents, [n_points].
    void set_tangents(const std::vector<law::Tangent> &tangents);

    /// dst = K src with the tangents last set; identity on constrained entries.
    void vmult(Vector &dst, const Vector &src) const;

    /// The same operator as a Trilinos matrix; @p matrix has the sparsity of make_sparsity().
    void assemble(dealii::TrilinosWrappers::SparseMatrix &matrix) const;

    /// Give @p matrix the sparsity pattern of the operator.
    void make_sparsity(dealii::TrilinosWrappers::SparseMatrix &matrix) const;

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation;
  };
} // namespace seem::solver

#endif
