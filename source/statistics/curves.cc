// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/curves.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    void check_curves(const std::vector<Curve> &curves)
    {
      if (curves.empty())
        throw InputError("no curves to average");
      for (const Curve &curve : curves)
      {
        const std::size_t n = curve.strain.size();
        if (n < 2 || curve.tau.size() != n || (!curve.x1.empty() && curve.x1.size() != n))
          throw InputError(
              fmt::format("curve of label '{}': {} strains, {} stresses and {} values of X1: equal "
                          "columns of at least 2 rows are needed",
                          curve.label, n, curve.tau.size(), curve.x1.size()));
      }
    }

    bool all_have_x1(const std::vector<Curve> &curves)
    {
      return std::none_of(curves.begin(), curves.end(),
                          [](const Curve &c) { return c.x1.empty(); });
    }

    std::vector<std::size_t> glasses_of(const std::vector<Curve> &curves, std::size_t &n_glasses)
    {
      std::map<std::string, std::size_t> known;
      std::vector<std::size_t> result;
      n_glasses = 0;
      for (const Curve &curve : curves)
      {
        if (curve.glass.empty())
        {
          result.push_back(n_glasses++);
          continue;
        }
        const auto [entry, inserted] = known.emplace(curve.glass, n_glasses);
        if (inserted)
          ++n_glasses;
        result.push_back(entry->second);
      }
      return result;
    }

    /// Values of one column of each curve on the grid, [n_curves][n].
    std::vector<std::vector<double>> sample(const std::vector<Curve> &curves,
                                            std::vector<double> Curve::*column,
                                            const std::vector<double> &grid)
    {
      std::vector<std::vector<double>> result;
      for (const Curve &curve : curves)
      {
        result.push_back(interpolate(curve.strain, curve.*column, grid));
      }
      return result;
    }

    void average(const std::vector<std::vector<double>> &values,
                 const std::vector<std::size_t> &glass, std::vector<double> &mean,
                 std::vector<double> &error)
    {
      const std::size_t n = values.front().size();
      mean.resize(n);
      error.resize(n);
      std::vector<double> column(values.size());
      for (std::size_t i = 0; i < n; ++i)
      {
        for (std::size_t k = 0; k < values.size(); ++k)
          column[k] = values[k][i];
        const Estimate estimate = clustered_mean(column, glass);
        mean[i] = estimate.value;
        error[i] = estimate.standard_error;
      }
    }

    /// Mean of @p values over the entries from @p begin to the end, per curve, averaged with its
    /// error.
    Estimate window_mean(const std::vector<std::vector<double>> &values, const std::size_t begin,
                         const std::size_t end, const std::vector<std::size_t> &glass)
    {
      std::vector<double> means;
      for (const std::vector<double> &row : values)
      {
        double sum = 0.0;
        for (std::size_t i = begin; i < end; ++i)
          sum += row[i];
        means.push_back(sum / static_cast<double>(end - begin));
      }
      return clustered_mean(means, glass);
    }
  } // namespace

  Estimate clustered_mean(const std::vector<double> &values, const std::vector<std::size_t> &glass)
  {
    const double n = static_cast<double>(values.size());
    double mean = 0.0;
    for (const double value : values)
      mean += value / n;

    const std::size_t n_numbers =
        glass.empty() ? 0 : *std::max_element(glass.begin(), glass.end()) + 1;
    std::vector<double> deviations(n_numbers, 0.0);
    std::vector<char> occurs(n_numbers, 0);
    for (std::size_t i = 0; i < values.size(); ++i)
    {
      deviations[glass[i]] += values[i] - mean;
      occurs[glass[i]] = 1;
    }
    const auto n_glasses = static_cast<double>(std::count(occurs.begin(), occurs.end(), 1));
    if (n_glasses < 2.0)
      return {mean, not_a_number};

    double sum = 0.0;
    for (const double deviation : deviations)
      sum += deviation * deviation;
    return {mean, std::sqrt(n_glasses / (n_glasses - 1.0) * sum) / n};
  }

  namespace
  {
    /// @param[in] above  the first entry of @p x that exceeds @p at, or the end
    double interpolate_below(const std::vector<double> &x, const std::vector<double> &y,
                             const double at, const std::size_t above)
    {
      if (above == 0)
        return y.front();
      if (above == x.size())
        return y.back();
      const double share = (at - x[above - 1]) / (x[above] - x[above - 1]);
      return y[above - 1] + share * (y[above] - y[above - 1]);
    }

    /// The first entry of @p x that exceeds @p at, if none before @p begin does.
    std::size_t first_above(const std::vector<double> &x, const double at, std::size_t begin)
    {
      // In growing steps, as the next one is near; then by halves.
      std::size_t step = 1;
      while (begin + step < x.size() && !(x[begin + step] > at))
      {
        begin += step;
        step *= 2;
      }
      const std::size_t end = std::min(begin + step, x.size());
      const auto from = x.begin() + static_cast<std::ptrdiff_t>(begin);
      return static_cast<std::size_t>(
          std::upper_bound(from, x.begin() + static_cast<std::ptrdiff_t>(end), at) - x.begin());
    }
  } // namespace

  double interpolate(const std::vector<double> &x, const std::vector<double> &y, const double at)
  {
    const auto above = std::upper_bound(x.begin(), x.end(), at);
    return interpolate_below(x, y, at, static_cast<std::size_t>(above - x.begin()));
  }

  std::vector<double> interpolate(const std::vector<double> &x, const std::vector<double> &y,
                                  const std::vector<double> &at)
  {
    std::vector<double> result;
    result.reserve(at.size());
    std::size_t above = 0;
    for (std::size_t k = 0; k < at.size(); ++k)
    {
      above = first_above(x, at[k], k > 0 && at[k] >= at[k - 1] ? above : 0);
      result.push_back(interpolate_below(x, y, at[k], above));
    }
    return result;
  }

  std::vector<double> moving_average(const std::vector<double> &values, const std::size_t width)
  {
    std::vector<double> result;
    if (values.size() < width)
      return result;
    result.reserve(values.size() - width + 1);
    for (std::size_t i = 0; i + width <= values.size(); ++i)
    {
      double sum = 0.0;
      for (std::size_t k = 0; k < width; ++k)
        sum += values[i + k];
      result.push_back(sum / static_cast<double>(width));
    }
    return result;
  }

  namespace
  {
    std::vector<double> common_grid(const std::vector<Curve> &curves, const CurveSettings &settings)
    {
      constexpr double slack = 1e-9;

      double begin = -std::numeric_limits<double>::infinity(), end = -begin;
      for (const Curve &curve : curves)
      {
        begin = std::max(begin, curve.strain.front());
        end = std::min(end, curve.strain.back());
      }
      if (settings.end_strain > 0.0)
        end = std::min(end, settings.end_strain);
      if (!(end > begin) || !(settings.spacing > 0.0) ||
          end - begin < settings.spacing * (1.0 - slack))
        throw InputError(fmt::format(
            "curves of label '{}' share no strain: the last begins at {}, the first ends "
            "at {}",
            curves.front().label, begin, end));
      const std::size_t n = static_cast<std::size_t>((end - begin) / settings.spacing + slack);
      std::vector<double> grid(n + 1);
      for (std::size_t i = 0; i <= n; ++i)
        grid[i] = begin + settings.spacing * static_cast<double>(i);
      return grid;
    }
  } // namespace

  std::vector<double> common_strains(const std::vector<Curve> &curves,
                                     const CurveSettings &settings)
  {
    check_curves(curves);
    return common_grid(curves, settings);
  }

  MeanCurve mean_curve(const std::vector<Curve> &curves, const CurveSettings &settings)
  {
    check_curves(curves);
    MeanCurve result;
    result.label = curves.front().label;
    result.n_curves = curves.size();
    result.strain = common_grid(curves, settings);

    const std::vector<std::size_t> glass = glasses_of(curves, result.n_glasses);
    average(sample(curves, &Curve::tau, result.strain), glass, result.tau, result.tau_error);
    if (all_have_x1(curves))
      average(sample(curves, &Curve::x1, result.strain), glass, result.x1, result.x1_error);
    return result;
  }

  CurveFigures figures(const std::vector<Curve> &curves, const CurveSettings &settings)
  {
    check_curves(curves);
    CurveFigures result;
    result.label = curves.front().label;
    result.n_curves = curves.size();

    const std::vector<std::size_t> glass = glasses_of(curves, result.n_glasses);
    const std::vector<double> grid = common_grid(curves, settings);
    const auto tau = sample(curves, &Curve::tau, grid);
    const std::size_t n = grid.size();
    result.common_strain = grid.back();

    std::vector<double> mean, error;
    average(tau, glass, mean, error);
    std::size_t half =
        static_cast<std::size_t>(std::lround(0.5 * settings.peak_window / settings.spacing));
    half = std::min(half, (n - 1) / 2);
    const std::vector<double> smooth = moving_average(mean, 2 * half + 1);
    const std::size_t peak =
        static_cast<std::size_t>(std::max_element(smooth.begin(), smooth.end()) - smooth.begin());
    result.yield_peak = window_mean(tau, peak, peak + 2 * half + 1, glass);
    result.yield_strain = grid[peak + half];

    std::size_t window =
        static_cast<std::size_t>(std::lround(settings.end_window / settings.spacing));
    window = std::max<std::size_t>(1, std::min(window, n));
    result.end_stress = window_mean(tau, n - window, n, glass);
    result.end_x1 = all_have_x1(curves)
                        ? window_mean(sample(curves, &Curve::x1, grid), n - window, n, glass)
                        : Estimate{not_a_number, not_a_number};
    return result;
  }

  std::map<std::string, std::vector<Curve>> by_label(const std::vector<Curve> &curves)
  {
    std::map<std::string, std::vector<Curve>> result;
    for (const Curve &curve : curves)
      result[curve.label].push_back(curve);
    return result;
  }
} // namespace seem::statistics
