// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/periodic_box.h>

#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include <fmt/format.h>

#include <cmath>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// Boundary id of the lower face along @p d after GridGenerator's colouring; the upper one is
    /// one more.
    constexpr types::boundary_id lower_face(const unsigned int d)
    {
      return 2 * d;
    }

    /// True if @p vertex is a corner of the box.
    template <int dim>
    bool is_corner(const Point<dim> &vertex, const std::array<double, dim> &edges)
    {
      for (unsigned int d = 0; d < dim; ++d)
        if (std::abs(vertex[d]) > 1e-8 * edges[d] &&
            std::abs(vertex[d] - edges[d]) > 1e-8 * edges[d])
          return false;
      return true;
    }
  } // namespace

  template <int dim>
  PeriodicBox<dim>::PeriodicBox(const MPI_Comm communicator, const std::array<double, dim> &edges,
                                const std::array<unsigned int, dim> &n_cells)
      : triangulation(communicator), fe(FE_Q<dim>(1), dim), dof_handler(triangulation)
  {
    unsigned int n_refinements = 16;
    std::vector<unsigned int> coarse(n_cells.begin(), n_cells.end());
    Point<dim> upper;
    for (unsigned int d = 0; d < dim; ++d)
    {
      if (!(edges[d] > 0.0) || n_cells[d] < 1)
        throw InputError(fmt::format(
            "periodic box: edge {} has length {} nm and {} cells; both must be positive", d,
            edges[d], n_cells[d]));
      upper[d] = edges[d];
      unsigned int two = 0;
      while (((n_cells[d] >> two) & 1) == 0)
        ++two;
      n_refinements = std::min(n_refinements, two);
    }
    for (unsigned int &n : coarse)
      n >>= n_refinements;

    GridGenerator::subdivided_hyper_rectangle(triangulation, coarse, Point<dim>(), upper,
                                              /*colorize=*/true);
    std::vector<GridTools::PeriodicFacePair<typename Triangulation<dim>::cell_iterator>> faces;
    for (unsigned int d = 0; d < dim; ++d)
      GridTools::collect_periodic_faces(triangulation, lower_face(d), lower_face(d) + 1, d, faces);
    triangulation.add_periodicity(faces);
    triangulation.refine_global(n_refinements);

    dof_handler.distribute_dofs(fe);
    DoFTools::extract_locally_relevant_dofs(dof_handler, locally_relevant);
    constraints.reinit(locally_relevant);

    // The corners first: make_periodicity_constraints() leaves alone what is constrained already.
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (!cell->is_artificial())
        for (const unsigned int v : cell->vertex_indices())
          if (is_corner<dim>(cell->vertex(v), edges))
            for (unsigned int c = 0; c < dim; ++c)
              constraints.add_line(cell->vertex_dof_index(v, c));

    std::vector<GridTools::PeriodicFacePair<typename DoFHandler<dim>::cell_iterator>> dof_faces;
    for (unsigned int d = 0; d < dim; ++d)
      GridTools::collect_periodic_faces(dof_handler, lower_face(d), lower_face(d) + 1, d,
                                        dof_faces);
    DoFTools::make_periodicity_constraints<dim, dim>(dof_faces, constraints);
    constraints.close();
  }

  template class PeriodicBox<2>;
  template class PeriodicBox<3>;
} // namespace seem::solver
