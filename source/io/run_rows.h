// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_RUN_ROWS_H
#define SEEM_SOURCE_IO_RUN_ROWS_H

#include "line_reader.h"

#include <seem/io/table_reader.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seem::io
{
  /// The line each row comes from: rows mostly follow each other, so only the jumps are kept.
  class LineNumbers
  {
  public:
    void push_back(const std::size_t line)
    {
      if (jumps.empty() || line != jumps.back().line + (n - jumps.back().row))
        jumps.push_back({n, line});
      ++n;
    }

    void pop_back()
    {
      if (jumps.back().row == --n)
        jumps.pop_back();
    }

    std::size_t operator[](const std::size_t row) const;

  private:
    struct Jump
    {
      std::size_t row, line;
    };

    std::vector<Jump> jumps;
    std::size_t n = 0;
  };

  /// The three columns of a run in the units of its file, equal length, and the line each row comes
  /// from.
  struct RunRows
  {
    std::vector<double> strain, energy, stress;
    LineNumbers line;
    std::string line_word = "line"; ///< what `line` counts: "row" in files of arrays

    /// "file:line" or "file: row n", for messages.
    std::string place(const std::string &file, const std::size_t i) const;

    int energy_decimals = 0; ///< most digits after the point of any energy

    std::optional<std::uint32_t> file_checksum; ///< CRC-32 of the file, if reading has found it

    void reserve(const std::size_t n_rows);

    /// Add a row, in the order strain, energy, stress.
    void push_back(const std::array<double, 3> &values, const std::size_t line_number)
    {
      strain.push_back(values[0]);
      energy.push_back(values[1]);
      stress.push_back(values[2]);
      line.push_back(line_number);
    }

    void pop_back();
  };

  /// Where strain, energy and stress are among the columns of a table.
  class ColumnSelection
  {
  public:
    /**
     * @param[in] format     the columns asked for
     * @param[in] names      names of the columns; empty if the table has no header
     * @param[in] n_columns  number of columns
     */
    ColumnSelection(const TableFormat &format, const std::vector<std::string> &names,
                    const std::size_t n_columns);

    /// The columns asked for that are not there.
    const std::vector<std::string> &missing() const
    {
      return missing_names;
    }

    std::size_t size() const
    {
      return n_columns;
    }

    /**
     * Numbers of one row: strain, energy, stress.
     * @param[in] place  "file:line", for messages
     * @throws InputError for something that is not a finite number
     */
    std::array<double, 3> parse(const std::vector<std::string_view> &fields,
                                const std::string &path, const std::size_t line) const;

    /**
     * The same for a whole line, without a list of its fields: fast, for rows without fault.
     * @param[in]  line      the row
     * @param[in]  commas    whether commas separate the fields, else blanks
     * @param[out] values    strain, energy, stress
     * @param[out] decimals  of the energy, see text::decimals()
     * @return false if anything is unusual: split the line and call parse(), which names the fault
     */
    bool parse_line(const std::string_view line, const bool commas, std::array<double, 3> &values,
                    int &decimals) const;

    /// The energy as it is written.
    std::string_view energy_text(const std::vector<std::string_view> &fields) const
    {
      return fields[columns[1].numerator];
    }

  private:
    struct Column
    {
      std::string name; ///< as asked for
      std::size_t numerator = 0;
      std::optional<std::size_t> denominator; ///< of a ratio of two columns
    };

    template <char separator>
    bool parse_fields(const std::string_view line, std::array<double, 4> &numbers,
                      int &decimals) const;

    std::array<Column, 3> columns;
    /// For each column of the file: the index of its number among numerators and denominator, or
    /// none. A column asked for twice has no place here and is left to parse().
    std::vector<int> slots;
    bool asked_twice = false;
    std::vector<std::string> missing_names;
    std::size_t n_columns;
  };

  /// @throws InputError if a line of a log says that LAMMPS stopped with an error
  void check_no_error(const std::string_view line, const LineReader &reader);

  /// Index of a column given by its name or, failing that, by its number counted from 1.
  std::optional<std::size_t> find_column(const std::string_view name,
                                         const std::vector<std::string> &names,
                                         const std::size_t n_columns);

  /// "all.h5:/run7" as file and object; a path without an object has the object "/".
  std::pair<std::filesystem::path, std::string> split_object(const std::filesystem::path &path);

  /// Whether a file is HDF5, .npy or .npz, by its first bytes.
  bool is_array_file(const std::filesystem::path &file);

  /// Rows of a file of arrays, see read_trajectory().
  RunRows read_array_run(const std::filesystem::path &path, const TableFormat &format);

  /// Rows of a table, see read_trajectory().
  RunRows read_table(const std::filesystem::path &path, const TableFormat &format);

  /// Relaxed states of a LAMMPS log, see read_trajectory().
  RunRows read_lammps_log(const std::filesystem::path &path, const TableFormat &format,
                          std::vector<std::string> &notices);
} // namespace seem::io

#endif
