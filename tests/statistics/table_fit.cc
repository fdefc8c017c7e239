// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/tabulated_elasticity.h>
#include <seem/statistics/table_fit.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/elastic_branches.h"

namespace seem::statistics
{
  namespace
  {
    using tests::pointers;

    std::vector<BranchData> elastic_branches(const double noise,
                                             const tests::SyntheticGlass &glass = {})
    {
      return tests::elastic_branches(glass, {0.0, 0.003, 0.006, 0.01, 0.014, 0.02}, noise);
    }

    law::TabulatedElasticity elasticity(const database::ElasticityTable &table)
    {
      return {table.tau, table.x1, table.compliance, 16.0};
    }

    /// A wrong prior: no term in tau at all, and too soft.
    const TaylorConstants wrong = {22.0, 0.15, INFINITY, INFINITY};
  } // namespace

  TEST(TableFit, RecoversTheTangentFromAPriorThatIsWrong)
  {
    const tests::SyntheticGlass glass;
    const std::vector<BranchData> runs = elastic_branches(2e-5);
    TableFitSettings settings;
    settings.curvature = 5.0; // the prior misses a factor of two across the table
    const TableFit fit = fit_table(pointers(runs), wrong, settings);
    EXPECT_TRUE(fit.settled);
    EXPECT_NEAR(fit.u0, glass.u0, 2e-5);
    const law::TabulatedElasticity table = elasticity(fit.table);
    // The pieces' moduli carry noise of 2e-5 sqrt(2)/1e-3 = 0.03 GPa; straight pieces of 0.3 GPa
    // in tau miss the curve by up to (d^2/dtau^2 of 3 (tau/tauB)^4/G0) 0.3^2/8, 0.5 % of 1/G_t.
    for (const double x1 : {0.0005, 0.004, 0.008, 0.012, 0.018})
      for (const double tau : {0.1, 0.5, 1.0, 1.5, 1.9})
        EXPECT_NEAR(table.tangent(tau, x1) / glass.tangent(tau, x1), 1.0, 0.01)
            << "tau " << tau << " X1 " << x1;
    EXPECT_NEAR(fit.bias, 0.0, 0.05);
  }

  TEST(TableFit, X1IsThatOfTheTableNotOfThePrior)
  {
    // A glass whose modulus depends on X1 so strongly that X1 of the prior, 2 meV off at 2 GPa,
    // would spoil the table.
    tests::SyntheticGlass glass;
    glass.u_a = 0.04;
    TableFitSettings settings;
    settings.n_nodes = {{12, 10}};
    settings.curvature = 20.0;
    const std::vector<BranchData> runs = elastic_branches(0.0, glass);
    const TableFit fit = fit_table(pointers(runs), wrong, settings);
    const law::TabulatedElasticity table = elasticity(fit.table);
    for (const double x1 : {0.003, 0.006, 0.01, 0.014})
      for (const double tau : {0.5, 1.2, 1.6})
        EXPECT_NEAR(table.tangent(tau, x1) / glass.tangent(tau, x1), 1.0, 0.01)
            << "tau " << tau << " X1 " << x1;
  }

  TEST(TableFit, APriorThatIsRightStays)
  {
    const tests::SyntheticGlass glass;
    const TaylorConstants right = {glass.g0, glass.u_a, glass.tau_a, glass.tau_b};
    const std::vector<BranchData> runs = elastic_branches(0.0);
    TableFitSettings settings;
    settings.n_nodes = {{30, 12}};
    const TableFit fit = fit_table(pointers(runs), right, settings);
    const law::TabulatedElasticity table = elasticity(fit.table);
    const law::TaylorElasticity taylor = right.elasticity(16.0);
    // In the corner without data, too: the highest X1 at the highest stress.
    for (const double x1 : {0.0, 0.01, 0.024})
      for (const double tau : {0.0, 1.0, 2.2})
        EXPECT_NEAR(table.tangent(tau, x1) / taylor.tangent(tau, x1), 1.0, 0.003)
            << "tau " << tau << " X1 " << x1;
  }

  TEST(TableFit, WithoutDataTheTableContinuesSmoothlyAndTurnsBackToThePrior)
  {
    // Pieces at X1 = 0 alone but for one; 10 % stiffer than the prior.
    const TaylorConstants prior = {25.0, 0.2, INFINITY, INFINITY};
    const double omega = 16.0;
    std::vector<BranchData> runs(1);
    runs[0].initial = {-4.6, 0.0, omega};
    const auto add = [&](const double tau, const double x1) {
      const double energy = -4.6 + x1 + prior.elasticity(omega).elastic_energy(tau, x1);
      runs[0].pieces.push_back(
          {tau, energy, tau, 1.1 * prior.elasticity(omega).tangent(tau, x1), 1.0, omega});
    };
    for (int i = 0; i < 200; ++i)
      add(0.01 * i, 0.0);
    add(0.0, 0.02);
    TableFitSettings settings;
    settings.n_nodes = {{5, 4}};
    settings.curvature = 1.0;
    settings.reference_energy = -4.6;
    const TableFit fit = fit_table(pointers(runs), prior, settings);
    const law::TabulatedElasticity table = elasticity(fit.table);
    const auto ratio = [&](const double tau, const double x1) {
      return table.tangent(tau, x1) / prior.elasticity(omega).tangent(tau, x1);
    };
    EXPECT_NEAR(ratio(1.0, 0.0), 1.1, 0.005);
    EXPECT_GT(ratio(1.5, 0.024), 1.0);
    EXPECT_LT(ratio(1.5, 0.024), 1.1);
  }

  TEST(TableFit, SmoothnessIsThatOfTheTableNotOfItsNodes)
  {
    const std::vector<BranchData> runs = elastic_branches(1e-3);
    const auto fitted = [&](const std::size_t n_tau, const double curvature) {
      TableFitSettings settings;
      settings.n_nodes = {{n_tau, 4}};
      settings.curvature = curvature;
      return elasticity(fit_table(pointers(runs), wrong, settings).table).tangent(1.0, 0.01);
    };
    // Very smooth: a stress that the prior has wrong is met in the mean only.
    const double change_by_nodes = std::abs(fitted(17, 0.02) - fitted(9, 0.02));
    const double change_by_curvature = std::abs(fitted(9, 5.0) - fitted(9, 0.02));
    EXPECT_LT(change_by_nodes, 0.2 * change_by_curvature);
  }

  TEST(TableFit, RobustLossHoldsOutliersAtBay)
  {
    std::vector<BranchData> runs = elastic_branches(2e-5);
    for (BranchData &run : runs)
      for (std::size_t i = 0; i < run.pieces.size(); i += 10)
        run.pieces[i].modulus -= 40.0;
    TableFitSettings plain;
    plain.robust_scale = 0.0;
    const tests::SyntheticGlass glass;
    const TaylorConstants right = {glass.g0, glass.u_a, glass.tau_a, glass.tau_b};
    const auto error = [&](const TableFitSettings &settings) {
      return std::abs(
          elasticity(fit_table(pointers(runs), right, settings).table).tangent(1.0, 0.01) -
          glass.tangent(1.0, 0.01));
    };
    EXPECT_LT(error({}), 0.3);
    EXPECT_GT(error(plain), 5.0 * error({}));
  }

  TEST(TableFit, AStartGivesTheNodesAndTheSameAnswer)
  {
    const std::vector<BranchData> runs = elastic_branches(2e-5);
    const TableFit first = fit_table(pointers(runs), wrong, {});
    const TableFit again = fit_table(pointers(runs), wrong, {}, &first.table);
    EXPECT_EQ(again.table.tau, first.table.tau);
    EXPECT_EQ(again.table.x1, first.table.x1);
    EXPECT_LT(again.n_iterations, first.n_iterations);
    for (std::size_t n = 0; n < first.table.compliance.size(); ++n)
      EXPECT_NEAR(again.table.compliance[n] / first.table.compliance[n], 1.0, 1e-5);
  }

  TEST(TableFit, RefusesWhatItCannotUse)
  {
    std::vector<BranchData> runs(1);
    runs[0].initial = {-4.6, 0.0, 16.0};
    EXPECT_THROW(fit_table(pointers(runs), wrong, {}), InputError);
    for (int i = 0; i < 3; ++i)
      runs[0].pieces.push_back({1.0, -4.5, 1.0, 25.0, 1.0, 16.0});
    EXPECT_THROW(fit_table(pointers(runs), wrong, {}), InputError); // all at one state
    runs = elastic_branches(0.0);
    TableFitSettings settings;
    settings.n_nodes = {{1, 6}};
    EXPECT_THROW(fit_table(pointers(runs), wrong, settings), InputError);
    settings.n_nodes = {{8, 6}};
    settings.curvature = 0.0;
    EXPECT_THROW(fit_table(pointers(runs), wrong, settings), InputError);
  }
} // namespace seem::statistics
