// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_ELASTICITY_OF_DATABASE_H
#define SEEM_SOURCE_COMMANDS_ELASTICITY_OF_DATABASE_H

#include <seem/database/event_database.h>
#include <seem/statistics/harvest_settings.h>

#include <filesystem>

namespace seem::commands
{
  /**
   * Let a harvest see its runs as the database in @p file does: with its elasticity, u0, grid and,
   * where the settings leave them open, the floors of its events. The result can be merged with it.
   * @throws InputError naming the file if it cannot be read or its grid is not of equal bins
   */
  void take_over_elasticity(const std::filesystem::path &file,
                            statistics::HarvestSettings &settings);

  /// Give @p database the elasticity of the database in @p file with its standard errors and
  /// origin, which a harvest with given constants does not know.
  void copy_elasticity(const std::filesystem::path &file, database::EventDatabase &database);
} // namespace seem::commands

#endif
