// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_SEEM_LAW_ROWS_H
#define SEEM_SOURCE_LAW_SEEM_LAW_ROWS_H

#include <cstddef>

/// Parts of SeemLaw for many points at once, in vector registers; the bits are those of one point.
namespace seem::law::rows
{
  /// Points that are taken together: their numbers stay in the first cache.
  constexpr std::size_t block = 64;

  /// The numbers of points in a row. Tensors are six numbers in Mandel form.
  struct StateRows
  {
    const double *first;   ///< all, of the first point
    const double *plastic; ///< strain, of the first point
    const double *record;  ///< elastic strain deviator, of the first point
    const double *firing;  ///< gamma_el of the next event, of the first point
    std::size_t stride;    ///< from point to point; 0: all have one state
  };

  /// Elastic strains of a block and what follows from them.
  struct ElasticRows
  {
    double e[6][block]; ///< deviator
    double norm[block], inverse_norm[block], gamma_squared[block], volume_strain[block];
    double secant[block], tangent[block]; ///< moduli, of another
  };

  /// Elastic strains of the first @p n points of a block, at the total strains @p strains.
  void elastic_strains(std::size_t n, const StateRows &states, const double *strains,
                       ElasticRows &elastic);

  /**
   * Stresses and tangents from all of @p elastic; none has a direction below the shear stress @p
   * small_stress.
   * @param[out] stresses  [n][6]
   * @param[out] tangents  [n][9] as in Tangent
   */
  void respond(std::size_t n, const ElasticRows &elastic, double bulk, double small_stress,
               double *stresses, double *tangents);

  /// PathProducts of a block, and what quiet_path() makes of them.
  struct PathRows
  {
    double begin[block], end[block], record[block], growth[block], record_along_begin[block],
        record_along_end[block], firing[block];
    double forward[block], backward[block];
    double quiet[block];    ///< 1 or 0, as wide as the others
    double e_end[block][6]; ///< elastic strain deviator at the end
  };

  /// quiet_path() of the first @p n points of a block, on the straight paths between the total
  /// strains @p begin and @p end.
  void quiet_paths(std::size_t n, const StateRows &states, const double *begin, const double *end,
                   bool with_record, PathRows &paths);
} // namespace seem::law::rows

#endif
