// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_COMPARISON_H
#define SEEM_DATABASE_COMPARISON_H

#include <seem/database/event_database.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace seem::database
{
  /// A number of two databases. difference = (b - a) over the root of the sum of the squared
  /// standard errors; NaN unless both have one.
  struct ComparedNumber
  {
    std::string name;
    std::string unit;
    FittedNumber a, b;
    double difference = std::numeric_limits<double>::quiet_NaN();
  };

  /// A quantity of one bin in two databases.
  struct ComparedBin
  {
    std::size_t bin;
    std::size_t n_a, n_b; ///< events
    FittedNumber a, b;
    double difference; ///< (b - a) in standard errors
  };

  /// A quantity bin by bin, and over all states that both visited.
  struct ComparedStatistic
  {
    std::string name;
    std::string unit;
    std::vector<ComparedBin> bins;
    double chi_squared = 0.0; ///< sum of the squared differences of the bins
    double p_value = 1.0;     ///< of chi_squared with as many degrees of freedom as bins

    /// Means over the bins that both visited (of jumps: where both have events) at equal state,
    /// with the same weights \f$w = x_a x_b/(x_a + x_b)\f$ in both, x the exposure (of the rate) or
    /// the number of events. NaN without such a bin.
    double mean_a = std::numeric_limits<double>::quiet_NaN(),
           mean_b = std::numeric_limits<double>::quiet_NaN();

    /// mean_b - mean_a; its standard error is that of the jackknife over the glasses of each
    /// database, NaN where one of them has a single glass or no visits.
    FittedNumber shift;

    /// The shift in standard errors.
    double difference = std::numeric_limits<double>::quiet_NaN();
  };

  /// A setting that differs; empty where a database does not have it.
  struct ComparedSetting
  {
    std::string name;
    std::string a, b;
  };

  /// How two databases differ.
  struct Comparison
  {
    std::vector<ComparedNumber> constants; ///< of the elasticity, u0, the volume, the memory
    ComparedNumber total_rate;             ///< all events over all exposure [1/strain]
    bool same_grid = false;                ///< bins can be compared one by one
    std::vector<Axis> axes;                ///< tau and X1, if they can

    ComparedStatistic rate; ///< [1/strain]; the others are of the jumps: mean dtau, mean dX1
    ComparedStatistic dtau; ///< [GPa]
    ComparedStatistic dx1;  ///< [eV per atom]

    std::size_t n_common_runs = 0; ///< by their checksums; if any, the errors are too large
    std::vector<ComparedSetting> settings;
  };

  /**
   * Compare two databases, the memory left out of account.
   *
   * Bins where both hold five events or more are compared. The rate of a bin with n events in the
   * exposure E has the variance phi lambda/E, phi >= 1 the mean over the bins and glasses of the
   * squared deviations from Poisson numbers in units of their mean; for the difference, lambda is
   * that of both databases together. The mean of n jumps has the variance of the jumps over n.
   * @throws InputError if one of them is inconsistent
   */
  Comparison compare(const EventDatabase &a, const EventDatabase &b);
} // namespace seem::database

#endif
