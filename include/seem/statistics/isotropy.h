// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ISOTROPY_H
#define SEEM_STATISTICS_ISOTROPY_H

#include <seem/statistics/curves.h>

#include <cstddef>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// What one run says of the direction that it was sheared in.
  struct DirectedRun
  {
    std::size_t glass = 0; ///< number of the glass
    std::string direction;
    double mean_stress = 0.0; ///< of its curve over the common strain range [GPa]
    double n_events = 0.0;    ///< event increments
    double n_expected = 0.0;  ///< event increments at the mean rate of each state that it visited
  };

  /// One direction against the mean of the directions.
  struct DirectionEffect
  {
    std::string direction;
    std::size_t n_runs = 0;
    Estimate stress;     ///< mean stress minus that of the glass over all directions [GPa]
    Estimate rate_ratio; ///< events over expected events, relative to the mean of the directions
  };

  /// A test of one quantity: that no direction differs.
  struct DirectionTest
  {
    double chi_squared = 0.0; ///< Wald statistic, n_directions - 1 times F
    double p_value = 1.0;     ///< by the distribution of F
  };

  /**
   * Whether a glass answers in each direction alike, as a database of one scalar stress assumes.
   * Only glasses that were sheared in several directions count, each against itself:
   * \f[ y_{gd} = a_g + b_d + e_{gd},\qquad \sum_d b_d = 0, \f] by least squares, with the residual
   * variance for the standard errors of b and for F = (reduction of the squares by b)/((D - 1)
   * s^2).
   */
  struct Isotropy
  {
    bool tested = false;
    std::string reason; ///< why it was not tested
    std::size_t n_glasses = 0;
    std::size_t n_runs = 0;
    std::size_t degrees_of_freedom = 0; ///< of the residual variance
    std::vector<DirectionEffect> directions;
    DirectionTest stress; ///< y: mean stress
    DirectionTest rate;   ///< y: events over expected events

    /// A sentence for each quantity whose p-value is below 0.01.
    std::vector<std::string> contradictions() const;
  };

  /// Test isotropy; not tested with fewer than two directions or two glasses that were sheared in
  /// several, or if nothing is left to measure the scatter with.
  Isotropy test_isotropy(const std::vector<DirectedRun> &runs);
} // namespace seem::statistics

#endif
