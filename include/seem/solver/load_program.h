// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_LOAD_PROGRAM_H
#define SEEM_SOLVER_LOAD_PROGRAM_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/discretisation.h>
#include <seem/solver/loading.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <array>
#include <map>
#include <vector>

namespace seem::solver
{
  /// The load on the degrees of freedom at one pseudo-time.
  struct Load
  {
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

    double time = 0.0;
    law::SymmetricTensor mean; ///< prescribed mean strain [-] or stress [GPa] by component, Mandel
    Vector lift;               ///< prescribed displacement [nm], zero elsewhere; empty: none
    Vector forces;             ///< of the tractions [GPa nm^2]; empty: none
  };

  /// Makes nodal loads of a Loading.
  template <int dim>
  class LoadProgram
  {
  public:
    /**
     * The discretisation must outlive this object.
     * @param[in] thickness  in plane strain [nm]; 1 in 3D
     * @throws InputError if a traction acts on a boundary that the mesh does not have
     */
    LoadProgram(const Discretisation<dim> &discretisation, const BalanceOperator<dim> &balance,
                Loading<dim> loading, double thickness);

    const Loading<dim> &loading() const
    {
      return data;
    }

    /// Set @p load to that at @p t. @throws InputError if a value is not finite
    void evaluate(double t, Load &load) const;

    /// Boundaries with prescribed components, in ascending order.
    std::vector<dealii::types::boundary_id> moved_boundaries() const;

    /**
     * Unit rigid motion of the nodes of @p boundary, one of moved_boundaries(): mode < dim a
     * translation along that axis [nm], then rotations about z (2D) or x, y, z through the origin.
     * The work of stresses on its strains is the force or moment on that boundary.
     */
    void unit_motion(dealii::types::boundary_id boundary, unsigned int mode, Load::Vector &v) const;

    /// Number of rigid modes.
    static constexpr unsigned int n_modes = dim * (dim + 1) / 2;

  private:
    /// An owned degree of freedom on a boundary.
    struct BoundaryDof
    {
      dealii::types::global_dof_index index;
      unsigned int component;
      dealii::Point<dim> place;
    };

    std::vector<BoundaryDof> dofs_on(dealii::types::boundary_id boundary,
                                     const std::array<bool, dim> &components) const;

    const Discretisation<dim> &discretisation;
    const BalanceOperator<dim> &balance;
    Loading<dim> data;
    double thickness;
    std::vector<std::vector<BoundaryDof>> moved;                          ///< by motion
    std::map<dealii::types::boundary_id, std::vector<BoundaryDof>> nodes; ///< of moved boundaries
  };
} // namespace seem::solver

#endif
