// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/run_command.h>

#include <deal.II/base/parameter_handler.h>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr const char *automatic = "automatic";

    void declare_specimen(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Specimen");
      prm.declare_entry("Cells", "32, 32", patterns::List(patterns::Integer(1), 2, 2),
                        "Cells of the periodic rectangle along x and y [-]; powers of two times a "
                        "small number distribute best.");
      prm.declare_entry("Cell edge", automatic, WordOr(automatic, positive_number()),
                        "Edge of the square cells [nm]. Automatic: so that every state of the law "
                        "owns one representative volume, m = 1.");
      prm.declare_entry("Thickness", automatic, WordOr(automatic, positive_number()),
                        "Thickness in plane strain [nm]. Automatic: the edge of the representative "
                        "volume.");
      prm.leave_subsection();
    }

    void declare_loading(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Loading");
      prm.declare_entry("Final strain", "0.2", positive_number(),
                        "Mean engineering shear strain gamma_xy at the end [-].");
      prm.declare_entry("Largest increment", "1e-3", positive_number(),
                        "Of the mean shear strain per load step [-].");
      prm.declare_entry("Smallest increment", "1e-7", positive_number(),
                        "A step that fails at this increment ends the run [-].");
      prm.declare_entry(
          "Largest firing share", "0.05", positive_number(),
          "Share of the states that may fire in the load pass [-]: the increment "
          "follows it; twice the share undoes the step and halves it, as long as that "
          "helps. 1: no bound.");
      prm.declare_entry("Largest number of passes", "1000", patterns::Integer(1),
                        "Equilibria of a step; an avalanche that needs more is undone and the step "
                        "halved [-].");
      prm.leave_subsection();
    }

    void declare_solver(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Solver");
      prm.declare_entry("Tolerance", "1e-10", patterns::Double(1e-15, 1e-4),
                        "Unbalanced nodal forces at the end of a step over the norm of all nodal "
                        "forces [-].");
      prm.declare_entry(
          "Pass tolerance", "1e-7", patterns::Double(1e-15, 1e-2),
          "The same for the passes on the way [-]. With the preconditioner amg, whose "
          "iterates depend on the number of ranks, 1e-12 keeps the event sequence "
          "independent of it.");
      prm.declare_entry("Newton steps", "20", patterns::Integer(1), "At most [-].");
      prm.declare_entry("Linear steps", "500", patterns::Integer(1),
                        "Conjugate-gradient steps per Newton step at most [-].");
      prm.declare_entry("Preconditioner", automatic, patterns::Selection("automatic|direct|amg"),
                        "Sparse LU of an earlier tangent (direct), algebraic multigrid (amg), or "
                        "by the size of the problem.");
      prm.leave_subsection();
    }
  } // namespace

  void RunParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Database file", "", patterns::FileName(),
                      "Event database, as `seem harvest` writes it.", true);
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the results go; --output takes precedence.");
    prm.declare_entry("Seed", "1", patterns::Integer(0), "Seed of all random numbers [-].");

    MaterialParameters::declare(prm);
    prm.enter_subsection("Material");
    prm.declare_entry("Volume rule", "check", patterns::Selection("check|scale|sub-RVE|one"),
                      "m = volume of a state of the law over the representative volume. scale: "
                      "rates times m, jumps over m; check: the same, but m outside 0.1 .. 10 is "
                      "refused; sub-RVE: round(m) volumes under equal strain, averaged; one: m = 1 "
                      "whatever the volume.");
    prm.declare_entry("State support", "point", patterns::Selection("point|cell"),
                      "A state of the law at every quadrature point, or one per cell, whose events "
                      "follow the mean strain of the cell's quadrature points.");
    prm.leave_subsection();

    declare_specimen(prm);

    prm.enter_subsection("Initial state");
    prm.declare_entry("Kind", "drawn", patterns::Selection("drawn|constant"),
                      "X1 of every point: drawn from the samples of a label by the point's random "
                      "numbers, or constant. The initial stress is zero.");
    prm.declare_entry("Label", "", patterns::Anything(),
                      "Preparation to draw from; empty: all samples of the database.");
    prm.declare_entry("X1", "0", patterns::Double(), "[eV per atom], if constant.");
    prm.leave_subsection();

    declare_loading(prm);
    declare_solver(prm);

    prm.enter_subsection("Output");
    prm.declare_entry("Field interval", "0.05", patterns::Double(0.0),
                      "Mean shear strain between two field outputs for ParaView [-]; 0: only at "
                      "the end.");
    prm.declare_entry("Event log", "false", patterns::Bool(),
                      "Write every event to events.csv (about 100 bytes each).");
    prm.declare_entry("Point paths", "200", patterns::Integer(0),
                      "Paths of the point model to draw beside the stress-strain curve [-]; 0: "
                      "none.");
    prm.declare_entry("Figures", "true", patterns::Bool(),
                      "Draw figures (needs python3 with matplotlib).");
    prm.leave_subsection();
  }

  RunParameters RunParameters::parse(const Parameters &parameters)
  {
    RunParameters result;
    result.database_file = parameters.file("Database file");
    if (result.database_file.empty())
      throw parameters.error("Database file", "expected the name of a file");
    result.seed = static_cast<std::uint64_t>(parameters.integer("Seed"));
    result.material = MaterialParameters::parse(parameters);
    result.material.law.seed = result.seed;
    if (result.material.elasticity == ElasticityChoice::paper)
      throw parameters.error(
          "Material/Elasticity",
          "found \"paper\", whose elastic branches do not conserve energy: a body "
          "has no energy balance with it. Choose as harvested, energy "
          "consistent or linear; seem point takes paper, for comparison");
    const std::string rule = parameters.text("Material/Volume rule");
    result.volume_rule = rule == "check"     ? law::VolumeRule::check
                         : rule == "scale"   ? law::VolumeRule::scale
                         : rule == "sub-RVE" ? law::VolumeRule::sub_rve
                                             : law::VolumeRule::one;
    if (result.volume_rule == law::VolumeRule::sub_rve && result.material.kind != LawKind::seem)
      throw parameters.error("Material/Volume rule", "sub-RVE needs \"Material/Law\" = seem");
    result.material.law.plane_strain = true;
    if (parameters.text("Material/State support") == "cell")
      result.support = solver::StateSupport::cell;
    if (result.support == solver::StateSupport::cell &&
        !result.material.hyperelastic_between_events())
      throw parameters.error("Material/State support",
                             "the laws mean flow and J2 flow at every quadrature point by its own "
                             "strain: they need point");

    const std::vector<double> cells = parameters.numbers("Specimen/Cells");
    for (unsigned int d = 0; d < 2; ++d)
      result.n_cells[d] = static_cast<unsigned int>(cells[d]);
    const auto number_or_zero = [&](const std::string &path) {
      return parameters.text(path) == automatic ? 0.0 : parameters.numbers(path).front();
    };
    result.cell_edge = number_or_zero("Specimen/Cell edge");
    result.thickness = number_or_zero("Specimen/Thickness");

    result.drawn_initial_state = parameters.text("Initial state/Kind") == "drawn";
    result.label = parameters.text("Initial state/Label");
    result.initial_x1 = parameters.number("Initial state/X1");
    if (result.drawn_initial_state && result.initial_x1 != 0.0)
      throw parameters.error("Initial state/X1",
                             "is only used if \"Initial state/Kind\" is constant");
    if (!result.drawn_initial_state && !result.label.empty())
      throw parameters.error("Initial state/Label",
                             "is only used if \"Initial state/Kind\" is drawn");

    result.load.final_strain = parameters.number("Loading/Final strain");
    result.load.largest_increment = parameters.number("Loading/Largest increment");
    result.load.smallest_increment = parameters.number("Loading/Smallest increment");
    if (result.load.smallest_increment > result.load.largest_increment)
      throw parameters.error("Loading/Smallest increment", "must not exceed the largest increment");
    result.load.largest_firing_share = parameters.number("Loading/Largest firing share");
    result.load.max_passes =
        static_cast<unsigned int>(parameters.integer("Loading/Largest number of passes"));
    result.load.log_events = parameters.boolean("Output/Event log");

    result.equilibrium.tolerance = parameters.number("Solver/Tolerance");
    result.equilibrium.pass_tolerance = parameters.number("Solver/Pass tolerance");
    result.equilibrium.max_newton_steps =
        static_cast<unsigned int>(parameters.integer("Solver/Newton steps"));
    result.equilibrium.max_linear_steps =
        static_cast<unsigned int>(parameters.integer("Solver/Linear steps"));
    const std::string preconditioner = parameters.text("Solver/Preconditioner");
    result.equilibrium.preconditioner =
        preconditioner == "direct" ? solver::PreconditionerKind::direct
        : preconditioner == "amg"  ? solver::PreconditionerKind::amg
                                   : solver::PreconditionerKind::automatic;

    result.field_interval = parameters.number("Output/Field interval");
    result.n_point_paths = static_cast<std::size_t>(parameters.integer("Output/Point paths"));
    result.figures = parameters.boolean("Output/Figures");
    return result;
  }
} // namespace seem::commands
