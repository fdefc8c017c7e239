// SPDX-License-Identifier: LGPL-2.1-or-later
#include "space_function.h"
#include <seem/commands/component_loading.h>
#include <seem/commands/parameter_patterns.h>

#include <seem/commands/run_loading.h>
#include <seem/core/exceptions.h>

#include <deal.II/base/numbers.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/utilities.h>
#include <deal.II/grid/grid_tools.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr const char *automatic = "automatic";

    /// Sections "Boundary 1", "Boundary 2", ... of a parameter file.
    constexpr unsigned int n_boundary_sections = 8;

    const std::map<std::string, RunLoadingKind> kinds = {
        {"periodic shear", RunLoadingKind::periodic_shear},
        {"plates", RunLoadingKind::plates},
        {"tension", RunLoadingKind::tension},
        {"uniaxial", RunLoadingKind::uniaxial},
        {"biaxial", RunLoadingKind::biaxial},
        {"torsion", RunLoadingKind::torsion},
        {"components", RunLoadingKind::components},
        {"boundaries", RunLoadingKind::boundaries}};

    /// Boundary of a name, of a number, or an error that lists what there is.
    template <int dim>
    dealii::types::boundary_id find_boundary(const solver::SpecimenMesh<dim> &mesh,
                                             const std::string &name, const std::string &key)
    {
      std::vector<std::string> known;
      for (const auto &[known_name, id] : mesh.boundary_names)
      {
        if (known_name == name)
          return id;
        known.push_back(fmt::format("{} ({})", known_name, id));
      }
      const auto ids = mesh.coarse.get_boundary_ids();
      for (const dealii::types::boundary_id id : ids)
        if (std::to_string(id) == name)
          return id;
      if (known.empty())
        for (const dealii::types::boundary_id id : ids)
          known.push_back(std::to_string(id));
      throw InputError(fmt::format("\"{}\": the mesh has no boundary \"{}\"; it has {}", key, name,
                                   fmt::join(known, ", ")));
    }

    /// Extent of a mesh.
    template <int dim>
    dealii::Point<dim> lengths_of(const solver::SpecimenMesh<dim> &mesh)
    {
      const auto box = dealii::GridTools::compute_bounding_box(mesh.coarse);
      dealii::Point<dim> lengths;
      for (unsigned int d = 0; d < dim; ++d)
        lengths[d] = box.side_length(d);
      return lengths;
    }

    std::vector<std::string> split(const std::string &text)
    {
      std::vector<std::string> parts;
      if (text.empty())
        return parts;
      std::size_t from = 0;
      for (;;)
      {
        const std::size_t to = text.find(';', from);
        parts.push_back(
            dealii::Utilities::trim(text.substr(from, to == std::string::npos ? to : to - from)));
        if (to == std::string::npos)
          return parts;
        from = to + 1;
      }
    }

    template <int dim>
    std::array<bool, dim> all_components()
    {
      std::array<bool, dim> all;
      all.fill(true);
      return all;
    }
  } // namespace

  void RunLoading::declare(dealii::ParameterHandler &prm)
  {
    prm.enter_subsection("Loading");
    prm.declare_entry(
        "Kind", "periodic shear",
        patterns::Selection("periodic shear|plates|tension|uniaxial|biaxial|torsion|components|"
                            "boundaries"),
        "periodic shear: mean strain gamma_xy of a fully periodic body; plates: the upper boundary "
        "moves along x, the lower is held; tension: the upper moves along y (along z if it is "
        "called "
        "upper z), both held; uniaxial, biaxial: a box pulled between smooth walls along x, or x "
        "and "
        "y, its other faces free; torsion: the upper end turns about z; components: mean strains "
        "and "
        "stresses of a fully periodic body as functions of t; boundaries: as sections Boundary 1, "
        "2, "
        "... say.");
    prm.declare_entry(
        "Final strain", "0.2", positive_number(),
        "Strain at the end [-]: engineering shear, or elongation over the length, or "
        "surface shear of the twisted bar. Pseudo-time t then is that strain. Not used "
        "with a Strain path.");
    prm.declare_entry(
        "Strain path", "", patterns::Anything(),
        "That strain as an expression in the pseudo-time t, from t = 0 to Final time, "
        "0.05*sin(2*pi*t) say; compression is negative. Empty: t itself.");
    prm.declare_entry("Final time", automatic, WordOr(automatic, positive_number()),
                      "End of the pseudo-time t [-]; automatic: the final strain, 1 with a Strain "
                      "path or expressions, the last row of a Path file.");
    prm.declare_entry("Lower boundary", automatic, patterns::Anything(),
                      "Held boundary of plates, tension, torsion, by name or number. Automatic: "
                      "lower y; of torsion lower z.");
    prm.declare_entry("Upper boundary", automatic, patterns::Anything(),
                      "Moved boundary. Automatic: upper y; of torsion upper z.");
    ComponentLoading::declare(prm);
    prm.declare_entry("Stepping", "fixed increments",
                      patterns::Selection("fixed increments|next event"),
                      "next event: the load grows just to the first event and no further until the "
                      "body rests, so that each step holds one avalanche; they go to "
                      "avalanches.csv.");
    prm.declare_entry("Firing", "all ripe", patterns::Selection("all ripe|one"),
                      "Which states fire in a pass: all whose clocks have run out, or the one "
                      "whose clock ran out first (for small studies: a pass per event).");
    prm.declare_entry("Largest increment", "1e-3", positive_number(),
                      "Of the pseudo-time per load step [-].");
    prm.declare_entry("Smallest increment", "1e-7", positive_number(),
                      "A step that fails at this increment ends the run [-].");
    prm.declare_entry("Largest firing share", "0.05", positive_number(),
                      "Share of the states that may fire in the load pass [-]: the increment "
                      "follows it; twice the share undoes the step and halves it, as long as that "
                      "helps. 1: no bound.");
    prm.declare_entry("Largest number of passes", "1000", patterns::Integer(1),
                      "Equilibria of a step; an avalanche that needs more is undone and the step "
                      "halved [-].");
    prm.declare_entry("Runaway strain", "0.02", positive_number(),
                      "Under a prescribed mean stress, traction or pressure, not under strains and "
                      "displacements alone: a step in which the strain changes by more is undone "
                      "and halved; at the smallest increment the run ends: the body carries no "
                      "more. With a mean stress the strain is the largest change of a component of "
                      "the mean strain that is free (a shear counts as gamma/sqrt(2)); with "
                      "tractions and pressures the mean over the body of the change of the points' "
                      "shear strain, what moved boundaries add included [-].");
    for (unsigned int i = 1; i <= n_boundary_sections; ++i)
    {
      prm.enter_subsection(fmt::format("Boundary {}", i));
      prm.declare_entry("Boundary", "", patterns::Anything(),
                        "Name or number of the boundary that this section is about; empty: not "
                        "used. Sections that come later win where boundaries meet.");
      prm.declare_entry(
          "Displacement", "", patterns::Anything(),
          "Expressions in x, y, z, t for each component [nm], separated by semicolons; "
          "an empty one leaves the component free: \"0; 0.1*t;\".");
      prm.declare_entry("Traction", "", patterns::Anything(),
                        "The same for the components of a traction [GPa].");
      prm.declare_entry("Pressure", "", patterns::Anything(),
                        "An expression for a pressure [GPa] against the outward normal.");
      prm.leave_subsection();
    }
    prm.leave_subsection();
  }

  RunLoading RunLoading::parse(const Parameters &parameters)
  {
    RunLoading result;
    result.kind = kinds.at(parameters.text("Loading/Kind"));
    const bool by_path =
        result.kind != RunLoadingKind::components && result.kind != RunLoadingKind::boundaries;
    const std::string strain_path = parameters.text("Loading/Strain path");
    const std::string final_time = parameters.text("Loading/Final time");
    result.steps.final_time =
        final_time == automatic
            ? (by_path && strain_path.empty() ? parameters.number("Loading/Final strain") : 1.0)
            : parameters.numbers("Loading/Final time").front();

    if (result.kind != RunLoadingKind::components)
      ComponentLoading::refuse(parameters, "is only used if \"Loading/Kind\" is components");
    else
    {
      const ComponentLoading components = ComponentLoading::parse(parameters);
      result.control = components.control;
      result.components = components.path;
      result.steps.kinks = components.kinks;
      if (!components.kinks.empty())
      {
        result.begin = components.kinks.front();
        if (final_time == automatic)
          result.steps.final_time = components.kinks.back();
        if (!(result.steps.final_time > result.begin) ||
            result.steps.final_time > components.kinks.back())
          throw parameters.error("Loading/Final time",
                                 fmt::format("the table {} goes from t = {:g} to {:g}",
                                             components.table_file, result.begin,
                                             components.kinks.back()));
      }
      const law::SymmetricTensor end = result.components(result.steps.final_time);
      end.cwiseAbs().maxCoeff(&result.component);
    }
    if (!by_path && !strain_path.empty())
      throw parameters.error("Loading/Strain path",
                             "is not used by \"Loading/Kind\" = components and boundaries");
    if (by_path)
      result.path = strain_path.empty() ? Function([](const double t) { return t; })
                                        : time_function(parameters, "Loading/Strain path", 0.0);

    switch (result.kind)
    {
    case RunLoadingKind::tension:
      result.component = 1;
      break;
    case RunLoadingKind::uniaxial:
    case RunLoadingKind::biaxial:
      result.component = 0;
      break;
    case RunLoadingKind::torsion:
    case RunLoadingKind::boundaries:
      result.component = -1;
      break;
    default:
      break;
    }
    const char *const axis = result.kind == RunLoadingKind::torsion ? "z" : "y";
    const auto name_or = [&](const std::string &key, const std::string &otherwise) {
      const std::string text = parameters.text(key);
      return text == automatic ? otherwise : text;
    };
    result.lower = name_or("Loading/Lower boundary", fmt::format("lower {}", axis));
    result.upper = name_or("Loading/Upper boundary", fmt::format("upper {}", axis));
    if (result.kind == RunLoadingKind::tension && result.upper == "upper z")
      result.component = 2;

    for (unsigned int i = 1; i <= n_boundary_sections; ++i)
    {
      const std::string section = fmt::format("Loading/Boundary {}", i);
      BoundaryEntry entry{section, parameters.text(section + "/Boundary"),
                          split(parameters.text(section + "/Displacement")),
                          split(parameters.text(section + "/Traction")),
                          parameters.text(section + "/Pressure")};
      const bool any =
          !entry.displacement.empty() || !entry.traction.empty() || !entry.pressure.empty();
      if (entry.boundary.empty() && any)
        throw parameters.error(section + "/Boundary",
                               "expected the name or number of a boundary: the section prescribes "
                               "something");
      if (entry.boundary.empty())
        continue;
      if (result.kind != RunLoadingKind::boundaries)
        throw parameters.error(section + "/Boundary",
                               "is only used if \"Loading/Kind\" is boundaries");
      if (!any)
        throw parameters.error(section + "/Displacement",
                               "expected a displacement, a traction or a pressure");
      result.boundaries.push_back(std::move(entry));
    }
    if (result.kind == RunLoadingKind::boundaries && result.boundaries.empty())
      throw parameters.error("Loading/Kind", "boundaries: expected at least a section \"Boundary "
                                             "1\"");

    if (parameters.text("Loading/Stepping") == "next event")
      result.steps.stepping = solver::Stepping::next_event;
    if (parameters.text("Loading/Firing") == "one")
      result.steps.firing = solver::Firing::one;
    result.steps.largest_increment = parameters.number("Loading/Largest increment");
    result.steps.smallest_increment = parameters.number("Loading/Smallest increment");
    if (result.steps.smallest_increment > result.steps.largest_increment)
      throw parameters.error("Loading/Smallest increment", "must not exceed the largest increment");
    result.steps.largest_firing_share = parameters.number("Loading/Largest firing share");
    result.steps.max_passes =
        static_cast<unsigned int>(parameters.integer("Loading/Largest number of passes"));
    result.steps.runaway_strain = parameters.number("Loading/Runaway strain");
    return result;
  }

  double RunLoading::driven_strain(const solver::StepRecord &record) const
  {
    if (path)
      return path(record.time);
    return component < 0 ? record.time
                         : (component < 3 ? 1.0 : law::sqrt2) * record.mean_strain[component];
  }

  double RunLoading::driven_stress(const law::SymmetricTensor &mean_stress,
                                   const double mean_tau) const
  {
    return component < 0 ? mean_tau : mean_stress[component] / (component < 3 ? 1.0 : law::sqrt2);
  }

  double RunLoading::strain_jump(const solver::StepRecord &record) const
  {
    if (path || component < 0)
      return 0.0;
    return (component < 3 ? 1.0 : law::sqrt2) *
           (record.mean_strain[component] - record.avalanche.strain_before[component]);
  }

  template <int dim>
  void RunLoading::add_boundary(const solver::SpecimenMesh<dim> &mesh, const BoundaryEntry &entry,
                                solver::Loading<dim> &loading) const
  {
    const auto id = find_boundary(mesh, entry.boundary, entry.key + "/Boundary");
    const auto check_size = [&](const std::vector<std::string> &parts, const char *key) {
      if (!parts.empty() && parts.size() != dim)
        throw InputError(fmt::format("\"{}/{}\": expected {} expressions separated by semicolons, "
                                     "found {}",
                                     entry.key, key, dim, parts.size()));
    };
    check_size(entry.displacement, "Displacement");
    check_size(entry.traction, "Traction");

    if (!entry.displacement.empty())
    {
      solver::BoundaryMotion<dim> motion{id, {}, {}};
      std::array<std::function<double(const dealii::Point<dim> &, double)>, dim> functions;
      for (unsigned int d = 0; d < dim; ++d)
      {
        motion.components[d] = !entry.displacement[d].empty();
        if (motion.components[d])
          functions[d] = space_function<dim>(entry.displacement[d], entry.key + "/Displacement");
      }
      motion.value = [functions](const dealii::Point<dim> &x, const unsigned int d,
                                 const double t) { return functions[d](x, t); };
      loading.motions.push_back(std::move(motion));
    }
    if (!entry.traction.empty() || !entry.pressure.empty())
    {
      std::array<std::function<double(const dealii::Point<dim> &, double)>, dim + 1> functions;
      for (unsigned int d = 0; d < dim && !entry.traction.empty(); ++d)
        if (!entry.traction[d].empty())
          functions[d] = space_function<dim>(entry.traction[d], entry.key + "/Traction");
      if (!entry.pressure.empty())
        functions[dim] = space_function<dim>(entry.pressure, entry.key + "/Pressure");
      loading.tractions.push_back(
          {id, [functions](const dealii::Point<dim> &x, const dealii::Tensor<1, dim> &normal,
                           const double t) {
             dealii::Tensor<1, dim> force;
             for (unsigned int d = 0; d < dim; ++d)
               if (functions[d])
                 force[d] = functions[d](x, t);
             return functions[dim] ? force - functions[dim](x, t) * normal : force;
           }});
    }
  }

  template <int dim>
  solver::Loading<dim> RunLoading::make(const solver::SpecimenMesh<dim> &mesh) const
  {
    using Point = dealii::Point<dim>;
    solver::Loading<dim> loading;
    const Point lengths = lengths_of(mesh);
    std::set<unsigned int> periodic;
    for (const solver::PeriodicFaces &pair : mesh.periodic)
      periodic.insert(pair.direction);
    const auto boundary = [&](const std::string &name) {
      return find_boundary(mesh, name, "Loading/Lower boundary, Upper boundary");
    };
    const auto hold = [&](const std::string &name, std::array<bool, dim> components) {
      loading.motions.push_back(
          {boundary(name), components,
           [](const Point &, const unsigned int, const double) { return 0.0; }});
    };
    /// The boundary @p name moves along @p axis by strain times @p length.
    const auto move = [&](const std::string &name, std::array<bool, dim> components,
                          const unsigned int axis, const double length) {
      loading.motions.push_back(
          {boundary(name), components,
           [path = path, axis, length](const Point &, const unsigned int c, const double t) {
             return c == axis ? length * path(t) : 0.0;
           }});
    };

    switch (kind)
    {
    case RunLoadingKind::periodic_shear:
    case RunLoadingKind::components:
      if (periodic.size() != dim)
        throw InputError("\"Loading/Kind\": a mean strain needs a body that is periodic in all "
                         "directions (\"Specimen/Periodic\")");
      if (kind == RunLoadingKind::periodic_shear)
        loading.mean = [path = path](const double t) { return law::simple_shear(path(t)); };
      else
      {
        loading.mean_control = control;
        loading.mean = components;
        if (dim == 2)
          for (const std::size_t c : {2, 3, 4})
            if (control[c] == law::Control::stress)
              throw InputError("\"Loading/Stress zz, yz, xz\": plane strain prescribes these "
                               "strains, zero");
      }
      break;
    case RunLoadingKind::plates:
      hold(lower, all_components<dim>());
      move(upper, all_components<dim>(), 0, lengths[1]);
      break;
    case RunLoadingKind::tension: {
      const unsigned int axis = upper == "upper z" ? 2 : 1;
      if (axis >= dim)
        throw InputError("\"Loading/Upper boundary\": plane strain has no upper z");
      hold(lower, all_components<dim>());
      move(upper, all_components<dim>(), axis, lengths[axis]);
      break;
    }
    case RunLoadingKind::uniaxial:
    case RunLoadingKind::biaxial:
      for (unsigned int d = 0; d < dim; ++d)
      {
        std::array<bool, dim> normal = {};
        normal[d] = true;
        const char axis = "xyz"[d];
        if (periodic.count(d) > 0)
          throw InputError(fmt::format("\"Loading/Kind\": the box is pulled between walls; set "
                                       "\"Specimen/Periodic\" without {}",
                                       axis));
        hold(fmt::format("lower {}", axis), normal);
        if (d == 0 || (d == 1 && kind == RunLoadingKind::biaxial))
          move(fmt::format("upper {}", axis), normal, d, lengths[d]);
      }
      break;
    case RunLoadingKind::torsion:
      if constexpr (dim == 2)
        throw InputError("\"Loading/Kind\": torsion needs \"Specimen/Dimension\" = 3");
      else
      {
        hold(lower, all_components<dim>());
        // Surface shear = angle times radius over length.
        const double twist = lengths[2] / (0.5 * std::max(lengths[0], lengths[1]));
        loading.motions.push_back(
            {boundary(upper), all_components<dim>(),
             [path = path, twist](const Point &x, const unsigned int c, const double t) {
               return c == 0 ? -x[1] * twist * path(t) : c == 1 ? x[0] * twist * path(t) : 0.0;
             }});
      }
      break;
    case RunLoadingKind::boundaries:
      for (const BoundaryEntry &entry : boundaries)
        add_boundary(mesh, entry, loading);
      break;
    }
    return loading;
  }

  template solver::Loading<2> RunLoading::make(const solver::SpecimenMesh<2> &) const;
  template solver::Loading<3> RunLoading::make(const solver::SpecimenMesh<3> &) const;
} // namespace seem::commands
