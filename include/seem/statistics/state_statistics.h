// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_STATE_STATISTICS_H
#define SEEM_STATISTICS_STATE_STATISTICS_H

#include <seem/database/event_database.h>
#include <seem/database/state_grid.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seem::statistics
{
  using database::event_rate;

  /// Counts per bin of the state space. Increments are sorted by the state at their beginning.
  class StateStatistics
  {
  public:
    explicit StateStatistics(const database::StateGrid &grid);

    /// Count one increment of strain @p dgamma that began at @p state, with or without an event.
    void add(const State &state, double dgamma, bool event);

    /// The same of the state bin @p bin.
    void add(const std::size_t bin, const double dgamma, const bool event)
    {
      bin_exposure[bin] += dgamma;
      bin_increments[bin] += 1.0;
      if (event)
        bin_events[bin] += 1.0;
    }

    /// Count @p n increments of the state bin @p bin at once, @p strain together.
    void add(const std::size_t bin, const double n, const double strain, const double n_events)
    {
      bin_exposure[bin] += strain;
      bin_increments[bin] += n;
      bin_events[bin] += n_events;
    }

    const std::vector<double> &exposure() const
    {
      return bin_exposure;
    }

    const std::vector<double> &n_increments() const
    {
      return bin_increments;
    }

    const std::vector<double> &n_events() const
    {
      return bin_events;
    }

    /// event_rate() of each bin alone, [n_bins].
    std::vector<double> rate() const;

    /// Number of bins that were visited.
    std::size_t n_visited() const;

    /// Number of visited bins with at least @p minimum_events events.
    std::size_t n_with_events(double minimum_events) const;

  private:
    database::StateGrid grid;
    std::vector<double> bin_exposure;
    std::vector<double> bin_increments;
    std::vector<double> bin_events;
  };
} // namespace seem::statistics

#endif
