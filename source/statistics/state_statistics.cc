// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/state_statistics.h>

#include <algorithm>

namespace seem::statistics
{
  StateStatistics::StateStatistics(const database::StateGrid &grid)
      : grid(grid), bin_exposure(grid.n_bins(), 0.0), bin_increments(grid.n_bins(), 0.0),
        bin_events(grid.n_bins(), 0.0)
  {
  }

  void StateStatistics::add(const State &state, const double dgamma, const bool event)
  {
    add(grid.clamped_bin(state), dgamma, event);
  }

  std::vector<double> StateStatistics::rate() const
  {
    std::vector<double> result(grid.n_bins());
    for (std::size_t bin = 0; bin < result.size(); ++bin)
      result[bin] = event_rate(bin_events[bin], bin_increments[bin], bin_exposure[bin]);
    return result;
  }

  std::size_t StateStatistics::n_visited() const
  {
    return static_cast<std::size_t>(std::count_if(bin_increments.begin(), bin_increments.end(),
                                                  [](const double n) { return n > 0.0; }));
  }

  std::size_t StateStatistics::n_with_events(const double minimum_events) const
  {
    std::size_t n = 0;
    for (std::size_t bin = 0; bin < bin_events.size(); ++bin)
      if (bin_increments[bin] > 0.0 && bin_events[bin] >= minimum_events)
        ++n;
    return n;
  }
} // namespace seem::statistics
