// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_EVENT_SEARCH_H
#define SEEM_SOLVER_EVENT_SEARCH_H

namespace seem::solver
{
  /**
   * Finds the load at which the first event happens: secant steps, safeguarded by a bracket.
   *
   * A trial load increment gives the share s of the straight strain path to its equilibrium at
   * which the first event happens; s > 1 if the path must be prolonged for that. In a body whose
   * response is linear in the load the event lies at s times the increment, and the next trial is
   * there. Done when the event lies within the last @p tolerance of the path, so that with few
   * exceptions it comes alone, or when the limit is reached without an event.
   */
  class EventSearch
  {
  public:
    /// Paths are prolonged up to this multiple in the search for their first event.
    static constexpr double reach = 4.0;

    /**
     * @param[in] guess      first trial increment, positive
     * @param[in] limit      largest increment, positive
     * @param[in] smallest   increments are at least this, positive: a clock that has run out
     * already needs a little load to fire
     * @param[in] tolerance  0..1, of the share
     */
    EventSearch(double guess, double limit, double smallest, double tolerance);

    /// Increment to try.
    double trial() const
    {
      return increment;
    }

    /// Take the share of the first event on the path of trial(); infinity: none within the reach.
    /// @return true if trial() is the answer
    bool accept(double share);

  private:
    double increment;
    double limit, smallest, tolerance;
    double lower = 0.0; ///< largest increment known to be without an event
    double upper;       ///< smallest increment known to have one
    bool bounded = false;
    unsigned int n_trials = 0;
  };
} // namespace seem::solver

#endif
