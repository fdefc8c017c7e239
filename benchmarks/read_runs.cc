// SPDX-License-Identifier: LGPL-2.1-or-later
// The reader of atomistic runs alone: read_runs MANIFEST THREADS reads each run and forgets it.
#include <seem/io/manifest.h>
#include <seem/io/table_reader.h>
#include <seem/statistics/ordered_work.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(const int argc, char **argv)
{
  if (argc != 3)
  {
    std::fprintf(stderr, "usage: read_runs MANIFEST THREADS\n");
    return 2;
  }
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20); // as the program seem does
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
#endif
  const auto start = std::chrono::steady_clock::now();
  const auto entries = seem::io::read_manifest(argv[1]);
  std::size_t n_rows = 0;
  seem::statistics::ordered_work(
      entries.size(), static_cast<unsigned int>(std::strtoul(argv[2], nullptr, 10)),
      [&](const std::size_t i) {
        return seem::io::read_trajectory(entries[i].path, entries[i].info).n_rows();
      },
      [&](const std::size_t, const std::size_t n) { n_rows += n; });
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%zu %.3f\n", n_rows, seconds);
  return 0;
}
