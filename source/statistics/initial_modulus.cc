// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/initial_modulus.h>
#include <seem/statistics/noise_floor.h>

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();
  } // namespace

  InitialModulus initial_modulus(const Trajectory &trajectory, const Flags &events,
                                 const double first_strain)
  {
    const double end = trajectory.strain[0] + first_strain;
    double rise = 0.0, length = 0.0;
    for (std::size_t i = 0; i < events.size() && trajectory.strain[i] < end; ++i)
      if (events[i] == 0)
      {
        rise += trajectory.tau[i + 1] - trajectory.tau[i];
        length += trajectory.strain[i + 1] - trajectory.strain[i];
      }
    if (!(length > 0.0))
      throw InputError(fmt::format(
          "sample '{}': no event-free increment below a strain of {}: the first modulus "
          "cannot be estimated",
          trajectory.info.name, first_strain));
    return {rise / length, trajectory.energy[0], trajectory.tau[0], trajectory.atomic_volume()};
  }

  InitialModulusFit fit_initial_modulus(const std::vector<InitialModulus> &runs,
                                        const std::optional<double> reference_energy)
  {
    const std::size_t n = runs.size();
    std::vector<double> modulus, energy;
    for (const InitialModulus &run : runs)
      modulus.push_back(run.modulus);

    InitialModulusFit fit;
    fit.constants.g0 = median(modulus);
    if (!(fit.constants.g0 > 0.0))
      throw InputError(fmt::format(
          "the median of the first moduli is {} GPa, not positive: check the sign of the "
          "stress",
          fit.constants.g0));
    for (const InitialModulus &run : runs)
      energy.push_back(run.energy -
                       fit.constants.elasticity(run.atomic_volume).elastic_energy(run.tau, 0.0));
    fit.u0 = reference_energy.value_or(*std::min_element(energy.begin(), energy.end()));

    // Straight line through (X1, modulus); runs of one glass have the same X1, so it may not be
    // determined.
    double mean_x1 = 0.0, mean_g = 0.0, sxx = 0.0, sxg = 0.0;
    for (std::size_t i = 0; i < n; ++i)
    {
      mean_x1 += (energy[i] - fit.u0) / static_cast<double>(n);
      mean_g += modulus[i] / static_cast<double>(n);
    }
    for (std::size_t i = 0; i < n; ++i)
    {
      const double dx = energy[i] - fit.u0 - mean_x1;
      sxx += dx * dx;
      sxg += dx * (modulus[i] - mean_g);
    }
    const double slope = sxx > 0.0 ? sxg / sxx : 0.0;
    const double g0 = mean_g - slope * mean_x1;
    if (slope < 0.0 && g0 > 0.0 && std::isfinite(slope))
    {
      fit.constants.g0 = g0;
      fit.constants.u_a = -g0 / slope;
      fit.u_a_identified = true;
    }
    else
      fit.constants.g0 = mean_g;
    return fit;
  }

  TaylorConstants fit_loading_curve(const std::vector<const Trajectory *> &trajectories,
                                    const InitialModulusFit &first, const double loading_strain)
  {
    // Linear in (a, b) = (1/tauA^2, 1/tauB^4): u_el is, so its values at unit a and b are the
    // columns.
    TaylorConstants unit_a = first.constants, unit_b = first.constants;
    unit_a.tau_a = 1.0;
    unit_b.tau_b = 1.0;

    Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
    Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
    for (const Trajectory *run : trajectories)
    {
      const Trajectory &trajectory = *run;
      const double omega = trajectory.atomic_volume();
      const auto linear = first.constants.elasticity(omega);
      const auto with_a = unit_a.elasticity(omega);
      const auto with_b = unit_b.elasticity(omega);
      const double tau_0 = trajectory.tau[0];
      const double x1 = linear.inelastic_energy(trajectory.energy[0] - first.u0, tau_0);
      const double end = trajectory.strain[0] + loading_strain;
      const auto quadratic = [&](const double tau) { return linear.elastic_energy(tau, x1); };
      for (std::size_t i = 1; i < trajectory.n_rows() && trajectory.strain[i] <= end; ++i)
      {
        const double tau = trajectory.tau[i];
        const Eigen::Vector2d column(with_a.elastic_energy(tau, x1) - quadratic(tau) -
                                         with_a.elastic_energy(tau_0, x1) + quadratic(tau_0),
                                     with_b.elastic_energy(tau, x1) - quadratic(tau) -
                                         with_b.elastic_energy(tau_0, x1) + quadratic(tau_0));
        const double excess =
            trajectory.energy[i] - trajectory.energy[0] - quadratic(tau) + quadratic(tau_0);
        normal += column * column.transpose();
        gradient += column * excess;
      }
    }

    // Non-negative least squares of two unknowns: the free minimum if it is allowed, else the
    // better of the two edges.
    Eigen::Vector2d best = normal.fullPivLu().solve(gradient);
    if (!(best.minCoeff() >= 0.0))
    {
      best = Eigen::Vector2d::Zero();
      double best_change = 0.0;
      for (int i = 0; i < 2; ++i)
        if (normal(i, i) > 0.0 && gradient(i) > 0.0)
        {
          const double change = -gradient(i) * gradient(i) / normal(i, i);
          if (change < best_change)
          {
            best = Eigen::Vector2d::Zero();
            best(i) = gradient(i) / normal(i, i);
            best_change = change;
          }
        }
    }
    TaylorConstants result = first.constants;
    result.tau_a = best(0) > 0.0 ? std::pow(best(0), -0.5) : infinity;
    result.tau_b = best(1) > 0.0 ? std::pow(best(1), -0.25) : infinity;
    return result;
  }
} // namespace seem::statistics
