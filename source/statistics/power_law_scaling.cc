// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/power_law.h>

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace seem::statistics
{
  ScalingFit fit_scaling(const std::vector<double> &x, const std::vector<double> &y)
  {
    std::vector<std::array<double, 2>> pairs; // ln x, y over its mean
    double mean = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (x[i] > 0.0 && y[i] > 0.0)
      {
        pairs.push_back({{std::log(x[i]), y[i]}});
        mean += y[i];
      }
    const auto n = static_cast<double>(pairs.size());
    const auto [least, most] = std::minmax_element(
        pairs.begin(), pairs.end(), [](const auto &a, const auto &b) { return a[0] < b[0]; });
    if (pairs.size() < 3 || (*least)[0] == (*most)[0])
      throw InputError(fmt::format("a power law between two quantities needs three pairs with "
                                   "both positive and different first ones; there are {}",
                                   pairs.size()));
    mean /= n;
    for (auto &pair : pairs)
      pair[1] /= mean;

    // Newton's method; the likelihood is concave.
    Eigen::Vector2d p = Eigen::Vector2d::Zero();
    Eigen::Matrix2d curvature, scatter;
    for (unsigned int i = 0; i < 100; ++i)
    {
      Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
      curvature.setZero();
      scatter.setZero();
      for (const auto &[u, v] : pairs)
      {
        const Eigen::Vector2d z(1.0, u);
        const double expected = std::exp(p.dot(z));
        gradient += (v - expected) * z;
        curvature += expected * z * z.transpose();
        scatter += (v - expected) * (v - expected) * z * z.transpose();
      }
      const Eigen::Vector2d step = curvature.ldlt().solve(gradient);
      // Far from the maximum a full step may leave the range of exp().
      p += step / std::max(1.0, step.norm());
      if (step.norm() < 1e-12)
        break;
    }
    const Eigen::Matrix2d inverse = curvature.inverse();
    const Eigen::Matrix2d covariance = n / (n - 2.0) * inverse * scatter * inverse;
    ScalingFit result;
    result.n = pairs.size();
    result.exponent = {p[1], std::sqrt(covariance(1, 1))};
    result.prefactor = mean * std::exp(p[0]);
    return result;
  }
} // namespace seem::statistics
