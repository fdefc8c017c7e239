// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_ELAPSED_TIME_H
#define SEEM_SOURCE_COMMANDS_ELAPSED_TIME_H

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <string>

namespace seem::commands
{
  inline double seconds_since(const std::chrono::steady_clock::time_point start)
  {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  /// "12 s", "3 min 05 s", "2 h 10 min".
  inline std::string duration(const double seconds)
  {
    const long s = std::lround(seconds);
    return s < 60     ? fmt::format("{} s", s)
           : s < 3600 ? fmt::format("{} min {:02} s", s / 60, s % 60)
                      : fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
  }
} // namespace seem::commands

#endif
