// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/elasticity.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/elasticity_contract.h"

using namespace seem;
using namespace seem::law;

namespace
{
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double omega = 16.5;

  /// Table I of the paper.
  const TaylorElasticity table_1(25.90, 0.101, 8.4, 2.90, omega);

  constexpr double stresses[] = {-4.0, -2.0, -0.7, -0.01, 0.0, 0.01, 0.3, 1.0, 1.7, 2.5, 4.0};
  constexpr double energies[] = {-0.01, 0.0, 0.003, 0.01, 0.03, 0.0905, 0.095, 0.2};

  /// The integrals by hand: 5-point Gauss rule, exact for the polynomials of degree < 10 in tau.
  template <class Function>
  double integral(const Function &f, const double end)
  {
    const double x[] = {0.0, 0.5384693101056831, 0.9061798459386640};
    const double w[] = {0.5688888888888889, 0.4786286704993665, 0.2369268850561891};
    double sum = w[0] * f(0.5 * end);
    for (int i = 1; i < 3; ++i)
      sum += w[i] * (f(0.5 * end * (1.0 + x[i])) + f(0.5 * end * (1.0 - x[i])));
    return 0.5 * end * sum;
  }
} // namespace

TEST(TaylorElasticity, KeepsTheContractOfAnElasticity)
{
  const std::vector<double> tau(std::begin(stresses), std::end(stresses));
  const std::vector<double> x1(std::begin(energies), std::end(energies));
  tests::expect_consistent(table_1, tau, x1);
  tests::expect_consistent(TaylorElasticity(30.0, 0.1, infinity, infinity, omega), tau, x1);
  tests::expect_consistent(TaylorElasticity(30.0, infinity, 9.0, infinity, omega), tau, x1);
}

TEST(TaylorElasticity, RowsHaveTheBitsOfSingleCalls)
{
  // Strains of 0.3 lie beyond the range of the fit: alone and among others.
  for (const TaylorElasticity &law :
       {table_1, TaylorElasticity(30.0, 0.1, infinity, infinity, omega),
        TaylorElasticity(30.0, infinity, 9.0, infinity, omega)})
    for (const double strain : {1e-4, 0.3})
    {
      std::vector<double> tau, x1, energy, dgamma;
      for (const double t : stresses)
        for (const double x : energies)
        {
          tau.push_back(t);
          x1.push_back(x);
          energy.push_back(x + law.elastic_energy(t, x) - 4.6);
          dgamma.push_back(tau.size() % 7 == 3 ? strain : 1e-4);
        }
      const std::size_t n = tau.size() - 1; // odd
      std::vector<double> found(n), end(n);
      law.inelastic_energies(n, energy.data(), -4.6, tau.data(), found.data());
      law.branch_ends(n, tau.data(), x1.data(), dgamma.data(), end.data());
      std::vector<double> square(n), secant(n), tangent(n);
      for (std::size_t i = 0; i < n; ++i)
        square[i] = std::pow(law.elastic_strain(tau[i], x1[i]) + (i % 3) * dgamma[i], 2);
      law.branch_moduli(n, square.data(), x1.data(), secant.data(), tangent.data());
      std::vector<double> gamma_el(n), stress(n), density(n);
      for (std::size_t i = 0; i < n; ++i)
        gamma_el[i] = law.elastic_strain(tau[i], x1[i]) + (i % 3) * dgamma[i];
      law.branch_energies(n, gamma_el.data(), x1.data(), stress.data(), density.data());
      for (std::size_t i = 0; i < n; ++i)
      {
        EXPECT_EQ(secant[i], law.moduli(square[i], x1[i]).secant) << i;
        EXPECT_EQ(tangent[i], law.moduli(square[i], x1[i]).tangent) << i;
        EXPECT_EQ(stress[i], law.stress(gamma_el[i], x1[i])) << i;
        EXPECT_EQ(density[i], law.energy_density(stress[i], x1[i])) << i;
        EXPECT_EQ(found[i], law.inelastic_energy(energy[i] + 4.6, tau[i])) << i;
        EXPECT_EQ(end[i], law.stress(law.elastic_strain(tau[i], x1[i]) + dgamma[i], x1[i])) << i;
      }
    }
}

TEST(TaylorElasticity, TangentOfTableIAtTwoGigapascal)
{
  // By hand: c = 1/(1 - 0.01/0.101) = 1.109890, 2 (2/8.4)^2 = 0.113379, 3 (2/2.9)^4 = 0.678655;
  // 25.90/1.901924 = 13.6178.
  EXPECT_NEAR(table_1.tangent(2.0, 0.01), 13.6178, 5e-4);
}

TEST(TaylorElasticity, EnergyOfEquation7ByHand)
{
  // Omega tau^2/(2 G0) = 16.5*4/51.8 = 1.274131 A^3 GPa = 7.952502e-3 eV; the bracket is
  // 1.109890 + 0.056689 + 0.226218 = 1.392798.
  EXPECT_NEAR(table_1.elastic_energy(2.0, 0.01), 0.01107623, 1e-8);
  EXPECT_NEAR(table_1.elastic_energy(-2.0, 0.01), 0.01107623, 1e-8);
}

TEST(TaylorElasticity, StrainIsTheIntegralOfTheInverseTangent)
{
  for (const double x1 : energies)
    for (const double tau : stresses)
    {
      const double g = integral([&](const double t) { return 1.0 / table_1.tangent(t, x1); }, tau);
      EXPECT_NEAR(table_1.elastic_strain(tau, x1), g, 1e-14 + 1e-14 * std::abs(g));
    }
}

TEST(TaylorElasticity, EnergyIsTheIntegralOfStressOverStrain)
{
  for (const double x1 : energies)
    for (const double tau : stresses)
    {
      const double u = integral([&](const double t) { return t / table_1.tangent(t, x1); }, tau);
      EXPECT_NEAR(table_1.energy_density(tau, x1), u, 1e-14 + 1e-14 * u);
      EXPECT_DOUBLE_EQ(table_1.elastic_energy(tau, x1) * 160.21766208 / omega,
                       table_1.energy_density(tau, x1));
    }
}

TEST(TaylorElasticity, TangentAndEnergyAgreeWithFiniteDifferencesAlongTheBranch)
{
  const double h = 1e-6;
  for (const double x1 : energies)
    for (const double tau : stresses)
    {
      const double gamma = table_1.elastic_strain(tau, x1);
      const double above = table_1.stress(gamma + h, x1), below = table_1.stress(gamma - h, x1);
      EXPECT_NEAR((above - below) / (2 * h), table_1.tangent(tau, x1), 1e-6);
      EXPECT_NEAR((table_1.energy_density(above, x1) - table_1.energy_density(below, x1)) / (2 * h),
                  tau, 1e-7);
    }
}

TEST(TaylorElasticity, StressIsTheInverseOfStrain)
{
  for (const double x1 : energies)
    for (const double tau : stresses)
    {
      const double gamma = table_1.elastic_strain(tau, x1);
      EXPECT_NEAR(table_1.stress(gamma, x1), tau, 1e-14 * std::abs(tau));
    }
  // Far outside, where a trial state of a solver may go, and near zero.
  for (const double tau : {1e-300, 1e-12, 1e-5, 6.0, 20.0, 1e3, 1e6})
    EXPECT_NEAR(table_1.stress(table_1.elastic_strain(tau, 0.01), 0.01), tau, 1e-14 * tau);
}

TEST(TaylorElasticity, IsLinearWithInfiniteConstants)
{
  const TaylorElasticity linear(30.0, 0.1, infinity, infinity, omega);
  // G = 30 (1 - 0.02/0.1) = 24.
  EXPECT_DOUBLE_EQ(linear.tangent(3.0, 0.02), 24.0);
  EXPECT_DOUBLE_EQ(linear.elastic_strain(3.0, 0.02), 0.125);
  EXPECT_DOUBLE_EQ(linear.stress(-0.125, 0.02), -3.0);
  EXPECT_DOUBLE_EQ(linear.energy_density(-3.0, 0.02), 0.1875);

  const TaylorElasticity hooke(30.0, infinity, infinity, infinity, omega);
  EXPECT_DOUBLE_EQ(hooke.tangent(3.0, 5.0), 30.0);
  EXPECT_DOUBLE_EQ(hooke.stress(0.1, 5.0), 3.0);
  EXPECT_FALSE(hooke.capped(5.0));
}

TEST(TaylorElasticity, InelasticEnergySolvesEquation5And7Exactly)
{
  for (const double x1 : energies)
    for (const double tau : stresses)
      EXPECT_NEAR(table_1.inelastic_energy(x1 + table_1.elastic_energy(tau, x1), tau), x1, 2e-16)
          << "tau " << tau << " x1 " << x1;
}

TEST(TaylorElasticity, InelasticEnergyWithoutSofteningIsTheDifference)
{
  const TaylorElasticity stiff(25.0, infinity, infinity, infinity, 160.21766208);
  // u_el = 1^2/(2*25) = 0.02 eV.
  EXPECT_NEAR(stiff.inelastic_energy(0.05, 1.0), 0.03, 1e-17);
  EXPECT_NEAR(stiff.inelastic_energy_first_order(0.05, 1.0), 0.03, 1e-17);
}

TEST(TaylorElasticity, FirstOrderInelasticEnergyErrsBySecondOrder)
{
  // 1/(1 - y) = 1 + y + y^2 + ..: with L = Omega tau^2/(2 G0) the closed form misses L
  // y^2/(1+L/uA).
  const double tau = 1.5;
  const double l = omega * tau * tau / (2 * 25.90) / 160.21766208;
  const auto error = [&](const double x1) {
    const double excess = x1 + table_1.elastic_energy(tau, x1);
    return table_1.inelastic_energy_first_order(excess, tau) - x1;
  };
  for (const double x1 : {0.001, 0.002, 0.004})
  {
    const double y = x1 / 0.101;
    EXPECT_NEAR(error(x1) / (l * y * y / (1 + l / 0.101)), 1.0, 1.1 * y);
  }
  EXPECT_NEAR(error(0.002) / error(0.001), 4.0, 0.1);
}

TEST(TaylorElasticity, TheCapHoldsInEnergyStrainAndTangentTogether)
{
  EXPECT_FALSE(table_1.capped(0.9 * 0.101 * 0.999));
  EXPECT_TRUE(table_1.capped(0.9 * 0.101 * 1.001));
  for (const double tau : stresses)
  {
    const double at_cap = 0.9 * 0.101;
    for (const double beyond : {0.092, 0.101, 0.3})
    {
      EXPECT_DOUBLE_EQ(table_1.energy_density(tau, beyond), table_1.energy_density(tau, at_cap));
      EXPECT_DOUBLE_EQ(table_1.elastic_strain(tau, beyond), table_1.elastic_strain(tau, at_cap));
      EXPECT_DOUBLE_EQ(table_1.tangent(tau, beyond), table_1.tangent(tau, at_cap));
      EXPECT_DOUBLE_EQ(table_1.stress(0.05 * tau, beyond), table_1.stress(0.05 * tau, at_cap));
    }
  }
  EXPECT_DOUBLE_EQ(table_1.tangent(0.0, 0.3), 2.59);
}

TEST(TaylorElasticity, RefusesBadConstants)
{
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {0.0, -1.0, nan})
  {
    EXPECT_THROW(TaylorElasticity(bad, 0.1, 8, 3, omega), InputError);
    EXPECT_THROW(TaylorElasticity(25, bad, 8, 3, omega), InputError);
    EXPECT_THROW(TaylorElasticity(25, 0.1, bad, 3, omega), InputError);
    EXPECT_THROW(TaylorElasticity(25, 0.1, 8, bad, omega), InputError);
    EXPECT_THROW(TaylorElasticity(25, 0.1, 8, 3, bad), InputError);
  }
  EXPECT_THROW(TaylorElasticity(infinity, 0.1, 8, 3, omega), InputError);
  EXPECT_THROW(TaylorElasticity(25, 0.1, 8, 3, infinity), InputError);
}
