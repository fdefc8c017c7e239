// SPDX-License-Identifier: LGPL-2.1-or-later
#include "point_results.h"

#include <seem/io/csv_writer.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::commands
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    std::vector<statistics::Curve> curves_of(const LabelledEnsemble &labelled)
    {
      std::vector<statistics::Curve> curves;
      for (std::size_t i = 0; i < labelled.ensemble.n_paths(); ++i)
        curves.push_back({labelled.label, "", labelled.ensemble.strain, labelled.ensemble.tau[i],
                          labelled.ensemble.x1[i]});
      return curves;
    }

    /// Events per unit strain of the runs of a label up to @p end, as far as the table has them.
    std::optional<double> events_of_database(const database::EventDatabase &database,
                                             const std::string &label, const double end)
    {
      double strain = 0.0, n_events = 0.0;
      for (const database::Sample &sample : database.samples)
        if (sample.label == label)
          strain += std::min(sample.final_strain, end);
      for (std::size_t i = 0; i < database.events.size(); ++i)
        if (database.samples[database.events.sample[i]].label == label &&
            database.events.strain[i] < end)
          n_events += 1.0;
      if (!(strain > 0.0))
        return {};
      return n_events / strain;
    }

    double percent(const double model, const double reference)
    {
      return 100.0 * (model - reference) / reference;
    }

    std::string with_error(const statistics::Estimate &estimate)
    {
      return std::isnan(estimate.standard_error)
                 ? fmt::format("{:.3f}", estimate.value)
                 : fmt::format("{:.3f} +- {:.3f}", estimate.value, estimate.standard_error);
    }
  } // namespace

  std::vector<PointComparison> compare(const std::vector<LabelledEnsemble> &ensembles,
                                       const std::vector<statistics::Curve> &aqs,
                                       const database::EventDatabase &database)
  {
    const std::map<std::string, std::vector<statistics::Curve>> runs = statistics::by_label(aqs);
    std::vector<PointComparison> comparisons;
    for (const LabelledEnsemble &labelled : ensembles)
    {
      const PointEnsemble &ensemble = labelled.ensemble;
      PointComparison comparison;
      comparison.source = labelled.source;
      comparison.label = labelled.label;
      comparison.activity = ensemble.activity;
      comparison.work = ensemble.work;
      comparison.energy_drift = ensemble.energy_drift();
      comparison.n_paths = ensemble.n_paths();
      comparison.final_strain = ensemble.strain.back();

      statistics::CurveSettings settings;
      settings.end_strain = comparison.final_strain;
      settings.spacing = std::min(settings.spacing, comparison.final_strain);
      if (const auto found = runs.find(labelled.label); found != runs.end())
      {
        comparison.aqs = statistics::figures(found->second, settings);
        settings.end_strain = comparison.aqs->common_strain;
        comparison.aqs_events = events_of_database(database, labelled.label, settings.end_strain);
      }
      comparison.model = statistics::figures(curves_of(labelled), settings);

      const std::vector<double> counts(ensemble.n_events.begin(), ensemble.n_events.end());
      comparison.model_events =
          statistics::interpolate(ensemble.strain, counts, settings.end_strain) /
          (settings.end_strain * static_cast<double>(ensemble.n_paths()));
      comparisons.push_back(comparison);
    }
    return comparisons;
  }

  std::string comparison_text(const std::vector<PointComparison> &comparisons)
  {
    std::string text = fmt::format("{:<10} {:<10} {:>5} {:>6} {:>16} {:>8} {:>16} {:>8} {:>10}\n",
                                   "label", "source", "paths", "to", "yield peak", "against",
                                   "end stress", "against", "events");
    text += fmt::format("{:<10} {:<10} {:>5} {:>6} {:>16} {:>8} {:>16} {:>8} {:>10}\n", "", "", "",
                        "strain", "GPa", "AQS", "GPa", "AQS", "per strain");
    const auto row = [&](const std::string &source, const statistics::CurveFigures &f,
                         const statistics::CurveFigures *reference, const std::string &label,
                         const std::optional<double> events) {
      const auto against = [&](const statistics::Estimate statistics::CurveFigures::*member) {
        return reference == nullptr ? std::string()
                                    : fmt::format("{:+.1f} %", percent((f.*member).value,
                                                                       (reference->*member).value));
      };
      text += fmt::format("{:<10} {:<10} {:>5} {:>6.3f} {:>16} {:>8} {:>16} {:>8} {:>10}\n", label,
                          source, f.n_curves, f.common_strain, with_error(f.yield_peak),
                          against(&statistics::CurveFigures::yield_peak), with_error(f.end_stress),
                          against(&statistics::CurveFigures::end_stress),
                          events ? fmt::format("{:.0f}", *events) : "");
    };
    std::vector<std::string> shown;
    for (const PointComparison &c : comparisons)
    {
      if (c.aqs && std::find(shown.begin(), shown.end(), c.label) == shown.end())
      {
        row("AQS", *c.aqs, nullptr, c.label, c.aqs_events);
        shown.push_back(c.label);
      }
      row(c.source, c.model, c.aqs ? &*c.aqs : nullptr, c.label, c.model_events);
    }

    text += fmt::format("\n{:<10} {:<10} {:>10} {:>9} {:>8} {:>8} {:>8} {:>14} {:>12}\n", "label",
                        "source", "events", "unvisited", "forced", "capped", "gaining", "heat",
                        "energy drift");
    text += fmt::format("{:<10} {:<10} {:>10} {:>9} {:>8} {:>8} {:>8} {:>14} {:>12}\n", "", "", "",
                        "%", "%", "%", "%", "GPa per strain", "% of work");
    for (const PointComparison &c : comparisons)
    {
      const law::Activity &a = c.activity;
      const auto share = [&](const unsigned int n) {
        return c.source == "bernoulli"
                   ? std::string("-")
                   : fmt::format("{:.2f}", 100.0 * n / std::max(1.0, 1.0 * a.n_events));
      };
      text += fmt::format(
          "{:<10} {:<10} {:>10} {:>9} {:>8} {:>8} {:>8} {:>14} {:>12}\n", c.label, c.source,
          a.n_events, share(a.n_outside), share(a.n_forced), share(a.n_capped), share(a.n_gaining),
          c.source == "bernoulli"
              ? "-"
              : fmt::format("{:.4f}", a.heat / (static_cast<double>(c.n_paths) * c.final_strain)),
          c.source == "bernoulli" ? "-" : fmt::format("{:+.3f}", 100.0 * c.energy_drift / c.work));
    }
    return text;
  }

  void write_summary(const std::filesystem::path &path,
                     const std::vector<PointComparison> &comparisons)
  {
    io::CsvWriter csv(path, {"source",
                             "label",
                             "n_paths",
                             "n_aqs",
                             "n_aqs_glasses",
                             "common_strain",
                             "yield_peak_GPa",
                             "yield_peak_se_GPa",
                             "yield_strain",
                             "aqs_yield_peak_GPa",
                             "aqs_yield_peak_se_GPa",
                             "aqs_yield_strain",
                             "yield_peak_difference_percent",
                             "end_stress_GPa",
                             "end_stress_se_GPa",
                             "aqs_end_stress_GPa",
                             "aqs_end_stress_se_GPa",
                             "end_stress_difference_percent",
                             "end_x1_eV",
                             "aqs_end_x1_eV",
                             "events_per_strain",
                             "aqs_events_per_strain",
                             "n_events",
                             "n_outside",
                             "n_forced",
                             "n_capped",
                             "n_gaining",
                             "heat_GPa_per_strain",
                             "work_GPa",
                             "energy_drift_GPa",
                             "backward_strain_share"});
    for (const PointComparison &c : comparisons)
    {
      statistics::CurveFigures aqs;
      aqs.yield_peak = aqs.end_stress = aqs.end_x1 = {not_a_number, not_a_number};
      aqs.yield_strain = not_a_number;
      if (c.aqs)
        aqs = *c.aqs;
      const law::Activity &a = c.activity;
      csv.row(c.source, c.label, c.n_paths, aqs.n_curves, aqs.n_glasses, c.model.common_strain,
              c.model.yield_peak.value, c.model.yield_peak.standard_error, c.model.yield_strain,
              aqs.yield_peak.value, aqs.yield_peak.standard_error, aqs.yield_strain,
              percent(c.model.yield_peak.value, aqs.yield_peak.value), c.model.end_stress.value,
              c.model.end_stress.standard_error, aqs.end_stress.value,
              aqs.end_stress.standard_error,
              percent(c.model.end_stress.value, aqs.end_stress.value), c.model.end_x1.value,
              aqs.end_x1.value, c.model_events, c.aqs_events.value_or(not_a_number), a.n_events,
              a.n_outside, a.n_forced, a.n_capped, a.n_gaining,
              a.heat / (static_cast<double>(c.n_paths) * c.final_strain), c.work, c.energy_drift,
              a.backward_strain / (a.forward_strain + a.backward_strain));
    }
    csv.close();
  }
} // namespace seem::commands
