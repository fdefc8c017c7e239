// SPDX-License-Identifier: LGPL-2.1-or-later
// The input chooses what is in a well-formed file: damaged ones are HDF5's own business.
#include "run.h"

#include <seem/io/hdf5_file.h>

#include <cstring>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  using namespace seem;
  if (size < 4)
    return 0;
  static const fuzz::Directory directory;
  const std::filesystem::path path = directory.path / "run.h5";
  const std::uint8_t choice = data[0], rows = data[1] % 8, columns = data[2] % 5;
  std::vector<double> values(rows * columns);
  if (!values.empty())
    std::memcpy(values.data(), data + 3, std::min(size - 3, values.size() * sizeof(double)));
  io::Hdf5Writer writer(path);
  writer.group("/g");
  const std::vector<double> column(
      values.begin(),
      values.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rows, values.size())));
  writer.dataset("/g/strain", choice % 2 == 0 ? column : values, "1", "");
  writer.dataset("/g/pe_eV", values, {rows, columns}, "1", "");
  if (choice % 4 > 1)
    writer.dataset("/g/tau_GPa", std::vector<std::string>(rows, "x"), "");
  writer.dataset("/t", values, {rows, columns}, "1", "");
  if (choice % 8 > 3)
    writer.attribute("/t", "columns",
                     std::string(reinterpret_cast<const char *>(data + 3),
                                 strnlen(reinterpret_cast<const char *>(data + 3), size - 3)));
  writer.close();
  io::TableFormat format;
  if (choice % 16 > 7)
  {
    format.strain_column = "1";
    format.energy_column = "2";
    format.stress_column = "3";
  }
  try
  {
    fuzz::read_run(path.string() + (choice % 32 > 15 ? ":/g" : ":/t"), format);
  }
  catch (const InputError &)
  {
  }
  return 0;
}
