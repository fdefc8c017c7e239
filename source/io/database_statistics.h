// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_DATABASE_STATISTICS_H
#define SEEM_SOURCE_IO_DATABASE_STATISTICS_H

#include <seem/database/event_database.h>
#include <seem/io/hdf5_file.h>

/// The groups of a database file that say how its events are turned into a law, and what each
/// sample adds to it.
namespace seem::io
{
  /// Groups /smoothing and /memory, as far as the database has them.
  void write_statistics(Hdf5Writer &file, const database::EventDatabase &database);

  /// @throws InputError naming the file and what is missing
  void read_statistics(const Hdf5Reader &file, database::EventDatabase &database);

  /// Group /visits, if the database knows what each sample visited.
  void write_visits(Hdf5Writer &file, const database::EventDatabase &database);

  /// Versions 1 and 2 have none. Sizes are left to database::check().
  void read_visits(const Hdf5Reader &file, database::EventDatabase &database);
} // namespace seem::io

#endif
