// SPDX-License-Identifier: LGPL-2.1-or-later
#include "byte_source.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace seem::io
{
  namespace
  {
    /// Of a gzip file that is unpacked at once; five times a run of 100,000 rows of ten columns.
    constexpr std::size_t largest_packed = std::size_t(1) << 25, largest_text = std::size_t(1)
                                                                                << 26;
    constexpr unsigned int stream_buffer = 1 << 16;

    /// All @p n bytes from the beginning of a file.
    bool read_all(const int descriptor, char *to, std::size_t n)
    {
      off_t offset = 0;
      while (n > 0)
      {
        const ssize_t found = pread(descriptor, to, n, offset);
        if (found < 0 && errno == EINTR)
          continue;
        if (found <= 0)
          return false;
        to += found;
        offset += found;
        n -= static_cast<std::size_t>(found);
      }
      return true;
    }

    /// The last four bytes of a gzip file: the size of what is packed in its last member, modulo
    /// 2^32. A hint: nothing may rely on it.
    std::size_t size_told(const unsigned char *const end)
    {
      std::size_t size = 0;
      for (int i = 1; i <= 4; ++i)
        size = 256 * size + end[-i];
      return size;
    }
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

  std::uint32_t crc32_of(const std::uint32_t checksum, const void *const bytes, const std::size_t n)
  {
    return libdeflate_crc32(checksum, bytes, n);
  }

  ByteSource::ByteSource(const std::filesystem::path &path)
  {
    check_readable(path);
    descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
    unsigned char magic[2] = {0, 0};
    struct stat status = {};
    const bool regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    const ssize_t n = regular ? pread(descriptor, magic, sizeof magic, 0) : -1;
    size = regular ? static_cast<std::size_t>(status.st_size) : 0;
    if (n >= 0 && !(n == 2 && magic[0] == 0x1f && magic[1] == 0x8b))
      return;
    if (n < 0 || !unpack_at_once(static_cast<std::size_t>(status.st_size)))
      unpack_as_read(path);
    close(descriptor);
    descriptor = -1;
  }

  ByteSource::~ByteSource()
  {
    if (stream != nullptr)
      gzclose_r(stream);
    if (descriptor >= 0)
      close(descriptor);
  }

  bool ByteSource::unpack_at_once(const std::size_t file_size)
  {
    constexpr std::size_t smallest = 18; // header and trailer of gzip
    if (file_size < smallest || file_size > largest_packed)
      return false;
    const std::unique_ptr<unsigned char[]> packed(new unsigned char[file_size]);
    if (!read_all(descriptor, reinterpret_cast<char *>(packed.get()), file_size))
      return false;
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor *)> unpacker(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    if (!unpacker)
      return false;

    std::size_t capacity = size_told(packed.get() + file_size);
    if (capacity > largest_text)
      return false;
    capacity = std::max<std::size_t>(capacity, 1);
    text.reset(new char[capacity]);
    for (std::size_t begin = 0; begin < file_size;)
    {
      std::size_t used = 0, found = 0;
      const libdeflate_result result = libdeflate_gzip_decompress_ex(
          unpacker.get(), packed.get() + begin, file_size - begin, text.get() + text_size,
          capacity - text_size, &used, &found);
      if (result == LIBDEFLATE_INSUFFICIENT_SPACE && capacity < largest_text)
      {
        // Several members in one file.
        capacity = std::min(largest_text, std::max(2 * capacity, 4 * file_size));
        std::unique_ptr<char[]> larger(new char[capacity]);
        std::copy_n(text.get(), text_size, larger.get());
        text = std::move(larger);
        continue;
      }
      if (result != LIBDEFLATE_SUCCESS)
      {
        // Damaged or too large: zlib gives the good part and names the fault.
        text.reset();
        text_size = 0;
        return false;
      }
      begin += used;
      text_size += found;
    }
    size = text_size;
    crc = crc32_of(0, packed.get(), file_size);
    return true;
  }

  void ByteSource::unpack_as_read(const std::filesystem::path &path)
  {
    errno = 0;
    stream = gzopen(path.c_str(), "rb");
    if (stream == nullptr)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(),
                                   errno != 0 ? std::strerror(errno) : "out of memory"));
    gzbuffer(stream, stream_buffer);
  }

  ByteSource::Result ByteSource::read(char *const to, const std::size_t n)
  {
    if (descriptor >= 0)
      return read_plain(to, n);
    if (stream != nullptr)
      return read_unpacking(to, n);
    Result result;
    result.n = std::min(n, text_size - text_begin);
    std::copy_n(text.get() + text_begin, result.n, to);
    text_begin += result.n;
    crc_known = result.n == 0;
    return result;
  }

  ByteSource::Result ByteSource::read_plain(char *const to, const std::size_t n)
  {
    Result result;
    ssize_t found = 0;
    do
      found = ::read(descriptor, to, n);
    while (found < 0 && errno == EINTR);
    if (found < 0)
    {
      result.fault = std::strerror(errno);
      return result;
    }
    result.n = static_cast<std::size_t>(found);
    crc = crc32_of(crc, to, result.n);
    crc_known = result.n == 0;
    return result;
  }

  ByteSource::Result ByteSource::read_unpacking(char *const to, const std::size_t n)
  {
    Result result;
    errno = 0;
    const int found = gzread(stream, to, static_cast<unsigned>(n));
    const int system_error = errno;
    int status = Z_OK;
    const char *const cause = gzerror(stream, &status);
    result.n = static_cast<std::size_t>(std::max(found, 0));
    result.cut_off = status == Z_BUF_ERROR;
    if (found < 0 && !result.cut_off)
      result.fault = status == Z_ERRNO ? std::strerror(system_error) : cause;
    return result;
  }

  std::optional<std::uint32_t> ByteSource::checksum() const
  {
    return crc_known ? std::optional<std::uint32_t>(crc) : std::nullopt;
  }
} // namespace seem::io
