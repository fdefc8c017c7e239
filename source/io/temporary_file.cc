// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporary_file.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <atomic>
#include <system_error>
#include <unistd.h>

namespace seem::io
{
  void check_place(const std::filesystem::path &path)
  {
    std::error_code error;
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    if (!std::filesystem::is_directory(parent, error))
      throw InputError(fmt::format("{}: cannot be created: {} is not a directory", path.string(),
                                   parent.string()));
    if (std::filesystem::is_directory(path, error) || path.filename().empty())
      throw InputError(
          fmt::format("{}: is a directory, expected the name of a file", path.string()));
  }

  TemporaryFile::TemporaryFile(const std::filesystem::path &target) : target(target)
  {
    static std::atomic<unsigned int> counter{0};
    check_place(target);
    // The process and a running number keep two writers of one file apart.
    temporary = target;
    temporary += fmt::format(".{}.{}.tmp", getpid(), counter++);
  }

  TemporaryFile::~TemporaryFile()
  {
    std::error_code ignored;
    if (!committed)
      std::filesystem::remove(temporary, ignored);
  }

  void TemporaryFile::commit()
  {
    std::error_code error;
    std::filesystem::rename(temporary, target, error);
    if (error)
      throw Error(fmt::format("{}: cannot be renamed to {}: {}", temporary.string(),
                              target.string(), error.message()));
    committed = true;
  }
} // namespace seem::io
