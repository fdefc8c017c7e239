// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_JACKKNIFE_H
#define SEEM_STATISTICS_JACKKNIFE_H

#include <seem/statistics/curves.h>

#include <cstddef>
#include <functional>
#include <vector>

namespace seem::statistics
{
  /**
   * A statistic of clustered data with its standard error, by leaving out one cluster at a time:
   * with f_g the statistic without cluster g and n_s clusters in the stratum s,
   * \f[ s^2 = \sum_s \frac{n_s - 1}{n_s}\sum_{g\in s}(f_g - \bar f_s)^2. \f]
   * Of a mean of equally large clusters it is clustered_mean() exactly.
   *
   * @param[in] stratum    of each cluster, [n_clusters]: clusters of different strata are
   * independent samples (e.g. glasses of two labels); every one the same for one sample
   * @param[in] statistic  called with the cluster to leave out, or n_clusters for none
   * @return the statistic of all; the error is NaN if a stratum has a single cluster
   *
   * Source: Efron and Stein, The jackknife estimate of variance, Ann. Statist. 9, 586 (1981).
   */
  Estimate jackknife(const std::vector<std::size_t> &stratum,
                     const std::function<double(std::size_t left_out)> &statistic);
} // namespace seem::statistics

#endif
