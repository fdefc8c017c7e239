// SPDX-License-Identifier: LGPL-2.1-or-later
// The build gives this file -ffp-contract=off: a fused multiply-add would change bits.
#include "scaled_sums.h"

#include <seem/core/wide_registers.h>

namespace seem::statistics::event_sizes
{
  namespace
  {
    SEEM_FOR_WIDE_REGISTERS
    void add_one(const std::size_t n, const double *__restrict__ values, const double factor,
                 double *__restrict__ sum)
    {
      for (std::size_t k = 0; k < n; ++k)
        sum[k] += values[k] * factor;
    }

    SEEM_FOR_WIDE_REGISTERS
    void add_four(const std::size_t n, const double *__restrict__ values, const double f0,
                  const double f1, const double f2, const double f3, double *__restrict__ sum_0,
                  double *__restrict__ sum_1, double *__restrict__ sum_2,
                  double *__restrict__ sum_3)
    {
      for (std::size_t k = 0; k < n; ++k)
      {
        const double v = values[k];
        sum_0[k] += v * f0;
        sum_1[k] += v * f1;
        sum_2[k] += v * f2;
        sum_3[k] += v * f3;
      }
    }
  } // namespace

  void add_scaled(const std::size_t n, const double *const values, const double factor,
                  double *const sum)
  {
    add_one(n, values, factor, sum);
  }

  void add_scaled(const std::size_t n, const double *const values,
                  const std::array<double, 4> &factors, const std::array<double *, 4> &sums)
  {
    add_four(n, values, factors[0], factors[1], factors[2], factors[3], sums[0], sums[1], sums[2],
             sums[3]);
  }
} // namespace seem::statistics::event_sizes
