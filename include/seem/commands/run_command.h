// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_COMMAND_H
#define SEEM_COMMANDS_RUN_COMMAND_H

#include <seem/commands/command_line.h>
#include <seem/commands/material_parameters.h>
#include <seem/law/volume_rule.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/load_stepper.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace seem::commands
{
  /// Parameters of `seem run`.
  struct RunParameters
  {
    std::filesystem::path database_file;
    MaterialParameters material;
    law::VolumeRule volume_rule = law::VolumeRule::check;
    solver::StateSupport support = solver::StateSupport::point;
    std::uint64_t seed = 1;

    std::array<unsigned int, 2> n_cells = {{32, 32}};
    double cell_edge = 0.0; ///< [nm]; 0: so that m = 1 for every state
    double thickness = 0.0; ///< [nm]; 0: edge of the representative volume

    bool drawn_initial_state = true; ///< X1 from the samples of a label, else constant
    std::string label;
    double initial_x1 = 0.0; ///< [eV per atom], if constant

    solver::LoadParameters load;
    solver::EquilibriumParameters equilibrium;

    double field_interval = 0.0; ///< mean shear strain between two field outputs; 0: end only
    bool figures = true;
    std::size_t n_point_paths = 0; ///< paths of the point model to compare with

    static void declare(dealii::ParameterHandler &prm);
    static RunParameters parse(const Parameters &parameters);
  };

  /**
   * `seem run`: quasistatic shear of a periodic specimen in plane strain, the stochastic law at
   * every quadrature point or in every cell. Writes history.csv, timings.csv, parameters.prm,
   * fields/fields.pvd, final_field.csv, on demand events.csv, point_mean.csv, and draws figures.
   * All ranks call it.
   * @return exit status
   */
  int run_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
