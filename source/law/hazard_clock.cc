// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/hazard_clock.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::law
{
  namespace
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();

    RatePiece rate_at(const EventSource &source, const State &state)
    {
      const RatePiece piece = source.rate(state);
      if (!(piece.tau_end > state.tau) && !std::isinf(piece.rate))
        throw Error(fmt::format("event source: the rate at tau = {} GPa is said to hold up to {} "
                                "GPa, which is not above it",
                                state.tau, piece.tau_end));
      return piece;
    }

    /// The end of a piece as a strain; where round-off puts it below gamma the next piece begins
    /// right there.
    double end_of(const RatePiece &piece, const Elasticity &elasticity, const InternalVariables &x,
                  const double gamma)
    {
      return std::isinf(piece.tau_end)
                 ? infinity
                 : std::max(gamma, elasticity.elastic_strain(piece.tau_end, x[0]));
    }
  } // namespace

  double hazard(const EventSource &source, const Elasticity &elasticity, const State &begin,
                const double gamma_begin, const double gamma_end, const double volume_ratio)
  {
    double sum = 0.0;
    State state = begin;
    for (double gamma = gamma_begin; gamma < gamma_end;)
    {
      const RatePiece piece = rate_at(source, state);
      const double end = std::min(end_of(piece, elasticity, state.x, gamma), gamma_end);
      // A forced event at its very edge has not been passed.
      if (end > gamma)
        sum += volume_ratio * piece.rate * (end - gamma);
      else if (std::isinf(piece.rate))
        return infinity;
      gamma = end;
      state.tau = piece.tau_end;
    }
    return sum;
  }

  double firing_strain(const EventSource &source, const Elasticity &elasticity, const State &begin,
                       const double gamma_begin, const double volume_ratio, double threshold)
  {
    double gamma = gamma_begin;
    State state = begin;
    while (true)
    {
      const RatePiece piece = rate_at(source, state);
      if (std::isinf(piece.rate))
        return gamma;
      const double rate = volume_ratio * piece.rate;
      const double end = end_of(piece, elasticity, state.x, gamma);
      if (rate > 0.0 && rate * (end - gamma) >= threshold)
        return std::min(gamma + threshold / rate, end);
      if (std::isinf(end))
        return infinity;
      threshold -= rate * (end - gamma);
      gamma = end;
      state.tau = piece.tau_end;
    }
  }
} // namespace seem::law
