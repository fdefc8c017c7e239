// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_HAZARD_CLOCK_H
#define SEEM_LAW_HAZARD_CLOCK_H

#include <seem/core/state.h>
#include <seem/law/elasticity.h>
#include <seem/law/event_source.h>

namespace seem::law
{
  /**
   * The hazard of events along an elastic branch: from @p gamma_begin up to @p gamma_end at
   * constant X, \f[ \int m\,\lambda(\tau(\gamma), X)\,d\gamma, \f] the pieces of the rate
   * (RatePiece) integrated exactly.
   *
   * @param[in] begin                   state at gamma_begin, tau >= 0
   * @param[in] gamma_begin, gamma_end  elastic shear strain [-]; an empty range has no hazard
   * @param[in] volume_ratio            m [-]
   * @return hazard [-]; infinite where an event is forced on the way
   */
  double hazard(const EventSource &source, const Elasticity &elasticity, const State &begin,
                double gamma_begin, double gamma_end, double volume_ratio);

  /**
   * The elastic shear strain at which the hazard along an elastic branch from @p gamma_begin on has
   * used up @p threshold: where the next event happens if the branch is followed that far. It is a
   * property of the branch alone, so it does not matter in what increments the branch is followed.
   *
   * @param[in] begin         state at gamma_begin, tau >= 0
   * @param[in] gamma_begin   elastic shear strain [-]
   * @param[in] volume_ratio  m [-]
   * @param[in] threshold     hazard to use up, positive [-]
   * @return elastic shear strain, at least gamma_begin; infinity if that never happens
   * @throws Error if the source contradicts itself
   */
  double firing_strain(const EventSource &source, const Elasticity &elasticity, const State &begin,
                       double gamma_begin, double volume_ratio, double threshold);
} // namespace seem::law

#endif
