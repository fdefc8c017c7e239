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

    /// Out of the way of the hot path.
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_piece(const double tau, const double tau_end)
    {
      throw Error(fmt::format("event source: the rate at tau = {} GPa is said to hold up to {} "
                              "GPa, which is not above it",
                              tau, tau_end));
    }

    RatePiece rate_at(const EventSource &source, const State &state)
    {
      const RatePiece piece = source.rate(state);
      if (!(piece.tau_end > state.tau) && !std::isinf(piece.rate))
        refuse_piece(state.tau, piece.tau_end);
      return piece;
    }

    /// The end of a piece as a strain; where round-off puts it below gamma the next piece begins
    /// right there.
    double end_of(const double tau_end, const Elasticity &elasticity, const InternalVariables &x,
                  const double gamma)
    {
      return std::isinf(tau_end) ? infinity
                                 : std::max(gamma, elasticity.elastic_strain(tau_end, x[0]));
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
      const double piece_end = end_of(piece.tau_end, elasticity, state.x, gamma);
      const double end = std::min(piece_end, gamma_end);
      // A forced event at its very edge has not been passed.
      if (end > gamma)
      {
        double mean_rate = piece.rate;
        if (piece.rate_end != piece.rate)
          mean_rate += 0.5 * (piece.rate_end - piece.rate) * ((end - gamma) / (piece_end - gamma));
        sum += volume_ratio * mean_rate * (end - gamma);
      }
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
    // Mostly the pieces of the first call are enough: no copy of the state for them.
    const State *state = &begin;
    State next;
    double gamma = gamma_begin, tau = begin.tau;
    while (true)
    {
      RatePath path;
      source.rates(*state, path);
      for (std::size_t i = 0; i < path.n_pieces; ++i)
      {
        const RatePath::Piece &piece = path.pieces[i];
        if (std::isinf(piece.rate))
          return gamma;
        if (!(piece.tau_end > tau))
          refuse_piece(tau, piece.tau_end);
        const double end = end_of(piece.tau_end, elasticity, begin.x, gamma);
        const double rate = volume_ratio * piece.rate, rate_end = volume_ratio * piece.rate_end;
        const double length = end - gamma;
        const double total = rate == rate_end ? rate * length : 0.5 * (rate + rate_end) * length;
        if (total >= threshold && total > 0.0)
        {
          if (rate == rate_end)
            return std::min(gamma + threshold / rate, end);
          // rate s + (rate_end - rate) s^2/(2 length) = threshold, in the form without
          // cancellation and with one division, since all waits for the result.
          const double first = rate * length, more = (rate_end - rate) * length;
          const double root = std::sqrt(std::max(0.0, first * first + 2.0 * more * threshold));
          return std::min(gamma + 2.0 * threshold * length / (first + root), end);
        }
        if (std::isinf(end))
          return infinity;
        threshold -= total;
        gamma = end;
        tau = piece.tau_end;
      }
      if (state == &begin)
      {
        next = begin;
        state = &next;
      }
      next.tau = tau;
    }
  }
} // namespace seem::law
