// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_POINT_COMMAND_H
#define SEEM_COMMANDS_POINT_COMMAND_H

#include <seem/commands/atomistic_runs.h>
#include <seem/commands/command_line.h>
#include <seem/commands/material_parameters.h>
#include <seem/commands/point_loading.h>
#include <seem/core/state.h>
#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>
#include <seem/law/seem_law.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Where the paths of a point ensemble begin.
  enum class InitialStates
  {
    drawn,   ///< drawn from the samples of a label by the key of the path
    cycled,  ///< the samples of a label in turn
    constant ///< the same for all
  };

  /// Parameters of `seem point`.
  struct PointParameters
  {
    std::filesystem::path database_file;
    bool figures = true;
    bool event_driven = true;
    bool bernoulli = false;
    MaterialParameters material;
    AtomisticRunsParameters runs; ///< for comparison; the manifest may be empty
    PointLoading loading;

    std::vector<std::string> labels; ///< empty: all of the database
    InitialStates initial_states = InitialStates::drawn;
    State initial;                 ///< if constant
    std::size_t n_paths = 0;       ///< per label
    std::size_t n_shown_paths = 0; ///< of them, written to paths.csv
    std::uint64_t seed = 1;
    std::uint64_t first_replica = 0;
    std::uint16_t quadrature_point = 0;
    double volume_ratio = 1.0;
    bool sub_volumes = false; ///< round(m) volumes under equal strain instead of scaling by m

    double final_strain = 0.0;
    double output_increment = 0.0;
    double bernoulli_increment = 0.0;

    static void declare(dealii::ParameterHandler &prm);
    static PointParameters parse(const Parameters &parameters);
  };

  /**
   * `seem point`: database -> ensembles of the point model, in monotone simple shear compared with
   * atomistic runs, or under prescribed components of strain and stress. Writes mean.csv,
   * paths.csv, grid.csv, summary.csv and point.h5 to the output directory, a table to standard
   * output, and draws figures.
   * @return exit status
   */
  int point_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
