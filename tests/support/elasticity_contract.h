// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_ELASTICITY_CONTRACT_H
#define SEEM_TESTS_SUPPORT_ELASTICITY_CONTRACT_H

#include <seem/law/elasticity.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace seem::tests
{
  /// G_t = d tau/dg and the inverse of g, by differences of g alone.
  inline void expect_strain_tangent_and_stress_to_agree(const law::Elasticity &elasticity,
                                                        const std::vector<double> &stresses,
                                                        const std::vector<double> &energies)
  {
    const double h = 1e-6;
    for (const double x1 : energies)
      for (const double tau : stresses)
      {
        const double above = elasticity.elastic_strain(tau + h, x1);
        const double below = elasticity.elastic_strain(tau - h, x1);
        EXPECT_NEAR((above - below) / (2 * h) * elasticity.tangent(tau, x1), 1.0, 1e-6)
            << "tau " << tau << " x1 " << x1;
        const double gamma = elasticity.elastic_strain(tau, x1);
        EXPECT_NEAR(elasticity.stress(gamma, x1), tau, 4e-15 * std::max(1.0, std::abs(tau)))
            << "tau " << tau << " x1 " << x1;
        EXPECT_EQ(elasticity.elastic_strain(-tau, x1), -gamma);
        EXPECT_EQ(elasticity.tangent(-tau, x1), elasticity.tangent(tau, x1));
        EXPECT_EQ(elasticity.energy_density(-tau, x1), elasticity.energy_density(tau, x1));
      }
  }

  /// dw = tau dg at constant X1, by differences.
  inline void expect_energy_to_be_the_work(const law::Elasticity &elasticity,
                                           const std::vector<double> &stresses,
                                           const std::vector<double> &energies)
  {
    const double h = 1e-6;
    for (const double x1 : energies)
      for (const double tau : stresses)
      {
        const double dw =
            elasticity.energy_density(tau + h, x1) - elasticity.energy_density(tau - h, x1);
        const double dg =
            elasticity.elastic_strain(tau + h, x1) - elasticity.elastic_strain(tau - h, x1);
        EXPECT_NEAR(dw / dg, tau, 1e-7 * std::max(1.0, std::abs(tau)))
            << "tau " << tau << " x1 " << x1;
      }
  }

  /// X1 = excess - u_el(tau, X1) gives back the X1 that the energy was made of.
  inline void expect_inelastic_energy_to_be_found(const law::Elasticity &elasticity,
                                                  const std::vector<double> &stresses,
                                                  const std::vector<double> &energies)
  {
    for (const double x1 : energies)
      for (const double tau : stresses)
        EXPECT_NEAR(elasticity.inelastic_energy(x1 + elasticity.elastic_energy(tau, x1), tau), x1,
                    1e-15)
            << "tau " << tau << " x1 " << x1;
  }

  /// Secant and tangent as functions of the square of the strain, up to zero strain.
  inline void expect_moduli_to_agree(const law::Elasticity &elasticity,
                                     const std::vector<double> &stresses,
                                     const std::vector<double> &energies)
  {
    for (const double x1 : energies)
    {
      for (const double tau : stresses)
      {
        const double gamma = elasticity.elastic_strain(tau, x1);
        const law::Moduli moduli = elasticity.moduli(gamma * gamma, x1);
        EXPECT_NEAR(moduli.secant * gamma, tau, 4e-15 * std::max(1.0, std::abs(tau)))
            << "tau " << tau << " x1 " << x1;
        EXPECT_NEAR(moduli.tangent / elasticity.tangent(tau, x1), 1.0, 2e-14)
            << "tau " << tau << " x1 " << x1;
      }
      const law::Moduli at_rest = elasticity.moduli(0.0, x1);
      EXPECT_NEAR(at_rest.secant, elasticity.tangent(0.0, x1), 1e-13);
      EXPECT_NEAR(at_rest.tangent, elasticity.tangent(0.0, x1), 1e-13);
    }
  }

  /// All that law::Elasticity promises.
  inline void expect_consistent(const law::Elasticity &elasticity,
                                const std::vector<double> &stresses,
                                const std::vector<double> &energies)
  {
    expect_strain_tangent_and_stress_to_agree(elasticity, stresses, energies);
    expect_moduli_to_agree(elasticity, stresses, energies);
    expect_energy_to_be_the_work(elasticity, stresses, energies);
    expect_inelastic_energy_to_be_found(elasticity, stresses, energies);
  }
} // namespace seem::tests

#endif
