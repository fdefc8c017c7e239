// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_HARVEST_COMMAND_H
#define SEEM_COMMANDS_HARVEST_COMMAND_H

#include <seem/commands/atomistic_runs.h>
#include <seem/commands/command_line.h>
#include <seem/statistics/harvest_settings.h>

#include <filesystem>
#include <string>

namespace seem::commands
{
  /// Declare what a harvest lets the user choose: the sections Elasticity, Events and Grid.
  void declare_harvest_settings(dealii::ParameterHandler &prm);

  /// The settings of these sections. @throws InputError naming the parameter
  statistics::HarvestSettings parse_harvest_settings(const Parameters &parameters);

  /// Parameters of `seem harvest`.
  struct HarvestParameters
  {
    std::string database_file; ///< name in the output directory
    unsigned int n_threads = 1;
    std::filesystem::path scratch_directory; ///< empty: the default of io::ScratchRuns
    AtomisticRunsParameters runs;
    statistics::HarvestSettings settings;

    /// Database whose elasticity, u0 and grid are in the settings, or empty.
    std::filesystem::path elasticity_database;

    static void declare(dealii::ParameterHandler &prm);
    static HarvestParameters parse(const Parameters &parameters);
  };

  /**
   * `seem harvest`: atomistic runs -> event database and report (report.txt, report.json) in the
   * output directory, the report on standard output, too.
   * @return exit status
   */
  int harvest_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
