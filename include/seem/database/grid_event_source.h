// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_GRID_EVENT_SOURCE_H
#define SEEM_DATABASE_GRID_EVENT_SOURCE_H

#include <seem/database/event_database.h>
#include <seem/law/event_source.h>

#include <memory>
#include <vector>

namespace seem::database
{
  class MemoryJumps;

  /**
   * The event statistics of a database, bin by bin, pooled.
   *
   * A visited bin with fewer than minimum_events events takes in its nearest visited bins (distance
   * between bin centres in units of the bin widths; bins of equal distance together) until it holds
   * so many; rate and jumps come from the same pool. Without that a path that enters a visited bin
   * without an event would load elastically for ever. A bin that was never visited, and any state
   * outside the grid, uses the nearest visited bin (Support::outside). Above the upper edge of the
   * stress axis, the highest stress sampled, an event is forced.
   *
   * Rate of a pool with k event increments in a visited strain E: k/E. A jump is that of a whole
   * increment, which may hold more than one event, so k/E times the mean jump is the mean flow that
   * was measured; the database's lambda = -ln(1 - k/n)/dgamma, the rate of single events, would
   * count their jumps too often by lambda dgamma/2. Jumps are drawn with equal weight from the
   * pool's raw events, (dtau, dX) together.
   */
  class GridEventSource final : public law::EventSource
  {
  public:
    /// @throws InputError if the database holds no event
    explicit GridEventSource(const EventDatabase &database);

    std::size_t n_internal_variables() const override;

    /// What is not known as in the run that began at the nearest X1, the memory of its preparation
    /// among it.
    InternalVariables completed(const InternalVariables &x) const override;
    law::RatePiece rate(const State &state) const override;
    law::DrawnEvent draw(const State &state, const RandomWords &words) const override;
    void for_each_jump(const State &state,
                       const std::function<void(const Jump &, double)> &visit) const override;

    /// Number of visited bins that had to be pooled.
    std::size_t n_pooled_bins() const
    {
      return n_pooled;
    }

    /// Number of visited bins.
    std::size_t n_visited_bins() const
    {
      return n_visited;
    }

    /// Rate of each bin after pooling, [n_bins], first axis (tau) fastest; for maps.
    std::vector<double> pooled_rates() const;

  private:
    struct Pool
    {
      double rate = 0.0;             ///< [1/strain]
      std::uint32_t first_event = 0; ///< into jumps
      std::uint32_t n_events = 0;
    };

    struct Bin
    {
      std::uint32_t pool;
      bool visited;
    };

    /// Where a state lies.
    struct Place
    {
      std::size_t bin; ///< clamped to the grid
      std::size_t tau_index;
      bool inside; ///< false if it had to be clamped
    };

    Place place_of(const State &state) const;

    /// What a look-up needs of an axis, close together.
    struct AxisIndex
    {
      std::vector<double> edges;
      double bins_per_unit; ///< mean number of bins per unit
      std::size_t stride;   ///< distance of neighbours in the bin number

      std::size_t n_bins() const
      {
        return edges.size() - 1;
      }
    };

    std::vector<AxisIndex> axes;
    std::size_t n_axes = 0;
    std::vector<Bin> bins;
    std::vector<Pool> pools;
    std::shared_ptr<const MemoryJumps> jumps; ///< pool by pool
    std::size_t n_pooled = 0;
    std::size_t n_visited = 0;
  };
} // namespace seem::database

#endif
