// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/smooth_rate.h>

#include <Eigen/SparseCholesky>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace seem::database
{
  namespace
  {
    using Matrix = Eigen::SparseMatrix<double>;
    using Vector = Eigen::VectorXd;

    // A trace of the mean makes the system regular if the data lie on one line.
    constexpr double trace = 1e-6;

    void require_positive(const double curvature)
    {
      if (!(curvature > 0.0) || !std::isfinite(curvature))
        throw InputError(
            fmt::format("smooth statistics: a curvature of {} is not positive", curvature));
    }

    /// Rows of second differences: along each axis, and across each pair of axes.
    class SecondDifferences
    {
    public:
      SecondDifferences(const std::vector<Axis> &axes, const double curvature)
      {
        std::vector<std::size_t> strides;
        double cell = 1.0;
        for (const Axis &axis : axes)
        {
          strides.push_back(n_bins);
          n_bins *= axis.n_bins();
          cell /= static_cast<double>(axis.n_bins());
        }
        const double scale = std::sqrt(cell) / curvature;
        for (std::size_t a = 0; a < axes.size(); ++a)
        {
          const double n = static_cast<double>(axes[a].n_bins());
          for (std::size_t bin = 0; bin < n_bins; ++bin)
          {
            const std::size_t index = bin / strides[a] % axes[a].n_bins();
            if (index > 0 && index + 1 < axes[a].n_bins())
              row({{bin - strides[a], 1.0}, {bin, -2.0}, {bin + strides[a], 1.0}}, scale * n * n);
            for (std::size_t b = 0; b < a; ++b)
            {
              const double other = static_cast<double>(axes[b].n_bins());
              if (index + 1 < axes[a].n_bins() &&
                  bin / strides[b] % axes[b].n_bins() + 1 < axes[b].n_bins())
                row({{bin, 1.0},
                     {bin + strides[a], -1.0},
                     {bin + strides[b], -1.0},
                     {bin + strides[a] + strides[b], 1.0}},
                    std::sqrt(2.0) * scale * n * other);
            }
          }
        }
      }

      /// The Hessian of the penalty.
      Matrix hessian() const
      {
        Matrix differences(static_cast<Eigen::Index>(n_rows), static_cast<Eigen::Index>(n_bins));
        differences.setFromTriplets(entries.begin(), entries.end());
        return differences.transpose() * differences;
      }

    private:
      void row(const std::vector<std::pair<std::size_t, double>> &terms, const double scale)
      {
        for (const auto &[bin, weight] : terms)
          entries.emplace_back(static_cast<int>(n_rows), static_cast<int>(bin), weight * scale);
        ++n_rows;
      }

      std::size_t n_bins = 1, n_rows = 0;
      std::vector<Eigen::Triplet<double>> entries;
    };

    /**
     * Minimise sum over b of f_b(theta_b) plus the penalty by Newton steps. @p local gives f, f',
     * f'' of a bin; f is convex.
     * @param[in] penalty    its Hessian
     * @param[in] mean       of theta, to which bins without any data are drawn
     * @param[in] theta      where to begin
     * @param[in] last_step  the search ends after a step no longer than this; what is left then is
     * of the order of its square
     */
    template <typename Local>
    Vector minimise(const std::vector<Axis> &axes, const Matrix &penalty, const double mean,
                    Vector theta, const double last_step, const Local &local)
    {
      const Eigen::Index n = penalty.rows();
      const auto objective = [&](const Vector &t) {
        double sum = 0.5 * t.dot(penalty * t);
        for (Eigen::Index b = 0; b < n; ++b)
          sum += local(static_cast<std::size_t>(b), t[b])[0] +
                 0.5 * trace * (t[b] - mean) * (t[b] - mean);
        return sum;
      };
      // The order of elimination depends on the numbers of bins alone, and they rarely change.
      thread_local Eigen::SimplicialLDLT<Matrix> factor;
      thread_local std::vector<std::size_t> factor_shape;
      std::vector<std::size_t> shape;
      for (const Axis &axis : axes)
        shape.push_back(axis.n_bins());
      double best = objective(theta);
      for (unsigned int iteration = 0; iteration < 200; ++iteration)
      {
        Vector gradient = penalty * theta;
        Matrix hessian = penalty;
        for (Eigen::Index b = 0; b < n; ++b)
        {
          const std::array<double, 3> f = local(static_cast<std::size_t>(b), theta[b]);
          gradient[b] += f[1] + trace * (theta[b] - mean);
          hessian.coeffRef(b, b) += f[2] + trace;
        }
        if (factor_shape != shape)
        {
          factor.analyzePattern(hessian);
          factor_shape = shape;
        }
        factor.factorize(hessian);
        Vector step = factor.solve(gradient);
        // exp(theta) is no parabola: far steps would overshoot.
        constexpr double longest = 2.0;
        const double length = step.lpNorm<Eigen::Infinity>();
        if (length > longest)
          step *= longest / length;
        double share = 1.0;
        Vector next = theta - step;
        double value = objective(next);
        while (!(value <= best + 1e-12 * std::abs(best)) && share > 1e-6)
        {
          share *= 0.5;
          next = theta - share * step;
          value = objective(next);
        }
        theta = next;
        best = value;
        if (length < last_step)
          break;
      }
      return theta;
    }

    constexpr double exact = 1e-9;  ///< last step of theta where the result is used
    constexpr double to_see = 1e-4; ///< and where it is only compared with others

    /// The minimum for one curvature, from the mean.
    template <typename Local>
    Vector minimise(const std::vector<Axis> &axes, const double curvature, const double mean,
                    const Local &local)
    {
      const Matrix penalty = SecondDifferences(axes, curvature).hessian();
      return minimise(axes, penalty, mean, Vector::Constant(penalty.rows(), mean), exact, local);
    }

    /// The minima for several curvatures, each from the one before.
    template <typename Local>
    std::vector<Vector> minimise(const std::vector<Axis> &axes,
                                 const std::vector<double> &curvatures, const double mean,
                                 const Local &local)
    {
      const Matrix penalty = SecondDifferences(axes, 1.0).hessian();
      std::vector<Vector> result;
      Vector theta = Vector::Constant(penalty.rows(), mean);
      for (const double curvature : curvatures)
      {
        theta = minimise(axes, penalty / (curvature * curvature), mean, theta, to_see, local);
        result.push_back(theta);
      }
      return result;
    }

    /// exp(theta), kept within the values of the bins that have data.
    std::vector<double> bounded(const Vector &theta, const std::vector<double> &data)
    {
      double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
      for (std::size_t b = 0; b < data.size(); ++b)
        if (data[b] > 0.0)
        {
          lowest = std::min(lowest, theta[static_cast<Eigen::Index>(b)]);
          highest = std::max(highest, theta[static_cast<Eigen::Index>(b)]);
        }
      std::vector<double> result;
      for (const double t : theta)
        result.push_back(std::exp(std::clamp(t, lowest, highest)));
      return result;
    }

    double sum_of(const std::vector<double> &values)
    {
      return std::accumulate(values.begin(), values.end(), 0.0);
    }
  } // namespace

  namespace
  {
    /// ln(lambda) as @p search finds it, which is called with its mean and the local function.
    template <typename Search>
    auto log_rate(const BinCounts &counts, const Search &search)
    {
      const double k = sum_of(counts.n_events), e = sum_of(counts.exposure);
      if (!(k > 0.0) || !(e > 0.0))
        throw InputError("smooth rate: no event was counted");
      return search(std::log(k / e), [&](const std::size_t b, const double t) {
        const double expected = counts.exposure[b] * std::exp(t);
        return std::array<double, 3>{
            {expected - counts.n_events[b] * t, expected - counts.n_events[b], expected}};
      });
    }

    /// ln(mu) in the same way.
    template <typename Search>
    auto log_size(const std::vector<double> &n_events, const std::vector<double> &sum_of_sizes,
                  const double dispersion, const Search &search)
    {
      const double n = sum_of(n_events), y = sum_of(sum_of_sizes);
      if (!(n > 0.0) || !(y > 0.0))
        throw InputError("smooth size: the mean size of the events is not positive");
      return search(std::log(y / n), [&](const std::size_t b, const double t) {
        // A bin of negative sizes has no best size: it counts as one of zero size.
        const double pull = std::max(sum_of_sizes[b], 0.0) * std::exp(-t) / dispersion;
        const double count = n_events[b] / dispersion;
        return std::array<double, 3>{{pull + count * t, count - pull, pull}};
      });
    }

    std::vector<std::vector<double>> bounded(const std::vector<Vector> &theta,
                                             const std::vector<double> &data)
    {
      std::vector<std::vector<double>> result;
      for (const Vector &one : theta)
        result.push_back(bounded(one, data));
      return result;
    }
  } // namespace

  std::vector<double> smooth_rate(const std::vector<Axis> &axes, const BinCounts &counts,
                                  const double curvature)
  {
    require_positive(curvature);
    return bounded(
        log_rate(counts, [&](const double mean,
                             const auto &local) { return minimise(axes, curvature, mean, local); }),
        counts.exposure);
  }

  std::vector<std::vector<double>> smooth_rates(const std::vector<Axis> &axes,
                                                const BinCounts &counts,
                                                const std::vector<double> &curvatures)
  {
    for (const double curvature : curvatures)
      require_positive(curvature);
    return bounded(log_rate(counts,
                            [&](const double mean, const auto &local) {
                              return minimise(axes, curvatures, mean, local);
                            }),
                   counts.exposure);
  }

  std::vector<double> smooth_size(const std::vector<Axis> &axes,
                                  const std::vector<double> &n_events,
                                  const std::vector<double> &sum_of_sizes, const double dispersion,
                                  const double curvature)
  {
    require_positive(curvature);
    return bounded(log_size(n_events, sum_of_sizes, dispersion,
                            [&](const double mean, const auto &local) {
                              return minimise(axes, curvature, mean, local);
                            }),
                   n_events);
  }

  std::vector<std::vector<double>> smooth_sizes(const std::vector<Axis> &axes,
                                                const std::vector<double> &n_events,
                                                const std::vector<double> &sum_of_sizes,
                                                const double dispersion,
                                                const std::vector<double> &curvatures)
  {
    for (const double curvature : curvatures)
      require_positive(curvature);
    return bounded(log_size(n_events, sum_of_sizes, dispersion,
                            [&](const double mean, const auto &local) {
                              return minimise(axes, curvatures, mean, local);
                            }),
                   n_events);
  }

  double poisson_deviance(const BinCounts &counts, const std::vector<double> &rate)
  {
    double sum = 0.0;
    for (std::size_t b = 0; b < rate.size(); ++b)
    {
      const double expected = counts.exposure[b] * rate[b], k = counts.n_events[b];
      sum += 2.0 * (expected - k + (k > 0.0 ? k * std::log(k / expected) : 0.0));
    }
    return sum;
  }
} // namespace seem::database
