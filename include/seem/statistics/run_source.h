// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_RUN_SOURCE_H
#define SEEM_STATISTICS_RUN_SOURCE_H

#include <seem/statistics/run_survey.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace seem::statistics
{
  /// Runs that are walked one by one, so that not all of their rows need to be in memory.
  class RunSource
  {
  public:
    virtual ~RunSource() = default;

    /// Number of runs.
    virtual std::size_t size() const = 0;

    virtual const SampleInfo &info(std::size_t i) const = 0;

    /// Number of rows of run @p i.
    virtual std::size_t n_rows(std::size_t i) const = 0;

    /// Of run @p i; several threads may call this at once.
    virtual RunSurvey survey(std::size_t i) const = 0;

    /// Run @p i with its rows; several threads may call this at once. It must not outlive the
    /// source.
    virtual std::shared_ptr<const Trajectory> load(std::size_t i) const = 0;
  };

  /// Runs that are in memory already; the vector must outlive this.
  class RunsInMemory final : public RunSource
  {
  public:
    explicit RunsInMemory(const std::vector<Trajectory> &runs) : runs(runs)
    {
    }

    std::size_t size() const override
    {
      return runs.size();
    }

    const SampleInfo &info(const std::size_t i) const override
    {
      return runs[i].info;
    }

    std::size_t n_rows(const std::size_t i) const override
    {
      return runs[i].n_rows();
    }

    /// @throws InputError as statistics::survey()
    RunSurvey survey(const std::size_t i) const override
    {
      return statistics::survey(runs[i]);
    }

    std::shared_ptr<const Trajectory> load(const std::size_t i) const override
    {
      return {std::shared_ptr<const Trajectory>(), &runs[i]}; // not owned
    }

  private:
    const std::vector<Trajectory> &runs;
  };
} // namespace seem::statistics

#endif
