// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_NOISE_FLOOR_H
#define SEEM_STATISTICS_NOISE_FLOOR_H

#include <vector>

namespace seem::statistics
{
  /// Noise of a quantity on event-free increments and the floor above which it speaks of an event.
  struct NoiseFloor
  {
    double centre = 0.0; ///< median of the noise
    double spread = 0.0; ///< its standard deviation, from the median absolute deviation
    double floor = 0.0;  ///< a larger value is an event
    bool given = false;  ///< the floor was given by the user, not measured
  };

  /// The median. @pre @p values is not empty
  double median(const std::vector<double> &values);

  /// 1.4826 times the median absolute deviation from @p centre: the standard deviation of a normal
  /// distribution.
  double robust_spread(const std::vector<double> &values, double centre);

  /**
   * Separate noise from a one-sided tail of events: centre and spread are those of the values below
   * the floor, the floor is |centre| + @p factor * spread, repeated until it settles. Works as long
   * as fewer than half of the values are events.
   * @param[in] values      the quantity, positive for events; [n_increments]
   * @param[in] factor      standard deviations from the centre to the floor
   * @param[in] resolution  smallest floor, for data without noise; same unit as the values
   */
  NoiseFloor measure_noise_floor(const std::vector<double> &values, double factor,
                                 double resolution);
} // namespace seem::statistics

#endif
