// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_HARVEST_EXECUTION_H
#define SEEM_STATISTICS_HARVEST_EXECUTION_H

#include <cstddef>
#include <functional>
#include <string>

namespace seem::statistics
{
  /// How a harvest is carried out; nothing here changes its result.
  struct HarvestExecution
  {
    unsigned int n_threads = 1; ///< that work at once

    /// Called with the name of a step, what of it is done, and how much there is; from one thread
    /// at a time. May be empty.
    std::function<void(const std::string &step, std::size_t n_done, std::size_t n)> progress;

    void report(const std::string &step, const std::size_t n_done, const std::size_t n) const
    {
      if (progress)
        progress(step, n_done, n);
    }
  };
} // namespace seem::statistics

#endif
