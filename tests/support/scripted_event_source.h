// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_SCRIPTED_EVENT_SOURCE_H
#define SEEM_TESTS_SUPPORT_SCRIPTED_EVENT_SOURCE_H

#include <seem/law/event_source.h>
#include <seem/law/material_law.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace seem::testing
{
  /// Statistics written down by hand: rates constant between given stresses, jumps from a function.
  class ScriptedEventSource : public law::EventSource
  {
  public:
    using JumpFunction = std::function<Jump(const State &, double)>;

    /**
     * @param[in] edges  growing stresses; rates[i] holds below edges[i], the last rate above all
     * @param[in] rates  one more than edges; infinity forces an event
     */
    ScriptedEventSource(std::vector<double> edges, std::vector<double> rates, JumpFunction jump)
        : edges(std::move(edges)), rates(std::move(rates)), jump(std::move(jump))
    {
    }

    /// The same rate and the same jump everywhere.
    ScriptedEventSource(const double rate, const Jump &fixed)
        : ScriptedEventSource({}, {rate}, [fixed](const State &, double) { return fixed; })
    {
    }

    std::size_t n_internal_variables() const override
    {
      return 1;
    }

    law::RatePiece rate(const State &state) const override
    {
      const auto above = std::upper_bound(edges.begin(), edges.end(), state.tau);
      const double rate = rates[static_cast<std::size_t>(above - edges.begin())];
      const double infinity = std::numeric_limits<double>::infinity();
      return {rate, above == edges.end() ? infinity : *above,
              rate == infinity ? law::Support::forced : law::Support::inside};
    }

    law::DrawnEvent draw(const State &state, const RandomWords &words) const override
    {
      const State above = {state.tau * (1.0 + 1e-12), state.x};
      return {jump(state, to_open_interval(words[0])), rate(above).support};
    }

    /// The midpoint rule over the uniform number.
    void for_each_jump(const State &state,
                       const std::function<void(const Jump &, double)> &visit) const override
    {
      constexpr unsigned int n = 100;
      for (unsigned int i = 0; i < n; ++i)
        visit(jump(state, (i + 0.5) / n), 1.0 / n);
    }

  private:
    std::vector<double> edges;
    std::vector<double> rates;
    JumpFunction jump;
  };

  /// A jump of one internal variable.
  inline Jump make_jump(const double dtau, const double dx1)
  {
    Jump jump;
    jump.dtau = dtau;
    jump.dx[0] = dx1;
    return jump;
  }

  /// A state of one internal variable.
  inline State make_state(const double tau, const double x1)
  {
    State state;
    state.tau = tau;
    state.x[0] = x1;
    return state;
  }

  /// Keeps every event it is told of.
  class EventList : public law::EventObserver
  {
  public:
    void event(const law::EventRecord &record) override
    {
      records.push_back(record);
    }

    std::vector<law::EventRecord> records;
  };
} // namespace seem::testing

#endif
