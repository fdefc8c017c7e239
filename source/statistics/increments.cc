// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_passes.h"

#include <seem/core/units.h>
#include <seem/statistics/increments.h>

#include <algorithm>
#include <vector>

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
    row_passes::raw_increments(n, trajectory.strain.data(), trajectory.tau.data(),
                               trajectory.energy.data(), trajectory.info.volume,
                               trajectory.info.n_atoms, result.dgamma.data(),
                               result.net_dtau.data(), result.trapezoid_loss.data());
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
    Increments result;
    read_increments(trajectory, elasticity, u0, result);
    return result;
  }

  void read_increments(const Trajectory &trajectory, const law::Elasticity &elasticity,
                       const double u0, Increments &result)
  {
    constexpr std::size_t block = 1024; // stays in the nearest cache from column to column
    const std::size_t n = trajectory.n_rows() - 1;
    for (std::vector<double> *column :
         {&result.dgamma, &result.net_dtau, &result.trapezoid_loss, &result.deficit})
      column->resize(n);
    result.x1.resize(n + 1);
    const double *const strain = trajectory.strain.data(), *const tau = trajectory.tau.data(),
                        *const energy = trajectory.energy.data();
    for (std::size_t at = 0; at < n; at += block)
    {
      const std::size_t size = std::min(block, n - at);
      row_passes::raw_increments(size, strain + at, tau + at, energy + at, trajectory.info.volume,
                                 trajectory.info.n_atoms, result.dgamma.data() + at,
                                 result.net_dtau.data() + at, result.trapezoid_loss.data() + at);
      elasticity.inelastic_energies(size, energy + at, u0, tau + at, result.x1.data() + at);
      elasticity.branch_ends(size, tau + at, result.x1.data() + at, result.dgamma.data() + at,
                             result.deficit.data() + at);
      row_passes::subtract(size, tau + at + 1, result.deficit.data() + at);
    }
    elasticity.inelastic_energies(1, energy + n, u0, tau + n, result.x1.data() + n);
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
