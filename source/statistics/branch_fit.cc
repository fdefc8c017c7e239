// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/statistics/branch_fit.h>

#include <ceres/ceres.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    /// Scaled parameters p = (1/G0, 1/uA, 1/tauA^2, 1/tauB^4) over these units, so that all are of
    /// order one.
    constexpr std::array<double, 4> parameter_units = {{1.0 / 30.0, 10.0, 0.02, 0.02}};

    /// Upper bounds of the scaled parameters, far from any solid; the lower one of 1/G0.
    constexpr double largest_parameter = 1e3;
    constexpr double smallest_g0 = 1e-3;

    /// A parameter below this share of its unit is on its bound.
    constexpr double bound_tolerance = 1e-6;

    constexpr std::size_t minimum_pieces = 8;

    using Parameters = std::array<double, 4>;

    double or_zero(const double inverse)
    {
      return std::isfinite(inverse) ? inverse : 0.0;
    }

    Parameters parameters_of(const TaylorConstants &constants)
    {
      return {{1.0 / constants.g0 / parameter_units[0],
               or_zero(1.0 / constants.u_a / parameter_units[1]),
               or_zero(std::pow(constants.tau_a, -2.0) / parameter_units[2]),
               or_zero(std::pow(constants.tau_b, -4.0) / parameter_units[3])}};
    }

    TaylorConstants constants_of(const Parameters &p)
    {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      TaylorConstants constants;
      constants.g0 = 1.0 / (p[0] * parameter_units[0]);
      constants.u_a = p[1] > bound_tolerance ? 1.0 / (p[1] * parameter_units[1]) : infinity;
      constants.tau_a =
          p[2] > bound_tolerance ? std::pow(p[2] * parameter_units[2], -0.5) : infinity;
      constants.tau_b =
          p[3] > bound_tolerance ? std::pow(p[3] * parameter_units[3], -0.25) : infinity;
      return constants;
    }

    /// The pieces of all runs with their X1, for one state of the constants.
    struct Points
    {
      std::vector<double> tau, x1, modulus, weight;
    };

    /**
     * Modulus of each piece minus the law's tangent at its (tau, X1), with derivatives. In place of
     * the residual r of weight w stands sign(r) sqrt(w rho(r^2)) with Huber's rho, so that half the
     * sum of squares is the robust cost; one function of all pieces costs a fifth of one for each.
     */
    class ModulusResiduals final : public ceres::CostFunction
    {
    public:
      /// @param[in] bend  of Huber's loss; 0: none
      ModulusResiduals(const Points &points, const double bend) : points(points), bend(bend)
      {
        set_num_residuals(static_cast<int>(points.tau.size()));
        mutable_parameter_block_sizes()->push_back(4);
      }

      bool Evaluate(double const *const *parameters, double *residuals,
                    double **jacobians) const override
      {
        constexpr double cap = 0.9; // of X1/uA, as in the law

        const double *const p = parameters[0];
        double *jacobian = jacobians != nullptr ? jacobians[0] : nullptr;
        const double g0 = 1.0 / (p[0] * parameter_units[0]);
        for (std::size_t i = 0; i < points.tau.size(); ++i)
        {
          const double tau_squared = points.tau[i] * points.tau[i];
          const double ratio = points.x1[i] * p[1] * parameter_units[1];
          const double softening = 1.0 / (1.0 - std::min(ratio, cap));
          const double weight_a = 2.0 * tau_squared * parameter_units[2];
          const double weight_b = 3.0 * tau_squared * tau_squared * parameter_units[3];
          const double compliance = softening + weight_a * p[2] + weight_b * p[3];
          const double tangent = g0 / compliance;

          // d sqrt(rho)/dr is 1 up to the bend, then bend/sqrt(rho).
          const double r = points.modulus[i] - tangent, distance = std::abs(r);
          const bool far = bend > 0.0 && distance > bend;
          const double root = far ? std::sqrt(2.0 * bend * distance - bend * bend) : distance;
          const double root_weight = std::sqrt(points.weight[i]);
          residuals[i] = std::copysign(root_weight * root, r);
          if (jacobian != nullptr)
          {
            const double factor = root_weight * (far ? bend / root : 1.0);
            const double slope = factor * tangent / compliance;
            jacobian[0] = factor * tangent / p[0];
            jacobian[1] = ratio < cap
                              ? slope * softening * softening * points.x1[i] * parameter_units[1]
                              : 0.0;
            jacobian[2] = slope * weight_a;
            jacobian[3] = slope * weight_b;
            jacobian += 4;
          }
        }
        return true;
      }

    private:
      const Points &points;
      double bend;
    };

    Points points_of(const std::vector<const BranchData *> &runs, const TaylorConstants &constants,
                     const double u0)
    {
      Points points;
      for (const BranchData *run : runs)
      {
        const law::TaylorElasticity elasticity = constants.elasticity(run->initial.atomic_volume);
        for (const BranchPiece &piece : run->pieces)
        {
          points.tau.push_back(piece.tau);
          points.x1.push_back(elasticity.inelastic_energy(piece.energy - u0, piece.tau_of_energy));
          points.modulus.push_back(piece.modulus);
          points.weight.push_back(piece.weight);
        }
      }
      return points;
    }

    /// One least-squares fit at fixed X1; @p bend is Huber's, 0 for none.
    void solve(const Points &points, const double bend, const double tolerance, Parameters &p)
    {
      ceres::Problem problem;
      problem.AddResidualBlock(new ModulusResiduals(points, bend), nullptr, p.data());
      for (int i = 0; i < 4; ++i)
      {
        problem.SetParameterLowerBound(p.data(), i, i == 0 ? smallest_g0 : 0.0);
        problem.SetParameterUpperBound(p.data(), i, largest_parameter);
      }

      ceres::Solver::Options options;
      options.linear_solver_type = ceres::DENSE_NORMAL_CHOLESKY;
      options.logging_type = ceres::SILENT;
      options.minimizer_progress_to_stdout = false;
      options.num_threads = 1;
      options.max_num_iterations = 100;
      options.function_tolerance = 1e-3 * tolerance;
      options.parameter_tolerance = 1e-2 * tolerance;
      ceres::Solver::Summary summary;
      ceres::Solve(options, &problem, &summary);
      if (!summary.IsSolutionUsable())
        throw InputError("branch fit: the least-squares problem could not be solved: " +
                         summary.message);
    }

    std::vector<double> residuals_of(const Points &points, const TaylorConstants &constants)
    {
      const law::TaylorElasticity elasticity = constants.elasticity(1.0);
      std::vector<double> residuals;
      residuals.reserve(points.tau.size());
      for (std::size_t i = 0; i < points.tau.size(); ++i)
        residuals.push_back(points.modulus[i] - elasticity.tangent(points.tau[i], points.x1[i]));
      return residuals;
    }

    double weighted_mean(const std::vector<double> &values, const std::vector<double> &weights)
    {
      double sum = 0.0, total = 0.0;
      for (std::size_t i = 0; i < values.size(); ++i)
      {
        sum += weights[i] * values[i];
        total += weights[i];
      }
      return sum / total;
    }

    /// Append the piece between rows @p begin and @p end of @p trajectory.
    void append_piece(const Trajectory &trajectory, const std::size_t begin, const std::size_t end,
                      const double piece_strain, std::vector<BranchPiece> &pieces)
    {
      const std::size_t middle = (begin + end) / 2;
      const double length = trajectory.strain[end] - trajectory.strain[begin];
      pieces.push_back({0.5 * (trajectory.tau[begin] + trajectory.tau[end]),
                        trajectory.energy[middle], trajectory.tau[middle],
                        (trajectory.tau[end] - trajectory.tau[begin]) / length,
                        length / piece_strain, trajectory.atomic_volume()});
    }
  } // namespace

  BranchData branch_data(const Trajectory &trajectory, const Flags &events,
                         const double piece_strain)
  {
    // Half an increment of slack keeps pieces equally long in spite of round-off in the strains.
    constexpr double slack = 1e-9;

    BranchData data{{trajectory.energy[0], trajectory.tau[0], trajectory.atomic_volume()}, {}};
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= events.size(); ++i)
    {
      const bool broken = i == events.size() || events[i] != 0;
      const double length = trajectory.strain[i] - trajectory.strain[begin];
      const bool full = length >= piece_strain * (1.0 - slack);
      if (i > begin && (full || (broken && length >= 0.5 * piece_strain)))
      {
        append_piece(trajectory, begin, i, piece_strain, data.pieces);
        begin = i;
      }
      if (broken)
        begin = i + 1;
    }
    return data;
  }

  double lowest_stress_free_energy(const std::vector<const BranchData *> &runs,
                                   const ElasticModel &model)
  {
    double lowest = std::numeric_limits<double>::infinity();
    for (const BranchData *run : runs)
    {
      const InitialRow &row = run->initial;
      lowest = std::min(
          lowest, row.energy - model.elasticity(row.atomic_volume)->elastic_energy(row.tau, 0.0));
    }
    return lowest;
  }

  BranchFit fit_branches(const std::vector<const BranchData *> &runs, const TaylorConstants &start,
                         const BranchFitSettings &settings)
  {
    BranchFit fit;
    for (const BranchData *run : runs)
      fit.n_pieces += run->pieces.size();
    if (fit.n_pieces < minimum_pieces)
      throw InputError(fmt::format(
          "branch fit: only {} event-free pieces in {} runs, at least {} are needed; lower "
          "the piece strain or give the elastic constants",
          fit.n_pieces, runs.size(), minimum_pieces));

    Parameters p = parameters_of(start);
    fit.constants = start;
    Points points;
    for (; fit.n_iterations < settings.max_iterations && !fit.settled; ++fit.n_iterations)
    {
      fit.u0 =
          settings.reference_energy.value_or(lowest_stress_free_energy(runs, {fit.constants, {}}));
      points = points_of(runs, fit.constants, fit.u0);

      const std::vector<double> residuals = residuals_of(points, fit.constants);
      const double bend = settings.robust_scale * robust_spread(residuals, median(residuals));
      const Parameters before = p;
      solve(points, fit.n_iterations == 0 ? 0.0 : bend, settings.tolerance, p);
      fit.constants = constants_of(p);

      double change = 0.0;
      for (std::size_t i = 0; i < p.size(); ++i)
        change = std::max(change, std::abs(p[i] - before[i]));
      fit.settled = fit.n_iterations > 0 && change < settings.tolerance;
    }

    for (std::size_t i = 1; i < p.size(); ++i)
      fit.at_bound[i] = p[i] <= bound_tolerance;
    fit.u0 =
        settings.reference_energy.value_or(lowest_stress_free_energy(runs, {fit.constants, {}}));
    points = points_of(runs, fit.constants, fit.u0);
    const std::vector<double> residuals = residuals_of(points, fit.constants);
    fit.spread = robust_spread(residuals, median(residuals));
    fit.bias = weighted_mean(residuals, points.weight);
    return fit;
  }
} // namespace seem::statistics
