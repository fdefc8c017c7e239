// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elapsed_time.h"

#include <seem/commands/path_progress.h>

#include <unistd.h>

#include <cstdio>

namespace seem::commands
{
  namespace
  {
    constexpr double seconds_between_rewrites = 0.5;
    constexpr double line_share = 0.1;
  } // namespace

  PathProgress::PathProgress(const std::size_t n_paths, const double quiet_seconds,
                             const char *what)
      : n_paths(n_paths), terminal(isatty(fileno(stderr)) != 0), what(what),
        quiet_seconds(quiet_seconds >= 0.0 ? quiet_seconds
                      : terminal           ? 2.0
                                           : 20.0)
  {
  }

  void PathProgress::advance()
  {
    ++n_done;
    const double elapsed = seconds_since(start);
    const bool last = n_done == n_paths;
    const double here = terminal ? elapsed : static_cast<double>(n_done);
    if (elapsed < quiet_seconds || (here < next_show && !(last && shown)))
      return;
    next_show =
        here + (terminal ? seconds_between_rewrites : line_share * static_cast<double>(n_paths));
    shown = true;
    const double left =
        elapsed * (static_cast<double>(n_paths) / static_cast<double>(n_done) - 1.0);
    fmt::print(stderr, "{}{} {} of {}  elapsed {}  left {}   {}", terminal ? "\r" : "", what,
               n_done, n_paths, duration(elapsed), duration(left), terminal && !last ? "" : "\n");
    std::fflush(stderr);
  }
} // namespace seem::commands
