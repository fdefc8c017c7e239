// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_SCRATCH_RUNS_H
#define SEEM_IO_SCRATCH_RUNS_H

#include <seem/statistics/run_source.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

namespace seem::io
{
  /**
   * Runs whose rows are in memory up to a limit and beyond it in a scratch file: 24 bytes per row,
   * the columns tau, energy, strain one after the other as float64 in the order of the machine. A
   * run of the same strains as the one stored there before it shares them: 16 bytes per row.
   *
   * The file has no name from the moment it is open: the system frees it when the program ends, in
   * whatever way.
   */
  class ScratchRuns final : public statistics::RunSource
  {
  public:
    /**
     * @param[in] n_runs        number of runs
     * @param[in] directory     where the scratch file goes; empty: the environment variable TMPDIR,
     * else /tmp
     * @param[in] memory_limit  bytes of rows kept in memory
     */
    ScratchRuns(std::size_t n_runs, std::filesystem::path directory,
                std::size_t memory_limit = std::size_t(256) << 20);
    ScratchRuns(const ScratchRuns &) = delete;
    ScratchRuns &operator=(const ScratchRuns &) = delete;
    ~ScratchRuns() override;

    /**
     * Store run number @p i, each once; several threads may call this at once.
     * @param[in] survey  of the run
     * @throws Error naming the directory if the scratch file cannot be made or written
     */
    void store(std::size_t i, statistics::Trajectory run, statistics::RunSurvey survey);

    std::size_t size() const override
    {
      return runs.size();
    }

    const statistics::SampleInfo &info(const std::size_t i) const override
    {
      return runs[i].info;
    }

    std::size_t n_rows(const std::size_t i) const override
    {
      return runs[i].n_rows;
    }

    statistics::RunSurvey survey(const std::size_t i) const override
    {
      return runs[i].survey;
    }

    /// @throws Error if the scratch file cannot be read
    std::shared_ptr<const statistics::Trajectory> load(std::size_t i) const override;

    /// Bytes in the scratch file.
    std::uint64_t scratch_size() const
    {
      return file_size;
    }

  private:
    struct Run
    {
      statistics::SampleInfo info;
      std::size_t n_rows = 0;
      statistics::RunSurvey survey;
      std::shared_ptr<const statistics::Trajectory> rows; ///< if in memory
      std::uint64_t offset = 0;                           ///< else, of tau and energy in the file
      std::uint64_t strain_offset = 0;                    ///< of the strain
    };

    /// A run that was loaded from the file; its memory is used again when nobody needs it.
    struct Loaded
    {
      statistics::Trajectory run;
      std::uint64_t strain_offset = 0; ///< of the strain that it holds
    };

    std::unique_ptr<Loaded> idle_memory() const;
    void give_back(std::unique_ptr<Loaded> loaded) const;

    /// Room for @p bytes in the file, which is made if need be; with the mutex held.
    std::uint64_t allocate(std::uint64_t bytes);

    std::vector<Run> runs;
    std::filesystem::path directory;
    std::size_t memory_left;
    int file = -1;
    std::uint64_t file_size = 0;
    std::vector<double> last_strain; ///< of the run stored last in the file
    std::uint64_t last_strain_offset = 0;
    mutable std::vector<std::unique_ptr<Loaded>> idle;
    mutable std::mutex mutex;
  };
} // namespace seem::io

#endif
