// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  using namespace seem;
  io::TableFormat format;
  format.layout = io::FileLayout::lammps_log;
  format.strain_column = "v_strain";
  format.energy_column = "PotEng";
  format.stress_column = "Pxy";
  format.accept_unfinished = size % 2 == 0;
  return fuzz::read_input("log", data, size,
                          [&](const auto &path) { fuzz::read_run(path, format); });
}
