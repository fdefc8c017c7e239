// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_MEAN_FLOW_LIMIT_H
#define SEEM_TESTS_VERIFICATION_MEAN_FLOW_LIMIT_H

#include "verification.h"

#include <seem/law/mean_flow_law.h>
#include <seem/law/seem_law.h>

#include <array>
#include <cstdio>
#include <memory>

namespace seem::verification
{
  /// Distance of the mean stress of volumes of m representative volumes from the mean flow.
  struct Distance
  {
    double m;
    double square;         ///< mean over gamma of (mean tau - tau of the mean flow)^2 [GPa^2],
                           ///< less what the scatter of the mean adds
    double standard_error; ///< of it, by leaving out one of the groups of replicas after the other

    double root() const
    {
      return std::sqrt(std::max(square, 0.0));
    }
  };

  /// One glass in simple shear from one state, as many events and as their limit.
  class MeanFlowLimit
  {
  public:
    static constexpr std::size_t n_strains = 50; ///< gamma = 0.01..0.5
    static constexpr double spacing = 0.01;
    using Curve = std::array<double, n_strains>;

    MeanFlowLimit(std::shared_ptr<const law::Elasticity> elasticity,
                  std::shared_ptr<const law::EventSource> source, const State &initial,
                  const law::EnergyBound bound)
        : elasticity(std::move(elasticity)), source(std::move(source)), initial(initial),
          bound(bound), limit(mean_flow(2.5e-6))
    {
    }

    /// tau of the mean flow at the given sub-step.
    Curve mean_flow(const double sub_step) const
    {
      law::MeanFlowLawParameters p;
      p.bulk_modulus = 100.0;
      p.energy_bound = bound;
      p.sub_step = sub_step;
      return curve(law::MeanFlowLaw(elasticity, source, p), {});
    }

    /// Root mean square difference of two curves.
    static double difference(const Curve &a, const Curve &b)
    {
      double sum = 0.0;
      for (std::size_t i = 0; i < n_strains; ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]) / n_strains;
      return std::sqrt(sum);
    }

    /// The distance at @p m from @p n replicas.
    Distance distance(const double m, const unsigned int n) const
    {
      law::SeemLawParameters p;
      p.bulk_modulus = 100.0;
      p.energy_bound = bound;
      p.seed = 100 + static_cast<std::uint64_t>(m);
      const law::SeemLaw law(elasticity, source, p);
      std::vector<Sums> groups(n_groups);
      for (std::uint64_t cell = 0; cell < n; ++cell)
        groups[cell % n_groups].add(curve(law, {{cell, 0}, m}));
      Sums all;
      for (const Sums &group : groups)
        all.add(group);
      const double square = all.square(limit);
      Sample left_out;
      for (const Sums &group : groups)
      {
        Sums rest = all;
        rest.remove(group);
        left_out.add(rest.square(limit));
      }
      const double error = std::sqrt((n_groups - 1.0) * left_out.moment(2));
      const Distance result = {m, square, error};
      std::printf("[          ] m = %4.0f, %6u replicas: distance from the mean flow %.5f GPa, its "
                  "square (%.2f +- %.2f)e-6\n",
                  m, n, result.root(), 1e6 * square, 1e6 * error);
      std::fflush(stdout);
      return result;
    }

  private:
    static constexpr std::size_t n_groups = 25;

    struct Sums
    {
      void add(const Curve &tau)
      {
        n += 1.0;
        for (std::size_t i = 0; i < n_strains; ++i)
        {
          sum[i] += tau[i];
          squares[i] += tau[i] * tau[i];
        }
      }

      void add(const Sums &other, const double sign = 1.0)
      {
        n += sign * other.n;
        for (std::size_t i = 0; i < n_strains; ++i)
        {
          sum[i] += sign * other.sum[i];
          squares[i] += sign * other.squares[i];
        }
      }

      void remove(const Sums &other)
      {
        add(other, -1.0);
      }

      double square(const Curve &limit) const
      {
        double result = 0.0;
        for (std::size_t i = 0; i < n_strains; ++i)
        {
          const double mean = sum[i] / n;
          const double variance = (squares[i] / n - mean * mean) / (n - 1.0);
          result += ((mean - limit[i]) * (mean - limit[i]) - variance) / n_strains;
        }
        return result;
      }

      double n = 0.0;
      Curve sum = {}, squares = {};
    };

    Curve curve(const law::MaterialLaw &law, const law::PointData &data) const
    {
      std::vector<double> state(law.state_size());
      law.initialise(state.data(), data, initial);
      Curve tau;
      for (std::size_t i = 0; i < n_strains; ++i)
      {
        const law::SymmetricTensor end = law::simple_shear(spacing * (i + 1.0));
        law.advance(state.data(), data, law::simple_shear(spacing * i), end);
        tau[i] = law.evaluate(state.data(), end).stress[5] / law::sqrt2;
      }
      return tau;
    }

    std::shared_ptr<const law::Elasticity> elasticity;
    std::shared_ptr<const law::EventSource> source;
    State initial;
    law::EnergyBound bound;
    Curve limit;
  };

  /// Slope of log(distance) in log(m) with its standard error, by weighted least squares.
  inline std::array<double, 2> slope_of(const std::vector<Distance> &distances)
  {
    double w = 0.0, wx = 0.0, wy = 0.0, wxx = 0.0, wxy = 0.0;
    for (const Distance &d : distances)
    {
      const double x = std::log(d.m), y = 0.5 * std::log(d.square);
      const double weight = std::pow(2.0 * d.square / d.standard_error, 2);
      w += weight;
      wx += weight * x;
      wy += weight * y;
      wxx += weight * x * x;
      wxy += weight * x * y;
    }
    const double determinant = w * wxx - wx * wx;
    return {{(w * wxy - wx * wy) / determinant, std::sqrt(w / determinant)}};
  }
} // namespace seem::verification

#endif
