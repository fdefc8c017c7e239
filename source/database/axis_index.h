// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_DATABASE_AXIS_INDEX_H
#define SEEM_SOURCE_DATABASE_AXIS_INDEX_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace seem::database
{
  /// Index of the bin of @p value between @p edges, clamped; @p inside is cleared if it had to
  /// be. The mean number of bins per unit gives the first guess.
  inline std::size_t index_along(const std::vector<double> &edges, const double bins_per_unit,
                                 const double value, bool &inside)
  {
    const double *const edge = edges.data();
    const std::size_t last = edges.size() - 2;
    const double first_edge = edge[0];
    if (!(value >= first_edge))
    {
      inside = false;
      return 0;
    }
    if (!(value < edge[last + 1]))
    {
      inside = inside && value == edge[last + 1];
      return last;
    }
    // Exact at once if the edges are equidistant, up to round-off; a short walk if they are not.
    std::size_t i = std::min(
        static_cast<std::size_t>(static_cast<std::int64_t>((value - first_edge) * bins_per_unit)),
        last);
    while (value < edge[i])
      --i;
    while (value >= edge[i + 1])
      ++i;
    return i;
  }
} // namespace seem::database

#endif
