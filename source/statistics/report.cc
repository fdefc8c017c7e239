// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/quantiles.h>
#include <seem/statistics/report.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace seem::statistics
{
  namespace
  {
    std::string with_error(const database::FittedNumber &number, const char *unit, const int digits)
    {
      if (!std::isfinite(number.value))
        return "not identified (infinite)";
      if (!(number.standard_error > 0.0))
        return fmt::format("{:.{}f} {}", number.value, digits, unit);
      return fmt::format("{:.{}f} +- {:.{}f} {}", number.value, digits, number.standard_error,
                         digits, unit);
    }

    std::string with_error(const Estimate &estimate, const int digits)
    {
      if (std::isnan(estimate.standard_error))
        return fmt::format("{:.{}f}", estimate.value, digits);
      return fmt::format("{:.{}f} +- {:.{}f}", estimate.value, digits, estimate.standard_error,
                         digits);
    }

    double percent(const std::size_t part, const std::size_t whole)
    {
      return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    }

    std::string floor_text(const NoiseFloor &floor, const char *unit)
    {
      if (floor.given)
        return fmt::format("{:.3g} {} (given; noise {:.2g})", floor.floor, unit, floor.spread);
      return fmt::format("{:.3g} {} (measured; noise {:.2g})", floor.floor, unit, floor.spread);
    }

    std::string interval_text(const Interval &interval, const int digits)
    {
      const std::string low = fmt::format("{:.{}f}", interval.low, digits);
      return low + " to " +
             (std::isfinite(interval.high) ? fmt::format("{:.{}f}", interval.high, digits)
                                           : "infinity");
    }

    std::string fit_text(const HarvestReport &report)
    {
      std::string text;
      if (report.n_fit_runs < report.n_runs)
        text += fmt::format("  fitted to {} runs of {} glasses with {} rows; u0 is of all runs\n",
                            report.n_fit_runs, report.n_fit_glasses, report.n_fit_rows);
      if (report.intervals)
        text += fmt::format("  95 % intervals ({} glasses): G0 {} GPa, uA {} eV/atom, tauA {} GPa, "
                            "tauB {} GPa\n",
                            report.n_fit_glasses, interval_text(report.intervals->g0, 2),
                            interval_text(report.intervals->u_a, 4),
                            interval_text(report.intervals->tau_a, 2),
                            interval_text(report.intervals->tau_b, 2));
      return text;
    }

    std::string residuals_text(const BranchResiduals &branches)
    {
      if (branches.n_pieces == 0)
        return "";
      std::string text = fmt::format("  of their variance, {:.0f} % is explained",
                                     100.0 * std::max(0.0, branches.explained_variance));
      text +=
          std::isfinite(branches.reduced_chi_squared)
              ? fmt::format("; lack of fit: reduced chi^2 {:.2f} over {} cells of (tau, X1)\n",
                            branches.reduced_chi_squared, branches.n_cells)
              : fmt::format("; lack of fit: not tested, {} cells of (tau, X1)\n", branches.n_cells);
      return text;
    }

    std::string samples_text(const HarvestReport &report)
    {
      std::string text =
          fmt::format("Samples: {} runs of {} glasses\n", report.n_runs, report.n_glasses);
      text += fmt::format("  {:<12} {:>4} {:>7} {:>12} {:>18} {:>8} {:>18} {:>8}\n", "label",
                          "runs", "glasses", "initial X1", "yield peak", "at", "end stress", "to");
      text += fmt::format("  {:<12} {:>4} {:>7} {:>12} {:>18} {:>8} {:>18} {:>8}\n", "", "", "",
                          "meV/atom", "GPa", "strain", "GPa", "strain");
      for (const auto &[label, f] : report.labels)
        text += fmt::format("  {:<12} {:>4} {:>7} {:>12.3f} {:>18} {:>8.3f} {:>18} {:>8.3f}\n",
                            label, f.n_curves, f.n_glasses, 1e3 * report.initial_x1.at(label),
                            with_error(f.yield_peak, 3), f.yield_strain,
                            with_error(f.end_stress, 3), f.common_strain);
      return text;
    }

    std::string elasticity_text(const HarvestReport &report)
    {
      std::string text = fmt::format("Elasticity: {}", name(report.elasticity_source));
      if (report.n_bootstrap > 0)
        text +=
            fmt::format(" (standard errors from {} resamples of the glasses)", report.n_bootstrap);
      text += fmt::format("\n  G0    {}\n  uA    {}\n  tauA  {}\n  tauB  {}\n  u0    {}\n",
                          with_error(report.elasticity.g0, "GPa", 2),
                          with_error(report.elasticity.u_a, "eV/atom", 4),
                          with_error(report.elasticity.tau_a, "GPa", 2),
                          with_error(report.elasticity.tau_b, "GPa", 2),
                          with_error(report.u0, "eV/atom", 6));
      if (report.table)
      {
        const database::ElasticityTable &table = *report.table;
        const auto [stiff, soft] =
            std::minmax_element(table.compliance.begin(), table.compliance.end());
        text += fmt::format("  table of {} x {} nodes, tau 0 to {:.4f} GPa, X1 {:.6f} to {:.6f} "
                            "eV/atom: G_t {:.1f} "
                            "to {:.1f} GPa{}; it was fitted starting from the constants above\n",
                            table.tau.size(), table.x1.size(), table.tau.back(), table.x1.front(),
                            table.x1.back(), 1.0 / *soft, 1.0 / *stiff,
                            report.n_bootstrap > 0
                                ? fmt::format(" +- {:.1f} % (rms)", 100.0 * table.relative_error())
                                : "");
      }
      text += fit_text(report);
      text += fmt::format("  from the first strain: G0 {}, uA {}\n",
                          with_error(report.first_g0, "GPa", 2),
                          with_error(report.first_u_a, "eV/atom", 4));
      text += fmt::format(
          "  branch moduli scatter by {:.2f} GPa about it, their mean lies {:+.2f} GPa off\n",
          report.branches.spread, report.branches.bias);
      text += residuals_text(report.branches);
      text +=
          fmt::format("  left out between events, per unit strain: {:+.3f} GPa, {:+.2e} eV/atom "
                      "(events: {:.1f} GPa, {:.2e} eV/atom)\n",
                      report.drift.quiet_stress, report.drift.quiet_x1, report.drift.event_stress,
                      report.drift.event_x1);
      return text;
    }

    std::string distribution_text(const char *what, const Distribution &distribution,
                                  const double factor, const char *unit)
    {
      std::string text = fmt::format("  {:<14} {:>10.4g}", what, factor * distribution.mean);
      for (const double quantile : distribution.quantiles)
        text += fmt::format(" {:>10.4g}", factor * quantile);
      return text + fmt::format("  {}\n", unit);
    }

    std::string figures_text(const HarvestReport &report)
    {
      if (report.events.in_table == 0)
        return "";
      std::string text =
          fmt::format("What an event does  {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}\n", "mean",
                      "5 %", "25 %", "median", "75 %", "95 %");
      text.erase(text.find("  "), 5); // in line with the rows
      const EventFigures &figures = report.event_figures;
      text += distribution_text("stress deficit", figures.dtau, 1.0, "GPa");
      text += distribution_text("change of X1", figures.dx1, 1e3, "meV/atom");
      text += distribution_text("plastic strain", figures.plastic_strain, 1e3, "1e-3");
      text += distribution_text("heat", figures.heat, 1.0, "eV per cell");
      text +=
          fmt::format("  {} ({:.2f} %) have a negative plastic strain\n", report.n_negative_plastic,
                      percent(report.n_negative_plastic, report.events.in_table));
      text += "Rate after an event over the quiet rate at the same states:\n";
      for (const Aftershock &shock : report.aftershocks)
      {
        const std::string range = shock.first == shock.last
                                      ? fmt::format("{}", shock.first)
                                      : fmt::format("{} to {}", shock.first, shock.last);
        text += std::isnan(shock.ratio)
                    ? fmt::format("  {:>7} increments after: not known\n", range)
                    : fmt::format("  {:>7} increments after: {:.2f} +- {:.2f} ({:.0f} events)\n",
                                  range, shock.ratio, shock.standard_error, shock.n_events);
      }
      return text;
    }

    std::string isotropy_text(const Isotropy &isotropy)
    {
      if (!isotropy.tested)
        return fmt::format("Isotropy: not tested{}\n",
                           isotropy.reason.empty() ? "" : ": " + isotropy.reason);
      const double freedom = static_cast<double>(isotropy.directions.size() - 1);
      std::string text = fmt::format(
          "Isotropy, {} runs of {} glasses, each glass against itself: mean stress chi^2 {:.2f} "
          "(p = {:.2g}), event rate chi^2 {:.2f} (p = {:.2g}), {:.0f} degrees of freedom\n",
          isotropy.n_runs, isotropy.n_glasses, isotropy.stress.chi_squared, isotropy.stress.p_value,
          isotropy.rate.chi_squared, isotropy.rate.p_value, freedom);
      for (const DirectionEffect &effect : isotropy.directions)
        text += fmt::format("  {:<8} {:>3} runs: stress {:+.3f} +- {:.3f} GPa, event rate at equal "
                            "state x {:.3f} +- {:.3f}\n",
                            effect.direction, effect.n_runs, effect.stress.value,
                            effect.stress.standard_error, effect.rate_ratio.value,
                            effect.rate_ratio.standard_error);
      return text;
    }

    std::string events_text(const HarvestReport &report)
    {
      const std::size_t forward = report.n_increments - report.n_unloading;
      std::string text =
          fmt::format("Increments: {} of {:.3g} strain; {} begun at tau < 0 (unloading, with {} "
                      "events) are kept out of the table\n",
                      report.n_increments, report.strain_increment, report.n_unloading,
                      report.n_unloading_events);
      text += fmt::format(
          "Events, defined by {}: {} event increments ({:.2f} %), {:.0f} % of them next to "
          "another; {} "
          "in the table\n",
          name(report.definition), report.events.used, percent(report.events.used, forward),
          percent(report.events.used_in_runs, report.events.used), report.events.in_table);
      text += fmt::format(
          "  under each definition: stress drop {}, stress deficit {}, energy loss {}, union {}\n",
          report.events.stress_drop, report.events.stress_deficit, report.events.energy_loss,
          report.events.any_loss);
      text += fmt::format("  floors: energy {}, deficit {}, drop {:.3g} GPa\n",
                          floor_text(report.floors.energy, "eV per cell"),
                          floor_text(report.floors.deficit, "GPa"), report.floors.drop);
      text += fmt::format("  {} events ({:.2f} %) gain energy by more than the ambiguity of the "
                          "increment (D < 0)\n",
                          report.n_violating, percent(report.n_violating, report.events.used));
      return text;
    }

    std::string grid_text(const HarvestReport &report)
    {
      return fmt::format(
          "Grid: tau {:.4f} to {:.4f} GPa, X1 {:.6f} to {:.6f} eV/atom, {} bins\n"
          "  {} visited; {} of them with at least {:g} events, {} with fewer (pooled with their "
          "nearest)\n",
          report.tau_range[0], report.tau_range[1], report.x1_range[0], report.x1_range[1],
          report.n_bins, report.n_visited, report.n_full, report.minimum_events, report.n_pooled);
    }
  } // namespace

  EventCounts &EventCounts::operator+=(const EventCounts &other)
  {
    stress_drop += other.stress_drop;
    stress_deficit += other.stress_deficit;
    energy_loss += other.energy_loss;
    any_loss += other.any_loss;
    used += other.used;
    used_in_runs += other.used_in_runs;
    in_table += other.in_table;
    return *this;
  }

  Drift &Drift::operator+=(const Drift &other)
  {
    strain += other.strain;
    quiet_stress += other.quiet_stress;
    quiet_x1 += other.quiet_x1;
    event_stress += other.event_stress;
    event_x1 += other.event_x1;
    return *this;
  }

  Drift Drift::per_strain() const
  {
    return {strain, quiet_stress / strain, quiet_x1 / strain, event_stress / strain,
            event_x1 / strain};
  }

  Distribution distribution_of(const std::vector<double> &values)
  {
    Distribution result;
    result.mean = std::numeric_limits<double>::quiet_NaN();
    if (!values.empty())
      result.mean =
          std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    const std::vector<double> found =
        quantiles(values, {Distribution::probabilities.begin(), Distribution::probabilities.end()});
    std::copy(found.begin(), found.end(), result.quantiles.begin());
    return result;
  }

  std::string HarvestReport::text() const
  {
    std::string result = samples_text(*this) + elasticity_text(*this) + events_text(*this) +
                         figures_text(*this) + isotropy_text(isotropy) + grid_text(*this) +
                         estimator.text();
    for (const std::string &warning : warnings)
      result += "Warning: " + warning + "\n";
    return result;
  }
} // namespace seem::statistics
