// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/state_grid.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::database
{
  StateGrid::StateGrid(const std::vector<Axis> &axes) : grid_axes(axes), n_all_bins(1)
  {
    if (axes.empty() || axes.size() > 1 + max_internal_variables)
      throw InputError(fmt::format("state grid: {} axes given, 1 to {} are possible", axes.size(),
                                   1 + max_internal_variables));
    for (const Axis &axis : axes)
    {
      if (axis.edges.size() < 2)
        throw InputError(fmt::format("state grid: axis '{}' has {} edges, at least 2 are needed",
                                     axis.name, axis.edges.size()));
      for (std::size_t i = 0; i < axis.edges.size(); ++i)
        if (!std::isfinite(axis.edges[i]) || (i > 0 && !(axis.edges[i] > axis.edges[i - 1])))
          throw InputError(
              fmt::format("state grid: axis '{}': edge {} = {} does not exceed the one before it",
                          axis.name, i, axis.edges[i]));
      n_all_bins *= axis.n_bins();
    }
  }

  double StateGrid::coordinate(const State &state, const std::size_t axis)
  {
    return axis == 0 ? state.tau : state.x[axis - 1];
  }

  std::size_t StateGrid::clamped_index(const std::size_t axis, const double value) const
  {
    const std::vector<double> &edges = grid_axes[axis].edges;
    const std::size_t last = edges.size() - 2;
    // Bins of equal width, as most are, are known by a division; the edges have the last word.
    const double share = (value - edges.front()) / (edges.back() - edges.front());
    if (share > 0.0 && share < 1.0)
    {
      const std::size_t guess =
          std::min(last, static_cast<std::size_t>(share * static_cast<double>(last + 1)));
      if (value >= edges[guess] && value < edges[guess + 1])
        return guess;
    }
    const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, value);
    return static_cast<std::size_t>(above - edges.begin()) - 1;
  }

  std::optional<std::size_t> StateGrid::bin(const State &state) const
  {
    for (std::size_t axis = 0; axis < grid_axes.size(); ++axis)
    {
      const double value = coordinate(state, axis);
      if (!(value >= grid_axes[axis].edges.front() && value <= grid_axes[axis].edges.back()))
        return std::nullopt;
    }
    return clamped_bin(state);
  }

  std::size_t StateGrid::clamped_bin(const State &state) const
  {
    std::size_t bin = 0;
    for (std::size_t axis = grid_axes.size(); axis-- > 0;)
      bin = bin * grid_axes[axis].n_bins() + clamped_index(axis, coordinate(state, axis));
    return bin;
  }

  std::vector<std::size_t> StateGrid::indices(const std::size_t bin) const
  {
    std::vector<std::size_t> result;
    result.reserve(grid_axes.size());
    std::size_t rest = bin;
    for (const Axis &axis : grid_axes)
    {
      result.push_back(rest % axis.n_bins());
      rest /= axis.n_bins();
    }
    return result;
  }

  std::size_t StateGrid::bin_of_indices(const std::vector<std::size_t> &indices) const
  {
    std::size_t bin = 0;
    for (std::size_t axis = grid_axes.size(); axis-- > 0;)
      bin = bin * grid_axes[axis].n_bins() + indices[axis];
    return bin;
  }

  State StateGrid::centre(const std::size_t bin) const
  {
    const std::vector<std::size_t> index = indices(bin);
    State state;
    for (std::size_t axis = 0; axis < grid_axes.size(); ++axis)
    {
      const std::vector<double> &edges = grid_axes[axis].edges;
      const double value = 0.5 * (edges[index[axis]] + edges[index[axis] + 1]);
      (axis == 0 ? state.tau : state.x[axis - 1]) = value;
    }
    return state;
  }

  Axis uniform_axis(const std::string &name, const std::string &unit, const double lower,
                    const double upper, const std::size_t n_bins)
  {
    if (n_bins == 0 || !(upper > lower) || !std::isfinite(lower) || !std::isfinite(upper))
      throw InputError(fmt::format(
          "axis '{}': {} bins from {} to {}: at least one bin and a positive range are needed",
          name, n_bins, lower, upper));
    Axis axis{name, unit, std::vector<double>(n_bins + 1)};
    for (std::size_t i = 0; i <= n_bins; ++i)
      axis.edges[i] =
          lower + (upper - lower) * (static_cast<double>(i) / static_cast<double>(n_bins));
    axis.edges.back() = upper;
    return axis;
  }
} // namespace seem::database
