// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_BYTE_SOURCE_H
#define SEEM_SOURCE_IO_BYTE_SOURCE_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

struct gzFile_s;

namespace seem::io
{
  /**
   * @throws InputError if @p path is not a file that can be read: not there, a directory, no
   * permission
   */
  void check_readable(const std::filesystem::path &path);

  /// CRC-32 as of gzip, going on from @p checksum (0 at the beginning).
  std::uint32_t crc32_of(std::uint32_t checksum, const void *bytes, std::size_t n);

  /**
   * The bytes of a file, plain or gzip'd, one after the other. A gzip file is unpacked at once if
   * it is small, else as it is read: memory is bounded.
   */
  class ByteSource
  {
  public:
    /// @throws InputError if the file cannot be read
    explicit ByteSource(const std::filesystem::path &path);
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;
    ~ByteSource();

    struct Result
    {
      std::size_t n = 0;           ///< bytes read, also before a fault; 0 at the end
      bool cut_off = false;        ///< a gzip file that ends too early
      const char *fault = nullptr; ///< what else is wrong, valid until the next call
    };

    /// Read up to @p n bytes.
    Result read(char *to, std::size_t n);

    /// Bytes that there are to read, for gzip files unpacked as they are read those of the file: a
    /// hint.
    std::size_t expected_size() const
    {
      return size;
    }

    /// CRC-32 of the file as it is, if reading has found it by the way: after the end of a file.
    std::optional<std::uint32_t> checksum() const;

  private:
    bool unpack_at_once(std::size_t file_size);
    void unpack_as_read(const std::filesystem::path &path);
    Result read_plain(char *to, std::size_t n);
    Result read_unpacking(char *to, std::size_t n);

    int descriptor = -1; ///< of a plain file
    std::size_t size = 0;
    std::uint32_t crc = 0;
    bool crc_known = false;
    std::unique_ptr<char[]> text; ///< a small file, unpacked
    std::size_t text_size = 0, text_begin = 0;
    gzFile_s *stream = nullptr; ///< any other
  };
} // namespace seem::io

#endif
