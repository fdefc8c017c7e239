// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_CELL_QUALITY_H
#define SEEM_SOLVER_CELL_QUALITY_H

#include <deal.II/grid/tria.h>

#include <string>

namespace seem::solver
{
  /**
   * Scaled Jacobian of a quadrilateral or hexahedron: the smallest determinant, over its vertices,
   * of the unit vectors along the edges that meet there. 1 for a rectangle or box of any
   * proportions, 0 for a cell that is degenerate at a vertex, negative for one that is turned
   * inside out there. See Knupp, Finite Elem. Anal. Des. 39 (2003) 217.
   */
  template <int dim>
  double scaled_jacobian(const typename dealii::Triangulation<dim>::cell_iterator &cell);

  /// The cell of a mesh with the smallest scaled Jacobian.
  template <int dim>
  struct WorstCell
  {
    double scaled_jacobian;
    unsigned int index; ///< among the active cells, from 0
    dealii::Point<dim> centre;
  };

  /// Of the active cells; the first one of equal ones.
  template <int dim>
  WorstCell<dim> worst_cell(const dealii::Triangulation<dim> &mesh);

  /// "(1, 2, 3) nm".
  template <int dim>
  std::string format_point(const dealii::Point<dim> &point);
} // namespace seem::solver

#endif
