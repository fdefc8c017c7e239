// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_PERIODIC_BOX_H
#define SEEM_SOLVER_PERIODIC_BOX_H

#include <deal.II/base/point.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/lac/affine_constraints.h>

#include <array>

namespace seem::solver
{
  /**
   * A fully periodic box of equal cells with Q1 displacements: the fluctuation of the displacement
   * about an imposed mean strain. The nodes at the box's corners, one node by periodicity, are
   * held, which removes the rigid translation.
   *
   * The box starts at the origin. The coarse mesh is as small as the numbers of cells allow, the
   * rest is refinement, so that p4est has a tree to distribute.
   */
  template <int dim>
  class PeriodicBox
  {
  public:
    /**
     * @param[in] edges    lengths of the box [nm], positive
     * @param[in] n_cells  numbers of cells along each edge, at least 1
     * @throws InputError if one is not
     */
    PeriodicBox(MPI_Comm communicator, const std::array<double, dim> &edges,
                const std::array<unsigned int, dim> &n_cells);

    dealii::parallel::distributed::Triangulation<dim> triangulation;
    dealii::FESystem<dim> fe;
    dealii::DoFHandler<dim> dof_handler;
    dealii::AffineConstraints<double> constraints;
    dealii::IndexSet locally_relevant;
  };
} // namespace seem::solver

#endif
