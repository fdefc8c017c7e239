// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/specimen_parameters.h>
#include <seem/solver/mesh_report.h>

#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/utilities.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;
  using solver::SpecimenMesh;

  namespace
  {
    constexpr const char *automatic = "automatic";
    constexpr std::array<char, 3> axes = {{'x', 'y', 'z'}};

    /// Names of the geometries as values of "Geometry", in the order of SpecimenGeometry; those of
    /// the shapes are also, with a capital, names of subsections.
    constexpr std::array<const char *, 7> geometries = {
        {"box", "plate with hole", "notched bar", "dog-bone", "cylinder", "ring", "mesh file"}};

    constexpr std::array<const char *, 7> sections = {
        {"", "Plate with hole", "Notched bar", "Dog-bone", "Cylinder", "Ring", ""}};

    constexpr std::array<const char *, 6> formats = {
        {"automatic", "gmsh", "abaqus", "unv", "ucd", "vtk"}};

    template <std::size_t n>
    unsigned int position(const std::array<const char *, n> &names, const std::string &name)
    {
      return static_cast<unsigned int>(std::find(names.begin(), names.end(), name) - names.begin());
    }

    template <std::size_t n>
    std::string selection(const std::array<const char *, n> &names)
    {
      return fmt::format("{}", fmt::join(names, "|"));
    }

    /// A length or an angle of a shape: its entry and where it is kept.
    struct ShapeEntry
    {
      SpecimenGeometry geometry;
      const char *key;
      double &(*value)(SpecimenParameters &);
      const char *text;
    };

    using P = SpecimenParameters;
    using G = SpecimenGeometry;

    const std::array<ShapeEntry, 17> shape_entries = {{
        {G::plate_with_hole, "Width", [](P &p) -> double & { return p.plate_with_hole.width; },
         "Along x [nm]."},
        {G::plate_with_hole, "Height", [](P &p) -> double & { return p.plate_with_hole.height; },
         "Along y [nm]."},
        {G::plate_with_hole, "Hole radius",
         [](P &p) -> double & { return p.plate_with_hole.radius; },
         "Of the hole in the middle [nm]."},
        {G::notched_bar, "Width", [](P &p) -> double & { return p.notched_bar.width; },
         "Along x, outside the notches [nm]."},
        {G::notched_bar, "Height", [](P &p) -> double & { return p.notched_bar.height; },
         "Along y [nm]."},
        {G::notched_bar, "Notch depth", [](P &p) -> double & { return p.notched_bar.depth; },
         "Of each of the two notches [nm]."},
        {G::notched_bar, "Notch radius", [](P &p) -> double & { return p.notched_bar.radius; },
         "Of the notches' root [nm]."},
        {G::notched_bar, "Notch angle", [](P &p) -> double & { return p.notched_bar.angle; },
         "Between the flanks of a notch [degrees], 0 to 120; 0: a U."},
        {G::dog_bone, "Gauge width", [](P &p) -> double & { return p.dog_bone.gauge_width; },
         "Along x [nm]."},
        {G::dog_bone, "Gauge length", [](P &p) -> double & { return p.dog_bone.gauge_length; },
         "Along y, between the fillets [nm]."},
        {G::dog_bone, "Grip width", [](P &p) -> double & { return p.dog_bone.grip_width; },
         "Along x [nm]."},
        {G::dog_bone, "Grip length", [](P &p) -> double & { return p.dog_bone.grip_length; },
         "Along y, of each grip beyond its fillet [nm]."},
        {G::dog_bone, "Fillet radius", [](P &p) -> double & { return p.dog_bone.fillet_radius; },
         "At least the difference of the widths [nm]."},
        {G::cylinder, "Radius", [](P &p) -> double & { return p.cylinder.radius; },
         "Of the bar [nm]."},
        {G::cylinder, "Length", [](P &p) -> double & { return p.cylinder.length; },
         "Along z [nm]."},
        {G::ring, "Inner radius", [](P &p) -> double & { return p.ring.inner_radius; },
         "Of the hole [nm]."},
        {G::ring, "Outer radius", [](P &p) -> double & { return p.ring.outer_radius; },
         "Of the ring [nm]."},
    }};

    void declare_shapes(dealii::ParameterHandler &prm)
    {
      SpecimenParameters defaults;
      for (unsigned int g = 0; g < sections.size(); ++g)
      {
        if (std::string(sections[g]).empty())
          continue;
        prm.enter_subsection(sections[g]);
        for (const ShapeEntry &entry : shape_entries)
          if (entry.geometry == static_cast<SpecimenGeometry>(g))
            prm.declare_entry(entry.key, fmt::format("{}", entry.value(defaults)),
                              patterns::Double(0.0), entry.text);
        if (static_cast<SpecimenGeometry>(g) == SpecimenGeometry::ring)
          prm.declare_entry("Sector", "quarter", patterns::Selection("quarter|whole"),
                            "The quarter has the symmetry planes \"lower x\" and \"lower y\".");
        prm.leave_subsection();
      }
    }

    bool is_automatic(const Parameters &parameters, const std::string &key)
    {
      return parameters.text("Specimen/" + key) == automatic;
    }

    /// An entry that only some geometries use is an error with others.
    void require_automatic(const Parameters &parameters, const std::string &key,
                           const std::string &why)
    {
      if (!is_automatic(parameters, key))
        throw parameters.error("Specimen/" + key, why + "; leave it automatic");
    }

    void require_length(const Parameters &parameters, const std::string &key, const std::size_t n,
                        const unsigned int dimension)
    {
      if (n != dimension)
        throw parameters.error(
            "Specimen/" + key,
            fmt::format("expected {} numbers, since \"Specimen/Dimension\" is {}", dimension,
                        dimension));
    }

    void parse_box(const Parameters &parameters, SpecimenParameters &result)
    {
      if (!is_automatic(parameters, "Cells"))
      {
        for (const double n : parameters.numbers("Specimen/Cells"))
          result.n_cells.push_back(static_cast<unsigned int>(n));
        require_length(parameters, "Cells", result.n_cells.size(), result.dimension);
      }
      if (!is_automatic(parameters, "Edges"))
      {
        result.edges = parameters.numbers("Specimen/Edges");
        require_length(parameters, "Edges", result.edges.size(), result.dimension);
      }
      if (!result.edges.empty() && !result.n_cells.empty())
        require_automatic(parameters, "Cell edge",
                          "\"Specimen/Edges\" and \"Specimen/Cells\" give it already");
      if (result.n_cells.empty() && result.edges.empty())
        result.n_cells.assign(result.dimension, result.dimension == 2 ? 32 : 8);
    }

    void parse_periodic(const Parameters &parameters, SpecimenParameters &result)
    {
      const std::string text = parameters.text("Specimen/Periodic");
      if (text == automatic)
        return;
      result.periodic = {{false, false, false}};
      if (text == "none")
        return;
      for (const std::string &axis : dealii::Utilities::split_string_list(text, ","))
        (*result.periodic)[static_cast<std::size_t>(axis[0] - 'x')] = true;
      if ((*result.periodic)[2] && result.dimension == 2)
        throw parameters.error("Specimen/Periodic",
                               "there is no z in plane strain (\"Specimen/Dimension\" = 2)");
    }

    /// The axes asked for, or all or none.
    std::array<bool, 3> periodic_or(const SpecimenParameters &parameters, const bool default_value)
    {
      return parameters.periodic.value_or(
          std::array<bool, 3>{{default_value, default_value, default_value}});
    }

    template <int dim>
    void make_box_of(const SpecimenParameters &parameters, const SpecimenLengths &lengths,
                     SpecimenMesh<dim> &mesh)
    {
      std::array<double, dim> edges;
      std::array<unsigned int, dim> n_cells;
      std::array<bool, dim> periodic;
      for (unsigned int d = 0; d < dim; ++d)
      {
        n_cells[d] = !parameters.n_cells.empty()
                         ? parameters.n_cells[d]
                         : static_cast<unsigned int>(
                               std::max(1.0, std::round(parameters.edges[d] / lengths.cell_edge)));
        edges[d] = !parameters.edges.empty() ? parameters.edges[d] : n_cells[d] * lengths.cell_edge;
        periodic[d] = periodic_or(parameters, true)[d];
      }
      solver::make_box<dim>(mesh, edges, n_cells, periodic);
    }

    /// Faces that shall be one by periodicity, of any geometry but the box.
    template <int dim>
    void add_periodicity(const std::array<bool, 3> &periodic, SpecimenMesh<dim> &mesh)
    {
      for (unsigned int d = 0; d < dim; ++d)
      {
        if (!periodic[d])
          continue;
        const std::string lower = fmt::format("lower {}", axes[d]),
                          upper = fmt::format("upper {}", axes[d]);
        for (const std::string &name : {lower, upper})
          if (mesh.boundary_names.count(name) == 0)
          {
            std::vector<std::string> names;
            for (const auto &[known, id] : mesh.boundary_names)
              names.push_back(known);
            throw InputError(fmt::format("\"Specimen/Periodic\" names {}, but the specimen has no "
                                         "boundary \"{}\"; it has {}",
                                         axes[d], name, fmt::join(names, ", ")));
          }
        mesh.periodic.push_back({mesh.boundary_names.at(lower), mesh.boundary_names.at(upper), d});
        const std::string mismatch = solver::periodic_mismatch(mesh.coarse, mesh.periodic.back());
        if (!mismatch.empty())
          throw InputError(
              fmt::format("\"Specimen/Periodic\": the faces \"{}\" and \"{}\" cannot be "
                          "one: {}; mesh them alike",
                          lower, upper, mismatch));
      }
    }
  } // namespace

  unsigned int SpecimenParameters::n_points_per_cell() const
  {
    return dimension == 2 ? (degree + 1) * (degree + 1)
                          : (degree + 1) * (degree + 1) * (degree + 1);
  }

  void SpecimenParameters::declare(dealii::ParameterHandler &prm)
  {
    const WordOr length_or_automatic(automatic, positive_number());
    prm.enter_subsection("Specimen");
    prm.declare_entry("Dimension", "2", patterns::Integer(2, 3),
                      "2: plane strain; 3: in space [-].");
    prm.declare_entry("Element", "Q1", patterns::Selection("Q1|Q2"),
                      "Degree of the displacements in a cell.");
    prm.declare_entry("Mean dilatation", "true", patterns::Bool(),
                      "Of Q1: one volume change per cell, against volumetric locking.");
    prm.declare_entry("Geometry", "box", patterns::Selection(selection(geometries)),
                      "The specimen; the sizes of a shape are in its subsection.");
    prm.declare_entry(
        "Cells", automatic, WordOr(automatic, patterns::List(patterns::Integer(1), 2, 3)),
        "Cells of the box along x, y and, in space, z [-]; powers of two times a small "
        "number distribute best. Automatic: 32, 32 or 8, 8, 8, or what \"Edges\" and "
        "\"Cell edge\" ask for.");
    prm.declare_entry("Cell edge", automatic, length_or_automatic,
                      "Edge of the cells, of a shape about that [nm]. Automatic: so that every "
                      "state of the law owns one representative volume, m = 1.");
    prm.declare_entry("Edges", automatic,
                      WordOr(automatic, patterns::List(positive_number(), 2, 3)),
                      "Edges of the box [nm]. Automatic: numbers of cells times their edge.");
    prm.declare_entry("Thickness", automatic, length_or_automatic,
                      "In plane strain, and of extruded shapes in space [nm]. Automatic: the edge "
                      "of the representative volume; in space four edges of cells.");
    prm.declare_entry(
        "Periodic", automatic,
        WordOr(automatic, WordOr("none", patterns::List(patterns::Selection("x|y|z"), 1, 3))),
        "Axes along which opposite faces, named \"lower x\" and \"upper x\" and so on, are one. "
        "Automatic: all of the box, none of other geometries.");
    prm.declare_entry("Refinements", "0", patterns::Integer(0, 10),
                      "Further global refinements: each halves the edges of the cells [-].");
    prm.declare_entry("Mesh file", "", patterns::FileName(),
                      "Quadrilaterals or hexahedra, if \"Geometry\" is mesh file.");
    prm.declare_entry("Mesh format", automatic, patterns::Selection(selection(formats)),
                      "Of the mesh file. Automatic: by its begin.");
    prm.declare_entry("Mesh length unit", "1", positive_number(),
                      "Length unit of the mesh file [nm]: 1000 for micrometres.");
    prm.declare_entry(
        "Faces without id", "refuse", patterns::Selection("refuse|free"),
        "Faces of the mesh file's boundary that are in no group: an error, or free of "
        "load.");
    declare_shapes(prm);
    prm.leave_subsection();
  }

  SpecimenParameters SpecimenParameters::parse(const Parameters &parameters)
  {
    SpecimenParameters result;
    result.dimension = static_cast<unsigned int>(parameters.integer("Specimen/Dimension"));
    result.degree = parameters.text("Specimen/Element") == "Q2" ? 2 : 1;
    result.mean_dilatation = parameters.boolean("Specimen/Mean dilatation");
    const std::string geometry = parameters.text("Specimen/Geometry");
    result.geometry = static_cast<SpecimenGeometry>(position(geometries, geometry));
    result.n_refinements = static_cast<unsigned int>(parameters.integer("Specimen/Refinements"));
    const bool is_box = result.geometry == SpecimenGeometry::box,
               is_file = result.geometry == SpecimenGeometry::mesh_file,
               is_cylinder = result.geometry == SpecimenGeometry::cylinder;

    if (is_cylinder && result.dimension == 2)
      throw parameters.error("Specimen/Geometry",
                             "needs \"Specimen/Dimension\" = 3; in plane strain "
                             "there is ring");
    const auto number_or_zero = [&](const std::string &path) {
      return parameters.text(path) == automatic ? 0.0 : parameters.numbers(path).front();
    };
    if (is_file)
      require_automatic(parameters, "Cell edge", "the mesh file says how large the cells are");
    result.cell_edge = number_or_zero("Specimen/Cell edge");
    if (result.dimension == 3 && (is_box || is_file || is_cylinder))
      require_automatic(parameters, "Thickness",
                        fmt::format("has no meaning for the geometry \"{}\" in space", geometry));
    result.thickness = number_or_zero("Specimen/Thickness");
    if (is_box)
      parse_box(parameters, result);
    else
      for (const char *const key : {"Cells", "Edges"})
        require_automatic(parameters, key,
                          "is only used if \"Specimen/Geometry\" is box, not " + geometry);
    parse_periodic(parameters, result);

    for (const ShapeEntry &entry : shape_entries)
      entry.value(result) = parameters.number(fmt::format(
          "Specimen/{}/{}", sections[static_cast<std::size_t>(entry.geometry)], entry.key));
    result.ring.quarter = parameters.text("Specimen/Ring/Sector") == "quarter";

    result.mesh_file.file = parameters.file("Specimen/Mesh file");
    if (is_file && result.mesh_file.file.empty())
      throw parameters.error("Specimen/Mesh file", "expected the name of a file");
    if (!is_file && !result.mesh_file.file.empty())
      throw parameters.error("Specimen/Mesh file",
                             "is only used if \"Specimen/Geometry\" is mesh file");
    result.mesh_file.format =
        static_cast<solver::MeshFormat>(position(formats, parameters.text("Specimen/Mesh format")));
    result.mesh_file.unit = parameters.number("Specimen/Mesh length unit");
    result.mesh_file.unnamed_faces_are_free =
        parameters.text("Specimen/Faces without id") == "free";
    return result;
  }

  SpecimenLengths specimen_lengths(const SpecimenParameters &parameters,
                                   const double representative_volume,
                                   const unsigned int n_states_per_cell)
  {
    SpecimenLengths lengths{parameters.cell_edge, parameters.thickness};
    const double volume = n_states_per_cell * representative_volume; // of a cell
    if (parameters.dimension == 2)
    {
      if (lengths.thickness == 0.0)
        lengths.thickness = std::cbrt(representative_volume);
      if (lengths.cell_edge == 0.0)
        lengths.cell_edge = std::sqrt(volume / lengths.thickness);
      return lengths;
    }
    if (lengths.cell_edge == 0.0)
      lengths.cell_edge = std::cbrt(volume);
    if (lengths.thickness == 0.0)
      lengths.thickness = 4.0 * lengths.cell_edge;
    return lengths;
  }

  template <int dim>
  std::vector<std::string> make_specimen(const SpecimenParameters &parameters,
                                         const SpecimenLengths &lengths, SpecimenMesh<dim> &mesh)
  {
    std::vector<std::string> notices;
    const double edge = lengths.cell_edge, thickness = lengths.thickness;
    const char *const section = sections[static_cast<std::size_t>(parameters.geometry)];
    try
    {
      switch (parameters.geometry)
      {
      case SpecimenGeometry::box:
        make_box_of(parameters, lengths, mesh);
        break;
      case SpecimenGeometry::plate_with_hole:
        solver::make_plate_with_hole(mesh, parameters.plate_with_hole, edge, thickness);
        break;
      case SpecimenGeometry::notched_bar:
        solver::make_notched_bar(mesh, parameters.notched_bar, edge, thickness);
        break;
      case SpecimenGeometry::dog_bone:
        solver::make_dog_bone(mesh, parameters.dog_bone, edge, thickness);
        break;
      case SpecimenGeometry::cylinder:
        if constexpr (dim == 3)
          solver::make_cylinder(mesh, parameters.cylinder, edge);
        break;
      case SpecimenGeometry::ring:
        solver::make_ring(mesh, parameters.ring, edge, thickness);
        break;
      case SpecimenGeometry::mesh_file:
        notices = solver::read_mesh_file(mesh, parameters.mesh_file);
        break;
      }
    }
    catch (const InputError &error)
    {
      if (std::string(section).empty())
        throw;
      throw InputError(fmt::format("section \"Specimen/{}\": {}", section, error.what()));
    }
    if (parameters.geometry != SpecimenGeometry::box)
      add_periodicity(periodic_or(parameters, false), mesh);
    mesh.n_refinements += parameters.n_refinements;
    return notices;
  }

  template std::vector<std::string> make_specimen(const SpecimenParameters &,
                                                  const SpecimenLengths &, SpecimenMesh<2> &);
  template std::vector<std::string> make_specimen(const SpecimenParameters &,
                                                  const SpecimenLengths &, SpecimenMesh<3> &);
} // namespace seem::commands
