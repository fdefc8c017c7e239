// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_DATABASE_AXIS_INDEX_H
#define SEEM_SOURCE_DATABASE_AXIS_INDEX_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace seem::database
{
  /// Index of the bin of @p value between the @p n_bins + 1 edges from @p edge on, clamped; @p
  /// inside is cleared if it had to be. The mean number of bins per unit gives the first guess.
  inline std::size_t index_along(const double *const edge, const std::size_t n_bins,
                                 const double bins_per_unit, const double value, bool &inside)
  {
    const double first_edge = edge[0];
    if (!(value >= first_edge))
    {
      inside = false;
      return 0;
    }
    if (!(value < edge[n_bins]))
    {
      inside = inside && value == edge[n_bins];
      return n_bins - 1;
    }
    // Exact at once if the edges are equidistant, up to round-off; a short walk if they are not.
    std::size_t i = std::min(
        static_cast<std::size_t>(static_cast<std::int64_t>((value - first_edge) * bins_per_unit)),
        n_bins - 1);
    while (value < edge[i])
      --i;
    while (value >= edge[i + 1])
      ++i;
    return i;
  }

  /// The same of the edges of a whole axis.
  inline std::size_t index_along(const std::vector<double> &edges, const double bins_per_unit,
                                 const double value, bool &inside)
  {
    return index_along(edges.data(), edges.size() - 1, bins_per_unit, value, inside);
  }
} // namespace seem::database

#endif
