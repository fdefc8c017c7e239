// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/program.h>

#include <cstdlib> // __GLIBC__

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int argc, char **argv)
{
#ifdef __GLIBC__
  // The columns of one run after the other come and go: keep their memory instead of returning it
  // to the system each time, which costs as much as reading them.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
#endif
  return seem::commands::run_program(argc, argv);
}
