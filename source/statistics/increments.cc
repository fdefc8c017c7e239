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
    result.dgamma.reserve(n);
    result.net_dtau.reserve(n);
    result.trapezoid_loss.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
    {
      const double dgamma = trajectory.strain[i + 1] - trajectory.strain[i];
      const double mean = 0.5 * (trajectory.tau[i] + trajectory.tau[i + 1]);
      const double gained =
          trajectory.info.n_atoms * (trajectory.energy[i + 1] - trajectory.energy[i]);
      result.dgamma.push_back(dgamma);
      result.net_dtau.push_back(trajectory.tau[i + 1] - trajectory.tau[i]);
      result.trapezoid_loss.push_back(work(trajectory.info.volume, mean, dgamma) - gained);
    }
    return result;
  }

  std::vector<double> x1_of(const Trajectory &trajectory, const law::Elasticity &elasticity,
                            const double u0)
  {
    std::vector<double> x1;
    x1.reserve(trajectory.n_rows());
    for (std::size_t i = 0; i < trajectory.n_rows(); ++i)
      x1.push_back(elasticity.inelastic_energy(trajectory.energy[i] - u0, trajectory.tau[i]));
    return x1;
  }

  Increments read_increments(const Trajectory &trajectory, const law::Elasticity &elasticity,
                             const double u0)
  {
    Increments result = raw_increments(trajectory);
    result.x1 = x1_of(trajectory, elasticity, u0);

    const std::size_t n = result.size();
    result.deficit.reserve(n);
    result.dx1.reserve(n);
    result.loss.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
    {
      const double x1 = result.x1[i];
      const double gamma_el = elasticity.elastic_strain(trajectory.tau[i], x1);
      const double predicted = elasticity.stress(gamma_el + result.dgamma[i], x1);
      const double stored = elasticity.elastic_energy(trajectory.tau[i + 1], result.x1[i + 1]);
      result.deficit.push_back(predicted - trajectory.tau[i + 1]);
      result.dx1.push_back(result.x1[i + 1] - x1);
      result.loss.push_back(trajectory.info.n_atoms * (elasticity.elastic_energy(predicted, x1) -
                                                       stored - result.dx1.back()));
    }
    return result;
  }
} // namespace seem::statistics
