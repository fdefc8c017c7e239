// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_VALIDATION_EVENTS_H
#define SEEM_STATISTICS_VALIDATION_EVENTS_H

#include <seem/statistics/curves.h>
#include <seem/statistics/validation_path.h>

#include <array>
#include <cstddef>
#include <vector>

namespace seem::statistics
{
  /// Events of paths in windows of strain.
  struct EventWindows
  {
    std::vector<double> strain; ///< middle of each window, [n_windows] [-]
    std::vector<double> mean;   ///< mean number of events of a path in it, [n_windows]
    Estimate per_strain;        ///< events per unit strain over all windows
    /// Variance over mean of the number of events of a path in a window: the sum over the windows
    /// of the variance over the paths, by the sum of the means. 1 for a Poisson process of one
    /// rate; NaN with a single path.
    Estimate fano;
  };

  /**
   * Count the events of paths, all taken as one label, in windows of width @p width from the
   * largest first strain up to @p end; a rest shorter than a window is left out.
   * @throws InputError if there is no path or no window
   */
  EventWindows event_windows(const std::vector<ValidationPath> &paths, double width, double end);

  /**
   * Kolmogorov-Smirnov distance of two samples: the largest difference between their cumulative
   * distributions, in 0..1; NaN if one is empty.
   */
  double ks_distance(std::vector<double> a, std::vector<double> b);

  /// Kolmogorov-Smirnov distance between two sets of events, with what it must be held against.
  struct SizeDistance
  {
    Estimate distance; ///< model against runs; the error from leaving out glasses of the runs
    /// Exceeded in 5 % of comparisons of independent events of one distribution:
    /// 1.358 sqrt(1/n + 1/m).
    double critical = 0.0;
    /// Mean distance between the events of one glass and those of the other glasses of its label;
    /// NaN with a single glass. A model cannot be nearer to the runs than they are to each other.
    double between_glasses = 0.0;
  };

  /// Compare one column of the events of a label up to strain @p end, e.g. &PathEvents::dtau.
  SizeDistance size_distance(const std::vector<ValidationPath> &runs,
                             const std::vector<ValidationPath> &model,
                             std::vector<double> PathEvents::*column, double end);

  /// Hazard of the next event by the strain since the last one.
  struct AgeHazard
  {
    std::vector<double> low, high; ///< edges of each bin of that strain [-]
    std::vector<double> exposure;  ///< strain spent in it, all paths [-]
    std::vector<Estimate> hazard;  ///< events per unit strain; NaN without exposure
  };

  /**
   * Hazard against the strain since the last event, up to strain @p end. The time before the first
   * event of a path, whose last event is unknown, does not count; the time after the last one does.
   * @param[in] edges  of the bins, growing. Runs place an event at the beginning of its increment,
   * so that ages are multiples of it: edges halfway between multiples compare runs and model fairly
   */
  AgeHazard hazard_since_event(const std::vector<ValidationPath> &paths,
                               const std::vector<double> &edges, double end);

  /// Edges 1/2, 3/2, 7/2, 15/2, ... 2^n - 1/2 times the increment: bins of 1, 2, 4 ... increments.
  std::vector<double> age_edges(double increment, std::size_t n_bins);

  /// Events of one preparation over those of another where both were in the same state.
  struct EqualStateRatio
  {
    Estimate dtau;         ///< ratio of the mean stress deficits
    Estimate heat;         ///< ratio of the mean energy losses
    Estimate rate;         ///< ratio of the hazards
    double n_events = 0.0; ///< effective number: sum over bins of n_a n_b/(n_a + n_b)
  };

  /**
   * Compare events of two sets of paths at equal state (tau, X1), which at one u0 is equal (tau,
   * u). With n_a, n_b events, mean sizes s_a, s_b and strain E_a, E_b spent in a bin of the state
   * space, \f[ R_s = \frac{\sum w s_a}{\sum w s_b},\ w = \frac{n_a n_b}{n_a + n_b};\qquad R_\lambda
   * = \frac{\sum n_a E_b/(E_a + E_b)}{\sum n_b E_a/(E_a + E_b)}, \f] the latter the estimate of
   * Mantel and Haenszel. Errors from leaving out clusters of a and of b.
   * @param[in] n_bins  along tau and X1, over what both sets visited
   */
  EqualStateRatio equal_state_ratio(const std::vector<ValidationPath> &a,
                                    const std::vector<ValidationPath> &b,
                                    std::array<std::size_t, 2> n_bins, double end);

  /// Which cluster each path is of, [n_paths], numbered from 0; a path without a cluster is its
  /// own.
  std::vector<std::size_t> cluster_numbers(const std::vector<ValidationPath> &paths);
} // namespace seem::statistics

#endif
