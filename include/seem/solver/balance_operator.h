// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_BALANCE_OPERATOR_H
#define SEEM_SOLVER_BALANCE_OPERATOR_H

#include <seem/law/material_law.h>
#include <seem/law/tensor.h>
#include <seem/solver/discretisation.h>
#include <seem/solver/point_tangent.h>

#include <deal.II/base/point.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

#include <cstddef>
#include <functional>
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

  /// How strains follow from displacements.
  struct ElementSettings
  {
    double thickness = 1.0; ///< of the body in plane strain [nm]; 1 in 3D
    /// Mean dilatation (B-bar): the volume strain of a cell is its mean, so that isochoric plastic
    /// flow does not lock linear elements.
    bool mean_dilatation = true;
  };

  /**
   * Balance of momentum on a mesh, matrix-free: strains from displacements, internal forces from
   * stresses, and the tangent operator. Small strain; dim = 2 is plane strain of given thickness.
   * Lagrange elements of degree 1 or 2, Gauss quadrature with degree + 1 points per direction.
   *
   * With mean dilatation, tr(eps) -> <tr(eps)>_cell at every quadrature point. In plane strain the
   * correction (<tr> - tr)/3 enters xx, yy and zz alike. Source: T. J. R. Hughes,
   * doi:10.1002/nme.1620150914.
   *
   * Point p of the arrays [n_points] is quadrature point p % n_q of the cell p / n_q; cells in the
   * order of this rank's loop.
   */
  template <int dim>
  class BalanceOperator
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    virtual ~BalanceOperator() = default;

    /// Quadrature points of this rank, [n_points].
    virtual std::vector<QuadraturePoint<dim>> quadrature_points() const = 0;

    virtual unsigned int n_quadrature_points_per_cell() const = 0;

    /// Active cell index of each cell of this rank, in the order of the points, [n_points / n_q].
    virtual std::vector<unsigned int> active_cell_indices() const = 0;

    virtual void initialise_vector(Vector &vector) const = 0;

    /**
     * Total strains of the displacement E x + u + lift.
     * @param[in] u        free displacement [nm]; constrained entries follow from the constraints
     * @param[in] lift     prescribed displacement [nm], taken entry by entry; nullptr: none
     * @param[out] strains [n_points]
     */
    virtual void compute_strains(const Vector &u, const Vector *lift,
                                 const law::SymmetricTensor &mean_strain,
                                 std::vector<law::SymmetricTensor> &strains) const = 0;

    /**
     * Internal forces of @p stresses [GPa], [n_points], in GPa nm^2, constrained entries zero.
     * @return norm of the unassembled nodal forces over all ranks: the scale to measure an
     * unbalanced force against
     */
    virtual double internal_forces(const std::vector<law::SymmetricTensor> &stresses,
                                   Vector &forces) const = 0;

    /// Gives stresses and tangents of the points from @p begin to before @p end, whose strains are
    /// new. @p tangents is that of the point @p begin. Must not throw: other ranks would wait.
    using Respond = std::function<void(std::size_t begin, std::size_t end, law::Tangent *tangents)>;

    /**
     * compute_strains(), then @p respond to them, set_tangents() and internal_forces(), some cells
     * after the other: their numbers are read again while they are in the cache.
     * @param[out] strains   [n_points]
     * @param[in]  stresses  [n_points], into which @p respond writes [GPa]
     * @return as internal_forces()
     */
    virtual double respond_to(const Vector &u, const Vector *lift,
                              const law::SymmetricTensor &mean_strain,
                              std::vector<law::SymmetricTensor> &strains,
                              const std::vector<law::SymmetricTensor> &stresses, Vector &forces,
                              const Respond &respond) = 0;

    /// Take over the points' tangents, [n_points].
    virtual void set_tangents(const std::vector<law::Tangent> &tangents) = 0;

    /// Take over the tangents of some points; fastest in ascending order.
    virtual void set_tangents(const std::vector<PointTangent> &tangents) = 0;

    /// The tangents last taken over, to the last bit, [n_points]. In plane strain without the yz
    /// and xz components of their direction, which are zero.
    virtual std::vector<law::Tangent> tangents() const = 0;

    /// Replace each strain increment of @p tensors [n_points] by C : increment [GPa], with the
    /// tangents last taken over.
    virtual void apply_tangents(std::vector<law::SymmetricTensor> &tensors) const = 0;

    /// dst = K src with the tangents last set; identity on constrained entries.
    virtual void vmult(Vector &dst, const Vector &src) const = 0;

    /// The same operator as a Trilinos matrix; @p matrix has the sparsity of make_sparsity().
    virtual void assemble(dealii::TrilinosWrappers::SparseMatrix &matrix) const = 0;

    /// Give @p matrix the sparsity pattern of the operator.
    virtual void make_sparsity(dealii::TrilinosWrappers::SparseMatrix &matrix) const = 0;
  };

  /**
   * The operator of a discretisation, which must outlive it.
   * @throws InputError if its degree is not 1 or 2
   */
  template <int dim>
  std::unique_ptr<BalanceOperator<dim>>
  make_balance_operator(const Discretisation<dim> &discretisation, const ElementSettings &settings);
} // namespace seem::solver

#endif
