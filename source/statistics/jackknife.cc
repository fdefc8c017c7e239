// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/jackknife.h>

#include <cmath>
#include <limits>
#include <map>

namespace seem::statistics
{
  Estimate jackknife(const std::vector<std::size_t> &stratum,
                     const std::function<double(std::size_t left_out)> &statistic)
  {
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t cluster = 0; cluster < stratum.size(); ++cluster)
      members[stratum[cluster]].push_back(cluster);

    Estimate result = {statistic(stratum.size()), 0.0};
    double variance = 0.0;
    for (const auto &[number, clusters] : members)
    {
      const auto n = static_cast<double>(clusters.size());
      if (clusters.size() < 2)
      {
        variance = std::numeric_limits<double>::quiet_NaN();
        break;
      }
      std::vector<double> without;
      double mean = 0.0;
      for (const std::size_t cluster : clusters)
      {
        without.push_back(statistic(cluster));
        mean += without.back() / n;
      }
      double sum = 0.0;
      for (const double value : without)
        sum += (value - mean) * (value - mean);
      variance += (n - 1.0) / n * sum;
    }
    result.standard_error =
        members.empty() ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(variance);
    return result;
  }
} // namespace seem::statistics
