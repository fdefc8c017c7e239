// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/jump_histogram.h>
#include <seem/database/material.h>
#include <seem/database/state_grid.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::database
{
  namespace
  {
    /// Equal bins over the range of @p values.
    std::vector<double> edges_of(const std::vector<double> &values, const std::size_t n_bins)
    {
      auto [low, high] = std::minmax_element(values.begin(), values.end());
      double first = *low, last = *high;
      if (!(last > first))
      {
        const double margin = std::max(0.1 * std::abs(first), 1e-12);
        first -= margin;
        last += margin;
      }
      return uniform_axis("jump", "", first, last, n_bins).edges;
    }
  } // namespace

  double reversible_dx1(const law::Elasticity &elasticity, const State &state, const double dtau)
  {
    const double energy = state.x[0] + elasticity.elastic_energy(state.tau, state.x[0]);
    return elasticity.inelastic_energy(energy, state.tau - dtau) - state.x[0];
  }

  JumpHistogram jump_histogram(const EventDatabase &database, const std::size_t bin,
                               const std::size_t n_bins)
  {
    if (n_bins == 0)
      throw InputError("a histogram needs at least one bin");
    const EventTable &events = database.events;
    const StateGrid grid({database.axes[0], database.axes[1]});
    JumpHistogram result;
    std::vector<double> dtau, dx1;
    for (std::size_t e = 0; e < events.size(); ++e)
    {
      State state;
      state.tau = events.tau[e];
      state.x[0] = events.x[0][e];
      if (grid.clamped_bin(state) != bin)
        continue;
      dtau.push_back(events.dtau[e]);
      dx1.push_back(events.dx[0][e]);
      result.mean_state.tau += events.tau[e] + events.net_dtau[e] + events.dtau[e];
      result.mean_state.x[0] += events.x[0][e];
      result.n_gaining += events.heat[e] < 0.0;
      result.n_ageing += events.dx[0][e] < 0.0;
    }
    result.n_events = dtau.size();
    if (result.n_events == 0)
      throw InputError(fmt::format("bin {} holds no event", bin));
    result.mean_state.tau /= static_cast<double>(result.n_events);
    result.mean_state.x[0] /= static_cast<double>(result.n_events);

    result.dtau_edges = edges_of(dtau, n_bins);
    result.dx1_edges = edges_of(dx1, n_bins);
    const StateGrid jumps({{"dtau", "GPa", result.dtau_edges}, {"dX1", "eV", result.dx1_edges}});
    result.counts.assign(jumps.n_bins(), 0.0);
    for (std::size_t e = 0; e < dtau.size(); ++e)
    {
      State jump;
      jump.tau = dtau[e];
      jump.x[0] = dx1[e];
      result.counts[jumps.clamped_bin(jump)] += 1.0;
    }

    constexpr std::size_t n_line = 101;
    const auto elasticity = make_elasticity(database);
    result.line_dtau =
        uniform_axis("line", "", result.dtau_edges.front(), result.dtau_edges.back(), n_line - 1)
            .edges;
    for (const double d : result.line_dtau)
      result.line_dx1.push_back(reversible_dx1(*elasticity, result.mean_state, d));
    return result;
  }
} // namespace seem::database
