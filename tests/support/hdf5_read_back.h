// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_HDF5_READ_BACK_H
#define SEEM_TESTS_SUPPORT_HDF5_READ_BACK_H

// The reader of the layer io, for tests of files that another layer has written: the solver itself
// does without that layer.
#include <seem/io/hdf5_file.h>

namespace seem::testing
{
  using Hdf5ReadBack = io::Hdf5Reader;
} // namespace seem::testing

#endif
