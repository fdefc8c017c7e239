// SPDX-License-Identifier: LGPL-2.1-or-later
#include "node_grid.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr double tolerance = 1e-6; ///< of places, in cell edges

    /// Least and largest of each entry over all ranks.
    template <std::size_t n>
    void extremes_over_ranks(std::array<double, n> &least, std::array<double, n> &largest,
                             const MPI_Comm communicator)
    {
      Utilities::MPI::min(ArrayView<const double>(least.data(), n), communicator,
                          ArrayView<double>(least.data(), n));
      Utilities::MPI::max(ArrayView<const double>(largest.data(), n), communicator,
                          ArrayView<double>(largest.data(), n));
    }
  } // namespace

  template <int dim>
  NodeGrid<dim> make_node_grid(const Discretisation<dim> &discretisation)
  {
    NodeGrid<dim> grid;
    if (discretisation.degree != 1)
    {
      grid.obstacle = "its elements are quadratic";
      return grid;
    }
    if (!discretisation.fully_periodic)
    {
      grid.obstacle = "it is not periodic in all directions";
      return grid;
    }

    const DoFHandler<dim> &dofs = discretisation.dof_handler;
    const MPI_Comm communicator = dofs.get_communicator();
    std::array<double, 2 * dim> least, largest; // corners of the box, edges of the cells
    least.fill(std::numeric_limits<double>::max());
    largest.fill(std::numeric_limits<double>::lowest());
    for (const auto &cell : dofs.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int v : cell->vertex_indices())
          for (unsigned int d = 0; d < dim; ++d)
          {
            const double x = cell->vertex(v)[d];
            least[d] = std::min(least[d], x);
            largest[d] = std::max(largest[d], x);
            if (((v >> d) & 1) == 0)
            {
              const double edge = cell->vertex(v + (1 << d))[d] - x;
              least[dim + d] = std::min(least[dim + d], edge);
              largest[dim + d] = std::max(largest[dim + d], edge);
            }
          }
    extremes_over_ranks(least, largest, communicator);

    double n_nodes = 1.0;
    bool regular = true;
    for (unsigned int d = 0; d < dim; ++d)
    {
      const double n = std::round((largest[d] - least[d]) / largest[dim + d]);
      regular = regular && least[dim + d] > (1.0 - tolerance) * largest[dim + d];
      grid.n_cells[d] = static_cast<unsigned int>(n);
      grid.cell_edges[d] = (largest[d] - least[d]) / n;
      n_nodes *= n;
    }
    regular = regular && n_nodes == discretisation.triangulation.n_global_active_cells();

    const IndexSet &owned = dofs.locally_owned_dofs();
    grid.place.assign(owned.n_elements(), -1);
    double n_free = 0.0;
    if (regular)
      for (const auto &cell : dofs.active_cell_iterators())
        if (cell->is_locally_owned())
          for (const unsigned int v : cell->vertex_indices())
          {
            std::size_t node = 0;
            for (int d = dim - 1; d >= 0; --d)
            {
              const double x = (cell->vertex(v)[d] - least[d]) / grid.cell_edges[d];
              const double i = std::round(x);
              regular = regular && std::abs(x - i) < tolerance;
              node = node * grid.n_cells[d] + static_cast<unsigned int>(i) % grid.n_cells[d];
            }
            for (unsigned int c = 0; c < dim; ++c)
            {
              const types::global_dof_index i = cell->vertex_dof_index(v, c);
              if (!owned.is_element(i) || discretisation.constraints.is_constrained(i))
                continue;
              int &place = grid.place[owned.index_within_set(i)];
              n_free += place < 0;
              place = static_cast<int>(dim * node + c);
            }
          }
    if (Utilities::MPI::min(regular ? 1 : 0, communicator) == 0)
      grid.obstacle = "it is not a box of equal cells";
    else if (Utilities::MPI::sum(n_free, communicator) != dim * (n_nodes - 1.0))
      grid.obstacle = "some of its boundaries are held";
    return grid;
  }

  template NodeGrid<2> make_node_grid<2>(const Discretisation<2> &);
  template NodeGrid<3> make_node_grid<3>(const Discretisation<3> &);
} // namespace seem::solver
