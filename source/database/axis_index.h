// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_DATABASE_AXIS_INDEX_H
#define SEEM_SOURCE_DATABASE_AXIS_INDEX_H

#include <algorithm>
#include <cstddef>
#include <vector>

namespace seem::database
{
  /// Index of the bin of @p value between @p edges, clamped; @p inside is cleared if it had to
  /// be. The mean number of bins per unit gives the first guess.
  inline std::size_t index_along(const std::vector<double> &edges, const double bins_per_unit,
                                 const double value, bool &inside)
  {
    const std::size_t last = edges.size() - 2;
    if (!(value >= edges.front()))
    {
      inside = false;
      return 0;
    }
    if (!(value < edges.back()))
    {
      inside = inside && value == edges.back();
      return last;
    }
    // Exact at once if the edges are equidistant, up to round-off; a short walk if they are not.
    std::size_t i =
        std::min(static_cast<std::size_t>((value - edges.front()) * bins_per_unit), last);
    while (value < edges[i])
      --i;
    while (value >= edges[i + 1])
      ++i;
    return i;
  }
} // namespace seem::database

#endif
