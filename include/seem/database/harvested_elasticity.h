// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_HARVESTED_ELASTICITY_H
#define SEEM_DATABASE_HARVESTED_ELASTICITY_H

#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>

#include <cstddef>
#include <memory>

namespace seem::database
{
  /**
   * The elasticity that X1 and the jumps of @p database were computed with: its table if it has
   * one, else Eq. (7) with its constants.
   * @param[in] atomic_volume  Omega [Angstrom^3]
   * @throws InputError if a constant, the table or the volume cannot be used
   */
  std::unique_ptr<const law::Elasticity> harvested_elasticity(const EventDatabase &database,
                                                              double atomic_volume);

  /**
   * Plastic strain of event @p i at the state that it is tabulated at, g(tau, X1) - g(tau - dtau,
   * X1
   * + dX1); negative if X1 softens more than the stress falls. EventTable::plastic_strain is that
   * at the end of the increment.
   */
  double plastic_strain_at_begin(const law::Elasticity &elasticity, const EventTable &events,
                                 std::size_t i);
} // namespace seem::database

#endif
