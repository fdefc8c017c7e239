// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/isotropy.h>

#include <Eigen/Dense>
#include <boost/math/distributions/fisher_f.hpp>
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

namespace seem::statistics
{
  namespace
  {
    /// The runs of glasses sheared in several directions, glasses and directions numbered.
    struct Design
    {
      std::vector<const DirectedRun *> runs;
      std::vector<std::size_t> glass, direction; ///< [n_runs]
      std::vector<std::string> names;            ///< of the directions
      std::size_t n_glasses = 0;
    };

    Design design_of(const std::vector<DirectedRun> &runs)
    {
      std::map<std::size_t, std::set<std::string>> directions_of;
      for (const DirectedRun &run : runs)
        if (!run.direction.empty())
          directions_of[run.glass].insert(run.direction);
      std::map<std::size_t, std::size_t> glasses;
      std::map<std::string, std::size_t> directions;
      for (const auto &[glass, names] : directions_of)
        if (names.size() > 1)
        {
          glasses.emplace(glass, glasses.size());
          for (const std::string &name : names)
            directions.emplace(name, 0);
        }
      Design design;
      design.n_glasses = glasses.size();
      for (auto &[name, number] : directions)
      {
        number = design.names.size();
        design.names.push_back(name);
      }
      for (const DirectedRun &run : runs)
        if (const auto glass = glasses.find(run.glass);
            glass != glasses.end() && !run.direction.empty())
        {
          design.runs.push_back(&run);
          design.glass.push_back(glass->second);
          design.direction.push_back(directions.at(run.direction));
        }
      return design;
    }

    /// Effects of the directions on one quantity.
    struct Effects
    {
      Eigen::VectorXd value, standard_error; ///< [n_directions]
      DirectionTest test;
    };

    /**
     * Least squares of y = glass + direction. What the glasses explain are their means, so these
     * are taken out of y and of the columns of the directions first (Frisch, Waugh and Lovell): few
     * columns are left, however many glasses there are.
     */
    class BlockedFit
    {
    public:
      explicit BlockedFit(const Design &design)
          : design(design), n_free(static_cast<Eigen::Index>(design.names.size()) - 1),
            matrix(Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(design.runs.size()), n_free)),
            n_of_glass(design.n_glasses, 0.0)
      {
        for (const std::size_t glass : design.glass)
          n_of_glass[glass] += 1.0;
        for (Eigen::Index i = 0; i < matrix.rows(); ++i)
        {
          // The last direction is minus the sum of the others.
          const auto d = static_cast<Eigen::Index>(design.direction[static_cast<std::size_t>(i)]);
          if (d < n_free)
            matrix(i, d) = 1.0;
          else
            matrix.row(i).setConstant(-1.0);
        }
        for (Eigen::Index d = 0; d < n_free; ++d)
          matrix.col(d) = within_glasses(matrix.col(d));
        factor.compute(matrix);
      }

      /// Whether all effects can be told apart and a run is left over.
      bool determined() const
      {
        return factor.rank() == n_free && freedom() > 0;
      }

      Eigen::Index freedom() const
      {
        return matrix.rows() - static_cast<Eigen::Index>(design.n_glasses) - factor.rank();
      }

      Effects effects(const Eigen::VectorXd &values) const
      {
        const Eigen::VectorXd y = within_glasses(values), solution = factor.solve(y);
        const double squares = (y - matrix * solution).squaredNorm();
        const double variance = squares / static_cast<double>(freedom());

        // b of all directions from the free ones.
        Eigen::MatrixXd expand(n_free + 1, n_free);
        expand.topRows(n_free).setIdentity();
        expand.row(n_free).setConstant(-1.0);
        const Eigen::MatrixXd covariance = (matrix.transpose() * matrix).inverse() * variance;

        Effects result;
        result.value = expand * solution;
        result.standard_error =
            (expand * covariance * expand.transpose()).diagonal().cwiseAbs().cwiseSqrt();
        const double n = static_cast<double>(n_free);
        result.test.chi_squared = variance > 0.0 ? (y.squaredNorm() - squares) / variance : 0.0;
        const boost::math::fisher_f fisher(n, static_cast<double>(freedom()));
        result.test.p_value = boost::math::cdf(
            boost::math::complement(fisher, std::max(0.0, result.test.chi_squared / n)));
        return result;
      }

    private:
      /// @p values less their mean over the runs of the same glass
      Eigen::VectorXd within_glasses(const Eigen::VectorXd &values) const
      {
        std::vector<double> mean(design.n_glasses, 0.0);
        for (Eigen::Index i = 0; i < values.size(); ++i)
        {
          const std::size_t glass = design.glass[static_cast<std::size_t>(i)];
          mean[glass] += values[i] / n_of_glass[glass];
        }
        Eigen::VectorXd result = values;
        for (Eigen::Index i = 0; i < values.size(); ++i)
          result[i] -= mean[design.glass[static_cast<std::size_t>(i)]];
        return result;
      }

      const Design &design;
      Eigen::Index n_free;
      Eigen::MatrixXd matrix;
      std::vector<double> n_of_glass; ///< runs, [n_glasses]
      Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factor;
    };
  } // namespace

  std::vector<std::string> Isotropy::contradictions() const
  {
    constexpr double level = 0.01;
    std::vector<std::string> result;
    const auto judge = [&](const DirectionTest &test, const char *what) {
      if (tested && test.p_value < level)
        result.push_back(fmt::format(
            "the runs are not isotropic: {} depends on the direction of the shear (p = {:.2g}), "
            "the database takes all directions for one",
            what, test.p_value));
    };
    judge(stress, "the mean stress");
    judge(rate, "the event rate at equal state");
    return result;
  }

  Isotropy test_isotropy(const std::vector<DirectedRun> &runs)
  {
    const Design design = design_of(runs);
    Isotropy result;
    result.n_glasses = design.n_glasses;
    result.n_runs = design.runs.size();
    if (design.n_glasses < 2)
    {
      result.reason = design.n_glasses == 0 ? "no glass was sheared in several directions"
                                            : "only one glass was sheared in several directions";
      return result;
    }
    const BlockedFit fit(design);
    if (!fit.determined())
    {
      result.reason = "too few runs: glasses and directions cannot be told apart";
      return result;
    }

    Eigen::VectorXd stress(design.runs.size()), rate(design.runs.size());
    for (std::size_t i = 0; i < design.runs.size(); ++i)
    {
      const DirectedRun &run = *design.runs[i];
      stress(static_cast<Eigen::Index>(i)) = run.mean_stress;
      rate(static_cast<Eigen::Index>(i)) =
          run.n_expected > 0.0 ? run.n_events / run.n_expected : 1.0;
    }
    const Effects of_stress = fit.effects(stress), of_rate = fit.effects(rate);
    const double mean_rate = rate.mean();
    result.tested = true;
    result.degrees_of_freedom = static_cast<std::size_t>(fit.freedom());
    result.stress = of_stress.test;
    result.rate = of_rate.test;
    for (std::size_t d = 0; d < design.names.size(); ++d)
    {
      const auto k = static_cast<Eigen::Index>(d);
      DirectionEffect effect;
      effect.direction = design.names[d];
      for (const std::size_t direction : design.direction)
        effect.n_runs += direction == d;
      effect.stress = {of_stress.value(k), of_stress.standard_error(k)};
      effect.rate_ratio = {1.0, 0.0};
      if (mean_rate > 0.0)
        effect.rate_ratio = {1.0 + of_rate.value(k) / mean_rate,
                             of_rate.standard_error(k) / mean_rate};
      result.directions.push_back(effect);
    }
    return result;
  }
} // namespace seem::statistics
