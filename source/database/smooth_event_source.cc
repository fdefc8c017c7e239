// SPDX-License-Identifier: LGPL-2.1-or-later
#include "axis_index.h"
#include "memory_jumps.h"

#include <seem/database/smooth_event_source.h>

#include <cmath>
#include <limits>
#include <type_traits>

namespace seem::database
{
  namespace
  {
    /// The sum of three uniform numbers of 21 bits each, in (0, 3).
    double sum_of_three(const std::uint64_t word)
    {
      constexpr std::uint64_t mask = (std::uint64_t(1) << 21) - 1;
      const std::uint64_t sum = (word & mask) + ((word >> 21) & mask) + ((word >> 42) & mask);
      return (static_cast<double>(static_cast<std::int64_t>(sum)) + 1.5) * 0x1.0p-21;
    }
  } // namespace

  std::size_t SmoothEventSource::n_internal_variables() const
  {
    return axes.size() - 1;
  }

  InternalVariables SmoothEventSource::completed(const InternalVariables &x) const
  {
    return jumps->completed(x);
  }

  template <typename Function>
  decltype(auto) SmoothEventSource::with_n_split(const Function &function) const
  {
    static_assert(max_internal_variables == 4);
    switch (n_split)
    {
    case 0:
      return function(std::integral_constant<std::size_t, 0>());
    case 1:
      return function(std::integral_constant<std::size_t, 1>());
    case 2:
      return function(std::integral_constant<std::size_t, 2>());
    case 3:
      return function(std::integral_constant<std::size_t, 3>());
    default:
      return function(std::integral_constant<std::size_t, 4>());
    }
  }

  template <std::size_t n>
  SmoothEventSource::Place<n> SmoothEventSource::place_of(const State &state) const
  {
    Place<n> p;
    const auto along = [&](const std::size_t k, const double value) {
      const PlaceAxis &axis = place_axes[k];
      const std::size_t cell =
          index_along(axis.nodes, axis.n_cells, axis.nodes_per_unit, value, p.inside);
      const double share = (value - axis.nodes[cell]) * axis.inverse_width[cell];
      p.cell[k] = cell;
      p.share[k] = std::min(std::max(share, 0.0), 1.0);
    };

    along(0, state.tau);
    p.node[0] = p.cell[0];
    p.weight[0] = 1.0;
    for (std::size_t k = 1; k <= n; ++k)
    {
      along(k, state.x[place_axes[k].variable]);
      const std::size_t node_stride = place_axes[k].node_stride;
      for (std::size_t low = 0, half = std::size_t(1) << (k - 1); low < half; ++low)
      {
        const std::size_t high = half + low;
        p.node[low] += node_stride * p.cell[k];
        p.node[high] = p.node[low] + node_stride;
        p.weight[high] = p.share[k] * p.weight[low];
        p.weight[low] -= p.weight[high];
      }
    }
    return p;
  }

  double SmoothEventSource::centre_position(const PlaceAxis &axis, const double value,
                                            const std::size_t cell, const double share)
  {
    // Centres lie at the halves. Directly from the value where that can be, since what is drawn
    // waits for it.
    if (axis.equidistant)
      return std::min(std::max(axis.position_at_zero + axis.position_per_unit * value, 0.5),
                      static_cast<double>(static_cast<std::int64_t>(axis.n_bins)) + 0.5);
    return (static_cast<double>(static_cast<std::int64_t>(cell)) + share) * (1.0 / sub_bins) + 0.5;
  }

  std::array<double, SmoothEventSource::n_around>
  SmoothEventSource::centre_weights(const double position)
  {
    const double t = position - std::floor(position), s = 1.0 - t;
    return {s * s * s / 6.0, 2.0 / 3.0 - t * t * (1.0 - 0.5 * t),
            2.0 / 3.0 - s * s * (1.0 - 0.5 * s), t * t * t / 6.0};
  }

  std::size_t SmoothEventSource::centre(const PlaceAxis &axis, const std::int64_t number)
  {
    const auto last = static_cast<std::int64_t>(axis.n_bins) + 1;
    return static_cast<std::size_t>(std::clamp(number, std::int64_t(2), last) - 2);
  }

  template <std::size_t n>
  double SmoothEventSource::interpolated(const std::vector<double> &values, const Place<n> &place)
  {
    double low = 0.0, high = 0.0; // on both sides of the cell along tau
    for (std::size_t k = 0; k < place.node.size(); ++k)
    {
      low += place.weight[k] * values[place.node[k]];
      high += place.weight[k] * values[place.node[k] + 1];
    }
    return low + place.share[0] * (high - low);
  }

  double SmoothEventSource::interpolated(const std::vector<double> &values,
                                         const State &state) const
  {
    return with_n_split([&](const auto n) { return interpolated(values, place_of<n>(state)); });
  }

  template <std::size_t n>
  law::Support SmoothEventSource::support(const State &state, const Place<n> &place) const
  {
    bool inside = place.inside;
    for (std::size_t d = 1; n + 1 < axes.size() && d < axes.size(); ++d)
      if (axes[d].n_sub == 1)
        index_along(axes[d].nodes, axes[d].nodes_per_unit, state.x[d - 1], inside);
    std::size_t bin = axes[0].n_sub == 1 ? 0 : place.cell[0] / sub_bins;
    for (std::size_t k = 1; k <= n; ++k)
      bin += place_axes[k].stride * (place.cell[k] / sub_bins);
    return inside && bins[bin].visited ? law::Support::inside : law::Support::outside;
  }

  law::RatePiece SmoothEventSource::rate(const State &state) const
  {
    return with_n_split([&](const auto n) -> law::RatePiece {
      law::RatePath path;
      rates_along<n>(state, path);
      const auto &[rate, tau_end, rate_end] = path.pieces[0];
      return {rate, tau_end,
              std::isinf(rate) ? law::Support::forced : support(state, place_of<n>(state)),
              rate_end};
    });
  }

  void SmoothEventSource::rates(const State &state, law::RatePath &path) const
  {
    with_n_split([&](const auto n) { rates_along<n>(state, path); });
  }

  template <std::size_t n>
  void SmoothEventSource::rates_along(const State &state, law::RatePath &path) const
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double *const nodes = place_axes[0].nodes;
    const std::size_t end = place_axes[0].n_cells;
    path.n_pieces = 1;
    if (!(state.tau < nodes[end]))
    {
      path.pieces[0] = {infinity, infinity, infinity};
      return;
    }
    const Place<n> place = place_of<n>(state);
    const auto value_at = [&](const std::size_t ahead) {
      const double *const values = node_rate.data() + ahead;
      double sum = place.weight[0] * values[place.node[0]];
      for (std::size_t k = 1; k < place.node.size(); ++k)
        sum += place.weight[k] * values[place.node[k]];
      return sum;
    };
    double before = value_at(0);
    if (state.tau < nodes[0])
    {
      path.pieces[0] = {before, nodes[0], before};
      return;
    }
    const std::size_t cell = place.cell[0];
    path.n_pieces = std::min(law::RatePath::max_pieces, end - cell);
    for (std::size_t i = 0; i < path.n_pieces; ++i)
    {
      const double after = value_at(i + 1);
      path.pieces[i] = {before, nodes[cell + i + 1], after};
      before = after;
    }
    path.pieces[0].rate += place.share[0] * (path.pieces[0].rate_end - path.pieces[0].rate);
  }

  law::DrawnEvent SmoothEventSource::draw(const State &state, const RandomWords &words) const
  {
    return with_n_split([&](const auto n) { return draw_at<n>(state, words); });
  }

  template <std::size_t n>
  law::DrawnEvent SmoothEventSource::draw_at(const State &state, const RandomWords &words) const
  {
    // The centre: floor(position + u1 + u2 + u3) with three uniform numbers has the weights of
    // the cubic B-splines. All that is random is known before the state: no branch depends on it.
    const Place<n> place = place_of<n>(state);
    static_assert(n <= 4);
    const RandomWords more = n > 1 ? RandomStream::further(words) : RandomWords();
    std::size_t centre_bin = 0;
    for (std::size_t k = 0; k <= n; ++k)
    {
      const PlaceAxis &axis = place_axes[k];
      const double value = k == 0 ? state.tau : state.x[axis.variable];
      const double position = centre_position(axis, value, place.cell[k], place.share[k]) +
                              sum_of_three(k < 2 ? words[1 + k] : more[k - 2]);
      centre_bin += axis.stride * centre(axis, static_cast<std::int64_t>(position));
    }

    // The bin, then the event: the upper half of a product is a number below the other factor, the
    // lower half is uniform again.
    const Kernel &kernel = bins[centre_bin].kernel;
    const std::uint64_t column = (words[0] & 0xffffffff) * kernel.n_members;
    const Slot &slot = slots[kernel.first + (column >> 32)];
    const std::size_t which = !((column & 0xffffffff) < slot.keep);
    const std::uint64_t event = slot.first[which] + ((words[0] >> 32) * slot.n_events[which] >> 32);

    constexpr double round_off = 1e-12;
    const bool forced =
        !(state.tau * (1.0 + round_off) < place_axes[0].nodes[place_axes[0].n_cells]);
    return {jumps->at(event, state, interpolated(node_size, place)),
            forced ? law::Support::forced : support(state, place)};
  }

  void
  SmoothEventSource::for_each_jump(const State &state,
                                   const std::function<void(const Jump &, double)> &visit) const
  {
    std::array<std::array<double, n_around>, max_axes> weights;
    std::array<std::int64_t, max_axes> first;
    std::size_t n_neighbours = 1;
    with_n_split([&](const auto n) {
      const auto place = place_of<n>(state);
      for (std::size_t k = 0; k <= n; ++k, n_neighbours *= n_around)
      {
        const double value = k == 0 ? state.tau : state.x[place_axes[k].variable];
        const double position =
            centre_position(place_axes[k], value, place.cell[k], place.share[k]);
        weights[k] = centre_weights(position);
        first[k] = static_cast<std::int64_t>(position);
      }
    });
    // The kernels of neighbours overlap: add them up bin by bin.
    std::vector<double> weight_of_bin(bins.size(), 0.0);
    for (std::size_t neighbour = 0; neighbour < n_neighbours; ++neighbour)
    {
      double share = 1.0;
      std::size_t bin = 0, rest = neighbour;
      for (std::size_t k = 0; k <= n_split; ++k, rest /= n_around)
      {
        const PlaceAxis &axis = place_axes[k];
        share *= weights[k][rest % n_around];
        bin += axis.stride * centre(axis, first[k] + static_cast<std::int64_t>(rest % n_around));
      }
      const Kernel &kernel = bins[bin].kernel;
      for (std::uint32_t k = kernel.first; share > 0.0 && k < kernel.first + kernel.n_members; ++k)
        weight_of_bin[members[k].bin] += share * members[k].weight;
    }
    const double size = interpolated(node_size, state);
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
      if (weight_of_bin[bin] > 0.0)
      {
        const std::uint32_t first = first_of_bin[bin], end = first_of_bin[bin + 1];
        for (std::uint32_t event = first; event < end; ++event)
          visit(jumps->at(event, state, size), weight_of_bin[bin] / (end - first));
      }
  }
} // namespace seem::database
