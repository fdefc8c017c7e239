// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_HAZARD_CLOCK_H
#define SEEM_LAW_HAZARD_CLOCK_H

#include <seem/core/state.h>
#include <seem/law/elasticity.h>
#include <seem/law/event_source.h>

namespace seem::law
{
  /// Where the clock stopped.
  struct ClockReading
  {
    bool fired;       ///< true: the threshold was reached at gamma_el
    double gamma_el;  ///< elastic shear strain where the clock stopped [-]
    double remaining; ///< hazard still to be used up before the next event [-]; 0 if fired
    Support support;  ///< of the rate at the stop
  };

  /**
   * Run the hazard clock along an elastic branch: from @p gamma_begin up to @p gamma_end at
   * constant X, using up \f[ \int m\,\lambda(\tau(\gamma), X)\,d\gamma \f] of @p remaining. The
   * pieces of constant rate (the bins) are crossed exactly, so the result does not depend on how a
   * branch is cut into increments.
   *
   * @param[in] gamma_begin, gamma_end  elastic shear strain, 0 <= begin <= end [-]
   * @param[in] volume_ratio            m [-]
   * @param[in] remaining               unit-exponential threshold minus the hazard already used [-]
   */
  ClockReading run_clock(const EventSource &source, const Elasticity &elasticity,
                         const InternalVariables &x, double gamma_begin, double gamma_end,
                         double volume_ratio, double remaining);
} // namespace seem::law

#endif
