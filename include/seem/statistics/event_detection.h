// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_EVENT_DETECTION_H
#define SEEM_STATISTICS_EVENT_DETECTION_H

#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/increments.h>
#include <seem/statistics/noise_floor.h>

#include <array>
#include <cstddef>
#include <vector>

namespace seem::statistics
{
  /// Flags of increments, 0 or 1.
  using Flags = std::vector<unsigned char>;

  /// The floors that separate events from noise.
  struct EventFloors
  {
    NoiseFloor energy;  ///< [eV per cell]
    NoiseFloor deficit; ///< [GPa]
    double drop = 0.0;  ///< [GPa]
  };

  /**
   * Which increments of a run hold an event by @p definition, [n_increments].
   *
   * Energy loss is the trapezoid loss: it needs no elastic constants, so its noise is that of the
   * data alone. It is blurred by up to V dgamma deficit/2, which can hide a nearly reversible
   * event; such an event shows in the stress deficit, hence the union.
   */
  Flags find_events(const Increments &increments, EventDefinition definition,
                    const EventFloors &floors);

  /// Number of set flags.
  std::size_t count(const Flags &flags);

  /// Number of set flags whose neighbour is set as well: events that sit in runs of event
  /// increments.
  std::size_t count_in_runs(const Flags &flags);

  /**
   * Ambiguity of the loss of an event [eV per cell]: the noise of the energy, the scatter of the
   * elastic prediction over the increment, and, if the stress rose, the unknown place of the event
   * in the increment.
   */
  double loss_ambiguity(const Increments &increments, std::size_t i, const EventFloors &floors,
                        double volume);
} // namespace seem::statistics

#endif
