// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_SPECIMEN_MESH_H
#define SEEM_SOLVER_SPECIMEN_MESH_H

#include <deal.II/grid/tria.h>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace seem::solver
{
  /// Two opposite faces of the boundary that are one by periodicity.
  struct PeriodicFaces
  {
    dealii::types::boundary_id lower, upper;
    unsigned int direction; ///< axis along which the upper one is shifted against the lower one
  };

  /**
   * A meshed specimen, before it is distributed: the coarse cells with their boundary ids, material
   * ids and manifolds, and how often they are refined. Every rank holds the whole coarse mesh; the
   * refinements make the hierarchy of the multigrid method. Lengths in nm.
   */
  template <int dim>
  struct SpecimenMesh
  {
    dealii::Triangulation<dim> coarse; ///< one level
    unsigned int n_refinements = 0;    ///< global, of every coarse cell
    std::vector<PeriodicFaces> periodic;
    std::map<std::string, dealii::types::boundary_id> boundary_names; ///< "left", "top", ...
    std::map<std::string, dealii::types::material_id> material_names; ///< those that have a name

    /// Number of the active cells after refinement.
    unsigned long n_cells() const
    {
      return static_cast<unsigned long>(coarse.n_active_cells()) << (dim * n_refinements);
    }
  };

  /**
   * A box of equal cells with one corner at the origin. Boundary ids are 0 (lower x), 1 (upper x),
   * 2 (lower y), ...; names "lower x", "upper x", ... The coarse mesh is as small as the numbers of
   * cells allow.
   * @param[in] edges     lengths of the box [nm], positive
   * @param[in] n_cells   numbers of cells along each edge, at least 1
   * @param[in] periodic  true for each direction in which opposite faces are one
   * @throws InputError if an edge or a number is not positive
   */
  template <int dim>
  void make_box(SpecimenMesh<dim> &mesh, const std::array<double, dim> &edges,
                const std::array<unsigned int, dim> &n_cells,
                const std::array<bool, dim> &periodic);
} // namespace seem::solver

#endif
