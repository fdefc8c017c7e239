// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_passes.h"

#include <seem/statistics/event_detection.h>

#include <algorithm>
#include <cmath>

namespace seem::statistics
{
  Flags find_events(const Increments &increments, const EventDefinition definition,
                    const EventFloors &floors)
  {
    const std::size_t n = increments.size();
    Flags flags(n, 0);
    const double energy = floors.energy.floor, deficit = floors.deficit.floor;
    switch (definition)
    {
    case EventDefinition::stress_drop:
      for (std::size_t i = 0; i < n; ++i)
        flags[i] = increments.net_dtau[i] < -floors.drop;
      break;
    case EventDefinition::stress_deficit:
      for (std::size_t i = 0; i < n; ++i)
        flags[i] = increments.deficit[i] > deficit;
      break;
    case EventDefinition::energy_loss:
      for (std::size_t i = 0; i < n; ++i)
        flags[i] = increments.trapezoid_loss[i] > energy;
      break;
    case EventDefinition::any_loss:
      row_passes::mark(n, increments.deficit.data(), deficit, increments.trapezoid_loss.data(),
                       energy, flags.data());
      break;
    }
    return flags;
  }

  std::size_t count(const Flags &flags)
  {
    return static_cast<std::size_t>(
        std::count_if(flags.begin(), flags.end(), [](const auto f) { return f != 0; }));
  }

  std::size_t count_in_runs(const Flags &flags)
  {
    std::size_t n = 0;
    for (std::size_t i = 0; i < flags.size(); ++i)
      if (flags[i] != 0 &&
          ((i > 0 && flags[i - 1] != 0) || (i + 1 < flags.size() && flags[i + 1] != 0)))
        ++n;
    return n;
  }

  double loss_ambiguity(const Increments &increments, const std::size_t i,
                        const EventFloors &floors, const double volume)
  {
    const double stress = 0.5 * floors.deficit.floor + std::max(0.0, -increments.deficit[i]);
    return floors.energy.floor + work(volume, stress, increments.dgamma[i]);
  }
} // namespace seem::statistics
