// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/cell_quality.h>
#include <seem/solver/mesh_report.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/grid/grid_out.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/lac/affine_constraints.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr std::array<char, 3> axes = {{'x', 'y', 'z'}};

    MeshReport::Range range_of(std::vector<double> &values)
    {
      const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
      std::nth_element(values.begin(), middle, values.end());
      const double median = *middle;
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      return {*low, median, *high};
    }

    template <typename Names, typename Id>
    std::string name_of(const Names &names, const Id id)
    {
      for (const auto &[name, known] : names)
        if (known == id)
          return name;
      return "";
    }

    template <int dim>
    unsigned long count_unknowns(const Triangulation<dim> &fine, const SpecimenMesh<dim> &mesh,
                                 const bool periodic, const unsigned int degree)
    {
      const FESystem<dim> fe(FE_Q<dim>(degree), dim);
      DoFHandler<dim> dof_handler(fine);
      dof_handler.distribute_dofs(fe);
      if (!periodic)
        return dof_handler.n_dofs();
      std::vector<GridTools::PeriodicFacePair<typename DoFHandler<dim>::cell_iterator>> faces;
      for (const PeriodicFaces &pair : mesh.periodic)
        GridTools::collect_periodic_faces(dof_handler, pair.lower, pair.upper, pair.direction,
                                          faces);
      AffineConstraints<double> constraints;
      DoFTools::make_periodicity_constraints<dim, dim>(faces, constraints);
      constraints.close();
      return dof_handler.n_dofs() - constraints.n_constraints();
    }

    /// "12.5": as short as four digits allow.
    std::string range_text(const MeshReport::Range &range)
    {
      return fmt::format("{:.4g} smallest, {:.4g} median, {:.4g} largest", range.smallest,
                         range.median, range.largest);
    }
  } // namespace

  template <int dim>
  std::string periodic_mismatch(const Triangulation<dim> &coarse, const PeriodicFaces &faces)
  {
    // Of every face its vertices without the coordinate along the direction.
    struct Face
    {
      Point<dim> centre;
      std::vector<Point<dim>> vertices;
      double size;
    };
    std::vector<Face> lower, upper;
    for (const auto &cell : coarse.active_cell_iterators())
      for (const auto &face : cell->face_iterators())
      {
        if (!face->at_boundary() ||
            (face->boundary_id() != faces.lower && face->boundary_id() != faces.upper))
          continue;
        Face flat{face->center(), {}, face->diameter()};
        flat.centre[faces.direction] = 0.0;
        for (const unsigned int v : face->vertex_indices())
        {
          flat.vertices.push_back(face->vertex(v));
          flat.vertices.back()[faces.direction] = 0.0;
        }
        (face->boundary_id() == faces.lower ? lower : upper).push_back(flat);
      }
    if (lower.empty() || upper.empty())
      return "one of them has no faces";
    if (lower.size() != upper.size())
      return fmt::format("they have {} and {} faces", lower.size(), upper.size());
    for (const Face &face : lower)
    {
      const double same = 1e-6 * face.size;
      const bool matches = std::any_of(upper.begin(), upper.end(), [&](const Face &other) {
        return face.centre.distance(other.centre) < same &&
               std::all_of(face.vertices.begin(), face.vertices.end(), [&](const auto &vertex) {
                 return std::any_of(
                     other.vertices.begin(), other.vertices.end(),
                     [&](const auto &partner) { return vertex.distance(partner) < same; });
               });
      });
      if (!matches)
        return fmt::format("the face at {} of the lower one (without its {}) has no partner",
                           format_point<dim>(face.centre), axes[faces.direction]);
    }
    return "";
  }

  template <int dim>
  MeshReport make_mesh_report(const SpecimenMesh<dim> &mesh, const MeshReportSettings &settings)
  {
    MeshReport report{};
    report.dimension = dim;
    report.degree = settings.degree;
    report.n_refinements = mesh.n_refinements;
    report.n_coarse_cells = mesh.coarse.n_active_cells();
    report.n_cells = mesh.n_cells();

    bool all_match = true;
    for (const PeriodicFaces &faces : mesh.periodic)
    {
      report.periodicities.push_back({faces.direction, name_of(mesh.boundary_names, faces.lower),
                                      name_of(mesh.boundary_names, faces.upper),
                                      periodic_mismatch(mesh.coarse, faces)});
      all_match = all_match && report.periodicities.back().mismatch.empty();
    }

    Triangulation<dim> fine;
    fine.copy_triangulation(mesh.coarse);
    fine.refine_global(mesh.n_refinements);
    report.n_unknowns =
        count_unknowns(fine, mesh, all_match && !mesh.periodic.empty(), settings.degree);

    const double depth = dim == 2 ? settings.thickness : 1.0;
    const FE_Q<dim> fe(settings.degree);
    FEValues<dim> values(fe, QGauss<dim>(settings.degree + 1), update_JxW_values);
    FEFaceValues<dim> face_values(fe, QGauss<dim - 1>(settings.degree + 1), update_JxW_values);
    std::map<types::boundary_id, MeshReport::Boundary> boundaries;
    std::map<types::material_id, MeshReport::Material> materials;
    std::vector<double> ratios, edges;
    for (const auto &cell : fine.active_cell_iterators())
    {
      values.reinit(cell);
      double volume = 0.0;
      for (const double point_volume : values.get_JxW_values())
      {
        volume += depth * point_volume;
        if (!settings.one_state_per_cell)
          ratios.push_back(depth * point_volume / settings.representative_volume);
      }
      if (settings.one_state_per_cell)
        ratios.push_back(volume / settings.representative_volume);
      report.volume += volume;
      MeshReport::Material &material =
          materials
              .emplace(cell->material_id(),
                       MeshReport::Material{cell->material_id(),
                                            name_of(mesh.material_names, cell->material_id()), 0,
                                            0.0})
              .first->second;
      ++material.n_cells;
      material.volume += volume;
      for (unsigned int l = 0; l < cell->n_lines(); ++l)
        edges.push_back(cell->line(l)->vertex(0).distance(cell->line(l)->vertex(1)));
      for (const unsigned int f : cell->face_indices())
      {
        const auto face = cell->face(f);
        if (!face->at_boundary())
          continue;
        face_values.reinit(cell, f);
        MeshReport::Boundary &boundary =
            boundaries
                .emplace(face->boundary_id(),
                         MeshReport::Boundary{face->boundary_id(),
                                              name_of(mesh.boundary_names, face->boundary_id()), 0,
                                              0.0})
                .first->second;
        ++boundary.n_faces;
        const std::vector<double> &areas = face_values.get_JxW_values();
        boundary.area += depth * std::accumulate(areas.begin(), areas.end(), 0.0);
      }
    }
    report.n_states = ratios.size();
    report.edge = range_of(edges);
    report.volume_ratio = range_of(ratios);
    for (const auto &[id, boundary] : boundaries)
      report.boundaries.push_back(boundary);
    for (const auto &[id, material] : materials)
      report.materials.push_back(material);

    const WorstCell<dim> worst = worst_cell(fine);
    report.worst_quality = worst.scaled_jacobian;
    report.worst_centre.assign(worst.centre.begin_raw(), worst.centre.end_raw());
    auto ancestor = std::next(fine.begin_active(), static_cast<std::ptrdiff_t>(worst.index));
    typename Triangulation<dim>::cell_iterator coarse_cell = ancestor;
    while (coarse_cell->level() > 0)
      coarse_cell = coarse_cell->parent();
    report.worst_cell = static_cast<unsigned int>(coarse_cell->index());
    return report;
  }

  template <int dim>
  void write_mesh_vtk(const SpecimenMesh<dim> &mesh, std::ostream &stream)
  {
    Triangulation<dim> fine;
    fine.copy_triangulation(mesh.coarse);
    fine.refine_global(mesh.n_refinements);
    GridOut out;
    out.set_flags(GridOutFlags::Vtk(/*cells*/ true, /*faces*/ false, /*edges*/ false,
                                    /*only relevant ones of these*/ true));
    out.write_vtk(fine, stream);
  }

  std::string mesh_report_text(const MeshReport &r)
  {
    std::string text = fmt::format(
        "mesh: {} {} ({} coarse cells, {} refinements), Q{}, {} unknowns{}, {} states of the law\n",
        r.n_cells, r.dimension == 2 ? "quadrilaterals" : "hexahedra", r.n_coarse_cells,
        r.n_refinements, r.degree, r.n_unknowns,
        r.periodicities.empty() ? "" : " (periodic ones counted once)", r.n_states);
    text += fmt::format("edges [nm]: {}\n", range_text(r.edge));
    text += fmt::format("m, volume of a state over the representative volume: {}\n",
                        range_text(r.volume_ratio));
    text += fmt::format("worst scaled Jacobian {:.3f}, in coarse cell {} at ({:.5g}) nm\n",
                        r.worst_quality, r.worst_cell, fmt::join(r.worst_centre, ", "));
    text += fmt::format("volume {:.6g} nm^3\n", r.volume);
    for (const MeshReport::Material &m : r.materials)
      text += fmt::format("  material {:>3} {:<16} {:>8} cells {:>14.6g} nm^3\n", m.id,
                          m.name.empty() ? "-" : m.name, m.n_cells, m.volume);
    text += "boundaries\n";
    for (const MeshReport::Boundary &b : r.boundaries)
      text += fmt::format("  boundary {:>3} {:<16} {:>8} faces {:>14.6g} nm^2\n", b.id,
                          b.name.empty() ? "-" : b.name, b.n_faces, b.area);
    for (const MeshReport::Periodicity &p : r.periodicities)
      text += fmt::format("  periodic along {}: \"{}\" and \"{}\" {}\n", axes[p.direction], p.lower,
                          p.upper, p.mismatch.empty() ? "match" : "do not match: " + p.mismatch);
    return text;
  }

  std::string mesh_report_json(const MeshReport &r)
  {
    using nlohmann::json;
    const auto range = [](const MeshReport::Range &x) {
      return json{{"smallest", x.smallest}, {"median", x.median}, {"largest", x.largest}};
    };
    json boundaries = json::array(), materials = json::array(), periodic = json::array();
    for (const MeshReport::Boundary &b : r.boundaries)
      boundaries.push_back(
          {{"id", b.id}, {"name", b.name}, {"faces", b.n_faces}, {"area_nm2", b.area}});
    for (const MeshReport::Material &m : r.materials)
      materials.push_back(
          {{"id", m.id}, {"name", m.name}, {"cells", m.n_cells}, {"volume_nm3", m.volume}});
    for (const MeshReport::Periodicity &p : r.periodicities)
      periodic.push_back({{"direction", std::string(1, axes[p.direction])},
                          {"lower", p.lower},
                          {"upper", p.upper},
                          {"matches", p.mismatch.empty()},
                          {"mismatch", p.mismatch}});
    const json report = {{"dimension", r.dimension},
                         {"degree", r.degree},
                         {"coarse_cells", r.n_coarse_cells},
                         {"refinements", r.n_refinements},
                         {"cells", r.n_cells},
                         {"unknowns", r.n_unknowns},
                         {"states", r.n_states},
                         {"volume_nm3", r.volume},
                         {"edge_nm", range(r.edge)},
                         {"volume_ratio", range(r.volume_ratio)},
                         {"worst_scaled_jacobian", r.worst_quality},
                         {"worst_coarse_cell", r.worst_cell},
                         {"worst_cell_centre_nm", r.worst_centre},
                         {"boundaries", boundaries},
                         {"materials", materials},
                         {"periodic", periodic}};
    return report.dump(2) + "\n";
  }

  template MeshReport make_mesh_report(const SpecimenMesh<2> &, const MeshReportSettings &);
  template MeshReport make_mesh_report(const SpecimenMesh<3> &, const MeshReportSettings &);
  template void write_mesh_vtk(const SpecimenMesh<2> &, std::ostream &);
  template void write_mesh_vtk(const SpecimenMesh<3> &, std::ostream &);
  template std::string periodic_mismatch(const Triangulation<2> &, const PeriodicFaces &);
  template std::string periodic_mismatch(const Triangulation<3> &, const PeriodicFaces &);
} // namespace seem::solver
