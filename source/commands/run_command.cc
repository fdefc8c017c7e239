// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_body.h"
#include "run_ensemble.h"
#include "run_validation.h"

#include <seem/commands/run_command.h>
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/io/database_file.h>

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace seem::commands
{
  std::vector<State> starting_states(const Parameters &parameters, const RunParameters &run,
                                     const database::EventDatabase &database)
  {
    std::vector<State> states;
    if (run.initial.kind != InitialKind::drawn)
    {
      states.emplace_back();
      states.back().x[0] = run.initial.x1;
      database::fill_memory(database, states.back());
      return states;
    }
    std::set<std::string> labels;
    for (const database::Sample &sample : database.samples)
    {
      labels.insert(sample.label);
      if (run.initial.label.empty() || sample.label == run.initial.label)
        states.push_back({0.0, sample.initial.x});
    }
    if (states.empty())
      throw parameters.error(
          "Initial state/Label",
          fmt::format("the database has no such samples; it has {}", fmt::join(labels, ", ")));
    return states;
  }

  namespace
  {
    /// One run on the ranks of @p communicator.
    int run_once(const CommandLine &command_line, const database::EventDatabase &database,
                 const MPI_Comm communicator)
    {
      const Parameters parameters = Parameters::load(
          RunParameters::declare, command_line.parameter_file, command_line.assignments);
      const RunParameters run = RunParameters::parse(parameters);
      const RunContext context = {command_line,
                                  parameters,
                                  run,
                                  database,
                                  starting_states(parameters, run, database),
                                  database.volume / std::pow(units::A_per_nm, 3),
                                  communicator};
      return run.specimen.dimension == 2 ? run_body<2>(context) : run_body<3>(context);
    }
  } // namespace

  int run_command(const CommandLine &command_line)
  {
    if (command_line.validate)
      return validate_run(command_line);
    const Parameters parameters = Parameters::load(
        RunParameters::declare, command_line.parameter_file, command_line.assignments);
    const RunParameters run = RunParameters::parse(parameters);
    // Every rank reads the (small) database: all see the same error.
    const database::EventDatabase database = io::read_database(run.database_file);
    if (run.ensemble.n_runs == 1 || command_line.check_mesh)
      return run_once(command_line, database, MPI_COMM_WORLD);
    return run_ensemble(command_line, parameters, run, MPI_COMM_WORLD,
                        [&](const RunMember &member) {
                          return run_once(member.command_line, database, member.communicator);
                        });
  }
} // namespace seem::commands
