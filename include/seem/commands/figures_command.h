// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_FIGURES_COMMAND_H
#define SEEM_COMMANDS_FIGURES_COMMAND_H

#include <seem/commands/atomistic_runs.h>
#include <seem/commands/command_line.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace seem::commands
{
  /// Parameters of `seem figures`.
  struct FiguresParameters
  {
    std::filesystem::path database_file;
    AtomisticRunsParameters runs; ///< the manifest may be empty
    bool figures = true;          ///< false: the tables alone
    std::size_t n_paths = 0;      ///< of the model, per label
    std::uint64_t seed = 1;
    double final_strain = 0.0;
    double output_increment = 0.0;
    double first_strain = 0.0;      ///< over which the first moduli are measured [-]
    std::size_t histogram_bins = 0; ///< of the jumps, along each axis; 0: by their number
    unsigned int n_threads = 1;     ///< that read runs

    static void declare(dealii::ParameterHandler &prm);
    static FiguresParameters parse(const Parameters &parameters);
  };

  /**
   * The parameters of `seem figures`: of a parameter file; or, if the file that was named is an
   * event database, those of that database, with the layout of the runs as it was harvested.
   * `--runs` and `--set` go before both.
   * @throws InputError naming what is wrong with the file or an assignment
   */
  Parameters load_figures_parameters(const CommandLine &command_line);

  /**
   * `seem figures`: the maps and figures of Xu et al. (2024) from an event database, and from
   * atomistic runs where a figure needs them; each as PNG and PDF with its numbers as CSV beside
   * it. A figure that cannot be made is named on standard error, the others are made.
   * @return exit status
   */
  int figures_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
