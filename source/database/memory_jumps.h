// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_DATABASE_MEMORY_JUMPS_H
#define SEEM_SOURCE_DATABASE_MEMORY_JUMPS_H

#include <seem/database/event_database.h>
#include <seem/database/harvested_elasticity.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace seem::database
{
  /// The jumps of a database as a source keeps them: with a memory, those of a glass without any,
  /// with the plastic strain in the place of the change of the memory.
  class MemoryJumps
  {
  public:
    explicit MemoryJumps(const EventDatabase &database)
        : memory(database.memory), stride(1 + database.events.dx.size())
    {
      for (const Sample &sample : database.samples)
        starts.push_back(sample.initial.x);
      const EventTable &events = database.events;
      numbers.reserve(events.size() * stride);
      for (std::size_t i = 0; i < events.size(); ++i)
      {
        numbers.push_back(events.dtau[i]);
        for (const std::vector<double> &dx : events.dx)
          numbers.push_back(dx[i]);
      }
      if (!memory)
        return;
      const auto elasticity = harvested_elasticity(database, database.atomic_volume());
      for (std::size_t i = 0; i < events.size(); ++i)
      {
        numbers[i * stride + 2] = plastic_strain_at_begin(*elasticity, events, i);
        scale(i, std::exp(-events.x[1][i]));
      }
    }

    /// Those of @p other in the order of @p list, the later neighbours in memory.
    MemoryJumps(const MemoryJumps &other, const std::vector<std::uint32_t> &list)
        : memory(other.memory), stride(other.stride), starts(other.starts)
    {
      numbers.reserve(list.size() * stride);
      for (const std::uint32_t i : list)
        for (std::size_t k = 0; k < stride; ++k)
          numbers.push_back(other.numbers[i * stride + k]);
    }

    std::size_t size() const
    {
      return numbers.size() / stride;
    }

    /// @p x with what is NaN in it as in the run that began at the nearest X1; zero without runs.
    InternalVariables completed(const InternalVariables &x) const
    {
      const auto nearest =
          std::min_element(starts.begin(), starts.end(),
                           [&](const InternalVariables &a, const InternalVariables &b) {
                             return std::abs(a[0] - x[0]) < std::abs(b[0] - x[0]);
                           });
      InternalVariables result = x;
      for (std::size_t k = 0; k < result.size(); ++k)
        if (std::isnan(result[k]))
          result[k] = nearest != starts.end() && k + 1 < stride ? (*nearest)[k] : 0.0;
      return result;
    }

    /// Make jump @p i larger by @p factor.
    void scale(const std::size_t i, const double factor)
    {
      for (std::size_t k = 0; k < (memory ? 3 : 2); ++k)
        numbers[i * stride + k] *= factor;
    }

    /// Jump @p i as it would be at @p state, times @p factor.
    Jump at(const std::size_t i, const State &state, double factor = 1.0) const
    {
      const double *const own = numbers.data() + i * stride;
      Jump jump;
      std::size_t k = 1;
      if (memory)
      {
        factor *= std::exp(state.x[1]);
        jump.dx[1] = memory->change(state.x[1], own[2] * factor);
        k = 2;
      }
      jump.dtau = own[0] * factor;
      jump.dx[0] = own[1] * factor;
      for (; k + 1 < stride; ++k)
        jump.dx[k] = own[1 + k];
      return jump;
    }

  private:
    std::optional<Memory> memory;
    std::size_t stride;                    ///< 1 + M
    std::vector<InternalVariables> starts; ///< of the runs
    std::vector<double> numbers;           ///< [n][stride] dtau, dX
  };
} // namespace seem::database

#endif
