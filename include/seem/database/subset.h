// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_SUBSET_H
#define SEEM_DATABASE_SUBSET_H

#include <seem/database/event_database.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace seem::database
{
  /// Label and glass of a sample. A sample without a named glass is a glass of its own, by its
  /// name.
  std::pair<std::string, std::string> glass_of(const Sample &sample);

  /**
   * The database of some of its samples: their events, visits and counts; elasticity, u0, grid,
   * smoothing and memory stay. The representative volume becomes the mean over them.
   * @param[in] samples  indices, in the order of the result; one that occurs again counts again, as
   * a glass of its own (" #2" is appended to the names of sample and glass)
   * @throws InputError if there is none, an index is out of range, or the database has no visits
   */
  EventDatabase subset(const EventDatabase &database, const std::vector<std::size_t> &samples);

  /**
   * The samples of some preparations or glasses.
   * @param[in] labels   labels to keep; empty: all
   * @param[in] glasses  glasses to keep; empty: all
   * @throws InputError if the database does not know one of them (naming those it has), if nothing
   * is left, or as subset() does
   */
  EventDatabase select(const EventDatabase &database, const std::vector<std::string> &labels,
                       const std::vector<std::string> &glasses);

  /**
   * A bootstrap resample: in each label as many glasses as it has are drawn with replacement, each
   * with all of its runs. The scatter over the seeds is that of the statistics of events at fixed
   * elasticity, grid, smoothing and memory. A label with a single glass does not scatter.
   * @param[in] seed  of a RandomStream; equal seeds give equal databases
   * @throws InputError as subset() does
   */
  EventDatabase bootstrap(const EventDatabase &database, std::uint64_t seed);
} // namespace seem::database

#endif
