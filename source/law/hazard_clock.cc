// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/hazard_clock.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::law
{
  ClockReading run_clock(const EventSource &source, const Elasticity &elasticity,
                         const InternalVariables &x, const double gamma_begin,
                         const double gamma_end, const double volume_ratio, double remaining)
  {
    double gamma = gamma_begin;
    State state = {elasticity.stress(gamma_begin, x[0]), x};
    Support support = Support::inside;

    while (gamma < gamma_end)
    {
      const RatePiece piece = source.rate(state);
      support = piece.support;
      if (std::isinf(piece.rate))
        return {true, gamma, 0.0, support};
      if (!(piece.tau_end > state.tau))
        throw Error(fmt::format("event source: the rate at tau = {} GPa is said to hold up to {} "
                                "GPa, which is not above it",
                                state.tau, piece.tau_end));

      // The edge as a strain; where round-off puts it at or below gamma the next piece begins right
      // here.
      const double edge =
          std::isinf(piece.tau_end) ? gamma_end : elasticity.elastic_strain(piece.tau_end, x[0]);
      const double end = std::clamp(edge, gamma, gamma_end);

      const double hazard = volume_ratio * piece.rate * (end - gamma);
      if (hazard >= remaining)
        return {true, std::min(gamma + remaining / (volume_ratio * piece.rate), end), 0.0, support};

      remaining -= hazard;
      gamma = end;
      state.tau = piece.tau_end;
    }
    return {false, gamma_end, remaining, support};
  }
} // namespace seem::law
