// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/branch_residuals.h>
#include <seem/statistics/noise_floor.h>

#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

namespace seem::statistics
{
  namespace
  {
    constexpr std::size_t n_bins = 8;           // along tau and X1
    constexpr std::size_t smallest_bin = 10;    // pieces
    constexpr std::size_t smallest_cell = 5;    // pieces
    constexpr std::size_t fewest_cells = 8;     // twice the constants of Eq. (7)
    constexpr std::size_t fewest_glasses = 3;   // for a judgement
    constexpr double n_constants = 4.0;         // of Eq. (7)
    constexpr double cut = 4.0;                 // robust standard deviations
    constexpr double level = 0.01;              // of the p-values, over all bins
    constexpr double smallest_deviation = 0.01; // of the tangent

    std::vector<double> cut_off(std::vector<double> values)
    {
      const double centre = median(values);
      const double width = cut * robust_spread(values, centre);
      for (double &value : values)
        value = std::clamp(value, centre - width, centre + width);
      return values;
    }

    /// Which of n_bins equally large groups of growing value each piece belongs to.
    template <typename Value>
    std::vector<std::size_t> groups(const std::vector<BranchResidual> &pieces, const Value &value)
    {
      std::vector<std::size_t> order(pieces.size());
      std::iota(order.begin(), order.end(), std::size_t(0));
      std::stable_sort(order.begin(), order.end(), [&](const std::size_t a, const std::size_t b) {
        return pieces[a].*value < pieces[b].*value;
      });
      std::vector<std::size_t> result(pieces.size());
      for (std::size_t rank = 0; rank < order.size(); ++rank)
        result[order[rank]] = rank * n_bins / order.size();
      return result;
    }

    template <typename Value>
    std::vector<ResidualBin> bins_along(const std::vector<BranchResidual> &pieces,
                                        const std::vector<double> &residuals, const Value &value)
    {
      const std::vector<std::size_t> group = groups(pieces, value);
      std::vector<ResidualBin> result;
      for (std::size_t b = 0; b < n_bins; ++b)
      {
        ResidualBin bin;
        std::vector<double> values;
        std::vector<std::size_t> glass;
        for (std::size_t i = 0; i < pieces.size(); ++i)
        {
          if (group[i] != b)
            continue;
          const double at = pieces[i].*value;
          bin.low = values.empty() ? at : std::min(bin.low, at);
          bin.high = values.empty() ? at : std::max(bin.high, at);
          bin.tangent += pieces[i].tangent;
          values.push_back(residuals[i]);
          glass.push_back(pieces[i].glass);
        }
        if (values.size() < smallest_bin)
          continue;
        bin.n_pieces = values.size();
        bin.tangent /= static_cast<double>(values.size());
        bin.n_glasses = std::set<std::size_t>(glass.begin(), glass.end()).size();
        bin.residual = clustered_mean(values, glass);
        bin.p_value = std::numeric_limits<double>::quiet_NaN();
        if (bin.n_glasses >= fewest_glasses && bin.residual.standard_error > 0.0)
        {
          const boost::math::students_t student(static_cast<double>(bin.n_glasses - 1));
          const double t = std::abs(bin.residual.value) / bin.residual.standard_error;
          bin.p_value = 2.0 * boost::math::cdf(boost::math::complement(student, t));
        }
        result.push_back(bin);
      }
      return result;
    }

    void measure_lack_of_fit(const std::vector<BranchResidual> &pieces,
                             const std::vector<double> &residuals, BranchResiduals &result)
    {
      const std::vector<std::size_t> along_tau = groups(pieces, &BranchResidual::tau);
      const std::vector<std::size_t> along_x1 = groups(pieces, &BranchResidual::x1);
      struct Cell
      {
        double n = 0.0, sum = 0.0, squares = 0.0;
      };
      std::vector<Cell> cells(n_bins * n_bins);
      for (std::size_t i = 0; i < pieces.size(); ++i)
      {
        Cell &cell = cells[along_tau[i] + n_bins * along_x1[i]];
        cell.n += 1.0;
        cell.sum += residuals[i];
        cell.squares += residuals[i] * residuals[i];
      }
      double between = 0.0, within = 0.0, freedom = 0.0;
      for (const Cell &cell : cells)
        if (cell.n >= static_cast<double>(smallest_cell))
        {
          between += cell.sum * cell.sum / cell.n;
          within += cell.squares - cell.sum * cell.sum / cell.n;
          freedom += cell.n - 1.0;
          ++result.n_cells;
        }
      if (result.n_cells >= fewest_cells && within > 0.0)
        result.reduced_chi_squared =
            between / (within / freedom) / (static_cast<double>(result.n_cells) - n_constants);
    }

    double weighted_square(const std::vector<BranchResidual> &pieces,
                           const std::vector<double> &values, const double centre)
    {
      double sum = 0.0;
      for (std::size_t i = 0; i < values.size(); ++i)
        sum += pieces[i].weight * std::pow(values[i] - centre, 2);
      return sum;
    }
  } // namespace

  BranchResiduals measure_branches(const std::vector<BranchResidual> &pieces)
  {
    BranchResiduals result;
    result.n_pieces = pieces.size();
    if (pieces.empty())
      return result;

    std::vector<double> residuals, moduli;
    double sum = 0.0, total = 0.0;
    for (const BranchResidual &piece : pieces)
    {
      residuals.push_back(piece.modulus - piece.tangent);
      moduli.push_back(piece.modulus);
      sum += piece.weight * residuals.back();
      total += piece.weight;
    }
    result.spread = robust_spread(residuals, median(residuals));
    result.bias = sum / total;

    residuals = cut_off(std::move(residuals));
    moduli = cut_off(std::move(moduli));
    double mean = 0.0;
    for (std::size_t i = 0; i < moduli.size(); ++i)
      mean += pieces[i].weight * moduli[i] / total;
    const double variance = weighted_square(pieces, moduli, mean);
    if (variance > 0.0)
      result.explained_variance = 1.0 - weighted_square(pieces, residuals, 0.0) / variance;
    measure_lack_of_fit(pieces, residuals, result);
    result.tau = bins_along(pieces, residuals, &BranchResidual::tau);
    result.x1 = bins_along(pieces, residuals, &BranchResidual::x1);
    return result;
  }

  std::vector<std::string> BranchResiduals::contradictions() const
  {
    const auto judged = [](const std::vector<ResidualBin> &bins) {
      return std::count_if(bins.begin(), bins.end(),
                           [](const ResidualBin &bin) { return !std::isnan(bin.p_value); });
    };
    const double limit = level / static_cast<double>(std::max<long>(1, judged(tau) + judged(x1)));

    std::vector<std::string> result;
    const auto describe = [&](const std::vector<ResidualBin> &bins, const char *name,
                              const char *unit) {
      for (const ResidualBin &bin : bins)
        if (bin.p_value < limit && std::abs(bin.residual.value) > smallest_deviation * bin.tangent)
          result.push_back(fmt::format(
              "the elasticity contradicts the branches at {} = {:.4g} to {:.4g} {}: measured minus "
              "fitted modulus {:+.2f} +- {:.2f} GPa, of {:.1f} GPa",
              name, bin.low, bin.high, unit, bin.residual.value, bin.residual.standard_error,
              bin.tangent));
    };
    describe(tau, "tau", "GPa");
    describe(x1, "X1", "eV");
    return result;
  }
} // namespace seem::statistics
