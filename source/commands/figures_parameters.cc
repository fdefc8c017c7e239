// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/figures_command.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/io/database_file.h>

#include <deal.II/base/parameter_handler.h>

#include <algorithm>
#include <thread>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  void FiguresParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Database file", "", patterns::FileName(),
                      "Event database, as `seem harvest` writes it.", true);
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the figures go; --output takes precedence.");
    prm.declare_entry(
        "Figures", "true", patterns::Bool(),
        "Draw the figures (needs python3 with matplotlib); false: their numbers alone.");
    prm.declare_entry("Run", "", patterns::Anything(),
                      "The run that is drawn alone, by its name in the manifest; empty: the first "
                      "one of the database.");
    prm.declare_entry("First strain", "0.02", positive_number(),
                      "Strain below which the first modulus of a run is measured [-].");
    prm.declare_entry("Histogram bins", "0", patterns::Integer(0),
                      "Bins of the jumps of the fullest state, along each axis [-]; 0: the root of "
                      "twice the number of its events, 10 to 40.");
    prm.declare_entry("Threads", "0", patterns::Integer(0),
                      "Threads that read the runs [-]; 0: one per processor core.");

    prm.enter_subsection("Model");
    prm.declare_entry("Paths per label", "100", patterns::Integer(1),
                      "Paths of the model of each preparation, begun at the states of its samples "
                      "in turn [-].");
    prm.declare_entry("Seed", "1", patterns::Integer(0), "Seed of all random numbers [-].");
    prm.declare_entry("Final strain", "0.5", positive_number(),
                      "Engineering shear strain gamma at the end of the paths [-].");
    prm.declare_entry("Output increment", "0.001", positive_number(),
                      "Strain between two rows of a path [-].");
    prm.leave_subsection();

    AtomisticRunsParameters::declare(prm, /*required=*/false);
  }

  FiguresParameters FiguresParameters::parse(const Parameters &parameters)
  {
    FiguresParameters result;
    result.database_file = parameters.file("Database file");
    if (result.database_file.empty())
      throw parameters.error("Database file", "expected the name of a file");
    result.figures = parameters.boolean("Figures");
    result.first_strain = parameters.number("First strain");
    result.histogram_bins = static_cast<std::size_t>(parameters.integer("Histogram bins"));
    result.n_threads = static_cast<unsigned int>(parameters.integer("Threads"));
    if (result.n_threads == 0)
      result.n_threads = std::max(1u, std::thread::hardware_concurrency());
    result.n_paths = static_cast<std::size_t>(parameters.integer("Model/Paths per label"));
    result.seed = static_cast<std::uint64_t>(parameters.integer("Model/Seed"));
    result.final_strain = parameters.number("Model/Final strain");
    result.output_increment = parameters.number("Model/Output increment");
    if (result.output_increment > result.final_strain)
      throw parameters.error("Model/Output increment", "must not exceed the final strain");
    result.runs = AtomisticRunsParameters::parse(parameters);
    return result;
  }

  Parameters load_figures_parameters(const CommandLine &command_line)
  {
    Parameters parameters(FiguresParameters::declare);
    if (io::file_kind(command_line.parameter_file).is_event_database())
    {
      parameters.set("Database file=" + command_line.parameter_file.string());
      // The manifest of the harvest may be anywhere by now; how its files are laid out stays.
      for (const auto &[path, value] : io::read_database(command_line.parameter_file).settings)
        if (path.rfind("Runs/", 0) == 0 && path != "Runs/Manifest" && parameters.has(path))
          parameters.set(path + "=" + value);
    }
    else
      parameters.read(command_line.parameter_file);
    if (!command_line.runs_manifest.empty())
      parameters.set("Runs/Manifest=" + command_line.runs_manifest.string());
    for (const std::string &assignment : command_line.assignments)
      parameters.set(assignment);
    parameters.check_required();
    return parameters;
  }
} // namespace seem::commands
