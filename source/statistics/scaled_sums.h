// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_STATISTICS_SCALED_SUMS_H
#define SEEM_SOURCE_STATISTICS_SCALED_SUMS_H

#include <array>
#include <cstddef>

namespace seem::statistics::event_sizes
{
  /// sum[k] += factor * values[k], [n]; the bits do not depend on the width of the registers.
  void add_scaled(std::size_t n, const double *values, double factor, double *sum);

  /// The same with four factors, each with its own sum.
  void add_scaled(std::size_t n, const double *values, const std::array<double, 4> &factors,
                  const std::array<double *, 4> &sums);
} // namespace seem::statistics::event_sizes

#endif
