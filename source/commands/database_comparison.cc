// SPDX-License-Identifier: LGPL-2.1-or-later
#include "database_comparison.h"

#include <seem/core/version.h>
#include <seem/database/state_grid.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace seem::commands
{
  namespace
  {
    using nlohmann::ordered_json;

    std::string with_error(const database::FittedNumber &number)
    {
      return number.standard_error > 0.0
                 ? fmt::format("{:.6g} +- {:.2g}", number.value, number.standard_error)
                 : fmt::format("{:.6g}", number.value);
    }

    std::string number_text(const database::ComparedNumber &number)
    {
      const std::string difference = number.a.value == number.b.value ? "the same"
                                     : std::isfinite(number.difference)
                                         ? fmt::format("{:+.2f} standard errors", number.difference)
                                         : fmt::format("{:+.3g}, its standard error is not known",
                                                       number.b.value - number.a.value);
      return fmt::format("  {:<12} {:>24} {:>24} {:<8}  {}\n", number.name, with_error(number.a),
                         with_error(number.b), number.unit, difference);
    }

    std::string statistic_text(const database::ComparedStatistic &statistic,
                               const database::StateGrid &grid)
    {
      constexpr std::size_t n_shown = 5;
      const bool known = std::isfinite(statistic.difference);
      std::string text = fmt::format(
          "{} [{}] at equal state: {:.5g} and {:.5g}, second less first {:+.3g}{}\n",
          statistic.name, statistic.unit, statistic.mean_a, statistic.mean_b, statistic.shift.value,
          known ? fmt::format(" +- {:.2g}, {:+.2f} standard errors", statistic.shift.standard_error,
                              statistic.difference)
                : ", its standard error is not known");
      text += fmt::format("  bin by bin: chi^2 = {:.2f} over {} bins, p = {:.2g}\n",
                          statistic.chi_squared, statistic.bins.size(), statistic.p_value);
      std::vector<database::ComparedBin> bins = statistic.bins;
      std::sort(bins.begin(), bins.end(),
                [](const database::ComparedBin &x, const database::ComparedBin &y) {
                  return std::abs(x.difference) > std::abs(y.difference);
                });
      bins.resize(std::min(bins.size(), n_shown));
      for (const database::ComparedBin &bin : bins)
      {
        const State state = grid.centre(bin.bin);
        text += fmt::format(
            "  tau {:6.3f} GPa, X1 {:8.5f} eV: {:>9.4g} and {:>9.4g}, {:+.2f} standard errors\n",
            state.tau, state.x[0], bin.a.value, bin.b.value, bin.difference);
      }
      return text;
    }

    ordered_json json(const database::FittedNumber &number)
    {
      return {{"value", number.value}, {"standard_error", number.standard_error}};
    }

    ordered_json json(const database::ComparedNumber &number)
    {
      return {{"name", number.name},
              {"unit", number.unit},
              {"first", json(number.a)},
              {"second", json(number.b)},
              {"difference_in_standard_errors", number.difference}};
    }

    ordered_json json(const database::ComparedStatistic &statistic, const database::StateGrid &grid)
    {
      ordered_json bins = ordered_json::array();
      for (const database::ComparedBin &bin : statistic.bins)
      {
        const State state = grid.centre(bin.bin);
        bins.push_back({{"bin", bin.bin},
                        {"tau_GPa", state.tau},
                        {"x1_eV", state.x[0]},
                        {"n_events", {bin.n_a, bin.n_b}},
                        {"first", json(bin.a)},
                        {"second", json(bin.b)},
                        {"difference_in_standard_errors", bin.difference}});
      }
      return {{"unit", statistic.unit},
              {"first", statistic.mean_a},
              {"second", statistic.mean_b},
              {"difference", json(statistic.shift)},
              {"difference_in_standard_errors", statistic.difference},
              {"chi_squared", statistic.chi_squared},
              {"n_bins", statistic.bins.size()},
              {"p_value", statistic.p_value},
              {"bins", std::move(bins)}};
    }
  } // namespace

  std::string comparison_text(const database::Comparison &comparison)
  {
    std::string text = "Constants: first, second, difference\n";
    for (const database::ComparedNumber &number : comparison.constants)
      text += number_text(number);
    text += "Events per unit strain, all states\n" + number_text(comparison.total_rate);
    if (comparison.same_grid)
    {
      const database::StateGrid grid(comparison.axes);
      for (const database::ComparedStatistic *statistic :
           {&comparison.rate, &comparison.dtau, &comparison.dx1})
        text += statistic_text(*statistic, grid);
    }
    else
      text += "Rates and jumps at equal state: not compared, the grids differ\n";
    if (comparison.n_common_runs > 0)
      text += fmt::format("{} runs are in both: the standard errors of differences are too large\n",
                          comparison.n_common_runs);
    text += comparison.settings.empty() ? "Settings: the same\n"
                                        : "Settings that differ: first, second\n";
    for (const database::ComparedSetting &setting : comparison.settings)
      text += fmt::format("  {}: \"{}\", \"{}\"\n", setting.name, setting.a, setting.b);
    return text;
  }

  std::string comparison_json(const std::filesystem::path &first,
                              const std::filesystem::path &second,
                              const database::Comparison &comparison)
  {
    ordered_json result = {
        {"kind", "database comparison"},     {"program_version", program_version},
        {"first", first.string()},           {"second", second.string()},
        {"same_grid", comparison.same_grid}, {"n_common_runs", comparison.n_common_runs}};
    for (const database::ComparedNumber &number : comparison.constants)
      result["constants"].push_back(json(number));
    result["total_rate"] = json(comparison.total_rate);
    if (comparison.same_grid)
    {
      const database::StateGrid grid(comparison.axes);
      result["rate"] = json(comparison.rate, grid);
      result["mean_dtau"] = json(comparison.dtau, grid);
      result["mean_dx1"] = json(comparison.dx1, grid);
    }
    result["settings"] = ordered_json::object();
    for (const database::ComparedSetting &setting : comparison.settings)
      result["settings"][setting.name] = {setting.a, setting.b};
    return result.dump(2);
  }
} // namespace seem::commands
