// SPDX-License-Identifier: LGPL-2.1-or-later
#include "validate_results.h"

#include <fmt/format.h>

#include <cmath>

namespace seem::commands
{
  namespace
  {
    using statistics::Compared;
    using statistics::Estimate;
    using statistics::LabelValidation;

    std::string number(const double value, const int digits)
    {
      return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : std::string("-");
    }

    /// "2.32 +- 0.05"; without the error where there is none.
    std::string with_error(const Estimate &estimate, const int digits, const double scale = 1.0)
    {
      std::string text = number(scale * estimate.value, digits);
      if (std::isfinite(estimate.standard_error))
        text += fmt::format(" +- {:.{}f}", scale * estimate.standard_error, digits);
      return text;
    }

    std::string heading(const HoldOutResult &result)
    {
      switch (result.hold_out)
      {
      case statistics::HoldOut::glass:
        return fmt::format("Glasses held out ({} folds): every run is predicted by a harvest "
                           "without its glass",
                           result.folds.size());
      case statistics::HoldOut::label:
        return fmt::format("Labels held out ({} folds): every run is predicted by a harvest of the "
                           "other labels",
                           result.folds.size());
      case statistics::HoldOut::none:
        break;
      }
      return "Nothing held out: the model beside the runs that it was made from";
    }

    std::string row(const std::string &label, const std::string &name, const std::string &runs,
                    const std::string &model, const std::string &comparison)
    {
      return fmt::format("{:<10} {:<28} {:>18} {:>18}  {}\n", label, name, runs, model, comparison);
    }

    std::string row(const std::string &label, const std::string &name, const Compared &compared,
                    const int digits, const double scale = 1.0)
    {
      std::string comparison = fmt::format("{:+.1f} %", compared.percent());
      if (std::isfinite(compared.standard_error()))
        comparison +=
            fmt::format(" ({:+.1f} s.e.)", compared.difference() / compared.standard_error());
      return row(label, name, with_error(compared.runs, digits, scale),
                 with_error(compared.model, digits, scale), comparison);
    }

    std::string distance_row(const std::string &name, const statistics::SizeDistance &distance)
    {
      return row(
          "", name, number(distance.between_glasses, 3), with_error(distance.distance, 3),
          fmt::format("5 % of chance above {:.3f}; runs: between glasses", distance.critical));
    }

    std::string label_text(const LabelValidation &label)
    {
      std::string text = row(label.label, fmt::format("to strain {:.3f}", label.common_strain),
                             fmt::format("{} runs, {} gl.", label.n_runs, label.n_glasses),
                             fmt::format("{} paths", label.n_paths),
                             label.judged ? "" : "too few glasses: reported, not judged");
      text += row("", "yield peak [GPa]", label.yield_peak, 3);
      text += row("", "  of as few paths as runs", label.few_paths_peak, 3);
      text += row("", "end stress [GPa]", label.end_stress, 3);
      text += row("", "end X1 [meV/atom]", label.end_x1, 2, 1e3);
      text += row("", "end u [meV/atom]", label.end_u, 2, 1e3);
      const auto rms = [&](const std::string &name, const statistics::CurveDistance &distance,
                           const int digits, const double scale) {
        return row("", name, "", number(scale * distance.rms, digits),
                   std::isfinite(distance.in_errors)
                       ? fmt::format("{:.2f} s.e.", distance.in_errors)
                       : std::string());
      };
      text += rms("rms of mean stress [GPa]", label.tau, 3, 1.0);
      text += rms("rms of mean X1 [meV/atom]", label.x1, 2, 1e3);
      text += row("", "scatter of stress [GPa]", label.scatter_tau, 3);
      text += row("", "scatter of X1 [meV/atom]", label.scatter_x1, 2, 1e3);
      text += row("", "events per unit strain",
                  {label.run_events.per_strain, label.model_events.per_strain}, 0);
      text += row("", "Fano factor of events", {label.run_events.fano, label.model_events.fano}, 2);
      text += distance_row("KS distance of dtau", label.dtau);
      text += distance_row("KS distance of heat", label.heat);
      text += distance_row("KS distance of plastic strain", label.plastic_strain);
      return text;
    }

    /// Hazard by the strain since the last event, all in one line per label.
    std::string hazard_text(const statistics::Validation &validation)
    {
      std::string text =
          "\nHazard [per unit strain] by the strain since the last event, runs / model\n";
      text += fmt::format("{:<10}", "from");
      for (const double low : validation.labels.front().run_hazard.low)
        text += fmt::format(" {:>13.2g}", low);
      text += "\n";
      for (const LabelValidation &label : validation.labels)
      {
        text += fmt::format("{:<10}", label.label);
        for (std::size_t k = 0; k < label.run_hazard.hazard.size(); ++k)
          text += fmt::format(" {:>13}", number(label.run_hazard.hazard[k].value, 0) + " / " +
                                             number(label.model_hazard.hazard[k].value, 0));
        text += "\n";
      }
      return text;
    }

    std::string between_labels_text(const statistics::Validation &validation)
    {
      std::string text;
      for (const statistics::Spread &spread : validation.spread)
      {
        text += fmt::format("\nFastest cooled {} minus slowest {}, at strain {:.3f}\n", spread.fast,
                            spread.slow, spread.end_strain);
        const auto energy = [&](const std::string &name, const Compared &compared,
                                const double initial) {
          return row("", name + " [meV/atom]", with_error(compared.runs, 2, 1e3),
                     with_error(compared.model, 2, 1e3),
                     fmt::format("{:.0f} % / {:.0f} % of {:.2f} at the beginning",
                                 100.0 * compared.runs.value / initial,
                                 100.0 * compared.model.value / initial, 1e3 * initial));
        };
        text += energy("X1", spread.x1, spread.initial_x1);
        text += energy("u", spread.u, spread.initial_u);
        text +=
            row("", "tau [GPa]", with_error(spread.tau.runs, 3), with_error(spread.tau.model, 3),
                fmt::format("{:.1f} % / {:.1f} % of the mean",
                            100.0 * spread.tau.runs.value / spread.mean_stress,
                            100.0 * spread.tau.model.value / spread.mean_stress));
      }
      if (!validation.ratios.empty())
        text += "\nEvents at equal (tau, X1), ratio of labels\n";
      for (const statistics::PreparationRatio &ratio : validation.ratios)
      {
        const std::string name = ratio.label + "/" + ratio.reference;
        const auto line = [&](const std::string &label, const std::string &what,
                              const Estimate &runs, const Estimate &model) {
          return row(label, what, with_error(runs, 2), with_error(model, 2), "");
        };
        text += line(name, "stress drop", ratio.runs.dtau, ratio.model.dtau);
        text += line("", "heat", ratio.runs.heat, ratio.model.heat);
        text += line("", "hazard", ratio.runs.rate, ratio.model.rate);
      }
      return text;
    }

    std::string hold_out_text(const HoldOutResult &result)
    {
      const statistics::Validation &v = result.validation;
      std::string text = heading(result) + "\n\n";
      text += row("label", "", "runs", "model", "model against runs");
      for (const LabelValidation &label : v.labels)
        text += label_text(label);
      text += between_labels_text(v);
      text += hazard_text(v);
      text += fmt::format("\nOver all labels (rms): yield peak {:.1f} %, end stress {:.1f} %, "
                          "events per strain {:.1f} "
                          "%, mean stress {:.3f} GPa, mean X1 {:.2f} meV/atom\n",
                          v.yield_peak_percent, v.end_stress_percent, v.events_percent, v.tau_rms,
                          1e3 * v.x1_rms);
      const law::Activity &a = result.activity;
      const auto share = [&](const unsigned int n) {
        return a.n_events > 0 ? 100.0 * n / a.n_events : 0.0;
      };
      text += fmt::format(
          "Model events: {}, drawn where no run had been {:.1f} %, forced {:.2f} %, "
          "beyond the cap {:.2f} %, drawn with D < 0 {:.2f} %\n",
          a.n_events, share(a.n_outside), share(a.n_forced), share(a.n_capped), share(a.n_gaining));
      return text;
    }

    std::string verdict_text(const ValidateResults &results)
    {
      if (results.checks.empty())
        return "Nothing is judged: no glass was held out, or every threshold is none.\n";
      std::string text = "Thresholds (glasses held out)\n";
      for (const statistics::Check &check : results.checks)
        text += fmt::format("{:<12} {:<24} {:>9.3g} {:<12} limit {:>8.3g}  {}\n", check.label,
                            check.quantity, check.value, check.unit, check.limit,
                            !check.judged  ? check.passed ? "(within; too few glasses)"
                                                          : "(beyond; too few glasses)"
                            : check.passed ? "passed"
                                           : "FAILED");
      text += !statistics::any_judged(results.checks)
                  ? "Nothing is judged: no label has enough glasses.\n"
              : results.passed ? "Passed.\n"
                               : "Failed.\n";
      return text;
    }
  } // namespace

  std::string validation_text(const ValidateResults &results)
  {
    std::string text;
    for (const HoldOutResult &result : results.hold_outs)
      text += hold_out_text(result) + "\n";
    return text + verdict_text(results);
  }
} // namespace seem::commands
