// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/report.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
      text += fmt::format("  from the first strain: G0 {}, uA {}\n",
                          with_error(report.first_g0, "GPa", 2),
                          with_error(report.first_u_a, "eV/atom", 4));
      text += fmt::format(
          "  branch moduli scatter by {:.2f} GPa about it, their mean lies {:+.2f} GPa off\n",
          report.branch_spread, report.branch_bias);
      text +=
          fmt::format("  left out between events, per unit strain: {:+.3f} GPa, {:+.2e} eV/atom "
                      "(events: {:.1f} GPa, {:.2e} eV/atom)\n",
                      report.quiet_stress_drift, report.quiet_x1_drift, report.event_stress_drift,
                      report.event_x1_drift);
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

  std::string HarvestReport::text() const
  {
    std::string result = samples_text(*this) + elasticity_text(*this) + events_text(*this) +
                         grid_text(*this) + estimator.text();
    for (const std::string &warning : warnings)
      result += "Warning: " + warning + "\n";
    return result;
  }
} // namespace seem::statistics
