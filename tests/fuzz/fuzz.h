// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_FUZZ_FUZZ_H
#define SEEM_TESTS_FUZZ_FUZZ_H

#include <seem/core/exceptions.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace seem::fuzz
{
  /// A directory of this process, in memory where there is such a place; removed at its end.
  class Directory
  {
  public:
    Directory()
        : path(std::filesystem::path(std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp") /
               ("seem_fuzz_" + std::to_string(getpid())))
    {
      std::filesystem::create_directory(path);
    }

    ~Directory()
    {
      std::error_code error;
      std::filesystem::remove_all(path, error);
    }

    std::filesystem::path write(const std::string &name, const std::uint8_t *data,
                                const std::size_t size) const
    {
      std::ofstream(path / name, std::ios::binary)
          .write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));
      return path / name;
    }

    const std::filesystem::path path;
  };

  /// Write the input to a file and read it: an InputError is an answer, all else is a fault.
  template <typename Read>
  int read_input(const std::string &name, const std::uint8_t *data, const std::size_t size,
                 const Read &read)
  {
    static const Directory directory;
    try
    {
      read(directory.write(name, data, size));
    }
    catch (const InputError &)
    {
    }
    return 0;
  }

  inline void require(const bool condition)
  {
    if (!condition)
      std::abort();
  }
} // namespace seem::fuzz

#endif
