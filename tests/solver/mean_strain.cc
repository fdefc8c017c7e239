// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/layered_body.h"

#include <seem/law/seem_law.h>

#include <gtest/gtest.h>

#include <cmath>

namespace
{
  using namespace seem;

  using seem::testing::layered;
  using seem::testing::none;
  using seem::testing::quiet_law;

  /// Mean stress xy = @p rate t, xx and yy free of stress.
  solver::Loading<2> stress_driven(const double rate)
  {
    solver::Loading<2> loading;
    loading.mean_control[0] = loading.mean_control[1] = loading.mean_control[5] =
        law::Control::stress;
    loading.mean = [rate](const double t) {
      return law::symmetric_tensor(0, 0, 0, 0, 0, rate * t);
    };
    return loading;
  }

  TEST(MeanStrain, FollowsFromAPrescribedMeanStressOfALayeredBody)
  {
    const law::SeemLaw law = quiet_law(none);
    seem::testing::TestBody<2> body(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{4, 8}}, true),
                                    stress_driven(0.2), law, layered,
                                    {1, {seem::testing::thickness, true}});
    solver::EnergyExchange exchange = body.equilibrium->solve(0.3, solver::Accuracy::rest);
    const solver::EnergyExchange second = body.equilibrium->solve(1.0, solver::Accuracy::rest);
    exchange.work += second.work;
    exchange.heat += second.heat;
    // In series: gamma = tau <1/G> = 0.2 (1/30 + 1/15)/2 = 0.01
    EXPECT_NEAR(law::sqrt2 * body.equilibrium->mean_strain()[5], 0.01, 1e-11);
    EXPECT_NEAR(exchange.work, 0.5 * 0.2 * 0.01 * 12.0 * 24.0 * seem::testing::thickness, 1e-7);
    EXPECT_NEAR(exchange.heat, 0.0, 1e-7);
  }

  TEST(MeanStrain, OfANonlinearBodyUnderStressIsThatWhoseStressItIs)
  {
    const law::SeemLaw law = quiet_law(2.0);
    seem::testing::TestBody<2> stress(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{4, 8}}, true),
                                      stress_driven(1.4), law, layered,
                                      {1, {seem::testing::thickness, true}});
    stress.equilibrium->solve(1.0, solver::Accuracy::rest);
    const double gamma = law::sqrt2 * stress.equilibrium->mean_strain()[5];
    seem::testing::PeriodicSpecimen strain(MPI_COMM_WORLD, {{4, 8}}, law, layered);
    strain.equilibrium->solve(gamma, solver::Accuracy::rest);
    for (const law::SymmetricTensor &s : strain.points.stress)
      EXPECT_NEAR(s[5] / law::sqrt2, 1.4, 1e-8);
  }

  TEST(MeanStrain, RunsAwayAtThePeakAndTheRunEndsThere)
  {
    // Plastic flow at 0.5 GPa: every point drops by 0.2 GPa whenever it gets there.
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    const law::SeemLaw law(
        std::make_shared<law::TaylorElasticity>(20.0, none, none, none, 16.0),
        std::make_shared<seem::testing::ScriptedEventSource>(
            std::vector<double>{0.5}, std::vector<double>{0.0, none},
            [](const State &, double) { return seem::testing::make_jump(0.2, 0.0); }),
        parameters);
    seem::testing::TestBody<2> body(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{2, 2}}, true),
                                    stress_driven(1.0), law, [](const auto &) { return State(); },
                                    {1, {seem::testing::thickness, true}});
    solver::LoadParameters load;
    load.final_time = 0.8;
    load.largest_increment = 0.04;
    load.smallest_increment = 1e-4;
    load.max_passes = 50;
    solver::LoadStepper<2> stepper(*body.equilibrium, body.points, MPI_COMM_WORLD, load);
    solver::StepRecord last;
    const solver::RunEnd end =
        stepper.run([&](const solver::StepRecord &record) { last = record; });
    EXPECT_EQ(end, solver::RunEnd::runaway);
    EXPECT_NEAR(last.mean_stress[5] / law::sqrt2, 0.5, 1e-3);
    EXPECT_LT(last.time, 0.5);
    EXPECT_NEAR(last.energy.residual(), 0.0, 1e-6);
  }
} // namespace
