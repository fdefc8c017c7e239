// SPDX-License-Identifier: LGPL-2.1-or-later
#include "axis_index.h"
#include "memory_jumps.h"

#include <seem/core/exceptions.h>
#include <seem/database/smooth_event_source.h>
#include <seem/database/smooth_rate.h>
#include <seem/database/state_grid.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace seem::database
{
  namespace
  {
    State state_of(const EventTable &events, const std::size_t i)
    {
      State state;
      state.tau = events.tau[i];
      for (std::size_t k = 0; k < events.x.size(); ++k)
        state.x[k] = events.x[k][i];
      return state;
    }

    /// Gaussian of @p squares, the squared distances, so wide that @p n_effective of the @p counted
    /// events take part. @return its width; @p weights are those of single events
    double spread(const std::vector<double> &squares, const std::vector<double> &counted,
                  const double n_effective, std::vector<double> &weights)
    {
      const auto holds = [&](const double width) {
        double sum = 0.0, sum_of_squares = 0.0;
        for (std::size_t i = 0; i < squares.size(); ++i)
        {
          weights[i] = std::exp(-0.5 * squares[i] / (width * width));
          sum += weights[i] * counted[i];
          sum_of_squares += weights[i] * weights[i] * counted[i];
        }
        return sum * sum >= n_effective * sum_of_squares;
      };
      double narrow = 0.05, wide = 1e3;
      for (unsigned int i = 0; i < 40; ++i)
      {
        const double width = std::sqrt(narrow * wide);
        (holds(width) ? wide : narrow) = width;
      }
      holds(wide);
      return wide;
    }
  } // namespace

  SmoothEventSource::SmoothEventSource(const EventDatabase &database, const Smoothing &smoothing)
      : jumps()
  {
    check(database);
    if (database.events.size() == 0)
      throw InputError("the event database holds no event: nothing can be drawn from it");
    if (!(smoothing.kernel_events >= 1.0))
      throw InputError("smooth statistics: a kernel must hold at least one event");
    jumps = std::make_shared<const MemoryJumps>(database);
    for (const double n : database.n_increments)
      visited.push_back(n > 0.0);

    make_axes(database);
    centre_rate = smooth_rate(database.axes, {database.n_events, database.exposure},
                              smoothing.rate_curvature);
    make_steps();
    make_sizes(database, smoothing.size_curvature, sort_events(database));
    make_kernels(database, smoothing.kernel_events);
  }

  void SmoothEventSource::make_axes(const EventDatabase &database)
  {
    std::size_t stride = 1, step_stride = 1;
    for (const Axis &axis : database.axes)
    {
      SourceAxis a;
      a.edges = axis.edges;
      // A variable that the rate does not depend on needs no steps.
      const std::size_t n_steps = axis.n_bins() > 1 ? sub_bins : 1;
      for (std::size_t i = 0; i < axis.n_bins(); ++i)
      {
        const double low = axis.edges[i], high = axis.edges[i + 1];
        a.centres.push_back(0.5 * (low + high));
        for (std::size_t k = 0; k < n_steps; ++k)
          a.steps.push_back(low +
                            (high - low) * static_cast<double>(k) / static_cast<double>(n_steps));
      }
      a.steps.push_back(axis.edges.back());
      const double range = axis.edges.back() - axis.edges.front();
      a.edges_per_unit = static_cast<double>(axis.n_bins()) / range;
      a.steps_per_unit = static_cast<double>(a.steps.size() - 1) / range;
      a.stride = stride;
      a.step_stride = step_stride;
      stride *= axis.n_bins();
      step_stride *= a.steps.size() - 1;
      axes.push_back(std::move(a));
    }
  }

  void SmoothEventSource::make_steps()
  {
    const SourceAxis &last = axes.back();
    step_rate.resize(last.step_stride * (last.steps.size() - 1));
    std::vector<double> log_rate;
    for (const double rate : centre_rate)
      log_rate.push_back(std::log(rate));
    for (std::size_t step = 0; step < step_rate.size(); ++step)
    {
      State middle;
      for (std::size_t d = 0; d < axes.size(); ++d)
      {
        const std::size_t i = step / axes[d].step_stride % (axes[d].steps.size() - 1);
        const double value = 0.5 * (axes[d].steps[i] + axes[d].steps[i + 1]);
        (d == 0 ? middle.tau : middle.x[d - 1]) = value;
      }
      step_rate[step] = std::exp(interpolated(log_rate, middle));
    }
  }

  std::vector<std::size_t> SmoothEventSource::sort_events(const EventDatabase &database)
  {
    std::vector<std::size_t> bin_of_event;
    first_of_bin.assign(visited.size() + 1, 0);
    for (std::size_t i = 0; i < jumps->size(); ++i)
    {
      bin_of_event.push_back(bin_of(state_of(database.events, i)));
      ++first_of_bin[bin_of_event.back() + 1];
    }
    std::partial_sum(first_of_bin.begin(), first_of_bin.end(), first_of_bin.begin());
    event_list.resize(jumps->size());
    std::vector<std::uint32_t> next(first_of_bin.begin(), first_of_bin.end() - 1);
    for (std::size_t i = 0; i < jumps->size(); ++i)
      event_list[next[bin_of_event[i]]++] = static_cast<std::uint32_t>(i);
    return bin_of_event;
  }

  void SmoothEventSource::make_sizes(const EventDatabase &database, const double curvature,
                                     const std::vector<std::size_t> &bin_of_event)
  {
    const std::size_t n = jumps->size();
    std::vector<double> sizes(n), sum(visited.size(), 0.0), count(visited.size(), 0.0);
    for (std::size_t i = 0; i < n; ++i)
    {
      State forgotten = state_of(database.events, i);
      if (database.memory)
        forgotten.x[1] = 0.0;
      sizes[i] = jumps->at(i, forgotten).dtau;
      sum[bin_of_event[i]] += sizes[i];
      count[bin_of_event[i]] += 1.0;
    }
    // The dispersion is that about the fit, which hardly depends on it: twice is enough.
    double dispersion = 1.0;
    for (unsigned int pass = 0; pass < 2; ++pass)
    {
      log_size = smooth_size(database.axes, count, sum, dispersion, curvature);
      for (double &size : log_size)
        size = std::log(size);
      dispersion = 0.0;
      event_log_size.clear();
      for (std::size_t i = 0; i < n; ++i)
      {
        event_log_size.push_back(interpolated(log_size, state_of(database.events, i)));
        dispersion +=
            std::pow(sizes[i] * std::exp(-event_log_size[i]) - 1.0, 2) / static_cast<double>(n);
      }
      dispersion = std::max(dispersion, 1e-3); // equal sizes need no smoothing
    }
  }

  void SmoothEventSource::make_kernels(const EventDatabase &database, const double kernel_events)
  {
    const StateGrid grid(database.axes);
    std::vector<std::vector<std::size_t>> indices;
    for (std::size_t bin = 0; bin < visited.size(); ++bin)
      indices.push_back(grid.indices(bin));
    const auto squared_distance = [&](const std::size_t a, const std::size_t b) {
      double sum = 0.0;
      for (std::size_t d = 0; d < axes.size(); ++d)
        sum += std::pow(static_cast<double>(indices[a][d]) - static_cast<double>(indices[b][d]), 2);
      return sum;
    };

    std::vector<std::size_t> visited_bins, sources;
    std::vector<double> counted;
    for (std::size_t bin = 0; bin < visited.size(); ++bin)
    {
      if (visited[bin])
        visited_bins.push_back(bin);
      if (first_of_bin[bin + 1] > first_of_bin[bin])
      {
        sources.push_back(bin);
        counted.push_back(first_of_bin[bin + 1] - first_of_bin[bin]);
      }
    }
    // All events with nearly equal weights are the most that a kernel can hold.
    const double n_effective = std::min(kernel_events, 0.99 * static_cast<double>(jumps->size()));

    width.assign(visited.size(), 0.0);
    kernel_of_bin.assign(visited.size(), 0);
    std::vector<double> squares(sources.size()), weights(sources.size());
    for (const std::size_t bin : visited_bins)
    {
      for (std::size_t k = 0; k < sources.size(); ++k)
        squares[k] = squared_distance(bin, sources[k]);
      width[bin] = spread(squares, counted, n_effective, weights);

      const double total = std::inner_product(weights.begin(), weights.end(), counted.begin(), 0.0);
      constexpr double negligible = 1e-4;
      Kernel kernel;
      kernel.first = static_cast<std::uint32_t>(members.size());
      double sum = 0.0;
      for (std::size_t k = 0; k < sources.size(); ++k)
        if (weights[k] * counted[k] > negligible * total)
        {
          sum += weights[k] * counted[k];
          members.push_back({sum, first_of_bin[sources[k]],
                             first_of_bin[sources[k] + 1] - first_of_bin[sources[k]]});
        }
      kernel.n_members = static_cast<std::uint32_t>(members.size()) - kernel.first;
      for (std::uint32_t k = 0; k < kernel.n_members; ++k)
        members[kernel.first + k].running_weight /= sum;
      kernel_of_bin[bin] = static_cast<std::uint32_t>(kernels.size());
      kernels.push_back(kernel);
    }
    for (std::size_t bin = 0; bin < visited.size(); ++bin)
      if (!visited[bin])
      {
        const std::size_t nearest =
            *std::min_element(visited_bins.begin(), visited_bins.end(),
                              [&](const std::size_t a, const std::size_t b) {
                                return squared_distance(bin, a) < squared_distance(bin, b);
                              });
        kernel_of_bin[bin] = kernel_of_bin[nearest];
        width[bin] = width[nearest];
      }
  }

  std::size_t SmoothEventSource::n_internal_variables() const
  {
    return axes.size() - 1;
  }

  std::size_t SmoothEventSource::bin_of(const State &state) const
  {
    bool inside = true;
    std::size_t bin = 0;
    for (std::size_t d = 0; d < axes.size(); ++d)
      bin += axes[d].stride * index_along(axes[d].edges, axes[d].edges_per_unit,
                                          StateGrid::coordinate(state, d), inside);
    return bin;
  }

  law::Support SmoothEventSource::support(const State &state) const
  {
    bool inside = true;
    std::size_t bin = 0;
    for (std::size_t d = 0; d < axes.size(); ++d)
      bin += axes[d].stride * index_along(axes[d].edges, axes[d].edges_per_unit,
                                          StateGrid::coordinate(state, d), inside);
    return inside && visited[bin] ? law::Support::inside : law::Support::outside;
  }

  law::RatePiece SmoothEventSource::rate(const State &state) const
  {
    const SourceAxis &tau = axes[0];
    if (!(state.tau < tau.edges.back()))
      return {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(),
              law::Support::forced};
    bool inside = true;
    const std::size_t i = index_along(tau.steps, tau.steps_per_unit, state.tau, inside);
    std::size_t step = i;
    for (std::size_t d = 1; d < axes.size(); ++d)
      step += axes[d].step_stride *
              index_along(axes[d].steps, axes[d].steps_per_unit, state.x[d - 1], inside);
    return {step_rate[step], state.tau < tau.steps.front() ? tau.steps.front() : tau.steps[i + 1],
            support(state)};
  }

  SmoothEventSource::Neighbours SmoothEventSource::neighbours(const std::size_t axis,
                                                              const double value) const
  {
    const SourceAxis &a = axes[axis];
    if (!(value > a.centres.front()))
      return {0, 0.0};
    if (!(value < a.centres.back()))
      return {a.centres.size() - 1, 0.0};
    bool inside = true;
    std::size_t lower = index_along(a.edges, a.edges_per_unit, value, inside);
    if (value < a.centres[lower])
      --lower;
    return {lower, (value - a.centres[lower]) / (a.centres[lower + 1] - a.centres[lower])};
  }

  double SmoothEventSource::interpolated(const std::vector<double> &values,
                                         const State &state) const
  {
    std::array<Neighbours, max_axes> n;
    std::size_t base = 0;
    for (std::size_t d = 0; d < axes.size(); ++d)
    {
      n[d] = neighbours(d, StateGrid::coordinate(state, d));
      base += axes[d].stride * n[d].lower;
    }
    double sum = 0.0;
    for (std::size_t corner = 0; corner < std::size_t(1) << axes.size(); ++corner)
    {
      double weight = 1.0;
      std::size_t bin = base;
      for (std::size_t d = 0; d < axes.size() && weight > 0.0; ++d)
      {
        const bool upper = (corner >> d & 1) != 0;
        weight *= upper ? n[d].upper_share : 1.0 - n[d].upper_share;
        bin += upper ? axes[d].stride : 0;
      }
      if (weight > 0.0)
        sum += weight * values[bin];
    }
    return sum;
  }

  law::DrawnEvent SmoothEventSource::draw(const State &state, double uniform) const
  {
    // One number picks the centre, then the bin, then the event: what is left of it is uniform
    // again.
    std::size_t bin = 0;
    for (std::size_t d = 0; d < axes.size(); ++d)
    {
      const Neighbours n = neighbours(d, StateGrid::coordinate(state, d));
      bin += axes[d].stride * n.lower;
      if (uniform < n.upper_share)
      {
        bin += axes[d].stride;
        uniform /= n.upper_share;
      }
      else
        uniform = (uniform - n.upper_share) / (1.0 - n.upper_share);
    }
    const Kernel &kernel = kernels[kernel_of_bin[bin]];
    const auto begin = members.begin() + kernel.first, end = begin + kernel.n_members;
    auto member = std::upper_bound(
        begin, end, uniform, [](const double u, const Member &m) { return u < m.running_weight; });
    if (member == end)
      --member;
    const double before = member == begin ? 0.0 : std::prev(member)->running_weight;
    uniform = (uniform - before) / (member->running_weight - before);
    const auto pick =
        std::min(static_cast<std::uint32_t>(uniform * member->n_events), member->n_events - 1);
    const std::uint32_t event = event_list[member->first_event + pick];

    constexpr double round_off = 1e-12;
    const bool forced = !(state.tau * (1.0 + round_off) < axes[0].edges.back());
    return {
        jumps->at(event, state, std::exp(interpolated(log_size, state) - event_log_size[event])),
        forced ? law::Support::forced : support(state)};
  }

  void
  SmoothEventSource::for_each_jump(const State &state,
                                   const std::function<void(const Jump &, double)> &visit) const
  {
    std::array<Neighbours, max_axes> n;
    for (std::size_t d = 0; d < axes.size(); ++d)
      n[d] = neighbours(d, StateGrid::coordinate(state, d));
    const double here = interpolated(log_size, state);
    for (std::size_t corner = 0; corner < std::size_t(1) << axes.size(); ++corner)
    {
      double share = 1.0;
      std::size_t bin = 0;
      for (std::size_t d = 0; d < axes.size(); ++d)
      {
        const bool upper = (corner >> d & 1) != 0;
        share *= upper ? n[d].upper_share : 1.0 - n[d].upper_share;
        bin += axes[d].stride * (n[d].lower + (upper ? 1 : 0));
      }
      if (!(share > 0.0))
        continue;
      const Kernel &kernel = kernels[kernel_of_bin[bin]];
      double before = 0.0;
      for (std::uint32_t k = kernel.first; k < kernel.first + kernel.n_members; ++k)
      {
        const Member &member = members[k];
        const double weight = share * (member.running_weight - before) / member.n_events;
        before = member.running_weight;
        for (std::uint32_t i = 0; i < member.n_events; ++i)
        {
          const std::uint32_t event = event_list[member.first_event + i];
          visit(jumps->at(event, state, std::exp(here - event_log_size[event])), weight);
        }
      }
    }
  }
} // namespace seem::database
