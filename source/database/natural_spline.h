// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_DATABASE_NATURAL_SPLINE_H
#define SEEM_SOURCE_DATABASE_NATURAL_SPLINE_H

#include <Eigen/LU>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace seem::database
{
  /**
   * The matrix [n_points x n_knots] that takes values at @p knots to those of their natural cubic
   * spline (second derivative zero at the ends) at @p points, linear beyond the ends. One knot: a
   * constant; two: a line.
   */
  inline Eigen::MatrixXd natural_spline(const std::vector<double> &knots,
                                        const std::vector<double> &points)
  {
    const auto n = static_cast<Eigen::Index>(knots.size());
    const auto n_points = static_cast<Eigen::Index>(points.size());
    if (n == 1)
      return Eigen::MatrixXd::Ones(n_points, 1);

    const auto knot = [&](const Eigen::Index i) { return knots[static_cast<std::size_t>(i)]; };
    // Second derivatives at the knots from the values, by the continuity of the slope.
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n), right = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index i = 1; i + 1 < n; ++i)
    {
      const double below = knot(i) - knot(i - 1), above = knot(i + 1) - knot(i);
      system(i, i - 1) = below / 6.0;
      system(i, i) = (below + above) / 3.0;
      system(i, i + 1) = above / 6.0;
      right(i, i - 1) = 1.0 / below;
      right(i, i) = -1.0 / below - 1.0 / above;
      right(i, i + 1) = 1.0 / above;
    }
    const Eigen::MatrixXd curvature = system.partialPivLu().solve(right);

    Eigen::MatrixXd result = Eigen::MatrixXd::Zero(n_points, n);
    for (Eigen::Index p = 0; p < n_points; ++p)
    {
      const double point = points[static_cast<std::size_t>(p)];
      const auto above = std::upper_bound(knots.begin() + 1, knots.end() - 1, point);
      const Eigen::Index i = above - knots.begin() - 1;
      const double width = knot(i + 1) - knot(i);
      const double b = (point - knot(i)) / width, a = 1.0 - b;
      result(p, i) += a;
      result(p, i + 1) += b;
      if (b < 0.0) // the slope at the end is that of the chord less a sixth of the curvatures
        result.row(p) -= b * width * width / 6.0 * curvature.row(i + 1);
      else if (a < 0.0)
        result.row(p) -= a * width * width / 6.0 * curvature.row(i);
      else
        result.row(p) +=
            width * width / 6.0 *
            ((a * a * a - a) * curvature.row(i) + (b * b * b - b) * curvature.row(i + 1));
    }
    return result;
  }
} // namespace seem::database

#endif
