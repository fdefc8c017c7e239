// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/noise_floor.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace seem::statistics
{
  double median(std::vector<double> values)
  {
    const std::size_t middle = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + middle, values.end());
    const double upper = values[middle];
    if (values.size() % 2 == 1)
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
