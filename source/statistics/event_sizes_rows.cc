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
                    const double a, const double b, const double relaxation_strain,
                    double *__restrict__ memory, double *__restrict__ decay,
                    double *__restrict__ scaled, double *__restrict__ result)
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
        sum += y;
        by_a -= y * d;
        by_b -= y * d * decades[i];
        by_strain -= y * (a + b * decades[i]) * d * plastic[i] * inverse_squared;
      }
      result[0] = sum;
      result[1] = by_a;
      result[2] = by_b;
      result[3] = by_strain;
    }

    constexpr std::size_t lanes = 16;
    constexpr std::size_t most_factors =
        32; // of means above 1e-5: no product is as small as 1e-300

    /// The sum of the logarithms of the means, one logarithm for many: it costs as much as the
    /// rest.
    SEEM_FOR_WIDE_REGISTERS
    double logarithms(const std::size_t n, const double *__restrict__ scaled, const double w,
                      const double share, const double near)
    {
      double sum = 0.0;
      for (std::size_t begin = 0; begin < n; begin += lanes * most_factors)
      {
        const std::size_t left = n - begin;
        const std::size_t end = begin + (left < lanes * most_factors ? left : lanes * most_factors);
        double product[lanes];
        for (std::size_t k = 0; k < lanes; ++k)
          product[k] = 1.0;
        std::size_t i = begin;
        for (; i + lanes <= end; i += lanes)
          for (std::size_t k = 0; k < lanes; ++k)
          {
            const double mean = (near - w * scaled[i + k]) * share;
            product[k] *= mean > smallest_mean ? mean : smallest_mean;
          }
        for (std::size_t k = 0; i + k < end; ++k)
        {
          const double mean = (near - w * scaled[i + k]) * share;
          product[k] *= mean > smallest_mean ? mean : smallest_mean;
        }
        for (std::size_t k = 0; k < lanes; ++k)
          sum += std::log(product[k]);
      }
      return sum;
    }

    SEEM_FOR_WIDE_REGISTERS
    void deviance_of_rows(const std::size_t n, const double *__restrict__ decades,
                          const double *__restrict__ plastic, const double *__restrict__ memory,
                          const double *__restrict__ decay, const double *__restrict__ scaled,
                          const double relaxation_strain, const double w, const double share,
                          const double *__restrict__ near, double *__restrict__ result)
    {
      const double inverse_squared = 1.0 / (relaxation_strain * relaxation_strain);
      const double near_0 = near[0], near_1 = near[1], near_2 = near[2], near_3 = near[3];
      double sum = 0.0, by_a = 0.0, by_b = 0.0, by_strain = 0.0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const double wy = w * scaled[i];
        const double mean = (near_0 - wy) * share;
        const double inverse_mean = 1.0 / (mean > smallest_mean ? mean : smallest_mean);
        const double slope_share = mean > smallest_mean ? share * inverse_mean : 0.0;
        const double ratio = scaled[i] * inverse_mean;
        sum += ratio + memory[i];
        const double factor = 1.0 - ratio;
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
    scale_rows(rows.n, rows.size, rows.decades, rows.plastic, a, b, relaxation_strain, parts.memory,
               parts.decay, parts.scaled, result.data());
    for (double &part : result)
      part *= rows.weight;
    return result;
  }

  Sum deviance(const Rows &rows, const Parts &parts, const double relaxation_strain,
               const Sum &near, const double weight)
  {
    const double others = weight - rows.weight;
    const double share = 1.0 / (others > 1.0 ? others : 1.0);
    Sum result;
    deviance_of_rows(rows.n, rows.decades, rows.plastic, parts.memory, parts.decay, parts.scaled,
                     relaxation_strain, rows.weight, share, near.data(), result.data());
    result[0] += logarithms(rows.n, parts.scaled, rows.weight, share, near[0]);
    for (double &part : result)
      part *= rows.weight;
    return result;
  }
} // namespace seem::statistics::event_sizes
