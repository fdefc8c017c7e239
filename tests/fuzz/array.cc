// SPDX-License-Identifier: LGPL-2.1-or-later
// .npy and .npz; HDF5 files are made of the input in hdf5.cc.
#include "run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  using namespace seem;
  io::TableFormat format;
  if (size % 2 == 0)
  {
    format.strain_column = "1";
    format.energy_column = "2";
    format.stress_column = "3";
  }
  return fuzz::read_input("run", data, size,
                          [&](const auto &path) { fuzz::read_run(path, format); });
}
