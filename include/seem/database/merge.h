// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_MERGE_H
#define SEEM_DATABASE_MERGE_H

#include <seem/database/event_database.h>

namespace seem::database
{
  /**
   * Take the memory out of a database: X2 of the samples and events, and the third axis, which has
   * one bin. A database without memory stays as it is.
   * @throws InputError if the third axis has several bins
   */
  void remove_memory(EventDatabase &database);

  /**
   * The database of the runs of both. X1, the jumps and the bins of both must mean the same: they
   * need the same elasticity, u0, grid, number of atoms, strain increment and definition of an
   * event. Other settings may differ; where they do, the result names both values. Its elasticity,
   * with standard errors, smoothing and minimum_events are those of @p first; the volume is the
   * mean over all samples. A memory is fitted to all events of a database, so the result has none;
   * statistics::renew_estimator() fits it, and the smoothing, anew.
   *
   * merge() of the parts of a database that select() made gives it back, up to its memory, the
   * order of its samples and round-off.
   * @throws InputError naming what differs and the cure; or a run that is in both, by its checksum;
   * or if one of them has no visits and the other has
   */
  EventDatabase merge(const EventDatabase &first, const EventDatabase &second);
} // namespace seem::database

#endif
