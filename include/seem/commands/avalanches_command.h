// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_AVALANCHES_COMMAND_H
#define SEEM_COMMANDS_AVALANCHES_COMMAND_H

#include <seem/commands/command_line.h>
#include <seem/commands/parameters.h>
#include <seem/statistics/power_law.h>

#include <array>
#include <filesystem>
#include <limits>
#include <optional>

namespace seem::commands
{
  /// A measure of the size of an avalanche: a column of avalanches.csv.
  struct AvalancheSize
  {
    const char *name;   ///< for the user
    const char *column; ///< of the table
    const char *unit;
    statistics::SizeKind kind;
  };

  /// All measures of size that are analysed.
  const std::array<AvalancheSize, 4> &avalanche_sizes();

  /// Parameters of `seem avalanches`.
  struct AvalanchesParameters
  {
    std::filesystem::path file;
    double from_strain = -std::numeric_limits<double>::infinity();
    double to_strain = std::numeric_limits<double>::infinity();
    std::array<std::optional<double>, 4> minima; ///< of avalanche_sizes(); not set: found
    statistics::PowerLawSettings fit;
    bool figures = true;

    static void declare(dealii::ParameterHandler &prm);
    static AvalanchesParameters parse(const Parameters &parameters);
  };

  /**
   * `seem avalanches`: size distributions of the avalanches of a run in next-event stepping, as
   * power laws with an exponential cutoff, and how size grows with duration. Takes a parameter file
   * or avalanches.csv itself. Writes avalanche_fits.csv, avalanche_distribution.csv,
   * avalanche_durations.csv, avalanches.json and a figure. A measure that cannot be fitted is named
   * on standard error, the others are fitted.
   * @return exit status; 1 if none can be fitted
   */
  int avalanches_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
