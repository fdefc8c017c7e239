// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_LINE_READER_H
#define SEEM_SOURCE_IO_LINE_READER_H

#include "byte_source.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seem::io
{
  /// The first @p n bytes of a file, of a gzip'd one unpacked; fewer if it is shorter or damaged.
  std::string first_bytes(const std::filesystem::path &path, const std::size_t n);

  /**
   * Lines of a text file, plain or gzip'd, one after the other with bounded memory. Line ends (also
   * CR LF) and a byte order mark are removed.
   */
  class LineReader
  {
  public:
    explicit LineReader(const std::filesystem::path &path);
    LineReader(const LineReader &) = delete;
    LineReader &operator=(const LineReader &) = delete;

    /**
     * @param[out] line  the next line, valid until the next call
     * @return false at the end of the file
     * @throws InputError if the file is damaged or cut off, or is not text
     */
    bool next(std::string_view &line);

    /// Number of the line last returned, counted from 1.
    std::size_t line_number() const
    {
      return number;
    }

    /// Whether the line last returned is the last of the file and has no line end.
    bool line_end_missing() const
    {
      return no_line_end;
    }

    /// "file:line", for messages.
    std::string place() const;

    /// Bytes of text that are expected, see ByteSource::expected_size().
    std::size_t expected_size() const
    {
      return source.expected_size();
    }

    /// CRC-32 of the file as it is, if reading it to its end has found it by the way.
    std::optional<std::uint32_t> checksum() const
    {
      return source.checksum();
    }

  private:
    void refill();
    void take(const std::size_t n); ///< @p n bytes more are in the buffer

    std::filesystem::path path;
    ByteSource source;
    std::vector<char> buffer;
    std::size_t begin = 0; ///< unread part of the buffer
    std::size_t end = 0;
    bool end_of_file = false;
    bool no_line_end = false;
    bool has_zero = false; ///< a zero byte was read: look for its line
    bool cut_off = false;  ///< a gzip file that ends too early
    std::size_t number = 0;
  };
} // namespace seem::io

#endif
