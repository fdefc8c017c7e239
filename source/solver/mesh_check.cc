// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mesh_check.h"

#include <seem/core/exceptions.h>
#include <seem/solver/cell_quality.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/grid/grid_tools.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <sstream>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// Faces of a cell as positions in RawMesh::Element::nodes.
    std::vector<std::vector<unsigned int>> faces_of(const ElementShape &cell)
    {
      if (&cell == &shapes::quadrilateral)
        return {{0, 1}, {1, 2}, {2, 3}, {3, 0}};
      return {{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 1, 5, 4}, {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
    }

    /// Jacobian determinants of a cell with lexicographic @p vertices: the smallest, over the
    /// quadrature points, in units of the mean one.
    template <int dim>
    double smallest_relative_jacobian(const std::vector<Point<dim>> &vertices)
    {
      static const FE_Q<dim> fe(1);
      static const QGauss<dim> quadrature(3);
      double smallest = std::numeric_limits<double>::infinity(), mean = 0.0;
      for (unsigned int q = 0; q < quadrature.size(); ++q)
      {
        Tensor<2, dim> jacobian;
        for (unsigned int v = 0; v < vertices.size(); ++v)
          jacobian +=
              outer_product(Tensor<1, dim>(vertices[v]), fe.shape_grad(v, quadrature.point(q)));
        const double d = determinant(jacobian);
        smallest = std::min(smallest, d);
        mean += quadrature.weight(q) * d;
      }
      return smallest / mean;
    }

    /// deal.II's lexicographic order of vertices from counter-clockwise faces.
    constexpr std::array<unsigned int, 8> lexicographic = {{0, 1, 3, 2, 4, 5, 7, 6}};

    std::vector<unsigned int> sorted(std::vector<unsigned int> nodes)
    {
      std::sort(nodes.begin(), nodes.end());
      return nodes;
    }
  } // namespace

  template <int dim>
  MeshCheck<dim>::MeshCheck(const RawMesh &raw, const MeshFileSettings &settings)
      : raw(raw), settings(settings),
        cell_shape(dim == 2 ? shapes::quadrilateral : shapes::hexahedron),
        face_shape(dim == 2 ? shapes::line : shapes::quadrilateral)
  {
    for (const RawMesh::Element &element : raw.elements)
      if (element.shape == &cell_shape)
        cells.push_back(&element);
  }

  template <int dim>
  void MeshCheck<dim>::run()
  {
    check_elements();
    check_plane();
    check_cells();
    find_faces();
    check_ids();
    check_joints();
    check_unnamed();
  }

  template <int dim>
  std::size_t MeshCheck<dim>::n_unused_nodes() const
  {
    std::vector<bool> used(raw.nodes.size(), false);
    for (const RawMesh::Element *cell : cells)
      for (const unsigned int node : cell->nodes)
        used[node] = true;
    return static_cast<std::size_t>(std::count(used.begin(), used.end(), false));
  }

  template <int dim>
  void MeshCheck<dim>::fail(const std::string &what) const
  {
    throw InputError(fmt::format("{}: {}", settings.file.string(), what));
  }

  template <int dim>
  std::string MeshCheck<dim>::describe(const RawMesh::Element &element) const
  {
    return fmt::format("{} {} at {}", element.shape->name, element.number,
                       format_point<dim>(centre(element.nodes)));
  }

  template <int dim>
  Point<dim> MeshCheck<dim>::position(const unsigned int node) const
  {
    Point<dim> x;
    for (unsigned int d = 0; d < dim; ++d)
      x[d] = settings.unit * raw.nodes[node][d];
    return x;
  }

  template <int dim>
  Point<dim> MeshCheck<dim>::centre(const std::vector<unsigned int> &nodes) const
  {
    Tensor<1, dim> sum;
    for (const unsigned int node : nodes)
      sum += position(node);
    return Point<dim>(sum / static_cast<double>(nodes.size()));
  }

  template <int dim>
  void MeshCheck<dim>::check_elements() const
  {
    std::map<std::string, std::size_t> n;
    std::size_t n_unusable = 0, n_other = 0;
    const RawMesh::Element *first = nullptr;
    for (const RawMesh::Element &element : raw.elements)
    {
      n_other += element.shape->dimension > dim;
      if (element.shape->usable || element.shape->dimension + 1 < dim)
        continue;
      ++n_unusable;
      ++n[element.shape->name];
      if (first == nullptr)
        first = &element;
    }
    const std::string gmsh_cure = dim == 2
                                      ? "Mesh.RecombineAll = 1 with Mesh.SubdivisionAlgorithm = 1"
                                      : "Mesh.SubdivisionAlgorithm = 2, or transfinite volumes "
                                        "and extrusions with Recombine";
    if (n_unusable > 0)
    {
      if (std::string(first->shape->name).find("second order") != std::string::npos)
        fail(fmt::format("{}: {} elements of second order; the solver takes cells of first order "
                         "and refines them (in Gmsh: Mesh.ElementOrder = 1)",
                         describe(*first), n_unusable));
      std::vector<std::string> kinds;
      for (const auto &[name, number] : n)
        kinds.push_back(fmt::format("{} of shape {}", number, name));
      fail(fmt::format("{}: {}; the solver takes {} only (in Gmsh: {})", describe(*first),
                       fmt::join(kinds, ", "), dim == 2 ? "quadrilaterals" : "hexahedra",
                       gmsh_cure));
    }
    if (dim == 2 && n_other > 0)
      fail(fmt::format("a mesh in space, {} cells, for a run in the plane; set "
                       "\"Specimen/Dimension\" = 3 or mesh the section (gmsh -2)",
                       n_other));
    if (cells.empty())
    {
      const std::size_t n_faces = static_cast<std::size_t>(
          std::count_if(raw.elements.begin(), raw.elements.end(),
                        [&](const auto &element) { return element.shape == &face_shape; }));
      if (dim == 3 && n_faces > 0)
        fail(fmt::format("a mesh in the plane, {} quadrilaterals and no hexahedra, for a run in "
                         "space; set \"Specimen/Dimension\" = 2 or mesh the volume (gmsh -3); with "
                         "physical groups Gmsh writes only what is in one",
                         n_faces));
      fail(fmt::format("no {} in the file; with physical groups Gmsh writes only what is in one",
                       dim == 2 ? "quadrilaterals" : "hexahedra"));
    }
  }

  template <int dim>
  void MeshCheck<dim>::check_plane() const
  {
    if (dim == 3)
      return;
    double low = raw.nodes[cells.front()->nodes.front()][2], high = low;
    for (const RawMesh::Element *cell : cells)
      for (const unsigned int node : cell->nodes)
      {
        low = std::min(low, raw.nodes[node][2]);
        high = std::max(high, raw.nodes[node][2]);
      }
    const double size =
        position(cells.front()->nodes[0]).distance(position(cells.front()->nodes[2]));
    if (settings.unit * (high - low) > 1e-6 * size)
      fail(fmt::format("a mesh for a run in the plane must lie in a plane z = constant; z goes "
                       "from {} to {}",
                       low, high));
  }

  template <int dim>
  void MeshCheck<dim>::check_cells() const
  {
    constexpr unsigned int n_vertices = 1u << dim;
    for (const RawMesh::Element *cell : cells)
    {
      std::vector<Point<dim>> vertices(n_vertices);
      for (unsigned int v = 0; v < n_vertices; ++v)
        vertices[lexicographic[v]] = position(cell->nodes[v]);
      // A cell counted the other way round is fine: its sign is one at all vertices.
      double low = std::numeric_limits<double>::infinity(), high = -low;
      for (unsigned int v = 0; v < n_vertices; ++v)
      {
        Tensor<2, dim> edges;
        for (unsigned int d = 0; d < dim; ++d)
        {
          const Tensor<1, dim> edge = vertices[v | (1u << d)] - vertices[v & ~(1u << d)];
          edges[d] = edge / std::max(edge.norm(), std::numeric_limits<double>::min());
        }
        low = std::min(low, determinant(edges));
        high = std::max(high, determinant(edges));
      }
      if (low < 0.0 && high < 0.0)
      {
        std::swap(low, high);
        low = -low;
      }
      constexpr double degenerate = 1e-3;
      if (low < degenerate || smallest_relative_jacobian<dim>(vertices) <= 0.0)
        fail(fmt::format("{} is {}: its scaled Jacobian is {:.3g} at a vertex; move its nodes or "
                         "mesh anew (in Gmsh: Mesh.Smoothing, or finer)",
                         describe(*cell), low < -degenerate ? "inside out" : "degenerate", low));
    }
  }

  template <int dim>
  void MeshCheck<dim>::find_faces()
  {
    for (const RawMesh::Element *cell : cells)
      for (const std::vector<unsigned int> &positions : faces_of(cell_shape))
      {
        Face face{{}, cell, 1, 0};
        for (const unsigned int p : positions)
          face.nodes.push_back(cell->nodes[p]);
        const auto [known, is_new] = faces.emplace(sorted(face.nodes), face);
        if (!is_new && ++known->second.n_cells > 2)
          fail(fmt::format("three cells share the face of {} at {}; is a cell there twice?",
                           describe(*cell), format_point<dim>(centre(face.nodes))));
      }
  }

  template <int dim>
  void MeshCheck<dim>::check_ids()
  {
    for (const RawMesh::Element &element : raw.elements)
    {
      if (element.shape != &face_shape || element.id == 0)
        continue;
      const auto face = faces.find(sorted(element.nodes));
      if (face == faces.end())
        fail(fmt::format("{} with the boundary id {} is no face of a cell", describe(element),
                         element.id));
      if (face->second.n_cells == 2)
        fail(fmt::format("{} with the boundary id {} lies inside the mesh; only faces of the "
                         "boundary can have an id",
                         describe(element), element.id));
      if (face->second.id != 0 && face->second.id != element.id)
        fail(fmt::format("{} has the boundary ids {} and {}; a face can have one only",
                         describe(element), face->second.id, element.id));
      face->second.id = element.id;
    }
  }

  /// Where cells lie side by side without having their nodes in common.
  template <int dim>
  void MeshCheck<dim>::check_joints() const
  {
    std::vector<const Face *> boundary;
    std::vector<unsigned int> nodes;
    double longest = 0.0;
    for (const auto &[key, face] : faces)
      if (face.n_cells == 1)
      {
        boundary.push_back(&face);
        nodes.insert(nodes.end(), key.begin(), key.end());
        for (unsigned int i = 0; i < face.nodes.size(); ++i)
          longest = std::max(
              longest,
              position(face.nodes[i]).distance(position(face.nodes[(i + 1) % face.nodes.size()])));
      }
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    std::sort(nodes.begin(), nodes.end(), [&](const unsigned int a, const unsigned int b) {
      return position(a)[0] < position(b)[0];
    });
    const double same = 1e-6 * longest;
    for (const Face *face : boundary)
      for (unsigned int i = 0; i < face->nodes.size(); ++i)
      {
        const unsigned int first = face->nodes[i],
                           second = face->nodes[(i + 1) % face->nodes.size()];
        const Point<dim> a = position(first), b = position(second);
        const double length = a.distance(b), left = std::min(a[0], b[0]) - same,
                     right = std::max(a[0], b[0]) + same;
        auto node = std::lower_bound(
            nodes.begin(), nodes.end(), left,
            [&](const unsigned int n, const double x) { return position(n)[0] < x; });
        for (; node != nodes.end() && position(*node)[0] <= right; ++node)
        {
          if (*node == first || *node == second)
            continue;
          const Point<dim> x = position(*node);
          if (x.distance(a) <= same)
            fail(fmt::format("nodes {} and {} are both at {}: the parts that meet there are not "
                             "joined (in Gmsh: Coherence, or BooleanFragments, before meshing)",
                             raw.node_numbers[first], raw.node_numbers[*node],
                             format_point<dim>(x)));
          const double along = (x - a) * (b - a) / length;
          if (along > same && along < length - same &&
              (x - a - along / length * (b - a)).norm() <= same)
            fail(fmt::format("node {} at {} hangs on an edge of {}: neighbours must share whole "
                             "faces; the solver refines by itself (in Gmsh: Coherence before "
                             "meshing)",
                             raw.node_numbers[*node], format_point<dim>(x), describe(*face->cell)));
        }
      }
  }

  template <int dim>
  void MeshCheck<dim>::check_unnamed() const
  {
    if (settings.unnamed_faces_are_free)
      return;
    std::size_t n = 0;
    const Face *first = nullptr;
    for (const auto &[key, face] : faces)
      if (face.n_cells == 1 && face.id == 0 && ++n == 1)
        first = &face;
    if (n > 0)
      fail(
          fmt::format("{} faces of the boundary have no id, e.g. that at {} of {}; put every {} of "
                      "the boundary into a group (in Gmsh: Physical {}), or set "
                      "\"Specimen/Faces without id\" = free",
                      n, format_point<dim>(centre(first->nodes)), describe(*first->cell),
                      dim == 2 ? "curve" : "surface", dim == 2 ? "Curve" : "Surface"));
  }

  template <int dim>
  void MeshCheck<dim>::create(SpecimenMesh<dim> &mesh) const
  {
    std::vector<Point<dim>> vertices(raw.nodes.size());
    for (unsigned int n = 0; n < vertices.size(); ++n)
      vertices[n] = position(n);
    std::vector<CellData<dim>> cell_data;
    for (const RawMesh::Element *cell : cells)
    {
      cell_data.emplace_back();
      for (unsigned int v = 0; v < cell->nodes.size(); ++v)
        cell_data.back().vertices[lexicographic[v]] = cell->nodes[v];
      cell_data.back().material_id = static_cast<types::material_id>(cell->id);
    }
    SubCellData sub_cells;
    const auto add = [](auto &list, const Face &face) {
      list.emplace_back();
      for (unsigned int v = 0; v < face.nodes.size(); ++v)
        list.back().vertices[face.nodes.size() == 4 ? lexicographic[v] : v] = face.nodes[v];
      list.back().boundary_id = static_cast<types::boundary_id>(face.id);
    };
    for (const auto &[key, face] : faces)
      if (face.n_cells == 1)
      {
        if constexpr (dim == 2)
          add(sub_cells.boundary_lines, face);
        else
          add(sub_cells.boundary_quads, face);
      }

    mesh.coarse.clear();
    mesh.periodic.clear();
    mesh.n_refinements = 0;
    try
    {
      GridTools::delete_unused_vertices(vertices, cell_data, sub_cells);
      GridTools::invert_cells_with_negative_measure(vertices, cell_data);
      GridTools::consistently_order_cells(cell_data);
      mesh.coarse.create_triangulation(vertices, cell_data, sub_cells);
    }
    catch (const ExceptionBase &exception)
    {
      std::ostringstream info;
      exception.print_info(info);
      std::istringstream words(info.str());
      const std::vector<std::string> list(std::istream_iterator<std::string>(words), {});
      fail(fmt::format("deal.II cannot use the mesh: {}", fmt::join(list, " ")));
    }

    mesh.boundary_names.clear();
    for (const types::boundary_id id : mesh.coarse.get_boundary_ids())
    {
      const auto name = raw.names.find({dim - 1, static_cast<int>(id)});
      mesh.boundary_names[name != raw.names.end() ? name->second
                          : id == 0               ? "free"
                                                  : fmt::format("boundary {}", id)] = id;
    }
    mesh.material_names.clear();
    for (const auto &cell : mesh.coarse.active_cell_iterators())
    {
      const auto name = raw.names.find({dim, static_cast<int>(cell->material_id())});
      if (name != raw.names.end())
        mesh.material_names[name->second] = cell->material_id();
    }
  }
  template class MeshCheck<2>;
  template class MeshCheck<3>;
} // namespace seem::solver
