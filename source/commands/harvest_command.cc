// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elasticity_of_database.h"
#include "text_file.h"

#include <seem/commands/harvest_check.h>
#include <seem/commands/harvest_command.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/path_progress.h>
#include <seem/commands/run_storage.h>
#include <seem/io/database_file.h>
#include <seem/statistics/harvest.h>

#include <fmt/format.h>

#include <memory>

namespace seem::commands
{
  namespace
  {
    /// A progress line for each step of the harvest.
    class StepProgress
    {
    public:
      void operator()(const std::string &step, const std::size_t, const std::size_t n)
      {
        if (!line || step != current)
          line = std::make_shared<PathProgress>(n, -1.0, step + ":");
        current = step;
        line->advance();
      }

    private:
      std::string current;
      std::shared_ptr<PathProgress> line; // std::function wants copies
    };
  } // namespace

  int harvest_command(const CommandLine &command_line)
  {
    const Parameters parameters = Parameters::load(
        HarvestParameters::declare, command_line.parameter_file, command_line.assignments);
    const HarvestParameters harvest_parameters = HarvestParameters::parse(parameters);
    if (command_line.check)
      return harvest_check(harvest_parameters.runs);
    const OutputGuard output(output_directory(command_line, parameters), command_line.overwrite);

    const auto runs =
        store_atomistic_runs(harvest_parameters.runs, harvest_parameters.scratch_directory,
                             harvest_parameters.n_threads);
    statistics::Harvest harvest = statistics::harvest(
        *runs, harvest_parameters.settings, {harvest_parameters.n_threads, StepProgress()});

    if (!harvest_parameters.elasticity_database.empty())
    {
      copy_elasticity(harvest_parameters.elasticity_database, harvest.database);
      harvest.database.settings["elasticity database"] = parameters.text("Elasticity/Database");
    }
    for (const auto &[path, value] : parameters.as_text())
      if (path.rfind("Runs/", 0) == 0)
        harvest.database.settings[path] = value;

    const std::filesystem::path file = output / harvest_parameters.database_file;
    const std::string report = harvest.report.text();
    io::write_database(file, harvest.database);
    write_text_file(output / "report.txt", report);
    write_text_file(output / "report.json", harvest.report.json());
    fmt::print("{}\nDatabase: {}\nReport:   {}\n", report, file.string(),
               (output / "report.txt").string());
    return 0;
  }
} // namespace seem::commands
