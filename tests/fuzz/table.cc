// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  using namespace seem;
  if (size == 0)
    return 0;
  io::TableFormat format;
  format.layout = io::FileLayout::table;
  if (data[0] % 2 == 1)
  {
    format.strain_column = "1";
    format.energy_column = "2";
    format.stress_column = "3";
  }
  if (data[0] % 4 > 1)
    format.strain_column = "strain/2";
  if (data[0] % 8 > 3)
    format.row_prefix = "!";
  if (data[0] % 16 > 7)
    format.unwrapping = io::StrainUnwrapping::always;
  return fuzz::read_input("run", data + 1, size - 1,
                          [&](const auto &path) { fuzz::read_run(path, format); });
}
