// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_STATE_GRID_H
#define SEEM_DATABASE_STATE_GRID_H

#include <seem/core/state.h>
#include <seem/database/event_database.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace seem::database
{
  /**
   * The bins of the state space (tau, X1, ..., XM) spanned by the axes of a database.
   *
   * Bins are numbered with the first axis (tau) fastest: bin = i_tau + n_tau * (i_x1 + n_x1 * ...).
   * A bin holds its lower edge and not its upper one; only the last bin of an axis holds both.
   */
  class StateGrid
  {
  public:
    /**
     * @param[in] axes  1 to 1 + max_internal_variables axes, the first for tau, edges finite and
     * strictly growing
     * @throws InputError naming the axis that is wrong
     */
    explicit StateGrid(const std::vector<Axis> &axes);

    /// The coordinate of @p state along @p axis: tau for axis 0, X_axis for the others.
    static double coordinate(const State &state, std::size_t axis);

    const std::vector<Axis> &axes() const
    {
      return grid_axes;
    }

    std::size_t n_bins() const
    {
      return n_all_bins;
    }

    /// Bin of @p state, or nothing if it lies outside the grid (or is not a number).
    std::optional<std::size_t> bin(const State &state) const;

    /// Bin of @p state after each coordinate was moved to the nearest point of its axis.
    std::size_t clamped_bin(const State &state) const;

    /// Index along @p axis of the bin that holds @p value, clamped to the axis.
    std::size_t clamped_index(std::size_t axis, double value) const;

    /// Index of @p bin along each axis, [n_axes].
    std::vector<std::size_t> indices(std::size_t bin) const;

    /// Number of the bin with index @p indices along each axis, [n_axes].
    std::size_t bin_of_indices(const std::vector<std::size_t> &indices) const;

    /// Centre of @p bin.
    State centre(std::size_t bin) const;

  private:
    std::vector<Axis> grid_axes;
    std::size_t n_all_bins;
  };

  /**
   * An axis of @p n_bins equal bins from @p lower to @p upper.
   * @throws InputError if there is no bin or upper does not exceed lower
   */
  Axis uniform_axis(const std::string &name, const std::string &unit, double lower, double upper,
                    std::size_t n_bins);
} // namespace seem::database

#endif
