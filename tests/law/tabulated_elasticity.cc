// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/tabulated_elasticity.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/elasticity_contract.h"

using namespace seem;
using namespace seem::law;
using ::testing::HasSubstr;

namespace
{
  constexpr double omega = 16.5;

  const std::vector<double> tau_nodes = {0.0, 0.5, 1.75, 2.5};
  const std::vector<double> x1_nodes = {0.002, 0.01, 0.03};
  const std::vector<double> compliance = {0.030, 0.032, 0.040, 0.052,  // X1 = 0.002
                                          0.034, 0.033, 0.048, 0.060,  // X1 = 0.01
                                          0.045, 0.050, 0.070, 0.120}; // X1 = 0.03

  const TabulatedElasticity table(tau_nodes, x1_nodes, compliance, omega);

  /// Inside cells, on edges and nodes, beyond the table, of either sign.
  const std::vector<double> stresses = {-4.0, -2.5, -1.0, -1e-3, 0.0, 1e-9, 0.2,
                                        0.5,  1.2,  1.75, 2.0,   2.5, 3.7};
  const std::vector<double> energies = {-0.02, 0.002, 0.005, 0.01, 0.017, 0.03, 0.05};

  /// 1/G_t by its definition: bilinear, clamped.
  double compliance_at(const double tau, const double x1)
  {
    const auto weights = [](const std::vector<double> &nodes, const double at) {
      std::vector<double> w(nodes.size(), 0.0);
      for (std::size_t i = 0; i + 1 < nodes.size(); ++i)
        if (at >= nodes[i] && at < nodes[i + 1])
        {
          w[i + 1] = (at - nodes[i]) / (nodes[i + 1] - nodes[i]);
          w[i] = 1.0 - w[i + 1];
          return w;
        }
      (at < nodes.front() ? w.front() : w.back()) = 1.0;
      return w;
    };
    const std::vector<double> a = weights(tau_nodes, std::abs(tau)), b = weights(x1_nodes, x1);
    double sum = 0.0;
    for (std::size_t j = 0; j < b.size(); ++j)
      for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[j] * compliance[i + 4 * j];
    return sum;
  }
} // namespace

TEST(TabulatedElasticity, IsConsistentInsideAcrossEdgesAndOutside)
{
  tests::expect_consistent(table, stresses, energies);
}

TEST(TabulatedElasticity, TheTangentIsBilinearBetweenTheNodesAndConstantBeyond)
{
  for (const double x1 : energies)
    for (const double tau : stresses)
      EXPECT_NEAR(table.tangent(tau, x1) * compliance_at(tau, x1), 1.0, 1e-14)
          << "tau " << tau << " x1 " << x1;
  // By hand: half way in the first cell of tau and of X1, (0.030 + 0.032 + 0.034 + 0.033)/4.
  EXPECT_NEAR(table.tangent(0.25, 0.006), 4.0 / 0.129, 1e-12);
}

TEST(TabulatedElasticity, StrainAndEnergyByHand)
{
  // X1 = 0.002. To tau = 0.5: 0.5 (0.030 + 0.032)/2 = 0.0155; to 1.75: 1.25 (0.032 + 0.040)/2 =
  // 0.045 more; from there 0.25 beyond with slope 0.016: 0.25 (0.040 + 0.044)/2 = 0.0105.
  EXPECT_NEAR(table.elastic_strain(2.0, 0.002), 0.071, 1e-15);
  // Beyond the table with 0.052: 0.75 (0.040 + 0.052)/2 = 0.0345, then 1.5 x 0.052.
  EXPECT_NEAR(table.elastic_strain(-4.0, 0.002), -(0.0605 + 0.0345 + 0.078), 1e-15);
  // Energy to 0.5: 0.030 x 0.5^2/2 + 0.004 x 0.5^3/3.
  EXPECT_NEAR(table.energy_density(0.5, 0.002), 0.00375 + 0.004 * 0.125 / 3.0, 1e-16);
  EXPECT_NEAR(table.elastic_energy(0.5, 0.002),
              (0.00375 + 0.004 * 0.125 / 3.0) * omega / 160.21766208, 1e-17);
}

TEST(TabulatedElasticity, StrainAndEnergyAreIntegralsOfTheTangent)
{
  // Midpoint sums of the definition; the error of 40000 of them is below 1e-9.
  for (const double x1 : {0.005, 0.02, 0.05})
    for (const double tau : {0.4, 1.9, 3.7})
    {
      const int n = 40000;
      double g = 0.0, w = 0.0;
      for (int i = 0; i < n; ++i)
      {
        const double t = tau * (i + 0.5) / n;
        g += compliance_at(t, x1) * tau / n;
        w += t * compliance_at(t, x1) * tau / n;
      }
      EXPECT_NEAR(table.elastic_strain(tau, x1), g, 1e-9);
      EXPECT_NEAR(table.energy_density(tau, x1), w, 1e-9);
    }
}

TEST(TabulatedElasticity, X1BeyondTheNodesIsThatOfTheLastOneAndCounted)
{
  for (const double tau : stresses)
  {
    EXPECT_EQ(table.elastic_strain(tau, 0.05), table.elastic_strain(tau, 0.03));
    EXPECT_EQ(table.energy_density(tau, 0.05), table.energy_density(tau, 0.03));
    EXPECT_EQ(table.tangent(tau, -1.0), table.tangent(tau, 0.002));
  }
  EXPECT_FALSE(table.capped(0.03));
  EXPECT_TRUE(table.capped(0.0300001));
  EXPECT_FALSE(table.capped(-1.0));
}

TEST(TabulatedElasticity, OfSeveralInelasticEnergiesTheLowestIsTaken)
{
  // At 10 GPa u_el = Omega 10^2/2 c falls from 0.2575 to 0.1287 eV where X1 grows by 0.01 eV.
  const TabulatedElasticity stiffening({0.0}, {0.0, 0.01}, {0.05, 0.025}, omega);
  const double high = stiffening.elastic_energy(10.0, 0.0);
  const double low = stiffening.elastic_energy(10.0, 0.01);
  ASSERT_GT(high - low, 0.01);
  const double excess = 0.5 * (high + low);
  const double x1 = stiffening.inelastic_energy(excess, 10.0);
  EXPECT_NEAR(x1, excess - high, 1e-15); // below zero; excess - low, above 0.01, is another
  EXPECT_NEAR(x1 + stiffening.elastic_energy(10.0, x1), excess, 1e-15);
  // Above the highest energy of the lower nodes only one is left.
  EXPECT_NEAR(stiffening.inelastic_energy(high + 0.001, 10.0), high + 0.001 - low, 1e-15);
}

TEST(TabulatedElasticity, OneNodeIsHookesLaw)
{
  const TabulatedElasticity hooke({0.0}, {0.0}, {0.04}, omega);
  EXPECT_DOUBLE_EQ(hooke.tangent(3.0, 0.1), 25.0);
  EXPECT_DOUBLE_EQ(hooke.elastic_strain(-3.0, 0.1), -0.12);
  EXPECT_DOUBLE_EQ(hooke.stress(0.12, 0.1), 3.0);
  EXPECT_DOUBLE_EQ(hooke.energy_density(3.0, -0.1), 0.18);
}

TEST(TabulatedElasticity, RefusesBadTables)
{
  const auto message = [](const std::vector<double> &tau, const std::vector<double> &x1,
                          const std::vector<double> &values, const double volume) {
    try
    {
      const TabulatedElasticity bad(tau, x1, values, volume);
    }
    catch (const InputError &error)
    {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message({0, 1}, {0}, {0.03, 0.04}, omega), "accepted");
  EXPECT_THAT(message({}, {0}, {}, omega), HasSubstr("no node of tau"));
  EXPECT_THAT(message({0}, {}, {}, omega), HasSubstr("no node of X1"));
  EXPECT_THAT(message({0, 1, 1}, {0}, {1, 1, 1}, omega), HasSubstr("node 2 of tau is 1"));
  EXPECT_THAT(message({0, 1}, {0, -1}, {1, 1, 1, 1}, omega), HasSubstr("node 1 of X1 is -1"));
  EXPECT_THAT(message({0, nan}, {0}, {1, 1}, omega), HasSubstr("node 1 of tau"));
  EXPECT_THAT(message({0.1, 1}, {0}, {1, 1}, omega), HasSubstr("0.1 GPa, expected 0"));
  EXPECT_THAT(message({0, 1}, {0}, {1}, omega), HasSubstr("1 values of 1/G_t, expected 1 x 2"));
  for (const double bad : {0.0, -0.03, nan, std::numeric_limits<double>::infinity()})
    EXPECT_THAT(message({0, 1}, {0.5}, {0.03, bad}, omega),
                HasSubstr("at tau = 1 GPa, X1 = 0.5 eV"));
  for (const double bad : {0.0, -1.0, nan})
    EXPECT_THAT(message({0}, {0}, {0.03}, bad), HasSubstr("volume per atom"));
}
