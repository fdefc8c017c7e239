// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/avalanches_command.h>
#include <seem/commands/command_table.h>
#include <seem/commands/figures_command.h>
#include <seem/commands/harvest_command.h>
#include <seem/commands/point_command.h>
#include <seem/commands/replay_command.h>
#include <seem/commands/run_command.h>
#include <seem/commands/validate_command.h>

namespace seem::commands
{
  const std::vector<Command> &command_table()
  {
    static const std::vector<Command> table = {
        {"harvest", "Harvest the event database from atomistic runs", harvest_command,
         HarvestParameters::declare, false, nullptr},
        {"point", "Run ensembles of the point model and compare them with atomistic runs",
         point_command, PointParameters::declare, false, replay_command},
        {"run", "Shear a specimen with the finite-element solver (start it with mpirun)",
         run_command, RunParameters::declare, true, nullptr},
        {"avalanches", "Fit size distributions to the avalanches of seem run", avalanches_command,
         AvalanchesParameters::declare, false, nullptr},
        {"figures", "Draw the maps and figures of the paper from an event database and its runs",
         figures_command, FiguresParameters::declare, false, nullptr},
        {"validate", "Predict atomistic runs that the event database was not made from",
         validate_command, ValidateParameters::declare, false, nullptr},
    };
    return table;
  }
} // namespace seem::commands
