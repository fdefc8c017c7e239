// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/io/output_directory.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace seem::io
{
  namespace fs = std::filesystem;

  namespace
  {
    [[noreturn]] void fail(const fs::path &path, const std::string &cause)
    {
      throw InputError(fmt::format("output directory {}: {}", path.string(), cause));
    }

    /// Permissions, read-only file systems, quotas: only a trial tells.
    void try_to_write(const fs::path &path)
    {
      const fs::path trial = path / fmt::format(".seem-write-trial.{}", getpid());
      const int file = open(trial.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
      if (file < 0)
        fail(path, fmt::format("cannot be written to: {}", std::strerror(errno)));
      close(file);
      unlink(trial.c_str());
    }
  } // namespace

  void prepare_output_directory(const fs::path &path, const bool overwrite)
  {
    if (path.empty())
      throw InputError("the name of the output directory is empty");

    std::error_code error;
    if (fs::exists(path, error) && !fs::is_directory(path, error))
      fail(path, "is a file, expected a directory or a new name");
    if (!fs::is_directory(path, error))
    {
      // The last part of the path that is there, to name a file in the way.
      fs::path above = fs::absolute(path).lexically_normal();
      while (!fs::exists(above, error) && above.has_relative_path())
        above = above.parent_path();
      if (!fs::is_directory(above, error))
        fail(path, fmt::format("cannot be created: {} is not a directory", above.string()));
      error.clear();
      fs::create_directories(path, error);
      if (error)
        fail(path, fmt::format("cannot be created: {}", error.message()));
    }

    const fs::directory_iterator entries(path, error);
    if (error)
      fail(path, fmt::format("cannot be read: {}", error.message()));
    if (!overwrite && entries != fs::directory_iterator())
      fail(path, fmt::format("is not empty (it holds {}); use --overwrite, or another directory",
                             entries->path().filename().string()));
    try_to_write(path);
  }
} // namespace seem::io
