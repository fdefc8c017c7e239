// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run.h"

#include <libdeflate.h>

#include <algorithm>
#include <vector>

namespace
{
  /// One member of a gzip file.
  void append_packed(const std::uint8_t *data, const std::size_t size,
                     std::vector<std::uint8_t> &packed)
  {
    static libdeflate_compressor *const compressor = libdeflate_alloc_compressor(1);
    const std::size_t begin = packed.size();
    packed.resize(begin + libdeflate_gzip_compress_bound(compressor, size));
    packed.resize(begin + libdeflate_gzip_compress(compressor, data, size, packed.data() + begin,
                                                   packed.size() - begin));
  }

  /// The text as a gzip file: whole, in two members, with rubbish behind it or cut off.
  std::vector<std::uint8_t> packed(const std::uint8_t *data, const std::size_t size,
                                   const std::uint8_t how)
  {
    std::vector<std::uint8_t> result;
    const std::size_t middle = how % 4 == 1 ? size / 2 : size;
    append_packed(data, middle, result);
    if (middle < size)
      append_packed(data + middle, size - middle, result);
    if (how % 4 == 2)
      result.insert(result.end(), data, data + std::min<std::size_t>(size, 16));
    if (how % 4 == 3)
      result.resize(result.size() - std::min<std::size_t>(result.size() - 4, size % 16 + 1));
    return result;
  }
} // namespace

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
  const auto read = [&](const auto &path) { fuzz::read_run(path, format); };
  if (data[0] % 32 < 16)
    return fuzz::read_input("run", data + 1, size - 1, read);
  const std::vector<std::uint8_t> file = packed(data + 1, size - 1, data[0] / 32);
  return fuzz::read_input("run.gz", file.data(), file.size(), read);
}
