// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_PATH_PROGRESS_H
#define SEEM_COMMANDS_PATH_PROGRESS_H

#include <chrono>
#include <cstddef>
#include <string>

namespace seem::commands
{
  /**
   * A line on standard error with the paths (or what else there are many of) done and the time
   * left, for work that takes long: rewritten in place on a terminal, else one line for each tenth.
   * Short work stays quiet.
   */
  class PathProgress
  {
  public:
    /// @param[in] quiet_seconds  nothing is printed before; negative: 2 s on a terminal, else 20 s
    /// @param[in] what           what is counted, as the line calls it
    explicit PathProgress(std::size_t n_paths, double quiet_seconds = -1.0,
                          std::string what = "path");

    /// One more path is done.
    void advance();

  private:
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    std::size_t n_paths, n_done = 0;
    std::string what;
    bool terminal;
    double quiet_seconds;
    double next_show = 0.0; ///< on a terminal: seconds; else: number of paths
    bool shown = false;
  };
} // namespace seem::commands

#endif
