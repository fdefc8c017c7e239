// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_VALIDATE_COMMAND_H
#define SEEM_COMMANDS_VALIDATE_COMMAND_H

#include <seem/commands/atomistic_runs.h>
#include <seem/commands/command_line.h>
#include <seem/database/material.h>
#include <seem/law/seem_law.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/validation.h>
#include <seem/statistics/validation_folds.h>
#include <seem/statistics/validation_verdict.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seem::commands
{
  /// Parameters of `seem validate`.
  struct ValidateParameters
  {
    bool figures = true;
    unsigned int n_threads = 1;
    AtomisticRunsParameters runs;
    statistics::HarvestSettings harvest; ///< without bootstrap

    law::SeemLawParameters law;
    database::ElasticityChoice elasticity = database::ElasticityChoice::as_harvested;

    std::vector<statistics::HoldOut> hold_out; ///< in the order of the table
    std::size_t n_folds = 0;                   ///< of HoldOut::glass; 0: one per glass
    std::size_t n_paths = 0;                   ///< per run
    double output_increment = 0.0;             ///< of the model paths [-]
    statistics::ValidationSettings metrics;
    statistics::Thresholds thresholds;

    static void declare(dealii::ParameterHandler &prm);
    static ValidateParameters parse(const Parameters &parameters);
  };

  /// Exit status of a validation that ran and fails a threshold; 1 is that of an error.
  inline constexpr int validation_failed_status = 2;

  /**
   * `seem validate`: atomistic runs -> harvests without a part of them, the model's prediction of
   * that part, and how far it is from the runs. Writes validation.txt, validation.json and tables
   * to the output directory, the text to standard output, too, and draws figures.
   * @return exit status: 0 if no threshold is broken, else validation_failed_status
   */
  int validate_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
