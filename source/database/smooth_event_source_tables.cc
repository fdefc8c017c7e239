// SPDX-License-Identifier: LGPL-2.1-or-later
// What a source of smooth statistics is made of: axes, tables, kernels.
#include "memory_jumps.h"
#include "natural_spline.h"

#include <seem/core/exceptions.h>
#include <seem/database/smooth_event_source.h>
#include <seem/database/smooth_rate.h>
#include <seem/database/state_grid.h>

#include <cmath>
#include <numeric>
#include <utility>

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

    std::vector<double> logarithms(std::vector<double> values)
    {
      for (double &value : values)
        value = std::log(value);
      return values;
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
  {
    check(database);
    if (database.events.size() == 0)
      throw InputError("the event database holds no event: nothing can be drawn from it");
    if (!(smoothing.kernel_events >= 1.0))
      throw InputError("smooth statistics: a kernel must hold at least one event");
    make_axes(database);
    for (const double n : database.n_increments)
      bins.push_back({{}, n > 0.0});

    centre_rate = smooth_rate(database.axes, {database.n_events, database.exposure},
                              smoothing.rate_curvature);
    node_rate = table(logarithms(centre_rate));

    MemoryJumps events(database);
    std::vector<std::size_t> bin_of_event;
    first_of_bin.assign(bins.size() + 1, 0);
    const StateGrid grid(database.axes);
    for (std::size_t i = 0; i < events.size(); ++i)
    {
      bin_of_event.push_back(grid.clamped_bin(state_of(database.events, i)));
      ++first_of_bin[bin_of_event.back() + 1];
    }
    std::partial_sum(first_of_bin.begin(), first_of_bin.end(), first_of_bin.begin());
    make_sizes(database, smoothing.size_curvature, bin_of_event, events);

    std::vector<std::uint32_t> list(events.size()),
        next(first_of_bin.begin(), first_of_bin.end() - 1);
    for (std::size_t i = 0; i < events.size(); ++i)
      list[next[bin_of_event[i]]++] = static_cast<std::uint32_t>(i);
    jumps = std::make_shared<const MemoryJumps>(events, list);
    make_kernels(database, smoothing.kernel_events);
  }

  void SmoothEventSource::make_axes(const EventDatabase &database)
  {
    std::size_t stride = 1, node_stride = 1;
    for (const Axis &axis : database.axes)
    {
      SourceAxis a;
      a.edges = axis.edges;
      // A variable that the statistics do not depend on needs no nodes inside.
      a.n_sub = axis.n_bins() > 1 ? sub_bins : 1;
      for (std::size_t i = 0; i < axis.n_bins(); ++i)
      {
        const double low = axis.edges[i], high = axis.edges[i + 1];
        a.centres.push_back(0.5 * (low + high));
        for (std::size_t k = 0; k < a.n_sub; ++k)
          a.nodes.push_back(low +
                            (high - low) * static_cast<double>(k) / static_cast<double>(a.n_sub));
      }
      a.nodes.push_back(axis.edges.back());
      for (std::size_t i = 0; i + 1 < a.nodes.size(); ++i)
        a.inverse_width.push_back(1.0 / (a.nodes[i + 1] - a.nodes[i]));
      a.nodes_per_unit =
          static_cast<double>(a.nodes.size() - 1) / (axis.edges.back() - axis.edges.front());
      a.stride = stride;
      a.node_stride = node_stride;
      stride *= axis.n_bins();
      node_stride *= a.nodes.size();
      axes.push_back(std::move(a));
    }
    for (std::size_t d = 0; d < axes.size(); ++d)
    {
      const SourceAxis &axis = axes[d];
      if (d > 0 && axis.n_sub == 1)
        continue;
      n_split += d > 0;
      PlaceAxis &place_axis = place_axes[n_split];
      place_axis.nodes = axis.nodes.data();
      place_axis.inverse_width = axis.inverse_width.data();
      place_axis.nodes_per_unit = axis.nodes_per_unit;
      place_axis.n_cells = axis.nodes.size() - 1;
      place_axis.n_bins = axis.centres.size();
      place_axis.node_stride = axis.node_stride;
      place_axis.stride = axis.stride;
      place_axis.variable = d - 1;
      const double width = 1.0 / axis.nodes_per_unit;
      place_axis.equidistant = axis.n_sub > 1;
      for (std::size_t i = 0; i < axis.nodes.size(); ++i)
        place_axis.equidistant =
            place_axis.equidistant &&
            std::abs(axis.nodes[i] - axis.nodes[0] - static_cast<double>(i) * width) < 1e-9 * width;
      place_axis.position_per_unit = axis.nodes_per_unit / sub_bins;
      place_axis.position_at_zero = 0.5 - axis.nodes[0] * place_axis.position_per_unit;
    }
  }

  std::vector<double> SmoothEventSource::table(const std::vector<double> &log_values) const
  {
    // One axis after the other; below it the nodes, above it still the centres.
    std::vector<double> values = log_values;
    for (const SourceAxis &axis : axes)
    {
      const Eigen::MatrixXd spline = natural_spline(axis.centres, axis.nodes);
      const std::size_t n_in = axis.centres.size(), n_out = axis.nodes.size(),
                        inner = axis.node_stride, n_outer = values.size() / (inner * n_in);
      std::vector<double> next(inner * n_out * n_outer, 0.0);
      for (std::size_t outer = 0; outer < n_outer; ++outer)
        for (std::size_t out = 0; out < n_out; ++out)
          for (std::size_t in = 0; in < n_in; ++in)
          {
            const double weight =
                spline(static_cast<Eigen::Index>(out), static_cast<Eigen::Index>(in));
            for (std::size_t k = 0; k < inner; ++k)
              next[k + inner * (out + n_out * outer)] +=
                  weight * values[k + inner * (in + n_in * outer)];
          }
      values = std::move(next);
    }
    for (double &value : values)
      value = std::exp(value);
    return values;
  }

  void SmoothEventSource::make_sizes(const EventDatabase &database, const double curvature,
                                     const std::vector<std::size_t> &bin_of_event,
                                     MemoryJumps &events)
  {
    const std::size_t n = events.size();
    std::vector<double> sizes(n), means(n), sum(bins.size(), 0.0), count(bins.size(), 0.0);
    for (std::size_t i = 0; i < n; ++i)
    {
      State forgotten = state_of(database.events, i);
      if (database.memory)
        forgotten.x[1] = 0.0;
      sizes[i] = events.at(i, forgotten).dtau;
      sum[bin_of_event[i]] += sizes[i];
      count[bin_of_event[i]] += 1.0;
    }
    // The dispersion is that about the fit, which hardly depends on it: twice is enough.
    double dispersion = 1.0;
    for (unsigned int pass = 0; pass < 2; ++pass)
    {
      node_size = table(logarithms(smooth_size(database.axes, count, sum, dispersion, curvature)));
      dispersion = 0.0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const State state = state_of(database.events, i);
        means[i] = interpolated(node_size, state);
        dispersion += std::pow(sizes[i] / means[i] - 1.0, 2) / static_cast<double>(n);
      }
      dispersion = std::max(dispersion, 1e-3); // equal sizes need no smoothing
    }
    for (std::size_t i = 0; i < n; ++i)
      events.scale(i, 1.0 / means[i]);
  }

  void SmoothEventSource::make_kernels(const EventDatabase &database, const double kernel_events)
  {
    const StateGrid grid(database.axes);
    std::vector<std::vector<std::size_t>> indices;
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
      indices.push_back(grid.indices(bin));
    const auto squared_distance = [&](const std::size_t a, const std::size_t b) {
      double sum = 0.0;
      for (std::size_t d = 0; d < axes.size(); ++d)
        sum += std::pow(static_cast<double>(indices[a][d]) - static_cast<double>(indices[b][d]), 2);
      return sum;
    };

    std::vector<std::size_t> visited_bins, sources;
    std::vector<double> counted;
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
    {
      if (bins[bin].visited)
        visited_bins.push_back(bin);
      if (first_of_bin[bin + 1] > first_of_bin[bin])
      {
        sources.push_back(bin);
        counted.push_back(first_of_bin[bin + 1] - first_of_bin[bin]);
      }
    }
    // All events with nearly equal weights are the most that a kernel can hold.
    const double n_effective = std::min(kernel_events, 0.99 * static_cast<double>(jumps->size()));

    width.assign(bins.size(), 0.0);
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
          members.push_back({static_cast<std::uint32_t>(sources[k]), weights[k] * counted[k]});
        }
      kernel.n_members = static_cast<std::uint32_t>(members.size()) - kernel.first;
      for (std::uint32_t k = 0; k < kernel.n_members; ++k)
        members[kernel.first + k].weight /= sum;
      make_slots(kernel);
      bins[bin].kernel = kernel;
    }
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
      if (!bins[bin].visited)
      {
        const std::size_t nearest =
            *std::min_element(visited_bins.begin(), visited_bins.end(),
                              [&](const std::size_t a, const std::size_t b) {
                                return squared_distance(bin, a) < squared_distance(bin, b);
                              });
        bins[bin].kernel = bins[nearest].kernel;
        width[bin] = width[nearest];
      }
  }

  void SmoothEventSource::make_slots(const Kernel &kernel)
  {
    // Walker's alias table, built after Vose (IEEE Trans. Softw. Eng. 17 (1991) 972): each column
    // holds the mean weight, that of a light member filled up by a heavy one.
    const std::uint32_t n = kernel.n_members;
    std::vector<double> rest;
    std::vector<std::uint32_t> light, heavy;
    for (std::uint32_t k = 0; k < n; ++k)
    {
      rest.push_back(members[kernel.first + k].weight * n);
      (rest.back() < 1.0 ? light : heavy).push_back(k);
    }
    slots.resize(kernel.first + n);
    const auto fill = [&](const std::uint32_t own, const std::uint32_t other, const double keep) {
      Slot &slot = slots[kernel.first + own];
      slot.keep = static_cast<std::uint32_t>(std::min(keep * 0x1.0p32, 0x1.0p32 - 1.0));
      const std::array<std::uint32_t, 2> bin = {members[kernel.first + own].bin,
                                                members[kernel.first + other].bin};
      for (const std::size_t which : {0, 1})
      {
        slot.first[which] = first_of_bin[bin[which]];
        slot.n_events[which] = first_of_bin[bin[which] + 1] - first_of_bin[bin[which]];
      }
    };
    while (!light.empty() && !heavy.empty())
    {
      const std::uint32_t own = light.back(), other = heavy.back();
      light.pop_back();
      fill(own, other, rest[own]);
      rest[other] -= 1.0 - rest[own];
      if (rest[other] < 1.0)
      {
        heavy.pop_back();
        light.push_back(other);
      }
    }
    for (const auto &left : {light, heavy})
      for (const std::uint32_t own : left)
        fill(own, own, 1.0);
  }
} // namespace seem::database
