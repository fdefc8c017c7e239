// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_JUMP_HISTOGRAM_H
#define SEEM_DATABASE_JUMP_HISTOGRAM_H

#include <seem/core/state.h>
#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>

#include <cstddef>
#include <vector>

namespace seem::database
{
  /**
   * The largest change of X1 that an event of stress deficit @p dtau may bring at fixed strain from
   * @p state (elastic, just before the event) without creating energy: D = 0, all of the elastic
   * energy it frees becomes structural, its entropy does not grow (the "linear boundary" of Xu et
   * al. 2024, Fig. 3b), \f[ u_{el}(\tau - \Delta\tau, X_1 + \Delta X_1) + \Delta X_1 =
   * u_{el}(\tau, X_1). \f]
   * @return Delta X1 [eV per atom]
   */
  double reversible_dx1(const law::Elasticity &elasticity, const State &state, double dtau);

  /// The events of one bin of the plane (tau, X1), counted by their jumps.
  struct JumpHistogram
  {
    State mean_state;               ///< mean over its events just before the jump, tau the elastic
                                    ///< prediction at the end of the increment
    std::size_t n_events = 0;       ///< in the bin
    std::size_t n_gaining = 0;      ///< of them, those that gain energy: D < 0
    std::size_t n_ageing = 0;       ///< of them, those with Delta X1 < 0
    std::vector<double> dtau_edges; ///< [n_dtau + 1] [GPa]
    std::vector<double> dx1_edges;  ///< [n_dx1 + 1] [eV per atom]
    std::vector<double> counts;     ///< [n_dtau * n_dx1], dtau fastest
    std::vector<double> line_dtau;  ///< D = 0 from mean_state over the range of dtau [GPa]
    std::vector<double> line_dx1;   ///< there [eV per atom]
  };

  /**
   * The jumps of the events in one bin of the plane (tau, X1), whatever their further variables,
   * over the range that they span.
   * @param[in] bin  i_tau + n_tau * i_x1
   * @pre check() passes, the plastic strain and heat of the events are there (complete_events())
   * @throws InputError if the bin holds no event or n_bins is zero
   */
  JumpHistogram jump_histogram(const EventDatabase &database, std::size_t bin, std::size_t n_bins);
} // namespace seem::database

#endif
