// SPDX-License-Identifier: LGPL-2.1-or-later
#include "axis_index.h"
#include "memory_jumps.h"

#include <seem/database/smooth_event_source.h>

#include <cmath>
#include <limits>

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

  SmoothEventSource::Place SmoothEventSource::place_of(const State &state) const
  {
    Place p;
    const auto split = [](Place &p, const std::size_t k, const std::size_t next,
                          const SourceAxis &axis, const std::size_t d) {
      p.node[k] += axis.node_stride * p.cell[d];
      p.node[next] = p.node[k] + axis.node_stride;
      p.weight[next] = p.share[d] * p.weight[k];
      p.weight[k] -= p.weight[next];
    };
    const auto along = [&](const std::size_t d, const double value) {
      const SourceAxis &axis = axes[d];
      const std::size_t cell = index_along(axis.nodes, axis.nodes_per_unit, value, p.inside);
      const double share = (value - axis.nodes[cell]) * axis.inverse_width[cell];
      p.cell[d] = cell;
      p.share[d] = std::min(std::max(share, 0.0), 1.0);
    };

    along(0, state.tau);
    p.node[0] = p.cell[0];
    p.weight[0] = 1.0;
    p.bin = axes[0].n_sub == 1 ? 0 : p.cell[0] / sub_bins;
    for (std::size_t d = 1; d < axes.size(); ++d)
    {
      along(d, state.x[d - 1]);
      const SourceAxis &axis = axes[d];
      if (axis.n_sub == 1)
        continue;
      p.bin += axis.stride * (p.cell[d] / sub_bins);
      // Written out for the usual case of one such axis: the loop is too short to be worth a loop.
      if (p.n_corners == 1)
        split(p, 0, 1, axis, d);
      else
        for (std::size_t n = p.n_corners, k = 0; k < n; ++k)
          split(p, k, n + k, axis, d);
      p.n_corners *= 2;
    }
    return p;
  }

  SmoothEventSource::CentreWeights SmoothEventSource::centre_weights(const Place &place,
                                                                     const std::size_t d) const
  {
    if (axes[d].n_sub == 1)
      return {1, {0.0, 1.0, 0.0, 0.0}};
    // In bins from the first edge; centres lie at the halves. One more: no number is negative.
    const double u =
        (static_cast<double>(static_cast<std::int64_t>(place.cell[d])) + place.share[d]) *
            (1.0 / sub_bins) +
        0.5;
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

  double SmoothEventSource::interpolated(const std::vector<double> &values, const Place &place)
  {
    double low = 0.0, high = 0.0; // on both sides of the cell along tau
    for (std::size_t k = 0; k < place.n_corners; ++k)
    {
      low += place.weight[k] * values[place.node[k]];
      high += place.weight[k] * values[place.node[k] + 1];
    }
    return low + place.share[0] * (high - low);
  }

  law::Support SmoothEventSource::support(const Place &place) const
  {
    return place.inside && bins[place.bin].visited ? law::Support::inside : law::Support::outside;
  }

  law::RatePiece SmoothEventSource::rate(const State &state) const
  {
    law::RatePath path;
    rates(state, path);
    const auto &[rate, tau_end, rate_end] = path.pieces[0];
    return {rate, tau_end, std::isinf(rate) ? law::Support::forced : support(place_of(state)),
            rate_end};
  }

  void SmoothEventSource::rates(const State &state, law::RatePath &path) const
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
    const Place place = place_of(state);
    const auto value_at = [&](const std::size_t ahead) {
      const double *const values = node_rate.data() + ahead;
      // The usual case, one variable beside the stress, without a loop.
      if (place.n_corners == 2)
        return place.weight[0] * values[place.node[0]] + place.weight[1] * values[place.node[1]];
      double sum = 0.0;
      for (std::size_t k = 0; k < place.n_corners; ++k)
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
    // One number picks the centre, then the bin, then the event: what is left of it is uniform
    // again, in [0, share) after the centres.
    const Place place = place_of(state);
    double left = uniform, share = 1.0;
    // Without branches: none of them could be foreseen.
    std::size_t centre_bin = 0;
    for (std::size_t d = 0; d < axes.size(); ++d)
    {
      const SourceAxis &axis = axes[d];
      if (axis.n_sub == 1)
        continue;
      const CentreWeights around = centre_weights(place, d);
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
                        n = first_of_bin[slot.bin[which] + 1] - first;
    const std::uint32_t event = first + std::min(static_cast<std::uint32_t>(left * n), n - 1);

    constexpr double round_off = 1e-12;
    const bool forced = !(state.tau * (1.0 + round_off) < axes[0].edges.back());
    return {jumps->at(event, state, interpolated(node_size, place)),
            forced ? law::Support::forced : support(place)};
  }

  void
  SmoothEventSource::for_each_jump(const State &state,
                                   const std::function<void(const Jump &, double)> &visit) const
  {
    const Place place = place_of(state);
    std::array<CentreWeights, max_axes> weights;
    std::size_t n_neighbours = 1;
    for (std::size_t d = 0; d < axes.size(); ++d)
    {
      weights[d] = centre_weights(place, d);
      n_neighbours *= n_around;
    }
    // The kernels of neighbours overlap: add them up bin by bin.
    std::vector<double> weight_of_bin(bins.size(), 0.0);
    for (std::size_t neighbour = 0; neighbour < n_neighbours; ++neighbour)
    {
      double share = 1.0;
      std::size_t bin = 0, rest = neighbour;
      for (std::size_t d = 0; d < axes.size(); ++d, rest /= n_around)
      {
        share *= weights[d].weight[rest % n_around];
        bin += axes[d].stride * centre(axes[d], weights[d], rest % n_around);
      }
      const Kernel &kernel = bins[bin].kernel;
      for (std::uint32_t k = kernel.first; share > 0.0 && k < kernel.first + kernel.n_members; ++k)
        weight_of_bin[members[k].bin] += share * members[k].weight;
    }
    const double size = interpolated(node_size, place);
    for (std::size_t bin = 0; bin < bins.size(); ++bin)
      if (weight_of_bin[bin] > 0.0)
      {
        const std::uint32_t first = first_of_bin[bin], end = first_of_bin[bin + 1];
        for (std::uint32_t event = first; event < end; ++event)
          visit(jumps->at(event, state, size), weight_of_bin[bin] / (end - first));
      }
  }
} // namespace seem::database
