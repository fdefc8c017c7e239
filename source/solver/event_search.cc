// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/event_search.h>

#include <algorithm>

namespace seem::solver
{
  namespace
  {
    /// Secant steps converge in two or three; after so many the bracket is halved instead, and
    /// after twice as many the search ends behind the event.
    constexpr unsigned int many_trials = 8;
  } // namespace

  EventSearch::EventSearch(const double guess, const double limit, const double smallest,
                           const double tolerance)
      : limit(limit), smallest(std::min(smallest, limit)), tolerance(tolerance), upper(limit)
  {
    increment = std::clamp(guess, this->smallest, limit);
  }

  bool EventSearch::accept(const double share)
  {
    ++n_trials;
    const bool fires = share <= 1.0;
    if (fires && (share >= 1.0 - tolerance || increment <= smallest || n_trials >= 2 * many_trials))
      return true;
    if (!fires && increment >= limit)
      return true;

    if (fires)
    {
      upper = increment;
      bounded = true;
    }
    else
      lower = std::max(lower, increment);

    // Aim at the middle of the tolerance.
    double next = std::max(smallest, increment * std::min(share, reach) * (1.0 + 0.5 * tolerance));
    const bool outside = next <= lower || (bounded && next >= upper);
    if (outside || (bounded && n_trials >= many_trials))
      next = bounded ? 0.5 * (lower + upper) : reach * increment;
    increment = std::min(next, limit);
    return false;
  }
} // namespace seem::solver
