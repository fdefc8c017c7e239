// SPDX-License-Identifier: LGPL-2.1-or-later
#include "axis_index.h"
#include "memory_jumps.h"

#include <seem/database/smooth_event_source.h>

#include <cmath>
#include <limits>
#include <type_traits>

namespace seem::database
{
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
      const SourceAxis &axis = place_axis(k);
      const std::size_t cell = index_along(axis.nodes, axis.nodes_per_unit, value, p.inside);
      const double share = (value - axis.nodes[cell]) * axis.inverse_width[cell];
      p.cell[k] = cell;
      p.share[k] = std::min(std::max(share, 0.0), 1.0);
    };

    along(0, state.tau);
    p.node[0] = p.cell[0];
    p.weight[0] = 1.0;
    for (std::size_t k = 1; k <= n; ++k)
    {
      along(k, state.x[place_axes[k] - 1]);
      const std::size_t node_stride = place_axis(k).node_stride;
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

  SmoothEventSource::CentreWeights SmoothEventSource::centre_weights(const SourceAxis &axis,
                                                                     const std::size_t cell,
                                                                     const double share) const
  {
    if (axis.n_sub == 1)
      return {1, {0.0, 1.0, 0.0, 0.0}};
    // In bins from the first edge; centres lie at the halves. One more: no number is negative.
    const double u =
        (static_cast<double>(static_cast<std::int64_t>(cell)) + share) * (1.0 / sub_bins) + 0.5;
    const std::int64_t bin = static_cast<std::int64_t>(u);
    const double t = u - static_cast<double>(bin), s = 1.0 - t;
    return {static_cast<std::size_t>(bin),
            {s * s * s / 6.0, 2.0 / 3.0 - t * t * (1.0 - 0.5 * t),
             2.0 / 3.0 - s * s * (1.0 - 0.5 * s), t * t * t / 6.0}};
  }

  std::size_t SmoothEventSource::centre(const SourceAxis &axis, const CentreWeights &around,
                                        const std::size_t which)
  {
    // `bin` counts from one before the axis.
    return std::clamp(around.bin + which, std::size_t(2), axis.centres.size() + 1) - 2;
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
    std::size_t bin = place_axis(0).n_sub == 1 ? 0 : place.cell[0] / sub_bins;
    for (std::size_t k = 1; k <= n; ++k)
      bin += place_axis(k).stride * (place.cell[k] / sub_bins);
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
    const double *const nodes = axes[0].nodes.data();
    const std::size_t end = axes[0].nodes.size() - 1;
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

  law::DrawnEvent SmoothEventSource::draw(const State &state, const double uniform) const
  {
    return with_n_split([&](const auto n) { return draw_at<n>(state, uniform); });
  }

  template <std::size_t n>
  law::DrawnEvent SmoothEventSource::draw_at(const State &state, const double uniform) const
  {
    // One number picks the centre, then the bin, then the event: what is left of it is uniform
    // again, in [0, share) after the centres.
    const Place<n> place = place_of<n>(state);
    double left = uniform, share = 1.0;
    // Without branches: none of them could be foreseen.
    std::size_t centre_bin = 0;
    for (std::size_t k = 0; k <= n; ++k)
    {
      const SourceAxis &axis = place_axis(k);
      if (axis.n_sub == 1)
        continue;
      const CentreWeights around = centre_weights(axis, place.cell[k], place.share[k]);
      const std::array<double, n_around> &weight = around.weight;
      const std::array<double, n_around> below = {
          0.0, share * weight[0], share * (weight[0] + weight[1]), share * (1.0 - weight[3])};
      const std::size_t which = std::size_t(left >= below[1]) + std::size_t(left >= below[2]) +
                                std::size_t(left >= below[3]);
      left -= below[which];
      share *= weight[which];
      centre_bin += axis.stride * centre(axis, around, which);
    }
    const Kernel &kernel = bins[centre_bin].kernel;
    const double column = left / share * kernel.n_members;
    const std::uint32_t k = std::min(static_cast<std::uint32_t>(column), kernel.n_members - 1);
    const Slot &slot = slots[kernel.first + k];
    left = column - k;
    const std::size_t which = !(left < slot.keep);
    left = (left - slot.keep * static_cast<double>(which)) * slot.scale[which];
    const std::uint32_t first = first_of_bin[slot.bin[which]],
                        n_events = first_of_bin[slot.bin[which] + 1] - first;
    const std::uint32_t event =
        first + std::min(static_cast<std::uint32_t>(left * n_events), n_events - 1);

    constexpr double round_off = 1e-12;
    const bool forced = !(state.tau * (1.0 + round_off) < axes[0].edges.back());
    return {jumps->at(event, state, interpolated(node_size, place)),
            forced ? law::Support::forced : support(state, place)};
  }

  void
  SmoothEventSource::for_each_jump(const State &state,
                                   const std::function<void(const Jump &, double)> &visit) const
  {
    std::array<CentreWeights, max_axes> weights;
    std::size_t n_neighbours = 1;
    with_n_split([&](const auto n) {
      const auto place = place_of<n>(state);
      for (std::size_t k = 0; k <= n; ++k, n_neighbours *= n_around)
        weights[k] = centre_weights(place_axis(k), place.cell[k], place.share[k]);
    });
    // The kernels of neighbours overlap: add them up bin by bin.
    std::vector<double> weight_of_bin(bins.size(), 0.0);
    for (std::size_t neighbour = 0; neighbour < n_neighbours; ++neighbour)
    {
      double share = 1.0;
      std::size_t bin = 0, rest = neighbour;
      for (std::size_t k = 0; k <= n_split; ++k, rest /= n_around)
      {
        const SourceAxis &axis = place_axis(k);
        share *= weights[k].weight[rest % n_around];
        bin += axis.stride * centre(axis, weights[k], rest % n_around);
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
