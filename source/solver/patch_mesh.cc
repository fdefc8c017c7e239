// SPDX-License-Identifier: LGPL-2.1-or-later
#include "patch_mesh.h"

#include <deal.II/base/numbers.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/manifold_lib.h>

#include <algorithm>
#include <cmath>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// The point at share @p t of the way from @p a to @p b, straight or on the shorter arc.
    Point<2> along(const Point<2> &a, const Point<2> &b, const std::optional<Point<2>> &centre,
                   const double t)
    {
      if (!centre)
        return Point<2>((1.0 - t) * a + t * b);
      const Tensor<1, 2> from = a - *centre, to = b - *centre;
      const double start = std::atan2(from[1], from[0]);
      const double turn = std::remainder(std::atan2(to[1], to[0]) - start, 2.0 * numbers::PI);
      const double radius = (1.0 - t) * from.norm() + t * to.norm();
      // The ends exactly: neighbours have them too.
      if (t == 0.0 || t == 1.0)
        return t == 0.0 ? a : b;
      return *centre +
             radius * Tensor<1, 2>({std::cos(start + t * turn), std::sin(start + t * turn)});
    }

    template <int dim>
    std::unique_ptr<Manifold<dim>> arc_manifold(const Point<2> &centre)
    {
      if constexpr (dim == 2)
        return std::make_unique<PolarManifold<2>>(centre);
      else
        return std::make_unique<CylindricalManifold<3>>(Tensor<1, 3>({0.0, 0.0, 1.0}),
                                                        Point<3>(centre[0], centre[1], 0.0));
    }

    /// Share of a mesh's extent up to which two lengths are the same.
    constexpr double round_off = 1e-8;
  } // namespace

  void PatchMesh::add(const std::array<Point2, 4> &corners, const unsigned int n_s,
                      const unsigned int n_t, const ArcCentres &arcs)
  {
    const unsigned int first = static_cast<unsigned int>(vertices.size());
    for (unsigned int j = 0; j <= n_t; ++j)
      for (unsigned int i = 0; i <= n_s; ++i)
      {
        // Transfinite interpolation between the four sides.
        const double s = static_cast<double>(i) / n_s, t = static_cast<double>(j) / n_t;
        Tensor<1, 2> x = (1.0 - s) * Tensor<1, 2>(along(corners[0], corners[2], arcs[0], t)) +
                         s * Tensor<1, 2>(along(corners[1], corners[3], arcs[1], t)) +
                         (1.0 - t) * Tensor<1, 2>(along(corners[0], corners[1], arcs[2], s)) +
                         t * Tensor<1, 2>(along(corners[2], corners[3], arcs[3], s));
        x -= (1.0 - s) * ((1.0 - t) * corners[0] + t * Tensor<1, 2>(corners[2])) +
             s * ((1.0 - t) * corners[1] + t * Tensor<1, 2>(corners[3]));
        vertices.emplace_back(x);
      }
    for (unsigned int j = 0; j < n_t; ++j)
      for (unsigned int i = 0; i < n_s; ++i)
      {
        CellData<2> cell;
        const unsigned int corner = first + j * (n_s + 1) + i;
        cell.vertices = {corner, corner + 1, corner + n_s + 1, corner + n_s + 2};
        cells.push_back(cell);
      }
  }

  void PatchMesh::add_reflected(const std::array<Point2, 4> &corners, const unsigned int n_s,
                                const unsigned int n_t, const ArcCentres &arcs,
                                const bool reflect_x, const bool reflect_y)
  {
    const auto reflect = [&](const Point2 &x) {
      return Point2(reflect_x ? -x[0] : x[0], reflect_y ? -x[1] : x[1]);
    };
    std::array<Point2, 4> points;
    std::transform(corners.begin(), corners.end(), points.begin(), reflect);
    ArcCentres centres;
    for (unsigned int i = 0; i < 4; ++i)
      if (arcs[i])
        centres[i] = reflect(*arcs[i]);
    // One reflection turns right-handed into left-handed: s runs the other way.
    if (reflect_x != reflect_y)
      add({points[1], points[0], points[3], points[2]}, n_s, n_t,
          {centres[1], centres[0], centres[2], centres[3]});
    else
      add(points, n_s, n_t, centres);
  }

  void PatchMesh::add_arc(const Point2 &centre, const double radius, const types::boundary_id id)
  {
    arcs.push_back({centre, radius, id});
  }

  template <int dim>
  void PatchMesh::build(SpecimenMesh<dim> &mesh, const unsigned int n_slices,
                        const double thickness, const types::boundary_id other_id) const
  {
    std::vector<Point2> points = vertices;
    std::vector<CellData<2>> quadrilaterals = cells;
    SubCellData none;
    std::vector<unsigned int> all;
    const double size =
        std::sqrt(std::max_element(points.begin(), points.end(), [](const auto &a, const auto &b) {
                    return a.square() < b.square();
                  })->square());
    GridTools::delete_duplicated_vertices(points, quadrilaterals, none, all, round_off * size);
    GridTools::consistently_order_cells(quadrilaterals);
    Triangulation<2> plane;
    plane.create_triangulation(points, quadrilaterals, none);
    finish(mesh, plane, n_slices, thickness, other_id);
  }

  template <int dim>
  void PatchMesh::finish(SpecimenMesh<dim> &mesh, const Triangulation<2> &plane,
                         const unsigned int n_slices, const double thickness,
                         const types::boundary_id other_id) const
  {
    mesh.coarse.clear();
    mesh.periodic.clear();
    mesh.boundary_names.clear();
    mesh.material_names.clear();
    if constexpr (dim == 2)
      mesh.coarse.copy_triangulation(plane);
    else
      GridGenerator::extrude_triangulation(plane, n_slices + 1, thickness, mesh.coarse);
    mesh.coarse.reset_all_manifolds();
    mesh.coarse.set_all_manifold_ids(numbers::flat_manifold_id);

    const BoundingBox<dim> box = GridTools::compute_bounding_box(mesh.coarse);
    double size = 0.0;
    for (unsigned int d = 0; d < dim; ++d)
      size = std::max(size, box.side_length(d));
    const double same = round_off * size;

    for (const auto &cell : mesh.coarse.active_cell_iterators())
      for (const auto &face : cell->face_iterators())
      {
        if (!face->at_boundary())
          continue;
        // Whether each of its vertices fulfils a condition.
        const auto all_vertices = [&](const auto &condition) {
          for (const unsigned int v : face->vertex_indices())
            if (!condition(face->vertex(v)))
              return false;
          return true;
        };
        face->set_all_boundary_ids(other_id);
        for (unsigned int d = 0; d < dim; ++d)
          for (const bool upper : {false, true})
          {
            const double side = upper ? box.upper_bound(d) : box.lower_bound(d);
            if (all_vertices([&](const Point<dim> &x) { return std::abs(x[d] - side) < same; }))
              face->set_all_boundary_ids(2 * d + upper);
          }
        for (unsigned int i = 0; i < arcs.size(); ++i)
        {
          const auto on_arc = [&](const Point<dim> &x) {
            return std::abs(Point2(x[0], x[1]).distance(arcs[i].centre) - arcs[i].radius) < same;
          };
          // A disc between two slices has its vertices on the arc too, but not its faces.
          if (dim == 3 && face->boundary_id() >= 4 && face->boundary_id() <= 5)
            continue;
          if (all_vertices(on_arc))
          {
            face->set_all_boundary_ids(arcs[i].id);
            face->set_all_manifold_ids(i + 1);
          }
        }
      }
    for (unsigned int i = 0; i < arcs.size(); ++i)
      mesh.coarse.set_manifold(i + 1, *arc_manifold<dim>(arcs[i].centre));

    // Names of the ids that occur; 6 and above are the shape's own.
    constexpr std::array<const char *, 6> box_names = {
        {"lower x", "upper x", "lower y", "upper y", "lower z", "upper z"}};
    for (const types::boundary_id id : mesh.coarse.get_boundary_ids())
      if (id < box_names.size())
        mesh.boundary_names[box_names[id]] = id;
  }

  template void PatchMesh::build(SpecimenMesh<2> &, const unsigned int, const double,
                                 const types::boundary_id) const;
  template void PatchMesh::build(SpecimenMesh<3> &, const unsigned int, const double,
                                 const types::boundary_id) const;
  template void PatchMesh::finish(SpecimenMesh<2> &, const Triangulation<2> &, const unsigned int,
                                  const double, const types::boundary_id) const;
  template void PatchMesh::finish(SpecimenMesh<3> &, const Triangulation<2> &, const unsigned int,
                                  const double, const types::boundary_id) const;
} // namespace seem::solver
