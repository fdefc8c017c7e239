// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"
#include "temporary_file.h"
#include "text.h"

#include <seem/core/exceptions.h>
#include <seem/io/csv_writer.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace seem::io
{
  namespace
  {
    constexpr std::size_t buffer_size = 1 << 16;

    std::string header_line(const std::vector<std::string> &columns)
    {
      std::string result;
      for (const std::string &column : columns)
        result += (result.empty() ? "" : ",") + text::csv_field(column);
      return result;
    }

    std::FILE *open(const std::filesystem::path &path, const char *const mode)
    {
      std::FILE *const file = std::fopen(path.c_str(), mode);
      if (file == nullptr)
        throw InputError(
            fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
      return file;
    }
  } // namespace

  CsvWriter::CsvWriter(const std::size_t n_columns, const std::filesystem::path &path)
      : path(path), n_columns(n_columns)
  {
    if (n_columns == 0)
      throw InputError(fmt::format("{}: a CSV file needs at least one column", path.string()));
  }

  CsvWriter::CsvWriter(const std::filesystem::path &path, const std::vector<std::string> &columns,
                       const Mode mode)
      : CsvWriter(columns.size(), path)
  {
    if (mode == Mode::whole)
      temporary = std::make_unique<TemporaryFile>(path);
    else
      check_place(path);
    file = open(temporary ? temporary->path() : path, "wb");
    buffer = header_line(columns) + "\n";
    if (mode == Mode::growing)
      flush();
  }

  CsvWriter CsvWriter::resume(const std::filesystem::path &path,
                              const std::vector<std::string> &columns, const std::size_t n_rows)
  {
    CsvWriter writer(columns.size(), path);
    const std::string header = header_line(columns);
    std::size_t kept = 0; // bytes
    {
      check_readable(path);
      std::ifstream input(path, std::ios::binary); // raw lines: their bytes are counted
      std::string line;
      if (!std::getline(input, line) || line != header)
        throw InputError(fmt::format("{}:1: cannot be continued: found the header {}, expected {}",
                                     path.string(), text::shown(line), text::shown(header)));
      kept = line.size() + 1;
      for (; writer.rows < n_rows; ++writer.rows)
      {
        if (!std::getline(input, line))
          throw InputError(fmt::format("{}: cannot be continued: found {} rows, expected at "
                                       "least {}",
                                       path.string(), writer.rows, n_rows));
        kept += line.size() + 1;
      }
    }
    std::error_code error;
    if (std::filesystem::file_size(path, error) < kept)
      throw InputError(
          fmt::format("{}: cannot be continued: its last row is cut off", path.string()));
    std::filesystem::resize_file(path, kept, error);
    if (error)
      throw InputError(fmt::format("{}: cannot be written: {}", path.string(), error.message()));
    writer.file = open(path, "ab");
    return writer;
  }

  CsvWriter::CsvWriter(CsvWriter &&other) noexcept
      : path(std::move(other.path)), temporary(std::move(other.temporary)),
        file(std::exchange(other.file, nullptr)), n_columns(other.n_columns), in_row(other.in_row),
        rows(other.rows), buffer(std::move(other.buffer))
  {
  }

  CsvWriter::~CsvWriter()
  {
    if (file == nullptr)
      return;
    if (!temporary)
      std::fwrite(buffer.data(), 1, buffer.size(), file);
    std::fclose(file);
  }

  void CsvWriter::separate()
  {
    if (in_row++ > 0)
      buffer += ',';
  }

  void CsvWriter::append(const double value)
  {
    separate();
    fmt::format_to(std::back_inserter(buffer), "{}", value);
  }

  void CsvWriter::append_integer(const std::int64_t value)
  {
    separate();
    fmt::format_to(std::back_inserter(buffer), "{}", value);
  }

  void CsvWriter::append_integer(const std::uint64_t value)
  {
    separate();
    fmt::format_to(std::back_inserter(buffer), "{}", value);
  }

  void CsvWriter::append(const std::string_view value)
  {
    separate();
    buffer += text::csv_field(value);
  }

  void CsvWriter::end_row()
  {
    const std::size_t found = std::exchange(in_row, 0);
    if (found != n_columns)
    {
      // The row is the last line of the buffer, which always holds whole lines before it.
      const std::size_t line_end = buffer.rfind('\n');
      buffer.resize(line_end == std::string::npos ? 0 : line_end + 1);
      throw Error(fmt::format("{}: row {} has {} values, expected {}", path.string(), rows + 1,
                              found, n_columns));
    }
    buffer += '\n';
    ++rows;
    if (buffer.size() > buffer_size)
      write_out();
  }

  void CsvWriter::row(const std::vector<double> &values)
  {
    for (const double value : values)
      append(value);
    end_row();
  }

  void CsvWriter::write_out()
  {
    if (file == nullptr)
      throw Error(fmt::format("{}: is closed already", path.string()));
    errno = 0;
    const bool written = std::fwrite(buffer.data(), 1, buffer.size(), file) == buffer.size();
    buffer.clear();
    if (!written)
      throw Error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
  }

  void CsvWriter::flush()
  {
    write_out();
    if (std::fflush(file) != 0)
      throw Error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
  }

  void CsvWriter::close()
  {
    flush();
    if (std::fclose(std::exchange(file, nullptr)) != 0)
      throw Error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
    if (temporary)
      temporary->commit();
  }
} // namespace seem::io
