// SPDX-License-Identifier: LGPL-2.1-or-later
// Processor time to read runs, for benchmarks/reader: one line "FILE SECONDS" per file, the best of
// the repetitions.
#include <seem/io/table_reader.h>

#include <cstdio>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <limits>

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int argc, char **argv)
{
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20); // as the program seem does
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
#endif
  seem::statistics::SampleInfo info;
  info.n_atoms = 4000;
  info.volume = 64000;
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 0;
  for (int i = 2; i < argc; ++i)
  {
    double best = std::numeric_limits<double>::infinity();
    for (int k = 0; k < repetitions; ++k)
    {
      const std::clock_t start = std::clock();
      const auto run = seem::io::read_trajectory(argv[i], info);
      const double time = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
      best = std::min(best, run.n_rows() > 0 ? time : best);
    }
    std::printf("%s %.9f\n", argv[i], best);
  }
}
