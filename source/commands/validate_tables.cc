// SPDX-License-Identifier: LGPL-2.1-or-later
#include "validate_results.h"

#include <seem/io/csv_writer.h>
#include <seem/statistics/quantiles.h>

#include <algorithm>
#include <limits>

namespace seem::commands
{
  namespace
  {
    using statistics::LabelValidation;

    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    template <typename Visit>
    void for_each_label(const ValidateResults &results, const Visit &visit)
    {
      for (const HoldOutResult &result : results.hold_outs)
        for (const LabelValidation &label : result.validation.labels)
          visit(result, label);
    }

    std::vector<double> event_column(const std::vector<statistics::ValidationPath> &paths,
                                     const LabelValidation &label,
                                     std::vector<double> statistics::PathEvents::*column)
    {
      std::vector<double> values;
      for (const statistics::ValidationPath &path : paths)
        for (std::size_t i = 0; path.label == label.label && i < path.events.size(); ++i)
          if (path.events.strain[i] < label.common_strain)
            values.push_back((path.events.*column)[i]);
      return values;
    }
  } // namespace

  void write_validation_curves(const std::filesystem::path &path, const ValidateResults &results)
  {
    io::CsvWriter csv(path, {"held_out", "label", "strain", "tau_runs_GPa", "tau_runs_se_GPa",
                             "tau_model_GPa", "tau_model_se_GPa", "x1_runs_eV", "x1_runs_se_eV",
                             "x1_model_eV", "x1_model_se_eV"});
    for_each_label(results, [&](const HoldOutResult &result, const LabelValidation &l) {
      for (std::size_t i = 0; i < std::min(l.runs.strain.size(), l.model.strain.size()); ++i)
        csv.row(statistics::name(result.hold_out), l.label, l.runs.strain[i], l.runs.tau[i],
                l.runs.tau_error[i], l.model.tau[i], l.model.tau_error[i], l.runs.x1[i],
                l.runs.x1_error[i], l.model.x1[i], l.model.x1_error[i]);
    });
    csv.close();
  }

  void write_validation_labels(const std::filesystem::path &path, const ValidateResults &results)
  {
    io::CsvWriter csv(path, {"held_out", "label", "judged", "quantity", "unit", "runs", "runs_se",
                             "model", "model_se", "difference_percent", "difference_percent_se"});
    for_each_label(results, [&](const HoldOutResult &result, const LabelValidation &l) {
      const auto row = [&](const char *quantity, const char *unit, const statistics::Compared &c) {
        csv.row(statistics::name(result.hold_out), l.label, l.judged ? 1 : 0, quantity, unit,
                c.runs.value, c.runs.standard_error, c.model.value, c.model.standard_error,
                c.percent(), c.percent_error());
      };
      row("yield peak", "GPa", l.yield_peak);
      row("yield peak of few paths", "GPa", l.few_paths_peak);
      row("end stress", "GPa", l.end_stress);
      row("end X1", "eV", l.end_x1);
      row("end u", "eV", l.end_u);
      row("scatter of stress", "GPa", l.scatter_tau);
      row("scatter of X1", "eV", l.scatter_x1);
      row("events per unit strain", "1", {l.run_events.per_strain, l.model_events.per_strain});
      row("Fano factor", "1", {l.run_events.fano, l.model_events.fano});
    });
    csv.close();
  }

  void write_validation_folds(const std::filesystem::path &path, const ValidateResults &results)
  {
    io::CsvWriter csv(path,
                      {"held_out", "fold", "run", "label", "n_training_runs", "u0_eV", "G0_GPa",
                       "uA_eV", "n_events", "initial_tau_GPa", "initial_x1_eV", "end_stress_GPa",
                       "model_end_stress_GPa", "stress_rms_GPa", "x1_rms_eV"});
    for (const HoldOutResult &result : results.hold_outs)
      for (const FoldResult &fold : result.folds)
        for (const statistics::ValidationPath &run : fold.runs)
        {
          std::vector<statistics::ValidationPath> model;
          for (const statistics::ValidationPath &candidate : fold.model)
            if (candidate.run == run.run)
              model.push_back(candidate);
          const statistics::Validation v = statistics::validate({run}, model);
          const LabelValidation &l = v.labels.front();
          const statistics::HarvestReport &report = fold.report;
          csv.row(statistics::name(result.hold_out), fold.fold.name, run.run, run.label,
                  fold.fold.training.size(), report.u0.value, report.elasticity.g0.value,
                  report.elasticity.u_a.value, report.events.in_table, run.tau.front(),
                  run.x1.front(), l.end_stress.runs.value, l.end_stress.model.value, l.tau.rms,
                  l.x1.rms);
        }
    csv.close();
  }

  void write_validation_events(const std::filesystem::path &path, const ValidateResults &results)
  {
    io::CsvWriter csv(path, {"held_out", "label", "strain", "events_runs", "events_model"});
    for_each_label(results, [&](const HoldOutResult &result, const LabelValidation &l) {
      for (std::size_t i = 0; i < l.run_events.strain.size(); ++i)
        csv.row(statistics::name(result.hold_out), l.label, l.run_events.strain[i],
                l.run_events.mean[i],
                i < l.model_events.mean.size() ? l.model_events.mean[i] : not_a_number);
    });
    csv.close();
  }

  void write_validation_sizes(const std::filesystem::path &path, const ValidateResults &results)
  {
    // Both tails in steps of the logarithm.
    const std::vector<double> probabilities = {0.0,  0.001, 0.003, 0.01,  0.03,  0.05,  0.1, 0.15,
                                               0.2,  0.25,  0.3,   0.35,  0.4,   0.45,  0.5, 0.55,
                                               0.6,  0.65,  0.7,   0.75,  0.8,   0.85,  0.9, 0.93,
                                               0.95, 0.97,  0.985, 0.993, 0.997, 0.999, 1.0};
    io::CsvWriter csv(path,
                      {"held_out", "label", "quantity", "unit", "probability", "runs", "model"});
    for_each_label(results, [&](const HoldOutResult &result, const LabelValidation &l) {
      const auto write = [&](const char *quantity, const char *unit,
                             std::vector<double> statistics::PathEvents::*column) {
        const std::vector<double> runs =
            statistics::quantiles(event_column(result.runs, l, column), probabilities);
        const std::vector<double> model =
            statistics::quantiles(event_column(result.model, l, column), probabilities);
        for (std::size_t i = 0; i < probabilities.size(); ++i)
          csv.row(statistics::name(result.hold_out), l.label, quantity, unit, probabilities[i],
                  runs[i], model[i]);
      };
      write("stress drop", "GPa", &statistics::PathEvents::dtau);
      write("heat", "eV per cell", &statistics::PathEvents::heat);
      write("plastic strain", "1", &statistics::PathEvents::plastic_strain);
    });
    csv.close();
  }

  void write_validation_hazard(const std::filesystem::path &path, const ValidateResults &results)
  {
    io::CsvWriter csv(path,
                      {"held_out", "label", "age_low", "age_high", "exposure_runs", "hazard_runs",
                       "hazard_runs_se", "exposure_model", "hazard_model", "hazard_model_se"});
    for_each_label(results, [&](const HoldOutResult &result, const LabelValidation &l) {
      for (std::size_t k = 0; k < l.run_hazard.low.size(); ++k)
        csv.row(statistics::name(result.hold_out), l.label, l.run_hazard.low[k],
                l.run_hazard.high[k], l.run_hazard.exposure[k], l.run_hazard.hazard[k].value,
                l.run_hazard.hazard[k].standard_error, l.model_hazard.exposure[k],
                l.model_hazard.hazard[k].value, l.model_hazard.hazard[k].standard_error);
    });
    csv.close();
  }
} // namespace seem::commands
