// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_RUN_BODY_H
#define SEEM_SOURCE_COMMANDS_RUN_BODY_H

#include <seem/commands/parameters.h>
#include <seem/commands/run_command.h>
#include <seem/core/state.h>
#include <seem/database/event_database.h>

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
  };

  /// Build the body in dim dimensions, load it, write the results. All ranks call it.
  template <int dim>
  void run_body(const RunContext &context);
} // namespace seem::commands

#endif
