// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/specimen_mesh.h>

#include <deal.II/grid/grid_generator.h>

#include <fmt/format.h>

#include <algorithm>

namespace seem::solver
{
  using namespace dealii;

  template <int dim>
  void make_box(SpecimenMesh<dim> &mesh, const std::array<double, dim> &edges,
                const std::array<unsigned int, dim> &n_cells, const std::array<bool, dim> &periodic)
  {
    constexpr std::array<char, 3> axes = {{'x', 'y', 'z'}};
    unsigned int n_refinements = 16;
    Point<dim> upper;
    for (unsigned int d = 0; d < dim; ++d)
    {
      if (!(edges[d] > 0.0) || n_cells[d] < 1)
        throw InputError(
            fmt::format("box: edge {} has length {} nm and {} cells; both must be positive",
                        axes[d], edges[d], n_cells[d]));
      upper[d] = edges[d];
      unsigned int two = 0;
      while (((n_cells[d] >> two) & 1) == 0)
        ++two;
      n_refinements = std::min(n_refinements, two);
    }
    std::vector<unsigned int> coarse(n_cells.begin(), n_cells.end());
    for (unsigned int &n : coarse)
      n >>= n_refinements;

    mesh.coarse.clear();
    GridGenerator::subdivided_hyper_rectangle(mesh.coarse, coarse, Point<dim>(), upper,
                                              /*colorize=*/true);
    // Colours are wanted of the boundary alone.
    for (const auto &cell : mesh.coarse.active_cell_iterators())
      cell->set_material_id(0);

    mesh.n_refinements = n_refinements;
    mesh.periodic.clear();
    mesh.boundary_names.clear();
    for (unsigned int d = 0; d < dim; ++d)
    {
      mesh.boundary_names[fmt::format("lower {}", axes[d])] = 2 * d;
      mesh.boundary_names[fmt::format("upper {}", axes[d])] = 2 * d + 1;
      if (periodic[d])
        mesh.periodic.push_back({2 * d, 2 * d + 1, d});
    }
  }

  template void make_box<2>(SpecimenMesh<2> &, const std::array<double, 2> &,
                            const std::array<unsigned int, 2> &, const std::array<bool, 2> &);
  template void make_box<3>(SpecimenMesh<3> &, const std::array<double, 3> &,
                            const std::array<unsigned int, 3> &, const std::array<bool, 3> &);
} // namespace seem::solver
