// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_SEEM_LAW_ROWS_H
#define SEEM_SOURCE_LAW_SEEM_LAW_ROWS_H

#include <cstddef>

/// Parts of SeemLaw for many points at once, in vector registers; the bits are those of one point.
namespace seem::law::rows
{
  /// Points that are taken together: their numbers stay in the first cache.
  constexpr std::size_t block = 64;

  /// PathProducts of a block, and what quiet_path() makes of them.
  struct Paths
  {
    double begin[block], end[block], record[block], growth[block], record_along_begin[block],
        record_along_end[block], firing[block];
    double forward[block], backward[block];
    double quiet[block]; ///< 1 or 0, as wide as the others
  };

  /// quiet_path() of the first @p n points of @p paths.
  void quiet_paths(std::size_t n, Paths &paths, bool with_record);

  /// The norm |e| of @p square = e:e, its inverse, and gamma^2 = 2 e:e.
  void norms(std::size_t n, const double *square, double *norm, double *inverse_norm,
             double *gamma_squared);
} // namespace seem::law::rows

#endif
