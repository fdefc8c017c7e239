// SPDX-License-Identifier: LGPL-2.1-or-later
// Passes over many rows, several at a time in vector registers. The build gives this file
// -fno-trapping-math, without which choices are not made in registers, and no fused multiply-add,
// which would change bits.
#include "row_passes.h"

#include <seem/core/units.h>
#include <seem/core/wide_registers.h>

#include <cstdint>
#include <cstring>
#include <limits>

namespace seem::statistics::row_passes
{
  namespace
  {
    constexpr std::size_t lanes = 32; // each keeps its own range: none waits for another
    constexpr double infinity = std::numeric_limits<double>::infinity();

    /// The lanes of @p low and @p high, [lanes], over a multiple of as many rows.
    SEEM_FOR_WIDE_REGISTERS
    void ranges(const std::size_t n, const double *__restrict__ values, double *__restrict__ low,
                double *__restrict__ high)
    {
      double l[lanes], h[lanes];
      for (std::size_t k = 0; k < lanes; ++k)
        l[k] = infinity, h[k] = -infinity;
      for (std::size_t i = 0; i < n; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
        {
          const double v = values[i + k];
          l[k] = v < l[k] ? v : l[k];
          h[k] = v > h[k] ? v : h[k];
        }
      for (std::size_t k = 0; k < lanes; ++k)
        low[k] = l[k], high[k] = h[k];
    }

    SEEM_FOR_WIDE_REGISTERS
    void forward_ranges(const std::size_t n, const double *__restrict__ tau,
                        const double *__restrict__ values, double *__restrict__ low,
                        double *__restrict__ high)
    {
      double l[lanes], h[lanes];
      for (std::size_t k = 0; k < lanes; ++k)
        l[k] = infinity, h[k] = -infinity;
      for (std::size_t i = 0; i < n; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
        {
          const double v = values[i + k];
          const double for_low = tau[i + k] < 0.0 ? infinity : v;
          const double for_high = tau[i + k] < 0.0 ? -infinity : v;
          l[k] = for_low < l[k] ? for_low : l[k];
          h[k] = for_high > h[k] ? for_high : h[k];
        }
      for (std::size_t k = 0; k < lanes; ++k)
        low[k] = l[k], high[k] = h[k];
    }

    SEEM_FOR_WIDE_REGISTERS
    long long n_not_finite(const std::size_t n, const double *const values)
    {
      long long count = 0; // as wide as a double
      for (std::size_t i = 0; i < n; ++i)
        count += values[i] - values[i] == 0.0 ? 0 : 1;
      return count;
    }

    SEEM_FOR_WIDE_REGISTERS
    long long n_not_growing(const std::size_t n, const double *const values)
    {
      long long count = 0;
      for (std::size_t i = 1; i < n; ++i)
        count += values[i] > values[i - 1] ? 0 : 1;
      return count;
    }

    SEEM_FOR_WIDE_REGISTERS
    void raw(const std::size_t n, const double *__restrict__ strain, const double *__restrict__ tau,
             const double *__restrict__ energy, const double volume, const double n_atoms,
             double *__restrict__ dgamma, double *__restrict__ net, double *__restrict__ loss)
    {
      for (std::size_t i = 0; i < n; ++i)
      {
        dgamma[i] = strain[i + 1] - strain[i];
        net[i] = tau[i + 1] - tau[i];
        const double mean = 0.5 * (tau[i] + tau[i + 1]);
        loss[i] = volume * mean * dgamma[i] / units::GPa_per_eV_per_A3 -
                  n_atoms * (energy[i + 1] - energy[i]);
      }
    }

    SEEM_FOR_WIDE_REGISTERS
    void less(const std::size_t n, const double *__restrict__ subtrahend,
              double *__restrict__ values)
    {
      for (std::size_t i = 0; i < n; ++i)
        values[i] -= subtrahend[i];
    }

    SEEM_FOR_WIDE_REGISTERS
    void marks_of(const std::size_t n, const double *__restrict__ one, const double one_floor,
                  const double *__restrict__ other, const double other_floor,
                  unsigned char *__restrict__ marks)
    {
      for (std::size_t i = 0; i < n; ++i)
        marks[i] = (one[i] > one_floor) | (other[i] > other_floor);
    }

    struct Counts
    {
      long long drop, deficit, loss, any;
    };

    SEEM_FOR_WIDE_REGISTERS
    void count(const std::size_t n, const double *__restrict__ tau, const double *__restrict__ net,
               const double *__restrict__ deficit, const double *__restrict__ loss,
               const double drop_floor, const double deficit_floor, const double energy_floor,
               Counts &result)
    {
      long long n_drop = 0, n_deficit = 0, n_loss = 0, n_any = 0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const long long forward = tau[i] < 0.0 ? 0 : 1;
        const long long is_deficit = deficit[i] > deficit_floor ? forward : 0;
        const long long is_loss = loss[i] > energy_floor ? forward : 0;
        n_drop += net[i] < -drop_floor ? forward : 0;
        n_deficit += is_deficit;
        n_loss += is_loss;
        n_any += is_deficit | is_loss;
      }
      result = {n_drop, n_deficit, n_loss, n_any};
    }

    SEEM_FOR_WIDE_REGISTERS
    long long n_outside(const double *__restrict__ tau, const double *__restrict__ x1,
                        const double low_tau, const double high_tau, const double low_x1,
                        const double high_x1)
    {
      long long n = 0;
      for (std::size_t i = 0; i < block_size; ++i)
        n += (tau[i] >= low_tau) & (tau[i] < high_tau) & (x1[i] >= low_x1) & (x1[i] < high_x1) ? 0
                                                                                               : 1;
      return n;
    }

    template <typename OfLanes, typename OfRow>
    Range joined(const std::size_t n, const OfLanes &of_lanes, const OfRow &of_row)
    {
      Range result;
      const std::size_t whole = n / lanes * lanes;
      double low[lanes], high[lanes];
      of_lanes(whole, low, high);
      for (std::size_t k = 0; k < lanes; ++k)
        result.add(Range{low[k], high[k]});
      for (std::size_t i = whole; i < n; ++i)
        of_row(i, result);
      return result;
    }
  } // namespace

  Range range(const std::size_t n, const double *const values)
  {
    return joined(
        n,
        [&](const std::size_t whole, double *const low, double *const high) {
          ranges(whole, values, low, high);
        },
        [&](const std::size_t i, Range &result) { result.add(values[i]); });
  }

  Range forward_range(const std::size_t n, const double *const tau, const double *const values)
  {
    return joined(
        n,
        [&](const std::size_t whole, double *const low, double *const high) {
          forward_ranges(whole, tau, values, low, high);
        },
        [&](const std::size_t i, Range &result) {
          if (!(tau[i] < 0.0))
            result.add(values[i]);
        });
  }

  bool finite(const std::size_t n, const double *const values)
  {
    return n_not_finite(n, values) == 0;
  }

  bool growing(const std::size_t n, const double *const values)
  {
    return n_not_growing(n, values) == 0;
  }

  void raw_increments(const std::size_t n, const double *const strain, const double *const tau,
                      const double *const energy, const double volume, const double n_atoms,
                      double *const dgamma, double *const net_dtau, double *const trapezoid_loss)
  {
    raw(n, strain, tau, energy, volume, n_atoms, dgamma, net_dtau, trapezoid_loss);
  }

  void subtract(const std::size_t n, const double *const subtrahend, double *const values)
  {
    less(n, subtrahend, values);
  }

  void mark(const std::size_t n, const double *const one, const double one_floor,
            const double *const other, const double other_floor, unsigned char *const marks)
  {
    marks_of(n, one, one_floor, other, other_floor, marks);
  }

  EventCounts count_definitions(const std::size_t n, const Columns &columns,
                                const EventFloors &floors)
  {
    Counts counts;
    count(n, columns.tau, columns.net_dtau, columns.deficit, columns.trapezoid_loss, floors.drop,
          floors.deficit.floor, floors.energy.floor, counts);
    EventCounts result;
    result.stress_drop = static_cast<std::size_t>(counts.drop);
    result.stress_deficit = static_cast<std::size_t>(counts.deficit);
    result.energy_loss = static_cast<std::size_t>(counts.loss);
    result.any_loss = static_cast<std::size_t>(counts.any);
    return result;
  }

  bool quiet_block(const double *const tau, const double *const x1,
                   const unsigned char *const events, const Bin &bin)
  {
    std::uint64_t marks[block_size / sizeof(std::uint64_t)];
    std::memcpy(marks, events, block_size);
    // Below zero is unloading.
    const double low_tau = bin.low[0] > 0.0 ? bin.low[0] : 0.0;
    return (marks[0] | marks[1]) == 0 &&
           n_outside(tau, x1, low_tau, bin.high[0], bin.low[1], bin.high[1]) == 0;
  }
} // namespace seem::statistics::row_passes
