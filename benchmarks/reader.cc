// SPDX-License-Identifier: LGPL-2.1-or-later
// Time to read tables of three columns, for benchmarks/reader: one line "FILE SECONDS" per file,
// the best of the repetitions.
#include <seem/io/table_reader.h>

#include <cstdio>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>

int main(int argc, char **argv)
{
  seem::statistics::SampleInfo info;
  info.n_atoms = 4000;
  info.volume = 64000;
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 0;
  for (int i = 2; i < argc; ++i)
  {
    double best = std::numeric_limits<double>::infinity();
    for (int k = 0; k < repetitions; ++k)
    {
      const auto start = std::chrono::steady_clock::now();
      const auto run = seem::io::read_trajectory(argv[i], info);
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
      best = std::min(best, run.n_rows() > 0 ? time.count() : best);
    }
    std::printf("%s %.9f\n", argv[i], best);
  }
}
