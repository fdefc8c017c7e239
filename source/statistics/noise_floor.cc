// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/noise_floor.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace seem::statistics
{
  namespace
  {
    /**
     * Keep of many values those near the median: between two of a sample that the entries number
     * middle - 1 and middle of all, in ascending order, most probably lie between.
     * @param[in,out] values  all; those kept, in any order
     * @param[in,out] middle  number of an entry; its number among those kept
     * @return false if they do not lie there; nothing has changed then
     */
    bool narrow(std::vector<double> &values, std::size_t &middle)
    {
      constexpr std::size_t sample_size = 1024, reach = 96; // 6 standard deviations of the rank
      std::vector<double> sample(sample_size);
      for (std::size_t k = 0; k < sample_size; ++k)
        sample[k] = values[k * values.size() / sample_size];
      std::sort(sample.begin(), sample.end());
      const double low = sample[sample_size / 2 - reach], high = sample[sample_size / 2 + reach];
      std::size_t n_below = 0, n_within = 0;
      std::vector<double> within(values.size());
      for (const double value : values)
      {
        n_below += value < low;
        within[n_within] = value;
        n_within += (value >= low) & (value <= high); // stays, or is written over
      }
      if (middle < n_below + 1 || middle >= n_below + n_within)
        return false;
      middle -= n_below;
      within.resize(n_within);
      values = std::move(within);
      return true;
    }
  } // namespace

  double median(std::vector<double> values)
  {
    constexpr std::size_t many = 1 << 14;
    const std::size_t n = values.size();
    std::size_t middle = n / 2;
    if (n >= many)
      narrow(values, middle);
    std::nth_element(values.begin(), values.begin() + middle, values.end());
    const double upper = values[middle];
    if (n % 2 == 1)
      return upper;
    return 0.5 * (upper + *std::max_element(values.begin(), values.begin() + middle));
  }

  double robust_spread(const std::vector<double> &values, const double centre)
  {
    std::vector<double> deviations;
    deviations.reserve(values.size());
    for (const double value : values)
      deviations.push_back(std::abs(value - centre));
    return 1.4826 * median(std::move(deviations));
  }

  NoiseFloor measure_noise_floor(const std::vector<double> &values, const double factor,
                                 const double resolution)
  {
    constexpr unsigned int max_iterations = 50;

    NoiseFloor result;
    std::vector<double> noise = values;
    for (unsigned int i = 0; i < max_iterations && !noise.empty(); ++i)
    {
      result.centre = median(noise);
      result.spread = robust_spread(noise, result.centre);
      result.floor = std::max(resolution, std::abs(result.centre) + factor * result.spread);

      std::vector<double> below;
      below.reserve(values.size());
      for (const double value : values)
        if (value <= result.floor)
          below.push_back(value);
      if (below.size() == noise.size())
        break;
      noise = std::move(below);
    }
    return result;
  }
} // namespace seem::statistics
