// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_FUZZ_RUN_H
#define SEEM_TESTS_FUZZ_RUN_H

#include "fuzz.h"

#include <seem/io/table_reader.h>

#include <cmath>

namespace seem::fuzz
{
  /// What is read must be a run: equal columns, growing strain, finite numbers.
  inline void read_run(const std::filesystem::path &path, io::TableFormat format)
  {
    statistics::SampleInfo info;
    info.n_atoms = 4;
    info.volume = 64;
    const statistics::Trajectory run = io::read_trajectory(path, info, format);
    require(run.n_rows() >= 3 && run.tau.size() == run.n_rows() &&
            run.energy.size() == run.n_rows());
    for (std::size_t i = 0; i < run.n_rows(); ++i)
      require(std::isfinite(run.strain[i]) && std::isfinite(run.tau[i]) &&
              std::isfinite(run.energy[i]) && (i == 0 || run.strain[i] > run.strain[i - 1]));
  }
} // namespace seem::fuzz

#endif
