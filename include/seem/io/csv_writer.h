// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_CSV_WRITER_H
#define SEEM_IO_CSV_WRITER_H

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace seem::io
{
  class TemporaryFile;

  /**
   * Writes a CSV file (RFC 4180, but lines end with a single line feed): one header line, then rows
   * of numbers and strings. Doubles are written with the fewest digits that read back to the same
   * bits, independent of the locale. Column names carry their unit, e.g. `tau_GPa`.
   */
  class CsvWriter
  {
  public:
    enum class Mode
    {
      whole,  ///< the file appears under its name at close(); without close() nothing remains
      growing ///< the file is there from the start, and rows are visible after flush(): for
              ///< histories
    };

    /**
     * Open the file and write the header.
     * @throws InputError if the file cannot be created, naming it and the cause
     */
    CsvWriter(const std::filesystem::path &path, const std::vector<std::string> &columns,
              const Mode mode = Mode::whole);

    /**
     * Continue a history after a restart: keep the header and the first @p n_rows rows of an
     * existing file, drop the rows after them, and write on (mode `growing`).
     * @throws InputError if the file is missing, has other columns or fewer rows
     */
    static CsvWriter resume(const std::filesystem::path &path,
                            const std::vector<std::string> &columns, const std::size_t n_rows);

    CsvWriter(CsvWriter &&other) noexcept;
    CsvWriter(const CsvWriter &) = delete;
    CsvWriter &operator=(const CsvWriter &) = delete;
    CsvWriter &operator=(CsvWriter &&) = delete;

    /// Without close(): mode `whole` leaves nothing behind, mode `growing` keeps the rows written
    /// so far. Never throws.
    ~CsvWriter();

    /**
     * Write one row of numbers and strings.
     * @throws Error if the number of values is not that of the columns, or if writing fails (disk
     * full)
     */
    template <typename... Values>
    void row(const Values &...values)
    {
      (append(values), ...);
      end_row();
    }

    /// Write one row of doubles.
    void row(const std::vector<double> &values);

    /// Hand all rows to the operating system. @throws Error if that fails
    void flush();

    /// Flush, close, and in mode `whole` give the file its name. @throws Error if that fails
    void close();

    /// Number of rows in the file, without the header.
    std::size_t n_rows() const
    {
      return rows;
    }

  private:
    CsvWriter(const std::size_t n_columns, const std::filesystem::path &path);

    void append(const double value);
    void append(const std::string_view value);

    template <typename Integer>
    std::enable_if_t<std::is_integral_v<Integer>> append(const Integer value)
    {
      if constexpr (std::is_signed_v<Integer>)
        append_integer(static_cast<std::int64_t>(value));
      else
        append_integer(static_cast<std::uint64_t>(value));
    }

    void append_integer(const std::int64_t value);
    void append_integer(const std::uint64_t value);
    void separate();
    void end_row();
    void write_out();

    std::filesystem::path path;
    std::unique_ptr<TemporaryFile> temporary; ///< mode `whole` only
    std::FILE *file = nullptr;
    std::size_t n_columns = 0;
    std::size_t in_row = 0; ///< values of the row under way
    std::size_t rows = 0;
    std::string buffer; ///< rows not yet handed over
  };
} // namespace seem::io

#endif
