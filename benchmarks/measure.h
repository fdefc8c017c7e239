// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_BENCHMARKS_MEASURE_H
#define SEEM_BENCHMARKS_MEASURE_H

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <vector>

namespace seem::benchmarks
{
  /// Processor time of this process so far [s]: what others do on the machine matters less.
  inline double cpu_seconds()
  {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }

  /// Processor time of @p work [s].
  template <typename Work>
  double seconds_of(const Work &work)
  {
    const double begin = cpu_seconds();
    work();
    return cpu_seconds() - begin;
  }

  inline double median(std::vector<double> values)
  {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
  }

  /// Median processor time of @p n calls of @p work [s].
  template <typename Work>
  double median_seconds(const unsigned int n, const Work &work)
  {
    std::vector<double> seconds;
    for (unsigned int i = 0; i < n; ++i)
      seconds.push_back(seconds_of(work));
    return median(seconds);
  }

  /// An entry of /proc/self/status in MB: "VmRSS:" (now) or "VmHWM:" (peak).
  inline double memory_MB(const char *entry)
  {
    double kB = 0.0;
    if (std::FILE *file = std::fopen("/proc/self/status", "r"))
    {
      char line[256];
      while (std::fgets(line, sizeof(line), file))
        if (std::strncmp(line, entry, std::strlen(entry)) == 0)
          std::sscanf(line + std::strlen(entry), "%lf", &kB);
      std::fclose(file);
    }
    return kB / 1024.0;
  }
} // namespace seem::benchmarks

#endif
