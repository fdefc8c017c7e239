// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/noise_floor.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>

namespace seem::statistics
{
  namespace
  {
    constexpr std::size_t many = 1 << 14;

    /**
     * Of @p n values those near the median: between two of a sample that the entries number middle
     * - 1 and middle of all, in ascending order, most probably lie between.
     * @param[in] of           value number i
     * @param[in,out] middle   number of an entry; its number among those kept
     * @param[out] within      those kept, in any order
     * @return false if they do not lie there; middle has not changed then
     */
    template <typename Value>
    bool narrow(const std::size_t n, const Value &of, std::size_t &middle,
                std::vector<double> &within)
    {
      constexpr std::size_t sample_size = 1024, reach = 96; // 6 standard deviations of the rank
      std::vector<double> sample(sample_size);
      for (std::size_t k = 0; k < sample_size; ++k)
        sample[k] = of(k * n / sample_size);
      std::sort(sample.begin(), sample.end());
      const double low = sample[sample_size / 2 - reach], high = sample[sample_size / 2 + reach];
      std::size_t n_below = 0, n_within = 0;
      const std::unique_ptr<double[]> kept(new double[n]); // what is not written costs nothing
      for (std::size_t i = 0; i < n; ++i)
      {
        const double value = of(i);
        n_below += value < low;
        kept[n_within] = value;
        n_within += (value >= low) & (value <= high); // stays, or is written over
      }
      if (middle < n_below + 1 || middle >= n_below + n_within)
        return false;
      middle -= n_below;
      within.assign(kept.get(), kept.get() + n_within);
      return true;
    }

    /// The median of the values of(0) to of(n - 1), n positive.
    template <typename Value>
    double median_of(const std::size_t n, const Value &of)
    {
      std::size_t middle = n / 2;
      std::vector<double> values;
      if (n < many || !narrow(n, of, middle, values))
      {
        values.resize(n);
        for (std::size_t i = 0; i < n; ++i)
          values[i] = of(i);
      }
      const auto place = values.begin() + static_cast<std::ptrdiff_t>(middle);
      std::nth_element(values.begin(), place, values.end());
      return n % 2 == 1 ? *place : 0.5 * (*place + *std::max_element(values.begin(), place));
    }
  } // namespace

  double median(const std::vector<double> &values)
  {
    return median_of(values.size(), [&](const std::size_t i) { return values[i]; });
  }

  double robust_spread(const std::vector<double> &values, const double centre)
  {
    return 1.4826 * median_of(values.size(),
                              [&](const std::size_t i) { return std::abs(values[i] - centre); });
  }

  NoiseFloor measure_noise_floor(const std::vector<double> &values, const double factor,
                                 const double resolution)
  {
    constexpr unsigned int max_iterations = 50;

    NoiseFloor result;
    std::vector<double> below;
    const std::vector<double> *noise = &values;
    for (unsigned int i = 0; i < max_iterations && !noise->empty(); ++i)
    {
      result.centre = median(*noise);
      result.spread = robust_spread(*noise, result.centre);
      result.floor = std::max(resolution, std::abs(result.centre) + factor * result.spread);

      const std::size_t n_before = noise->size();
      below.clear();
      below.reserve(values.size());
      for (const double value : values)
        if (value <= result.floor)
          below.push_back(value);
      if (below.size() == n_before)
        break;
      noise = &below;
    }
    return result;
  }
} // namespace seem::statistics
