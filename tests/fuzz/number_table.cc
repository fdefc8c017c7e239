// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.h"

#include <seem/io/number_table.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  using namespace seem;
  return fuzz::read_input("table", data, size, [](const auto &path) {
    const io::NumberTable table = io::read_number_table(path);
    for (const auto &column : table.columns)
      fuzz::require(column.size() == table.line.size());
  });
}
