// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_FUZZ_FUZZ_H
#define SEEM_TESTS_FUZZ_FUZZ_H

#include <seem/core/exceptions.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
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
      std::filesystem::path file = path / name;
      const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (descriptor < 0 ||
          (size > 0 && ::write(descriptor, data, size) != static_cast<ssize_t>(size)))
        std::abort();
      close(descriptor);
      return file;
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
