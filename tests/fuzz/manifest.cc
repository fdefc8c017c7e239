// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.h"

#include <seem/io/manifest.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  using namespace seem;
  static const fuzz::Directory directory;
  static const bool runs = [] {
    directory.write("a", nullptr, 0);
    directory.write("b", nullptr, 0);
    return true;
  }();
  (void) runs;
  try
  {
    for (const io::ManifestEntry &entry : io::read_manifest(directory.write("m", data, size)))
      fuzz::require(entry.info.n_atoms > 0.0 && entry.info.volume > 0.0 &&
                    !entry.info.label.empty());
  }
  catch (const InputError &)
  {
  }
  return 0;
}
