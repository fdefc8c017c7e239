// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_PYTHON_DATABASE_TEXT_H
#define SEEM_PYTHON_DATABASE_TEXT_H

#include <seem/database/event_database.h>

#include <string>
#include <vector>

namespace seem::python
{
  /// "25.6 ± 0.2 GPa"; without an error if that is zero, "none" if the number is infinite.
  std::string with_error(const database::FittedNumber &number, const std::string &unit);

  /// Labels of the samples, slowest cooled first.
  std::vector<std::string> labels_of(const database::EventDatabase &database);

  /// One line about a database.
  std::string database_line(const database::EventDatabase &database);

  /// A table about a database, as a notebook shows it.
  std::string database_html(const database::EventDatabase &database);
} // namespace seem::python

#endif
