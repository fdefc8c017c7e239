// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/io/scratch_runs.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <utility>

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

  void ScratchRuns::store(const std::size_t i, statistics::Trajectory run,
                          statistics::RunSurvey survey)
  {
    const std::size_t n = run.n_rows();
    if (run.tau.size() != n || run.energy.size() != n)
      throw Error(fmt::format("{}: columns of unequal length", run.info.name));
    const std::size_t bytes = n * sizeof(double); // of a column

    Run &stored = runs[i];
    stored.survey = std::move(survey);
    stored.info = run.info;
    stored.n_rows = n;
    bool same_strain = false;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (n_columns * bytes <= memory_left)
      {
        memory_left -= n_columns * bytes;
        stored.rows = std::make_shared<const statistics::Trajectory>(std::move(run));
        return;
      }
      memory_left = 0; // the first runs stay in memory, not the small ones
      same_strain = n > 0 && last_strain.size() == n &&
                    std::memcmp(last_strain.data(), run.strain.data(), bytes) == 0;
      stored.offset = allocate((same_strain ? n_columns - 1 : n_columns) * bytes);
      if (!same_strain)
      {
        last_strain = run.strain;
        last_strain_offset = stored.offset + (n_columns - 1) * bytes;
      }
      stored.strain_offset = last_strain_offset;
    }
    const auto write = [&](const std::vector<double> &column, const std::uint64_t offset) {
      if (!transfer_all(pwrite, file, reinterpret_cast<const char *>(column.data()), bytes, offset))
        fail(directory, "written", errno, offset);
    };
    write(run.tau, stored.offset);
    write(run.energy, stored.offset + bytes);
    if (!same_strain)
      write(run.strain, stored.strain_offset);
  }

  std::unique_ptr<ScratchRuns::Loaded> ScratchRuns::idle_memory() const
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (idle.empty())
      return std::make_unique<Loaded>();
    std::unique_ptr<Loaded> loaded = std::move(idle.back());
    idle.pop_back();
    return loaded;
  }

  void ScratchRuns::give_back(std::unique_ptr<Loaded> loaded) const
  {
    constexpr std::size_t most = 16; // as many as a few threads need at once
    const std::lock_guard<std::mutex> lock(mutex);
    if (idle.size() < most)
      idle.push_back(std::move(loaded));
  }

  std::shared_ptr<const statistics::Trajectory> ScratchRuns::load(const std::size_t i) const
  {
    const Run &stored = runs[i];
    if (stored.rows)
      return stored.rows;
    std::unique_ptr<Loaded> loaded = idle_memory();
    statistics::Trajectory &run = loaded->run;
    const std::size_t bytes = stored.n_rows * sizeof(double);
    const auto read = [&](std::vector<double> &column, const std::uint64_t offset) {
      column.resize(stored.n_rows);
      if (!transfer_all(pread, file, reinterpret_cast<char *>(column.data()), bytes, offset))
        fail(directory, "read", errno, offset);
    };
    run.info = stored.info;
    if (run.strain.size() != stored.n_rows || loaded->strain_offset != stored.strain_offset)
      read(run.strain, stored.strain_offset);
    loaded->strain_offset = stored.strain_offset;
    read(run.tau, stored.offset);
    read(run.energy, stored.offset + bytes);
    Loaded *const owned = loaded.release();
    return {&owned->run, [this, owned](const statistics::Trajectory *) {
              give_back(std::unique_ptr<Loaded>(owned));
            }};
  }
} // namespace seem::io
