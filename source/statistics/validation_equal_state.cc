// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/jackknife.h>
#include <seem/statistics/validation_events.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    /// Sums over the events and the strain of one bin of the state space.
    struct BinSums
    {
      double n = 0.0, dtau = 0.0, heat = 0.0, exposure = 0.0;

      void add(const BinSums &other, const double sign)
      {
        n += sign * other.n;
        dtau += sign * other.dtau;
        heat += sign * other.heat;
        exposure += sign * other.exposure;
      }
    };

    using Table = std::vector<BinSums>; ///< [n_bins]

    /// What paths of both sets visited, cut into bins.
    class StateBins
    {
    public:
      StateBins(const std::vector<ValidationPath> &a, const std::vector<ValidationPath> &b,
                const std::array<std::size_t, 2> &n_bins, const double end)
          : n(n_bins)
      {
        const auto [tau_a, x1_a] = ranges(a, end);
        const auto [tau_b, x1_b] = ranges(b, end);
        low = {{std::max(tau_a[0], tau_b[0]), std::max(x1_a[0], x1_b[0])}};
        high = {{std::min(tau_a[1], tau_b[1]), std::min(x1_a[1], x1_b[1])}};
      }

      std::size_t size() const
      {
        return n[0] * n[1];
      }

      /// Number of the bin, or size() if the state is outside.
      std::size_t bin(const double tau, const double x1) const
      {
        const double values[2] = {tau, x1};
        std::size_t index[2];
        for (std::size_t k = 0; k < 2; ++k)
        {
          const double place =
              (values[k] - low[k]) / (high[k] - low[k]) * static_cast<double>(n[k]);
          if (!(place >= 0.0 && place < static_cast<double>(n[k])))
            return size();
          index[k] = static_cast<std::size_t>(place);
        }
        return index[0] + n[0] * index[1];
      }

      /// Sums of each cluster, [n_clusters][n_bins].
      std::vector<Table> tables(const std::vector<ValidationPath> &paths, const double end) const
      {
        const std::vector<std::size_t> cluster = cluster_numbers(paths);
        std::vector<Table> result(
            cluster.empty() ? 0 : *std::max_element(cluster.begin(), cluster.end()) + 1,
            Table(size()));
        for (std::size_t p = 0; p < paths.size(); ++p)
        {
          const ValidationPath &path = paths[p];
          Table &table = result[cluster[p]];
          for (std::size_t i = 0; i + 1 < path.strain.size() && path.strain[i] < end; ++i)
            if (const std::size_t k = bin(path.tau[i], path.x1[i]);
                path.tau[i] >= 0.0 && k < size())
              table[k].exposure += path.strain[i + 1] - path.strain[i];
          for (std::size_t i = 0; i < path.events.size() && path.events.strain[i] < end; ++i)
            if (const std::size_t k = bin(path.events.tau[i], path.events.x1[i]); k < size())
            {
              table[k].n += 1.0;
              table[k].dtau += path.events.dtau[i];
              table[k].heat += path.events.heat[i];
            }
        }
        return result;
      }

    private:
      using Range = std::array<double, 2>;

      static std::pair<Range, Range> ranges(const std::vector<ValidationPath> &paths,
                                            const double end)
      {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        Range tau = {{infinity, -infinity}}, x1 = tau;
        for (const ValidationPath &path : paths)
          for (std::size_t i = 0; i < path.strain.size() && path.strain[i] < end; ++i)
          {
            if (path.tau[i] < 0.0)
              continue;
            tau = {{std::min(tau[0], path.tau[i]), std::max(tau[1], path.tau[i])}};
            x1 = {{std::min(x1[0], path.x1[i]), std::max(x1[1], path.x1[i])}};
          }
        return {tau, x1};
      }

      std::array<std::size_t, 2> n;
      std::array<double, 2> low, high;
    };

    Table total(const std::vector<Table> &tables, const std::size_t n_bins)
    {
      Table sum(n_bins);
      for (const Table &table : tables)
        for (std::size_t k = 0; k < n_bins; ++k)
          sum[k].add(table[k], 1.0);
      return sum;
    }
  } // namespace

  EqualStateRatio equal_state_ratio(const std::vector<ValidationPath> &a,
                                    const std::vector<ValidationPath> &b,
                                    const std::array<std::size_t, 2> n_bins, const double end)
  {
    const StateBins bins(a, b, n_bins, end);
    const std::vector<Table> tables[2] = {bins.tables(a, end), bins.tables(b, end)};
    const Table sums[2] = {total(tables[0], bins.size()), total(tables[1], bins.size())};
    const std::size_t n_a = tables[0].size();
    std::vector<std::size_t> stratum(n_a, 0);
    stratum.resize(n_a + tables[1].size(), 1);

    /// f(sum over a, sum over b) added up over the bins, without one cluster.
    const auto over_bins = [&](const std::size_t left_out, const auto &f) {
      double result = 0.0;
      for (std::size_t k = 0; k < bins.size(); ++k)
      {
        BinSums of[2] = {sums[0][k], sums[1][k]};
        if (left_out < stratum.size())
          of[left_out < n_a ? 0 : 1].add(
              left_out < n_a ? tables[0][left_out][k] : tables[1][left_out - n_a][k], -1.0);
        result += f(of[0], of[1]);
      }
      return result;
    };
    const auto sizes_ratio = [&](double BinSums::*size) {
      return jackknife(stratum, [&, size](const std::size_t left_out) {
        const auto weighted = [&](const bool first) {
          return over_bins(left_out, [&](const BinSums &x, const BinSums &y) {
            // w s_a = n_b/(n_a + n_b) times the sum over the events of a.
            const double other = first ? y.n : x.n;
            return x.n > 0.5 && y.n > 0.5 ? other / (x.n + y.n) * (first ? x : y).*size : 0.0;
          });
        };
        return weighted(true) / weighted(false);
      });
    };

    EqualStateRatio result;
    result.dtau = sizes_ratio(&BinSums::dtau);
    result.heat = sizes_ratio(&BinSums::heat);
    result.rate = jackknife(stratum, [&](const std::size_t left_out) {
      const auto weighted = [&](const bool first) {
        return over_bins(left_out, [&](const BinSums &x, const BinSums &y) {
          const double both = x.exposure + y.exposure;
          if (!(x.exposure > 0.0) || !(y.exposure > 0.0))
            return 0.0;
          return first ? x.n * y.exposure / both : y.n * x.exposure / both;
        });
      };
      return weighted(true) / weighted(false);
    });
    result.n_events = over_bins(stratum.size(), [](const BinSums &x, const BinSums &y) {
      return x.n + y.n > 0.0 ? x.n * y.n / (x.n + y.n) : 0.0;
    });
    return result;
  }
} // namespace seem::statistics
