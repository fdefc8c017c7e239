// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_SMOOTH_RATE_H
#define SEEM_DATABASE_SMOOTH_RATE_H

#include <seem/database/event_database.h>

#include <vector>

namespace seem::database
{
  /// Counts of one set of runs, bin by bin.
  struct BinCounts
  {
    std::vector<double> n_events; ///< [n_bins] event increments k
    std::vector<double> exposure; ///< [n_bins] visited strain E [-]
  };

  /**
   * The smooth rate of events at the bin centres, by penalised Poisson likelihood. With \f$\theta =
   * \ln\lambda\f$ it minimises
   * \f[ \sum_b \left(E_b e^{\theta_b} - k_b \theta_b\right)
   *     + \frac{1}{2\kappa^2} \int \sum_{ij} \left(\partial_i \partial_j \theta\right)^2, \f]
   * every axis of the grid measured from 0 to 1, the derivatives as second differences of the bins.
   * A bin without events takes part by its exposure; where nothing was visited the rate goes on as
   * smoothly as it can, and is kept within those of the visited bins. The problem is convex: the
   * minimum is unique unless all visits lie on one line.
   *
   * @param[in] axes       of the grid; an axis with a single bin carries no dependence
   * @param[in] counts     at least one event
   * @param[in] curvature  kappa [-], positive: second derivative of ln(lambda) over the whole range
   * that costs as much as one standard deviation; smaller is smoother
   * @return lambda [n_bins], per unit strain, first axis fastest
   * @throws InputError if nothing was counted or kappa is not positive
   */
  std::vector<double> smooth_rate(const std::vector<Axis> &axes, const BinCounts &counts,
                                  double curvature);

  /**
   * smooth_rate() for several curvatures, to compare them: each search begins where the one before
   * ended, so an ascending order is the fastest. Good to about 1e-8 of the rates.
   * @return lambda [n_curvatures][n_bins]
   * @throws InputError as smooth_rate()
   */
  std::vector<std::vector<double>> smooth_rates(const std::vector<Axis> &axes,
                                                const BinCounts &counts,
                                                const std::vector<double> &curvatures);

  /**
   * The smooth mean size of events at the bin centres, by penalised quasi-likelihood of sizes whose
   * standard deviation is proportional to their mean. With \f$\theta = \ln\mu\f$ it minimises
   * \f[ \frac1\phi\sum_b \left(y_b e^{-\theta_b} + n_b \theta_b\right) \f]
   * plus the penalty of smooth_rate().
   * @param[in] n_events      n [n_bins]
   * @param[in] sum_of_sizes  y [n_bins], their sum positive
   * @param[in] dispersion    phi, the variance of size over mean size [-]
   * @return mu [n_bins] in the unit of the sizes
   * @throws InputError if the mean size or kappa is not positive
   */
  std::vector<double> smooth_size(const std::vector<Axis> &axes,
                                  const std::vector<double> &n_events,
                                  const std::vector<double> &sum_of_sizes, double dispersion,
                                  double curvature);

  /// smooth_size() for several curvatures, as smooth_rates(): mu [n_curvatures][n_bins]
  std::vector<std::vector<double>> smooth_sizes(const std::vector<Axis> &axes,
                                                const std::vector<double> &n_events,
                                                const std::vector<double> &sum_of_sizes,
                                                double dispersion,
                                                const std::vector<double> &curvatures);

  /// Poisson deviance of @p counts from @p rate, twice the logarithm of the likelihood ratio to
  /// k/E in each bin: what cross-validation adds up.
  double poisson_deviance(const BinCounts &counts, const std::vector<double> &rate);
} // namespace seem::database

#endif
