// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/aftershocks.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    struct LagRange
    {
      std::size_t first, last;
    };

    constexpr std::array<LagRange, 4> ranges = {{{1, 1}, {2, 2}, {3, 5}, {6, 10}}};

    /// -ln(1 - p) of k events in n increments; at most half an event short of n, as event_rate().
    double hazard(const double k, const double n)
    {
      return -std::log1p(-std::min(k, n - 0.5) / n);
    }
  } // namespace

  AftershockCounts::AftershockCounts(const std::size_t n_bins) : counts(n_bins * n_classes)
  {
    static_assert(n_classes == ranges.size() + 1, "one class is the quiet one");
    static_assert(longest_lag == ranges.back().last, "beyond it all is quiet");
  }

  std::size_t AftershockCounts::lag_class(const std::size_t lag)
  {
    for (std::size_t i = 0; i < ranges.size(); ++i)
      if (lag >= ranges[i].first && lag <= ranges[i].last)
        return i + 1;
    return 0;
  }

  double AftershockCounts::share(const std::size_t bin) const
  {
    Count sum;
    for (std::size_t c = 0; c < n_classes; ++c)
    {
      sum.increments += counts[n_classes * bin + c].increments;
      sum.events += counts[n_classes * bin + c].events;
    }
    return sum.increments == 0
               ? 0.0
               : static_cast<double>(sum.events) / static_cast<double>(sum.increments);
  }

  std::vector<Aftershock> AftershockCounts::ratios() const
  {
    std::vector<Aftershock> result;
    for (std::size_t c = 1; c < n_classes; ++c)
    {
      Aftershock shock;
      shock.first = ranges[c - 1].first;
      shock.last = ranges[c - 1].last;
      double expected = 0.0;
      for (std::size_t bin = 0; bin * n_classes < counts.size(); ++bin)
      {
        const Count &quiet = counts[n_classes * bin];
        const Count &after = counts[n_classes * bin + c];
        if (quiet.increments == 0)
          continue;
        const double n = static_cast<double>(after.increments);
        shock.n_increments += n;
        shock.n_events += static_cast<double>(after.events);
        expected += n * static_cast<double>(quiet.events) / static_cast<double>(quiet.increments);
      }
      if (expected > 0.0)
      {
        shock.ratio =
            hazard(shock.n_events, shock.n_increments) / hazard(expected, shock.n_increments);
        shock.standard_error = std::sqrt(shock.n_events) / expected;
      }
      else
        shock.ratio = shock.standard_error = std::numeric_limits<double>::quiet_NaN();
      result.push_back(shock);
    }
    return result;
  }
} // namespace seem::statistics
