// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/validation_verdict.h>

#include <algorithm>
#include <cmath>

namespace seem::statistics
{
  namespace
  {
    /// A limit in %, widened to standard errors where these are larger, never beyond the largest.
    double widened(const double limit, const double standard_error, const Thresholds &thresholds)
    {
      double result = limit;
      if (thresholds.standard_errors && std::isfinite(standard_error))
        result = std::max(result, *thresholds.standard_errors * standard_error);
      return thresholds.largest_error ? std::min(result, *thresholds.largest_error) : result;
    }

    /// Collects checks of one label.
    class Checks
    {
    public:
      Checks(const std::string &label, const bool judged, std::vector<Check> &checks)
          : label(label), judged(judged), checks(checks)
      {
      }

      void number(const std::string &quantity, const std::string &unit, const double value,
                  const std::optional<double> &limit)
      {
        if (limit)
          // A value that is no number fails.
          checks.push_back(
              {quantity, label, unit, value, *limit, judged, std::abs(value) <= *limit});
      }

      void percent(const std::string &quantity, const Compared &compared,
                   const std::optional<double> &limit, const Thresholds &thresholds)
      {
        if (limit)
          number(quantity, "%", compared.percent(),
                 widened(*limit, compared.percent_error(), thresholds));
      }

    private:
      std::string label;
      bool judged;
      std::vector<Check> &checks;
    };
  } // namespace

  std::vector<Check> hold_against(const Validation &validation, const Thresholds &thresholds)
  {
    std::vector<Check> result;
    for (const LabelValidation &label : validation.labels)
    {
      Checks checks(label.label, label.judged, result);
      checks.percent("yield peak",
                     thresholds.peak_of_few_paths ? label.few_paths_peak : label.yield_peak,
                     thresholds.yield_peak, thresholds);
      checks.percent("end stress", label.end_stress, thresholds.end_stress, thresholds);
      checks.percent("events per unit strain",
                     {label.run_events.per_strain, label.model_events.per_strain},
                     thresholds.events, thresholds);
      checks.number("stress rms", "GPa", label.tau.rms, thresholds.stress_rms);
      checks.number("X1 rms", "eV per atom", label.x1.rms, thresholds.x1_rms);
      checks.number("event size distance", "", label.dtau.distance.value, thresholds.size_distance);
    }
    for (const Spread &spread : validation.spread)
    {
      bool judged = true;
      for (const LabelValidation &label : validation.labels)
        if (label.label == spread.slow || label.label == spread.fast)
          judged = judged && label.judged;
      Checks checks(spread.slow + " to " + spread.fast, judged, result);
      checks.percent("spread of X1", spread.x1, thresholds.spread, thresholds);
    }
    return result;
  }

  bool passed(const std::vector<Check> &checks)
  {
    return std::none_of(checks.begin(), checks.end(),
                        [](const Check &c) { return c.judged && !c.passed; });
  }

  bool any_judged(const std::vector<Check> &checks)
  {
    return std::any_of(checks.begin(), checks.end(), [](const Check &c) { return c.judged; });
  }
} // namespace seem::statistics
