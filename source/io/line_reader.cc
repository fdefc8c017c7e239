// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace seem::io
{
  namespace
  {
    constexpr std::size_t block_size = 1 << 16;
    constexpr std::size_t longest_line = 1 << 20;
  } // namespace

  std::string first_bytes(const std::filesystem::path &path, const std::size_t n)
  {
    check_readable(path);
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), &gzclose_r);
    std::string bytes(n, '\0');
    const int found = file ? gzread(file.get(), bytes.data(), static_cast<unsigned>(n)) : 0;
    bytes.resize(static_cast<std::size_t>(std::max(found, 0)));
    return bytes;
  }

  LineReader::LineReader(const std::filesystem::path &path)
      : path(path), source(path), buffer(block_size)
  {
  }

  std::string LineReader::place() const
  {
    return fmt::format("{}:{}", path.string(), number);
  }

  void LineReader::refill()
  {
    if (begin > 0)
      std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    end -= begin;
    begin = 0;
    if (end == buffer.size())
      buffer.resize(2 * buffer.size());

    if (cut_off)
      throw InputError(fmt::format("{}: the gzip file is cut off after line {}: expected more "
                                   "compressed data. Copy or compress the file again (gzip -t "
                                   "tests it)",
                                   path.string(), number));

    const ByteSource::Result found = source.read(buffer.data() + end, buffer.size() - end);
    // A gzip file that ends too early first gives all its good bytes.
    cut_off = found.cut_off;
    if (cut_off && found.n == 0)
      return refill();
    if (found.fault != nullptr)
      throw InputError(
          fmt::format("{}: cannot be read after line {}: {}. If this is a gzip file it "
                      "is damaged (gzip -t tests it)",
                      path.string(), number, found.fault));
    end_of_file = found.n == 0;
    take(found.n);
  }

  void LineReader::take(const std::size_t n)
  {
    has_zero = has_zero || std::memchr(buffer.data() + end, '\0', n) != nullptr;
    end += n;
  }

  bool LineReader::next(std::string_view &line)
  {
    std::size_t searched = begin;
    for (;;)
    {
      const void *const found = std::memchr(buffer.data() + searched, '\n', end - searched);
      if (found != nullptr || (end_of_file && end > begin))
      {
        const std::size_t line_end =
            found != nullptr
                ? static_cast<std::size_t>(static_cast<const char *>(found) - buffer.data())
                : end;
        line = std::string_view(buffer.data() + begin, line_end - begin);
        no_line_end = found == nullptr;
        begin = std::min(line_end + 1, end);
        break;
      }
      if (end_of_file)
        return false;
      if (end - begin > longest_line)
        throw InputError(fmt::format("{}: line {} is longer than {} bytes: expected a text file",
                                     path.string(), number + 1, longest_line));
      searched = end - begin;
      refill();
    }
    ++number;
    if (number == 1 && line.substr(0, 3) == "\xEF\xBB\xBF")
      line.remove_prefix(3);
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    if (has_zero && line.find('\0') != std::string_view::npos)
      throw InputError(
          fmt::format("{}: holds a zero byte: expected a text file, plain or gzip'd", place()));
    return true;
  }
} // namespace seem::io
