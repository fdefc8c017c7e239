// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/quantiles.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  std::vector<double> quantiles(std::vector<double> values,
                                const std::vector<double> &probabilities)
  {
    values.erase(std::remove_if(values.begin(), values.end(),
                                [](const double v) { return !std::isfinite(v); }),
                 values.end());
    // Only the entries that are asked for come to their places of the ascending order.
    std::vector<std::size_t> places;
    for (const double p : probabilities)
      if (!values.empty())
      {
        const auto below = static_cast<std::size_t>(static_cast<double>(values.size() - 1) * p);
        places.insert(places.end(), {below, std::min(below + 1, values.size() - 1)});
      }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    auto from = values.begin();
    for (const std::size_t place : places)
    {
      const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
      std::nth_element(from, at, values.end());
      from = at + 1;
    }
    std::vector<double> result;
    for (const double p : probabilities)
    {
      if (values.empty())
      {
        result.push_back(std::numeric_limits<double>::quiet_NaN());
        continue;
      }
      const double h = static_cast<double>(values.size() - 1) * p;
      const auto below = static_cast<std::size_t>(h);
      const std::size_t above = std::min(below + 1, values.size() - 1);
      result.push_back(values[below] +
                       (h - static_cast<double>(below)) * (values[above] - values[below]));
    }
    return result;
  }
} // namespace seem::statistics
