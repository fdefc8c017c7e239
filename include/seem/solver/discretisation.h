// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_DISCRETISATION_H
#define SEEM_SOLVER_DISCRETISATION_H

#include <seem/solver/specimen_mesh.h>

#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/lac/affine_constraints.h>

#include <array>
#include <map>

namespace seem::solver
{
  /// Prescribed displacement components, by boundary id.
  template <int dim>
  using PrescribedComponents = std::map<dealii::types::boundary_id, std::array<bool, dim>>;

  /**
   * A specimen's mesh at one level of its hierarchy, distributed over the ranks, with Lagrange
   * displacements of degree 1 or 2 and their homogeneous constraints: prescribed components zero,
   * periodic faces equal. A body that is periodic in all directions is held at the node of its
   * corners, which removes the rigid translation.
   */
  template <int dim>
  class Discretisation
  {
  public:
    /**
     * @param[in] n_refinements  at most those of @p mesh; fewer: a coarser level
     * @throws InputError if a boundary id of @p prescribed is not on the mesh, periodic faces do
     * not match, or the body can move as a whole (the motion is named)
     */
    Discretisation(MPI_Comm communicator, const SpecimenMesh<dim> &mesh, unsigned int n_refinements,
                   unsigned int degree, const PrescribedComponents<dim> &prescribed);

    dealii::parallel::distributed::Triangulation<dim> triangulation;
    dealii::FESystem<dim> fe;
    dealii::DoFHandler<dim> dof_handler;
    dealii::AffineConstraints<double> constraints;
    dealii::IndexSet locally_relevant;
    unsigned int degree;
    bool fully_periodic;

  private:
    void hold_corners(const SpecimenMesh<dim> &mesh);
    void make_periodic(const SpecimenMesh<dim> &mesh);
    void check_rigid_motions(const PrescribedComponents<dim> &prescribed,
                             const SpecimenMesh<dim> &mesh) const;
  };
} // namespace seem::solver

#endif
