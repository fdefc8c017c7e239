// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_NUMBER_TABLE_H
#define SEEM_IO_NUMBER_TABLE_H

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace seem::io
{
  /// Named columns of numbers.
  struct NumberTable
  {
    std::vector<std::string> names;           ///< [n_columns]
    std::vector<std::vector<double>> columns; ///< [n_columns][n_rows]
    std::vector<std::size_t> line;            ///< [n_rows] line of each row in the file, from 1
    std::string file;                         ///< for messages

    /**
     * The column of a name, [n_rows].
     * @param[in] expected  what the file should be, for the message
     * @throws InputError naming the file and the columns it has
     */
    const std::vector<double> &column(const std::string &name,
                                      const std::string &expected = "") const;
  };

  /// Whether a table may have entries that are not finite (nan, inf).
  enum class NonFinite
  {
    refused,
    kept
  };

  /**
   * Read a table whose first line names its columns: fields separated by commas or by blanks; `#`
   * begins a comment; plain or gzip'd.
   * @throws InputError naming file, line and column: no header, no rows, a name that is there
   * twice, another number of fields, something that is not a number, or not a finite one unless
   * these are kept
   */
  NumberTable read_number_table(const std::filesystem::path &path,
                                NonFinite non_finite = NonFinite::refused);
} // namespace seem::io

#endif
