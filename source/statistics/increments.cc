// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/units.h>
#include <seem/statistics/increments.h>

namespace seem::statistics
{
  double work(const double volume, const double tau, const double dgamma)
  {
    return volume * tau * dgamma / units::GPa_per_eV_per_A3;
  }

  Increments raw_increments(const Trajectory &trajectory)
  {
    Increments result;
    const std::size_t n = trajectory.n_rows() - 1;
    result.dgamma.resize(n);
    result.net_dtau.resize(n);
    result.trapezoid_loss.resize(n);
    const double *const strain = trajectory.strain.data(), *const tau = trajectory.tau.data(),
                        *const energy = trajectory.energy.data();
    double *const dgamma = result.dgamma.data(), *const net = result.net_dtau.data(),
                  *const loss = result.trapezoid_loss.data();
    const double volume = trajectory.info.volume, n_atoms = trajectory.info.n_atoms;
    for (std::size_t i = 0; i < n; ++i)
    {
      dgamma[i] = strain[i + 1] - strain[i];
      net[i] = tau[i + 1] - tau[i];
      const double mean = 0.5 * (tau[i] + tau[i + 1]);
      loss[i] = volume * mean * dgamma[i] / units::GPa_per_eV_per_A3 -
                n_atoms * (energy[i + 1] - energy[i]);
    }
    return result;
  }

  std::vector<double> x1_of(const Trajectory &trajectory, const law::Elasticity &elasticity,
                            const double u0)
  {
    std::vector<double> x1(trajectory.n_rows());
    elasticity.inelastic_energies(x1.size(), trajectory.energy.data(), u0, trajectory.tau.data(),
                                  x1.data());
    return x1;
  }

  Increments read_increments(const Trajectory &trajectory, const law::Elasticity &elasticity,
                             const double u0)
  {
    Increments result = raw_increments(trajectory);
    result.x1 = x1_of(trajectory, elasticity, u0);
    result.deficit.resize(result.size());
    elasticity.branch_ends(result.size(), trajectory.tau.data(), result.x1.data(),
                           result.dgamma.data(), result.deficit.data());
    for (std::size_t i = 0; i < result.size(); ++i)
      result.deficit[i] -= trajectory.tau[i + 1];
    return result;
  }

  double energy_loss(const Trajectory &trajectory, const Increments &increments,
                     const law::Elasticity &elasticity, const std::size_t i)
  {
    const double x1 = increments.x1[i];
    const double predicted = elasticity.stress(
        elasticity.elastic_strain(trajectory.tau[i], x1) + increments.dgamma[i], x1);
    const double stored = elasticity.elastic_energy(trajectory.tau[i + 1], increments.x1[i + 1]);
    return trajectory.info.n_atoms *
           (elasticity.elastic_energy(predicted, x1) - stored - increments.dx1(i));
  }
} // namespace seem::statistics
