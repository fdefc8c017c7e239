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
    std::sort(values.begin(), values.end());
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
