// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_QUANTILES_H
#define SEEM_STATISTICS_QUANTILES_H

#include <vector>

namespace seem::statistics
{
  /**
   * Quantiles of a sample: with x_0 <= ... <= x_{n-1} and h = (n - 1) p, linear between x_floor(h)
   * and the next. Values that are not finite are left out; all NaN if none is left.
   * @param[in] probabilities  each in 0..1
   *
   * Source: Hyndman and Fan, Sample quantiles in statistical packages (1996), definition 7: that of
   * R and NumPy.
   */
  std::vector<double> quantiles(std::vector<double> values,
                                const std::vector<double> &probabilities);
} // namespace seem::statistics

#endif
