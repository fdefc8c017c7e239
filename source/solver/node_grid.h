// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_NODE_GRID_H
#define SEEM_SOLVER_NODE_GRID_H

#include <seem/solver/discretisation.h>

#include <array>
#include <string>
#include <vector>

namespace seem::solver
{
  /// The nodes of a box of equal linear cells, periodic in all directions, as a grid.
  template <int dim>
  struct NodeGrid
  {
    /// What makes the discretisation something else, for a message; empty: nothing.
    std::string obstacle;

    std::array<unsigned int, dim> n_cells; ///< along each edge, as many as different nodes
    std::array<double, dim> cell_edges;    ///< [nm]

    /// dim node + component of each owned degree of freedom, x running fastest; -1 of constrained
    /// ones: images of others by periodicity and the held corner, which is node 0.
    std::vector<int> place;
  };

  /// Collective; on all ranks the same but for the places.
  template <int dim>
  NodeGrid<dim> make_node_grid(const Discretisation<dim> &discretisation);
} // namespace seem::solver

#endif
