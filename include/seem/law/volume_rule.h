// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_VOLUME_RULE_H
#define SEEM_LAW_VOLUME_RULE_H

#include <algorithm>
#include <cmath>

namespace seem::law
{
  /**
   * How the volume V_q of a quadrature point is brought together with the representative volume
   * V_RVE of the statistics, m = V_q/V_RVE. Rates are multiplied and jumps divided by m, so the
   * mean flow stays and fluctuations fall as m^-1/2; or the point holds a whole number of
   * representative volumes.
   */
  enum class VolumeRule
  {
    check,  ///< as scale, but m outside 0.1..10 is refused and outside 0.5..2 warned of
    scale,  ///< any m; size effects are not predicted
    one,    ///< m = 1 whatever the volume
    sub_rve ///< n_sub_volumes(m) volumes of m = 1 under equal strain, see SubVolumeLaw
  };

  /// Smallest and largest m that `check` accepts, and accepts without a warning.
  inline constexpr double smallest_volume_ratio = 0.1, largest_volume_ratio = 10.0;
  inline constexpr double smallest_plain_volume_ratio = 0.5, largest_plain_volume_ratio = 2.0;

  /// m of a point under @p rule.
  constexpr double volume_ratio(const VolumeRule rule, const double point_volume,
                                const double representative_volume)
  {
    return rule == VolumeRule::one ? 1.0 : point_volume / representative_volume;
  }

  /// Number of sub-volumes of a point under `sub_rve`: m rounded to a whole number, at least 1. As
  /// a double, since a wrong unit makes m anything.
  inline double n_sub_volumes(const double volume_ratio)
  {
    return std::max(1.0, std::round(volume_ratio));
  }
} // namespace seem::law

#endif
