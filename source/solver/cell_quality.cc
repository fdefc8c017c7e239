// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/cell_quality.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace seem::solver
{
  using namespace dealii;

  template <int dim>
  double scaled_jacobian(const typename Triangulation<dim>::cell_iterator &cell)
  {
    double smallest = std::numeric_limits<double>::infinity();
    for (const unsigned int v : cell->vertex_indices())
    {
      // In deal.II's numbering bit d of the number of a vertex is its coordinate d.
      Tensor<2, dim> edges;
      for (unsigned int d = 0; d < dim; ++d)
      {
        const unsigned int other = v ^ (1u << d);
        Tensor<1, dim> edge = cell->vertex(std::max(v, other)) - cell->vertex(std::min(v, other));
        const double length = edge.norm();
        if (length > 0.0)
          edge /= length;
        edges[d] = edge;
      }
      smallest = std::min(smallest, determinant(edges));
    }
    return smallest;
  }

  template <int dim>
  WorstCell<dim> worst_cell(const Triangulation<dim> &mesh)
  {
    WorstCell<dim> worst{std::numeric_limits<double>::infinity(), 0, {}};
    for (const auto &cell : mesh.active_cell_iterators())
    {
      const double quality = scaled_jacobian<dim>(cell);
      if (quality < worst.scaled_jacobian)
        worst = {quality, cell->active_cell_index(), cell->center()};
    }
    return worst;
  }

  template <int dim>
  std::string format_point(const Point<dim> &point)
  {
    if constexpr (dim == 2)
      return fmt::format("({:.5g}, {:.5g}) nm", point[0], point[1]);
    else
      return fmt::format("({:.5g}, {:.5g}, {:.5g}) nm", point[0], point[1], point[2]);
  }

  template double scaled_jacobian<2>(const Triangulation<2>::cell_iterator &);
  template double scaled_jacobian<3>(const Triangulation<3>::cell_iterator &);
  template WorstCell<2> worst_cell(const Triangulation<2> &);
  template WorstCell<3> worst_cell(const Triangulation<3> &);
  template std::string format_point(const Point<2> &);
  template std::string format_point(const Point<3> &);
} // namespace seem::solver
