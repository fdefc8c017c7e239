// SPDX-License-Identifier: LGPL-2.1-or-later
// The build gives this file -ffast-math: sums in any order, exponentials and logarithms of the
// vector library (to 4 units in the last place), several events at a time. Nothing in it asks for
// NaN or infinity; who calls it does.
#include "event_sizes_rows.h"

#include <seem/core/wide_registers.h>

#include <cmath>

namespace seem::statistics::event_sizes
{
  namespace
  {
    SEEM_FOR_WIDE_REGISTERS
    void scale_rows(const std::size_t n, const double *__restrict__ size,
                    const double *__restrict__ decades, const double *__restrict__ plastic,
                    const double *__restrict__ weight, const double a, const double b,
                    const double relaxation_strain, double *__restrict__ memory,
                    double *__restrict__ decay, double *__restrict__ scaled,
                    double *__restrict__ result)
    {
      const double inverse = 1.0 / relaxation_strain, inverse_squared = inverse * inverse;
      double sum = 0.0, by_a = 0.0, by_b = 0.0, by_strain = 0.0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const double e = std::exp(-plastic[i] * inverse);
        const double s = (a + b * decades[i]) * e;
        const double low = s < -longest_memory ? -longest_memory : s;
        const double m = low > longest_memory ? longest_memory : low;
        const double d = s == m ? e : 0.0;
        const double y = size[i] * std::exp(-m);
        memory[i] = m;
        decay[i] = d;
        scaled[i] = y;
        const double wy = weight[i] * y;
        sum += wy;
        by_a -= wy * d;
        by_b -= wy * d * decades[i];
        by_strain -= wy * (a + b * decades[i]) * d * plastic[i] * inverse_squared;
      }
      result[0] = sum;
      result[1] = by_a;
      result[2] = by_b;
      result[3] = by_strain;
    }

    SEEM_FOR_WIDE_REGISTERS
    void deviance_of_rows(const std::size_t n, const double *__restrict__ decades,
                          const double *__restrict__ plastic, const double *__restrict__ weight,
                          const double *__restrict__ memory, const double *__restrict__ decay,
                          const double *__restrict__ scaled, const double relaxation_strain,
                          const double *__restrict__ near, const double near_weight,
                          double *__restrict__ result)
    {
      const double inverse_squared = 1.0 / (relaxation_strain * relaxation_strain);
      const double near_0 = near[0], near_1 = near[1], near_2 = near[2], near_3 = near[3];
      double sum = 0.0, by_a = 0.0, by_b = 0.0, by_strain = 0.0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const double w = weight[i], wy = w * scaled[i];
        const double others = near_weight - w;
        const double share = 1.0 / (others > 1.0 ? others : 1.0);
        const double mean = (near_0 - wy) * share;
        const double inverse_mean = 1.0 / (mean > smallest_mean ? mean : smallest_mean);
        const double slope_share = mean > smallest_mean ? share * inverse_mean : 0.0;
        const double ratio = scaled[i] * inverse_mean;
        sum += w * (ratio + memory[i] - std::log(inverse_mean));
        const double factor = w * (1.0 - ratio);
        const double slope_a = decay[i], slope_b = decay[i] * decades[i];
        // s is (a + b d) times its decay, and cut off where that is 0.
        const double slope_strain =
            (slope_a > 0.0 ? memory[i] : 0.0) * plastic[i] * inverse_squared;
        by_a += factor * (slope_a + (near_1 + wy * slope_a) * slope_share);
        by_b += factor * (slope_b + (near_2 + wy * slope_b) * slope_share);
        by_strain += factor * (slope_strain + (near_3 + wy * slope_strain) * slope_share);
      }
      result[0] = sum;
      result[1] = by_a;
      result[2] = by_b;
      result[3] = by_strain;
    }
  } // namespace

  Sum scale(const Rows &rows, const double a, const double b, const double relaxation_strain,
            const Parts &parts)
  {
    Sum result;
    scale_rows(rows.n, rows.size, rows.decades, rows.plastic, rows.weight, a, b, relaxation_strain,
               parts.memory, parts.decay, parts.scaled, result.data());
    return result;
  }

  Sum deviance(const Rows &rows, const Parts &parts, const double relaxation_strain,
               const Sum &near, const double weight)
  {
    Sum result;
    deviance_of_rows(rows.n, rows.decades, rows.plastic, rows.weight, parts.memory, parts.decay,
                     parts.scaled, relaxation_strain, near.data(), weight, result.data());
    return result;
  }
} // namespace seem::statistics::event_sizes
