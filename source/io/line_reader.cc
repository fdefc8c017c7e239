// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <system_error>
#include <unistd.h>

namespace seem::io
{
  namespace
  {
    constexpr std::size_t block_size = 1 << 16;
    constexpr std::size_t longest_line = 1 << 20;
  } // namespace

  void check_readable(const std::filesystem::path &path)
  {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found ||
        status.type() == std::filesystem::file_type::none)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(),
                                   error ? error.message() : "no such file"));
    if (status.type() == std::filesystem::file_type::directory)
      throw InputError(fmt::format("{}: is a directory, expected a file", path.string()));
    if (access(path.c_str(), R_OK) != 0)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  }

  std::string first_bytes(const std::filesystem::path &path, const std::size_t n)
  {
    check_readable(path);
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), &gzclose_r);
    std::string bytes(n, '\0');
    const int found = file ? gzread(file.get(), bytes.data(), static_cast<unsigned>(n)) : 0;
    bytes.resize(static_cast<std::size_t>(std::max(found, 0)));
    return bytes;
  }

  LineReader::LineReader(const std::filesystem::path &path) : path(path), buffer(block_size)
  {
    check_readable(path);
    errno = 0;
    file = gzopen(path.c_str(), "rb");
    if (file == nullptr)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(),
                                   errno != 0 ? std::strerror(errno) : "out of memory"));
    gzbuffer(file, block_size);
  }

  LineReader::~LineReader()
  {
    if (file != nullptr)
      gzclose_r(file);
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

    errno = 0;
    const int n = gzread(file, buffer.data() + end, static_cast<unsigned>(buffer.size() - end));
    const int system_error = errno;
    int status = Z_OK;
    const char *const cause = gzerror(file, &status);
    // A gzip file that ends too early first gives all its good bytes.
    cut_off = status == Z_BUF_ERROR;
    if (cut_off && n > 0)
      return take(static_cast<std::size_t>(n));
    if (cut_off)
      return refill();
    if (n < 0)
      throw InputError(fmt::format(
          "{}: cannot be read after line {}: {}. If this is a gzip file it "
          "is damaged (gzip -t tests it)",
          path.string(), number, status == Z_ERRNO ? std::strerror(system_error) : cause));
    end_of_file = n == 0;
    take(static_cast<std::size_t>(n));
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
