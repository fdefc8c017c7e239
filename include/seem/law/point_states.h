// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_POINT_STATES_H
#define SEEM_LAW_POINT_STATES_H

#include <seem/law/material_law.h>

#include <cstddef>
#include <string>
#include <vector>

namespace seem::law
{
  /**
   * The states of many points of one law on two levels: committed, what was accepted last, and
   * trial, what the present attempt makes of it. Flat arrays, point by point; no allocation after
   * construction.
   */
  class PointStates
  {
  public:
    /**
     * @param[in] layout    MaterialLaw::state_layout() of the law
     * @param[in] n_points  number of points; their states are zero until set
     */
    PointStates(std::vector<StateField> layout, std::size_t n_points);

    std::size_t n_points() const
    {
      return n;
    }

    /// Numbers per state.
    std::size_t state_size() const
    {
      return stride;
    }

    /// Trial state of @p point, state_size() numbers.
    double *operator[](const std::size_t point)
    {
      return trial.data() + point * stride;
    }
    const double *operator[](const std::size_t point) const
    {
      return trial.data() + point * stride;
    }

    /// Committed state of @p point.
    const double *committed(const std::size_t point) const
    {
      return accepted.data() + point * stride;
    }

    /// Accept all trial states.
    void commit();

    /// Return all trial states to the committed ones, bit by bit.
    void roll_back();

    /// Memory of one point with both levels [bytes].
    std::size_t bytes_per_point() const
    {
      return 2 * stride * sizeof(double);
    }

    /**
     * The committed states with the layout that they belong to, as bytes: a versioned archive that
     * machines of the same byte order can read.
     */
    std::string serialise() const;

    /**
     * Take states from serialise(); both levels then hold them, bit by bit.
     * @throws InputError if the bytes are damaged, of another version, of another law (the first
     * differing part is named) or of another number of points; nothing is changed then
     */
    void restore(const std::string &bytes);

  private:
    std::vector<StateField> layout;
    std::size_t n;
    std::size_t stride;
    std::vector<double> accepted; ///< [n_points][state_size]
    std::vector<double> trial;    ///< [n_points][state_size]
  };
} // namespace seem::law

#endif
