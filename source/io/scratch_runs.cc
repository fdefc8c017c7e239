// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/io/scratch_runs.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace seem::io
{
  namespace
  {
    constexpr std::size_t n_columns = 3;

    std::filesystem::path scratch_directory(std::filesystem::path asked)
    {
      if (!asked.empty())
        return asked;
      const char *const environment = std::getenv("TMPDIR");
      return environment != nullptr && *environment != '\0' ? environment : "/tmp";
    }

    [[noreturn]] void fail(const std::filesystem::path &directory, const char *what,
                           const int system_error, const std::uint64_t size)
    {
      throw Error(fmt::format(
          "{}: the scratch file of the runs cannot be {} at {:.1f} MB: {}. Choose another place "
          "with \"Scratch directory\" or the environment variable TMPDIR",
          directory.string(), what, static_cast<double>(size) / 1e6,
          system_error != 0 ? std::strerror(system_error) : "unexpected end of file"));
    }

    /// All of @p values at @p offset of the file; @p transfer is pread() or pwrite().
    template <typename Transfer, typename Pointer>
    bool transfer_all(const Transfer &transfer, const int file, Pointer values, std::size_t bytes,
                      std::uint64_t offset)
    {
      while (bytes > 0)
      {
        errno = 0;
        const ssize_t n = transfer(file, values, bytes, static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
          continue;
        if (n <= 0)
          return false;
        values += n;
        bytes -= static_cast<std::size_t>(n);
        offset += static_cast<std::uint64_t>(n);
      }
      return true;
    }
  } // namespace

  ScratchRuns::ScratchRuns(const std::size_t n_runs, std::filesystem::path directory,
                           const std::size_t memory_limit)
      : runs(n_runs), directory(scratch_directory(std::move(directory))), memory_left(memory_limit)
  {
  }

  ScratchRuns::~ScratchRuns()
  {
    if (file >= 0)
      close(file);
  }

  std::uint64_t ScratchRuns::allocate(const std::uint64_t bytes)
  {
    if (file < 0)
    {
      std::string name = (directory / "seem-runs-XXXXXX").string();
      errno = 0;
      file = mkstemp(name.data());
      if (file < 0)
        fail(directory, "made", errno, 0);
      unlink(name.c_str());
    }
    const std::uint64_t offset = file_size;
    file_size += bytes;
    return offset;
  }

  void ScratchRuns::store(const std::size_t i, statistics::Trajectory run)
  {
    const std::size_t n = run.n_rows();
    if (run.tau.size() != n || run.energy.size() != n)
      throw Error(fmt::format("{}: columns of unequal length", run.info.name));
    const std::size_t bytes = n_columns * n * sizeof(double);

    Run &stored = runs[i];
    stored.info = run.info;
    stored.n_rows = n;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (bytes <= memory_left)
      {
        memory_left -= bytes;
        stored.rows = std::make_shared<const statistics::Trajectory>(std::move(run));
        return;
      }
      memory_left = 0; // the first runs stay in memory, not the small ones
      stored.offset = allocate(bytes);
    }
    std::uint64_t offset = stored.offset;
    for (const std::vector<double> *column : {&run.strain, &run.tau, &run.energy})
    {
      if (!transfer_all(pwrite, file, reinterpret_cast<const char *>(column->data()),
                        n * sizeof(double), offset))
        fail(directory, "written", errno, offset);
      offset += n * sizeof(double);
    }
  }

  std::shared_ptr<const statistics::Trajectory> ScratchRuns::load(const std::size_t i) const
  {
    const Run &stored = runs[i];
    if (stored.rows)
      return stored.rows;
    auto run = std::make_shared<statistics::Trajectory>();
    run->info = stored.info;
    std::uint64_t offset = stored.offset;
    for (std::vector<double> *column : {&run->strain, &run->tau, &run->energy})
    {
      column->resize(stored.n_rows);
      const std::size_t bytes = stored.n_rows * sizeof(double);
      if (!transfer_all(pread, file, reinterpret_cast<char *>(column->data()), bytes, offset))
        fail(directory, "read", errno, offset);
      offset += bytes;
    }
    return run;
  }
} // namespace seem::io
