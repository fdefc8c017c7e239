// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_DATABASE_MEMORY_JUMPS_H
#define SEEM_SOURCE_DATABASE_MEMORY_JUMPS_H

#include <seem/database/event_database.h>
#include <seem/database/harvested_elasticity.h>

#include <cmath>
#include <vector>

namespace seem::database
{
  /// The jumps of a database as a source keeps them: with a memory, those of a glass without any,
  /// with the plastic strain in the place of the change of the memory.
  class MemoryJumps
  {
  public:
    explicit MemoryJumps(const EventDatabase &database)
        : memory(database.memory), jumps(database.events.size())
    {
      const EventTable &events = database.events;
      for (std::size_t i = 0; i < jumps.size(); ++i)
      {
        jumps[i].dtau = events.dtau[i];
        for (std::size_t k = 0; k < events.dx.size(); ++k)
          jumps[i].dx[k] = events.dx[k][i];
      }
      if (!memory)
        return;
      const auto elasticity = harvested_elasticity(database, database.atomic_volume());
      for (std::size_t i = 0; i < jumps.size(); ++i)
      {
        const double factor = std::exp(-events.x[1][i]);
        const double plastic = plastic_strain_at_begin(*elasticity, events, i);
        jumps[i].dtau *= factor;
        jumps[i].dx[0] *= factor;
        jumps[i].dx[1] = plastic * factor;
      }
    }

    std::size_t size() const
    {
      return jumps.size();
    }

    /// Jump of event @p i as it would be at @p state, times @p factor.
    Jump at(const std::size_t i, const State &state, double factor = 1.0) const
    {
      Jump jump = jumps[i];
      if (memory)
      {
        factor *= std::exp(state.x[1]);
        jump.dx[1] = memory->change(state.x[1], jump.dx[1] * factor);
      }
      jump.dtau *= factor;
      jump.dx[0] *= factor;
      return jump;
    }

  private:
    std::optional<Memory> memory;
    std::vector<Jump> jumps;
  };
} // namespace seem::database

#endif
