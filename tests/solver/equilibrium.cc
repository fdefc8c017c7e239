// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/layered_body.h"

#include <seem/core/exceptions.h>
#include <seem/law/seem_law.h>

#include <gtest/gtest.h>

#include <cmath>

namespace
{
  using namespace seem;

  using seem::testing::layered;
  using seem::testing::none;
  using seem::testing::quiet_law;

  class Preconditioners : public ::testing::TestWithParam<solver::PreconditionerKind>
  {
  };

  TEST_P(Preconditioners, SolveALayeredBodyExactly)
  {
    const law::SeemLaw law = quiet_law();
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{4, 8}}, law, layered, {},
                                             solver::StateSupport::point, GetParam());
    specimen.equilibrium->solve(0.01, solver::Accuracy::rest);

    // In series: tau = gamma / <1/G> = 0.01 / ((1/30 + 1/15)/2) = 0.2 GPa in every layer.
    for (std::size_t p = 0; p < specimen.points.size(); ++p)
    {
      EXPECT_NEAR(specimen.points.stress[p][5] / law::sqrt2, 0.2, 1e-11);
      const bool soft = layered(specimen.quadrature_points[p]).x[0] > 0.0;
      EXPECT_NEAR(law::sqrt2 * specimen.points.strain[p][5], 0.2 / (soft ? 15.0 : 30.0), 1e-12);
    }
  }

  INSTANTIATE_TEST_SUITE_P(All, Preconditioners,
                           ::testing::Values(solver::PreconditionerKind::direct,
                                             solver::PreconditionerKind::amg,
                                             solver::PreconditionerKind::multigrid,
                                             solver::PreconditionerKind::spectral));

  TEST(Equilibrium, ANonlinearLayeredBodyHasEqualShearStressInAllLayers)
  {
    const law::SeemLaw law = quiet_law(2.0);
    solver::EquilibriumParameters parameters;
    parameters.tolerance = 1e-13;
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{4, 8}}, law, layered, parameters);
    specimen.equilibrium->solve(0.1, solver::Accuracy::rest);
    // Independent route: the layers' elastic strains at the common stress have the imposed mean.
    const law::TaylorElasticity elasticity(30.0, 0.1, none, 2.0, 16.0);
    double tau = 1.0;
    for (unsigned int i = 0; i < 50; ++i)
    {
      const double mean =
          0.5 * (elasticity.elastic_strain(tau, 0.0) + elasticity.elastic_strain(tau, 0.05));
      const double slope =
          0.5 * (1.0 / elasticity.tangent(tau, 0.0) + 1.0 / elasticity.tangent(tau, 0.05));
      tau -= (mean - 0.1) / slope;
    }
    for (const auto &stress : specimen.points.stress)
      EXPECT_NEAR(stress[5] / law::sqrt2, tau, 1e-10);
    EXPECT_GT(specimen.equilibrium->effort.n_newton_steps, 1u);
  }

  TEST(Equilibrium, ResumesWithThePreconditionerOfTheGivenTangents)
  {
    // Not with that of the state in which the body was built.
    const law::SeemLaw law = quiet_law(2.0);
    const auto kind = solver::PreconditionerKind::spectral;
    seem::testing::PeriodicSpecimen first(MPI_COMM_WORLD, {{4, 8}}, law, layered, {},
                                          solver::StateSupport::point, kind);
    first.equilibrium->solve(0.1, solver::Accuracy::rest);
    auto snapshot = first.equilibrium->snapshot();
    snapshot.renewal_due = false;
    seem::testing::PeriodicSpecimen second(MPI_COMM_WORLD, {{4, 8}}, law, layered, {},
                                           solver::StateSupport::point, kind);
    const std::vector<law::Tangent> reference = first.body.balance->tangents();
    second.equilibrium->resume(snapshot, reference);

    solver::Equilibrium<2>::Vector in = first.equilibrium->free_displacement(), a = in, b = in;
    second.body.preconditioner->vmult(a, in);
    first.body.preconditioner->update(*first.body.balance, reference);
    first.body.preconditioner->vmult(b, in);
    EXPECT_GT(b.l2_norm(), 0.0);
    a -= b;
    EXPECT_LT(a.l2_norm(), 1e-14 * b.l2_norm());
  }

  TEST(Equilibrium, GivesUpWithTheResidualsInTheMessage)
  {
    const law::SeemLaw law = quiet_law(2.0);
    solver::EquilibriumParameters parameters;
    parameters.max_newton_steps = 1;
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{4, 8}}, law, layered, parameters);
    try
    {
      specimen.equilibrium->solve(0.1, solver::Accuracy::rest);
      FAIL() << "one Newton step cannot be enough";
    }
    catch (const StepError &error)
    {
      EXPECT_NE(std::string(error.what()).find("relative unbalanced forces:"), std::string::npos);
    }
  }
} // namespace
