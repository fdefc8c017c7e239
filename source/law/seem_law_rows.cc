// SPDX-License-Identifier: LGPL-2.1-or-later
// SeemLaw on many points at once, several at a time in vector registers. Flags of this file: see
// elasticity_rows.cc; roots do not set errno.
#include "seem_law_rows.h"

#include "quiet_path.h"

#include <seem/core/wide_registers.h>

#include <cmath>

namespace seem::law::rows
{
  SEEM_FOR_WIDE_REGISTERS
  void quiet_paths(const std::size_t n, Paths &paths, const bool with_record)
  {
    for (std::size_t i = 0; i < n; ++i)
    {
      const QuietPath path =
          quiet_path({paths.begin[i], paths.end[i], paths.record[i], paths.growth[i],
                      paths.record_along_begin[i], paths.record_along_end[i]},
                     paths.firing[i], with_record);
      paths.forward[i] = path.forward;
      paths.backward[i] = path.backward;
      paths.quiet[i] = path.quiet ? 1.0 : 0.0;
    }
  }

  SEEM_FOR_WIDE_REGISTERS
  void norms(const std::size_t n, const double *__restrict__ square, double *__restrict__ norm,
             double *__restrict__ inverse_norm, double *__restrict__ gamma_squared)
  {
    for (std::size_t i = 0; i < n; ++i)
    {
      norm[i] = std::sqrt(square[i]);
      inverse_norm[i] = 1.0 / norm[i];
      gamma_squared[i] = 2.0 * square[i];
    }
  }
} // namespace seem::law::rows
