// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_VALIDATION_VERDICT_H
#define SEEM_STATISTICS_VALIDATION_VERDICT_H

#include <seem/statistics/validation.h>

#include <optional>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// What a validation must reach. A number that is not set is not judged.
  struct Thresholds
  {
    std::optional<double> yield_peak = 3.0; ///< largest difference of the yield peak [%]
    std::optional<double> end_stress = 5.0; ///< of the end stress [%]
    std::optional<double> events;           ///< of the events per unit strain [%]
    std::optional<double> stress_rms;       ///< rms difference of the mean stress [GPa]
    std::optional<double> x1_rms;           ///< of the mean X1 [eV per atom]
    std::optional<double> size_distance;    ///< Kolmogorov-Smirnov distance of dtau [-]
    std::optional<double> spread; ///< difference of the spread of X1, in % of that of the runs

    /// Judge LabelValidation::few_paths_peak, which carries the bias of the runs' peak, instead of
    /// yield_peak.
    bool peak_of_few_paths = true;

    /// Limits in % are widened to so many standard errors of the difference ...
    std::optional<double> standard_errors = 2.0;
    /// ... but never beyond this [%].
    std::optional<double> largest_error = 10.0;
  };

  /// One number held against its threshold.
  struct Check
  {
    std::string quantity; ///< e.g. "yield peak"
    std::string label;    ///< or "all"
    std::string unit;     ///< of value and limit
    double value = 0.0;   ///< its absolute value counts
    double limit = 0.0;   ///< after widening
    bool judged = false;  ///< false: too few glasses; reported only
    bool passed = false;  ///< |value| <= limit
  };

  /// Hold a validation against thresholds, label by label; labels that are not judged are reported.
  std::vector<Check> hold_against(const Validation &validation, const Thresholds &thresholds);

  /// True if no judged check failed.
  bool passed(const std::vector<Check> &checks);

  /// True if there is a check that counts.
  bool any_judged(const std::vector<Check> &checks);
} // namespace seem::statistics

#endif
