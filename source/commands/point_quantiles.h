// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_POINT_QUANTILES_H
#define SEEM_SOURCE_COMMANDS_POINT_QUANTILES_H

#include <seem/statistics/quantiles.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace seem::commands
{
  inline const std::vector<double> quantile_probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};

  /// Columns of mean.csv, at its end.
  inline const std::vector<std::string> quantile_columns = {
      "tau_q05_GPa", "tau_q25_GPa", "tau_q50_GPa", "tau_q75_GPa", "tau_q95_GPa",
      "x1_q05_eV",   "x1_q25_eV",   "x1_q50_eV",   "x1_q75_eV",   "x1_q95_eV"};

  /// Their values: quantiles of tau [GPa], then of X1 [eV], over paths or runs.
  inline std::array<double, 10> quantile_values(const std::vector<double> &tau,
                                                const std::vector<double> &x1)
  {
    std::array<double, 10> values;
    const auto place =
        std::copy_n(statistics::quantiles(tau, quantile_probabilities).begin(), 5, values.begin());
    std::copy_n(statistics::quantiles(x1, quantile_probabilities).begin(), 5, place);
    return values;
  }
} // namespace seem::commands

#endif
