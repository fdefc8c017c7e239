// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_RUN_BODY_H
#define SEEM_SOURCE_COMMANDS_RUN_BODY_H

#include <seem/commands/parameters.h>
#include <seem/commands/run_command.h>
#include <seem/core/state.h>
#include <seem/database/event_database.h>
#include <seem/solver/body.h>

#include <mpi.h>

#include <vector>

namespace seem::commands
{
  /// What a run is made of before its dimension matters.
  struct RunContext
  {
    const CommandLine &command_line;
    const Parameters &parameters;
    const RunParameters &run;
    const database::EventDatabase &database;
    std::vector<State> states;    ///< that points may start from, at zero stress
    double representative_volume; ///< [nm^3]
    MPI_Comm communicator;        ///< of the ranks that run it
  };

  /// Name of the file that keeps an update which ended a run.
  inline constexpr const char *replay_file_name = "replay.h5";

  /// States that the points may start from, at zero stress. @throws InputError naming the label
  /// that the database does not have
  std::vector<State> starting_states(const Parameters &parameters, const RunParameters &run,
                                     const database::EventDatabase &database);

  /// Lengths of the specimen, the automatic ones for the states that it will have.
  SpecimenLengths specimen_lengths(const RunContext &context);

  /// How the specimen is discretised and solved.
  solver::BodySettings body_settings(const RunParameters &run, const SpecimenLengths &lengths);

  /// Build the body in dim dimensions, load it, write the results. All ranks call it.
  /// @return exit status
  template <int dim>
  int run_body(const RunContext &context);
} // namespace seem::commands

#endif
