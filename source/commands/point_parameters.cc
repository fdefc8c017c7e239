// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/point_command.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <limits>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  void PointParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Database file", "", patterns::FileName(),
                      "Event database, as `seem harvest` writes it.", true);
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the results go; --output takes precedence.");
    prm.declare_entry("Integrator", "event-driven",
                      patterns::Selection("event-driven|bernoulli|both"),
                      "The exact integrator, the paper's (one trial per increment), or both for "
                      "comparison.");
    prm.declare_entry("Figures", "true", patterns::Bool(),
                      "Draw figures (needs python3 with matplotlib).");
    MaterialParameters::declare(prm);
    PointLoading::declare(prm);

    prm.enter_subsection("Strain");
    prm.declare_entry("Final strain", "0.5", positive_number(),
                      "Engineering shear strain gamma at the end [-], of simple shear.");
    prm.declare_entry("Output increment", "0.001", positive_number(),
                      "Strain between two rows of output [-]; does not change event-driven paths.");
    prm.declare_entry("Bernoulli increment", "1e-4", positive_number(),
                      "Largest strain increment of the Bernoulli integrator [-].");
    prm.leave_subsection();

    prm.enter_subsection("Ensemble");
    prm.declare_entry("Paths per label", "200", patterns::Integer(1),
                      "Independent paths of each preparation [-].");
    prm.declare_entry("Labels", "all", patterns::Anything(),
                      "Preparations to run, separated by commas; all: those of the database.");
    prm.declare_entry("Initial state", "drawn", patterns::Selection("drawn|cycled|constant"),
                      "Initial (tau, X1) of the paths: drawn from the samples of their label by "
                      "their random numbers, those samples in turn, or constant.");
    prm.declare_entry("Initial stress", "0", patterns::Double(),
                      "tau at zero strain [GPa], if the initial state is constant.");
    prm.declare_entry("Initial X1", "0", patterns::Double(),
                      "X1 at zero strain [eV per atom], if the initial state is constant.");
    prm.declare_entry("Seed", "1", patterns::Integer(0), "Seed of all random numbers [-].");
    prm.declare_entry("First replica", "0", patterns::Integer(0),
                      "Number of the first path: it stands for the cell in the key of the random "
                      "numbers [-].");
    prm.declare_entry("Quadrature point", "0", patterns::Integer(0, 65535),
                      "Stands for the quadrature point in the key [-].");
    prm.declare_entry(
        "Volume ratio", "1", positive_number(),
        "m = volume of the point over the representative volume of the database [-].");
    prm.declare_entry("Volume rule", "scale", patterns::Selection("scale|sub-RVE"),
                      "scale: rates times m, jumps over m; sub-RVE: round(m) representative "
                      "volumes under equal strain, averaged.");
    prm.declare_entry("Paths shown", "3", patterns::Integer(0),
                      "Paths of each label that are written to paths.csv [-]; point.h5 has all.");
    prm.leave_subsection();

    AtomisticRunsParameters::declare(prm, /*required=*/false);
  }

  PointParameters PointParameters::parse(const Parameters &parameters)
  {
    PointParameters result;
    result.database_file = parameters.file("Database file");
    if (result.database_file.empty())
      throw parameters.error("Database file", "expected the name of a file");
    result.figures = parameters.boolean("Figures");
    const std::string integrator = parameters.text("Integrator");
    result.event_driven = integrator != "bernoulli";
    result.bernoulli = integrator != "event-driven";
    result.material = MaterialParameters::parse(parameters);
    result.runs = AtomisticRunsParameters::parse(parameters);

    result.loading = PointLoading::parse(parameters);
    if (result.loading.kind == LoadingKind::components)
    {
      if (result.bernoulli)
        throw parameters.error("Integrator", "\"Loading/Kind\" = components needs event-driven");
      if (!result.runs.manifest.empty())
        throw parameters.error("Runs/Manifest",
                               "runs are compared in simple shear only; \"Loading/Kind\" is "
                               "components");
    }

    result.final_strain = parameters.number("Strain/Final strain");
    result.output_increment = parameters.number("Strain/Output increment");
    result.bernoulli_increment = parameters.number("Strain/Bernoulli increment");
    if (result.output_increment > result.final_strain)
      throw parameters.error("Strain/Output increment", "must not exceed the final strain");

    if (parameters.text("Ensemble/Labels") != "all")
      result.labels = dealii::Utilities::split_string_list(parameters.text("Ensemble/Labels"), ",");
    const std::string initial = parameters.text("Ensemble/Initial state");
    result.initial_states = initial == "drawn"    ? InitialStates::drawn
                            : initial == "cycled" ? InitialStates::cycled
                                                  : InitialStates::constant;
    result.initial.tau = parameters.number("Ensemble/Initial stress");
    result.initial.x[0] = parameters.number("Ensemble/Initial X1");
    for (const char *path : {"Ensemble/Initial stress", "Ensemble/Initial X1"})
      if (result.initial_states != InitialStates::constant && parameters.number(path) != 0.0)
        throw parameters.error(path, "is only used if \"Ensemble/Initial state\" is constant");
    if (result.initial_states == InitialStates::constant && !result.labels.empty())
      throw parameters.error("Ensemble/Labels",
                             "must be \"all\" if \"Ensemble/Initial state\" is constant");
    result.n_paths = static_cast<std::size_t>(parameters.integer("Ensemble/Paths per label"));
    result.n_shown_paths = static_cast<std::size_t>(parameters.integer("Ensemble/Paths shown"));
    result.seed = static_cast<std::uint64_t>(parameters.integer("Ensemble/Seed"));
    result.material.law.seed = result.seed;
    result.first_replica = static_cast<std::uint64_t>(parameters.integer("Ensemble/First replica"));
    result.quadrature_point =
        static_cast<std::uint16_t>(parameters.integer("Ensemble/Quadrature point"));
    result.volume_ratio = parameters.number("Ensemble/Volume ratio");
    result.sub_volumes = parameters.text("Ensemble/Volume rule") == "sub-RVE";
    if (result.sub_volumes && result.material.kind != LawKind::seem)
      throw parameters.error("Ensemble/Volume rule", "sub-RVE needs \"Material/Law\" = seem");
    if (result.sub_volumes && result.bernoulli)
      throw parameters.error("Ensemble/Volume rule", "the Bernoulli integrator knows scale alone");
    if (result.bernoulli && result.material.kind != LawKind::seem)
      throw parameters.error("Integrator", "the Bernoulli integrator is of \"Material/Law\" seem");
    return result;
  }
} // namespace seem::commands
