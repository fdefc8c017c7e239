// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_SOLVER_PATCH_MESH_H
#define SEEM_SOURCE_SOLVER_PATCH_MESH_H

#include <seem/solver/specimen_mesh.h>

#include <deal.II/base/point.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace seem::solver
{
  /**
   * A plane mesh made of four-sided patches, each a grid of cells between four sides that are
   * straight or arcs; then, in space, extruded. Patches that share a side must have the same number
   * of cells on it.
   */
  class PatchMesh
  {
  public:
    using Point2 = dealii::Point<2>;

    /// Centres of the arcs among the sides at lower s, upper s, lower t, upper t.
    using ArcCentres = std::array<std::optional<Point2>, 4>;

    /**
     * Add a patch.
     * @param[in] corners  at (s, t) = (0, 0), (1, 0), (0, 1), (1, 1), counted so that s and t are
     * right-handed
     * @param[in] n_s, n_t  cells along s and t
     */
    void add(const std::array<Point2, 4> &corners, const unsigned int n_s, const unsigned int n_t,
             const ArcCentres &arcs = {});

    /// The same reflected: at x = 0 and/or at y = 0.
    void add_reflected(const std::array<Point2, 4> &corners, const unsigned int n_s,
                       const unsigned int n_t, const ArcCentres &arcs, const bool reflect_x,
                       const bool reflect_y);

    /// Declare that the boundary along this circle is curved, and its boundary id.
    void add_arc(const Point2 &centre, const double radius, const dealii::types::boundary_id id);

    /**
     * Make the coarse mesh. Faces on the arcs and their edges get the arcs' manifolds and ids,
     * those in a face of the bounding box ids 0 to 5, all others @p other_id.
     * @param[in] n_slices, thickness  in space: number of cells along z, and their total height
     */
    template <int dim>
    void build(SpecimenMesh<dim> &mesh, const unsigned int n_slices, const double thickness,
               const dealii::types::boundary_id other_id = 6) const;

    /// The same of a plane mesh that was made otherwise.
    template <int dim>
    void finish(SpecimenMesh<dim> &mesh, const dealii::Triangulation<2> &plane,
                const unsigned int n_slices, const double thickness,
                const dealii::types::boundary_id other_id) const;

  private:
    struct Arc
    {
      Point2 centre;
      double radius;
      dealii::types::boundary_id id;
    };

    std::vector<Point2> vertices;
    std::vector<dealii::CellData<2>> cells;
    std::vector<Arc> arcs;
  };
} // namespace seem::solver

#endif
