// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_RENEW_ESTIMATOR_H
#define SEEM_STATISTICS_RENEW_ESTIMATOR_H

#include <seem/database/event_database.h>
#include <seem/statistics/estimator.h>

#include <cstdint>

namespace seem::statistics
{
  /**
   * What the harvest of @p database was told of the estimator, from the settings that it names. Of
   * settings that two harvests differed in, those of the first ("a | b"). Without settings (files
   * from before there were any): what the database has, its curvatures given.
   * @throws InputError naming a setting that cannot be read
   */
  EstimatorSettings estimator_settings(const database::EventDatabase &database);

  /**
   * Give @p database the smoothing and the memory that a harvest of its runs would have given it,
   * in the place of those it has: after runs were added or left out.
   * @throws InputError as estimator_settings()
   */
  EstimatorReport renew_estimator(database::EventDatabase &database);

  /**
   * A bootstrap resample of @p database as database::bootstrap() draws it, with the memory fitted
   * to what was drawn if the database has one; the standard errors of the memory stay. The
   * smoothing stays, too: glasses that were drawn twice would be in what is left out and in what it
   * is predicted from.
   * @throws InputError as database::bootstrap()
   */
  database::EventDatabase bootstrap_with_memory(const database::EventDatabase &database,
                                                std::uint64_t seed);
} // namespace seem::statistics

#endif
