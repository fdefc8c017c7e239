// SPDX-License-Identifier: LGPL-2.1-or-later
#include "axis_index.h"
#include "memory_jumps.h"

#include <seem/core/exceptions.h>
#include <seem/database/grid_event_source.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace seem::database
{
  namespace
  {
    /// Integer coordinates of a bin number, first axis fastest.
    std::array<long, 1 + max_internal_variables> coordinates(const std::vector<Axis> &axes,
                                                             std::size_t bin)
    {
      std::array<long, 1 + max_internal_variables> c = {};
      for (std::size_t d = 0; d < axes.size(); ++d)
      {
        c[d] = static_cast<long>(bin % axes[d].n_bins());
        bin /= axes[d].n_bins();
      }
      return c;
    }
  } // namespace

  GridEventSource::GridEventSource(const EventDatabase &database)
  {
    check(database);
    std::size_t stride = 1;
    for (const Axis &axis : database.axes)
    {
      axes.push_back({axis.edges,
                      static_cast<double>(axis.n_bins()) / (axis.edges.back() - axis.edges.front()),
                      stride});
      stride *= axis.n_bins();
    }
    n_axes = axes.size();
    if (database.events.size() == 0)
      throw InputError("the event database holds no event: nothing can be drawn from it");

    const MemoryJumps events(database);
    std::vector<std::uint32_t> event_list; // pool by pool
    std::vector<std::vector<std::uint32_t>> events_of_bin(database.n_bins());
    for (std::size_t i = 0; i < events.size(); ++i)
    {
      State state;
      state.tau = database.events.tau[i];
      for (std::size_t k = 0; k < database.n_internal_variables(); ++k)
        state.x[k] = database.events.x[k][i];
      events_of_bin[place_of(state).bin].push_back(static_cast<std::uint32_t>(i));
    }

    std::vector<std::size_t> visited;
    for (std::size_t bin = 0; bin < database.n_bins(); ++bin)
      if (database.n_increments[bin] > 0)
        visited.push_back(bin);
    n_visited = visited.size();

    const auto squared_distance = [&](const std::size_t a, const std::size_t b) {
      const auto ca = coordinates(database.axes, a), cb = coordinates(database.axes, b);
      long sum = 0;
      for (std::size_t d = 0; d < n_axes; ++d)
        sum += (ca[d] - cb[d]) * (ca[d] - cb[d]);
      return sum;
    };

    bins.assign(database.n_bins(), {0, false});
    for (const std::size_t bin : visited)
    {
      std::vector<std::pair<long, std::size_t>> neighbours;
      neighbours.reserve(visited.size());
      for (const std::size_t other : visited)
        neighbours.emplace_back(squared_distance(bin, other), other);
      std::sort(neighbours.begin(), neighbours.end());

      Pool pool;
      double exposure = 0.0, n_event_increments = 0.0;
      std::size_t n_members = 0;
      pool.first_event = static_cast<std::uint32_t>(event_list.size());
      for (std::size_t i = 0; i < neighbours.size(); ++i)
      {
        const bool new_ring = i > 0 && neighbours[i].first != neighbours[i - 1].first;
        if (new_ring && n_event_increments >= database.minimum_events &&
            event_list.size() > pool.first_event)
          break;
        const std::size_t member = neighbours[i].second;
        exposure += database.exposure[member];
        n_event_increments += database.n_events[member];
        event_list.insert(event_list.end(), events_of_bin[member].begin(),
                          events_of_bin[member].end());
        ++n_members;
      }
      pool.n_events = static_cast<std::uint32_t>(event_list.size()) - pool.first_event;
      pool.rate = n_event_increments / exposure;

      n_pooled += n_members > 1;
      bins[bin] = {static_cast<std::uint32_t>(pools.size()), true};
      pools.push_back(pool);
    }

    for (std::size_t bin = 0; bin < bins.size(); ++bin)
      if (!bins[bin].visited)
        bins[bin].pool =
            bins[*std::min_element(visited.begin(), visited.end(),
                                   [&](const std::size_t a, const std::size_t b) {
                                     return squared_distance(bin, a) < squared_distance(bin, b);
                                   })]
                .pool;
    jumps = std::make_shared<const MemoryJumps>(events, event_list);
  }

  std::size_t GridEventSource::n_internal_variables() const
  {
    return n_axes - 1;
  }

  InternalVariables GridEventSource::completed(const InternalVariables &x) const
  {
    return jumps->completed(x);
  }

  GridEventSource::Place GridEventSource::place_of(const State &state) const
  {
    Place place = {0, 0, true};
    place.tau_index = index_along(axes[0].edges, axes[0].bins_per_unit, state.tau, place.inside);
    place.bin = place.tau_index;
    for (std::size_t d = 1; d < n_axes; ++d)
      place.bin += axes[d].stride *
                   index_along(axes[d].edges, axes[d].bins_per_unit, state.x[d - 1], place.inside);
    return place;
  }

  law::RatePiece GridEventSource::rate(const State &state) const
  {
    const std::vector<double> &edges = axes[0].edges;
    if (!(state.tau < edges.back()))
      return {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(),
              law::Support::forced};

    const Place place = place_of(state);
    const Bin bin = bins[place.bin];
    const double tau_end = state.tau < edges.front() ? edges.front() : edges[place.tau_index + 1];
    return {pools[bin.pool].rate, tau_end,
            place.inside && bin.visited ? law::Support::inside : law::Support::outside};
  }

  law::DrawnEvent GridEventSource::draw(const State &state, const RandomWords &words) const
  {
    const Place place = place_of(state);
    const Bin bin = bins[place.bin];
    const Pool &pool = pools[bin.pool];
    const auto pick = std::min(
        static_cast<std::uint32_t>(to_open_interval(words[0]) * pool.n_events), pool.n_events - 1);
    constexpr double round_off = 1e-12;
    const bool forced = !(state.tau * (1.0 + round_off) < axes[0].edges.back());
    return {jumps->at(pool.first_event + pick, state), forced ? law::Support::forced
                                                       : place.inside && bin.visited
                                                           ? law::Support::inside
                                                           : law::Support::outside};
  }

  void GridEventSource::for_each_jump(const State &state,
                                      const std::function<void(const Jump &, double)> &visit) const
  {
    const Pool &pool = pools[bins[place_of(state).bin].pool];
    for (std::uint32_t i = 0; i < pool.n_events; ++i)
      visit(jumps->at(pool.first_event + i, state), 1.0 / pool.n_events);
  }

  std::vector<double> GridEventSource::pooled_rates() const
  {
    std::vector<double> rates(bins.size());
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
      rates[bin] = pools[bins[bin].pool].rate;
    return rates;
  }
} // namespace seem::database
