// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/jackknife.h>
#include <seem/statistics/validation_events.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace seem::statistics
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    std::size_t n_clusters(const std::vector<std::size_t> &cluster)
    {
      return cluster.empty() ? 0 : *std::max_element(cluster.begin(), cluster.end()) + 1;
    }

    /// jackknife() of one sample.
    template <typename Statistic>
    Estimate estimate(const std::vector<std::size_t> &cluster, const Statistic &statistic)
    {
      return jackknife(std::vector<std::size_t>(n_clusters(cluster), 0), statistic);
    }

    /// Values of a column of the events up to @p end of the paths that @p wanted accepts.
    template <typename Wanted>
    std::vector<double> sizes(const std::vector<ValidationPath> &paths,
                              std::vector<double> PathEvents::*column, const double end,
                              const Wanted &wanted)
    {
      std::vector<double> result;
      for (std::size_t p = 0; p < paths.size(); ++p)
        if (wanted(p))
          for (std::size_t i = 0; i < paths[p].events.size(); ++i)
            if (paths[p].events.strain[i] < end)
              result.push_back((paths[p].events.*column)[i]);
      return result;
    }

    double ratio(const double numerator, const double denominator)
    {
      return denominator > 0.0 ? numerator / denominator : not_a_number;
    }
  } // namespace

  std::vector<std::size_t> cluster_numbers(const std::vector<ValidationPath> &paths)
  {
    std::map<std::string, std::size_t> known;
    std::vector<std::size_t> result;
    std::size_t n = 0;
    for (const ValidationPath &path : paths)
    {
      if (path.cluster.empty())
      {
        result.push_back(n++);
        continue;
      }
      const auto [entry, inserted] = known.emplace(path.cluster, n);
      n += inserted;
      result.push_back(entry->second);
    }
    return result;
  }

  EventWindows event_windows(const std::vector<ValidationPath> &paths, const double width,
                             const double end)
  {
    if (paths.empty())
      throw InputError("no paths to count events of");
    double begin = -std::numeric_limits<double>::infinity();
    for (const ValidationPath &path : paths)
      begin = std::max(begin, path.strain.front());
    constexpr double slack = 1e-9;
    const double windows = std::floor((end - begin) / width + slack);
    if (!(width > 0.0) || !(windows >= 1.0))
      throw InputError(fmt::format("label '{}': windows of {} do not fit between strains {} and {}",
                                   paths.front().label, width, begin, end));

    const auto n_windows = static_cast<std::size_t>(windows);
    EventWindows result;
    for (std::size_t w = 0; w < n_windows; ++w)
      result.strain.push_back(begin + width * (static_cast<double>(w) + 0.5));

    std::vector<std::vector<double>> counts; // [path][window]
    for (const ValidationPath &path : paths)
    {
      counts.emplace_back(n_windows, 0.0);
      for (const double strain : path.events.strain)
      {
        const double w = std::floor((strain - begin) / width + slack);
        if (w >= 0.0 && w < windows)
          counts.back()[static_cast<std::size_t>(w)] += 1.0;
      }
    }

    const std::vector<std::size_t> cluster = cluster_numbers(paths);
    /// Sums over the windows of the mean and of the variance over the paths that are left.
    const auto moments = [&](const std::size_t left_out, double &mean, double &variance) {
      mean = variance = 0.0;
      for (std::size_t w = 0; w < n_windows; ++w)
      {
        double n = 0.0, sum = 0.0, squares = 0.0;
        for (std::size_t p = 0; p < paths.size(); ++p)
          if (cluster[p] != left_out)
          {
            n += 1.0;
            sum += counts[p][w];
            squares += counts[p][w] * counts[p][w];
          }
        mean += sum / n;
        variance += n > 1.0 ? (squares - sum * sum / n) / (n - 1.0) : not_a_number;
      }
    };
    for (std::size_t w = 0; w < n_windows; ++w)
    {
      double sum = 0.0;
      for (const std::vector<double> &row : counts)
        sum += row[w];
      result.mean.push_back(sum / static_cast<double>(paths.size()));
    }
    result.per_strain = estimate(cluster, [&](const std::size_t left_out) {
      double mean = 0.0, variance = 0.0;
      moments(left_out, mean, variance);
      return mean / (width * windows);
    });
    result.fano = estimate(cluster, [&](const std::size_t left_out) {
      double mean = 0.0, variance = 0.0;
      moments(left_out, mean, variance);
      return ratio(variance, mean);
    });
    return result;
  }

  double ks_distance(std::vector<double> a, std::vector<double> b)
  {
    if (a.empty() || b.empty())
      return not_a_number;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double largest = 0.0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();)
    {
      // Past all values that are equal in both: distributions differ between values, not at them.
      const double value = std::min(a[i], b[j]);
      while (i < a.size() && a[i] <= value)
        ++i;
      while (j < b.size() && b[j] <= value)
        ++j;
      largest = std::max(largest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                           static_cast<double>(j) / static_cast<double>(b.size())));
    }
    return largest;
  }

  SizeDistance size_distance(const std::vector<ValidationPath> &runs,
                             const std::vector<ValidationPath> &model,
                             std::vector<double> PathEvents::*column, const double end)
  {
    const std::vector<std::size_t> glass = cluster_numbers(runs);
    const std::size_t n_glasses = n_clusters(glass);
    const std::vector<double> of_model =
        sizes(model, column, end, [](const std::size_t) { return true; });
    const auto without = [&](const std::size_t left_out) {
      return sizes(runs, column, end, [&](const std::size_t p) { return glass[p] != left_out; });
    };

    SizeDistance result;
    result.distance = estimate(glass, [&](const std::size_t left_out) {
      return ks_distance(without(left_out), of_model);
    });
    const auto n = static_cast<double>(without(n_glasses).size());
    const auto m = static_cast<double>(of_model.size());
    result.critical = 1.358 * std::sqrt(1.0 / n + 1.0 / m);
    result.between_glasses = n_glasses < 2 ? not_a_number : 0.0;
    for (std::size_t g = 0; n_glasses >= 2 && g < n_glasses; ++g)
      result.between_glasses +=
          ks_distance(without(g), sizes(runs, column, end,
                                        [&](const std::size_t p) { return glass[p] == g; })) /
          static_cast<double>(n_glasses);
    return result;
  }

  std::vector<double> age_edges(const double increment, const std::size_t n_bins)
  {
    std::vector<double> edges;
    for (std::size_t i = 0; i <= n_bins; ++i)
      edges.push_back(increment * (std::ldexp(1.0, static_cast<int>(i)) - 0.5));
    return edges;
  }

  AgeHazard hazard_since_event(const std::vector<ValidationPath> &paths,
                               const std::vector<double> &edges, const double end)
  {
    const std::size_t n = edges.size() - 1;
    const std::vector<std::size_t> cluster = cluster_numbers(paths);
    std::vector<std::vector<double>> exposure(n_clusters(cluster), std::vector<double>(n, 0.0));
    std::vector<std::vector<double>> events = exposure;
    for (std::size_t p = 0; p < paths.size(); ++p)
    {
      const std::vector<double> &strain = paths[p].events.strain;
      const double last = std::min(end, paths[p].strain.back());
      for (std::size_t i = 0; i < strain.size() && strain[i] < last; ++i)
      {
        const bool ended = i + 1 < strain.size() && strain[i + 1] < last;
        const double age = (ended ? strain[i + 1] : last) - strain[i];
        for (std::size_t k = 0; k < n; ++k)
        {
          exposure[cluster[p]][k] += std::max(0.0, std::min(age, edges[k + 1]) - edges[k]);
          if (ended && age >= edges[k] && age < edges[k + 1])
            events[cluster[p]][k] += 1.0;
        }
      }
    }

    AgeHazard result;
    for (std::size_t k = 0; k < n; ++k)
    {
      result.low.push_back(edges[k]);
      result.high.push_back(edges[k + 1]);
      const auto sum = [&](const std::vector<std::vector<double>> &table, const std::size_t out) {
        double total = 0.0;
        for (std::size_t c = 0; c < table.size(); ++c)
          if (c != out)
            total += table[c][k];
        return total;
      };
      result.exposure.push_back(sum(exposure, exposure.size()));
      result.hazard.push_back(estimate(cluster, [&](const std::size_t out) {
        return ratio(sum(events, out), sum(exposure, out));
      }));
    }
    return result;
  }
} // namespace seem::statistics
