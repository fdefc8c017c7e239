// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/point_command.h>
#include <seem/commands/point_ensemble.h>
#include <seem/database/grid_event_source.h>
#include <seem/law/seem_law.h>

#include <cmath>
#include <memory>

using namespace seem;
using namespace seem::commands;

namespace
{
  class PointEnsembleTest : public ::testing::Test
  {
  protected:
    PointEnsembleTest()
        : elasticity(make_elasticity(database, ElasticityChoice::as_harvested)),
          source(std::make_shared<const database::GridEventSource>(database)),
          law(elasticity, source, law_parameters())
    {
      settings.strain = strain_grid(0.15, 1e-3);
    }

    static law::SeemLawParameters law_parameters()
    {
      law::SeemLawParameters parameters;
      parameters.bulk_modulus = 150.0;
      parameters.seed = 7;
      return parameters;
    }

    static std::vector<State> start(const std::size_t n)
    {
      return std::vector<State>(n, make_state(-0.1, 0.001));
    }

    database::EventDatabase database = tiny_database();
    std::shared_ptr<const law::Elasticity> elasticity;
    std::shared_ptr<const law::EventSource> source;
    law::SeemLaw law;
    PointEnsembleSettings settings;
  };

  double mean(const std::vector<double> &values, const std::size_t begin)
  {
    double sum = 0.0;
    for (std::size_t i = begin; i < values.size(); ++i)
      sum += values[i];
    return sum / static_cast<double>(values.size() - begin);
  }
} // namespace

TEST(StrainGrid, EndsExactlyAtTheFinalStrain)
{
  EXPECT_EQ(strain_grid(0.5, 1e-3).size(), 501u);
  EXPECT_EQ(strain_grid(0.5, 1e-3).back(), 0.5);
  EXPECT_THAT(strain_grid(1.0, 0.4), ::testing::ElementsAre(0.0, 0.4, 0.8, 1.0));
  EXPECT_THAT(strain_grid(0.1, 0.1), ::testing::ElementsAre(0.0, 0.1));
  EXPECT_THROW(strain_grid(0.0, 0.1), InputError);
  EXPECT_THROW(strain_grid(1.0, 1e-12), InputError);
}

TEST_F(PointEnsembleTest, PathsBeginAtTheirInitialStatesOfEitherSign)
{
  const PointEnsemble e =
      run_point_ensemble(law, {make_state(-0.1, 0.001), make_state(0.2, -0.003)}, settings);
  EXPECT_NEAR(e.tau[0][0], -0.1, 1e-12);
  EXPECT_NEAR(e.tau[1][0], 0.2, 1e-12);
  EXPECT_EQ(e.x1[0][0], 0.001);
  EXPECT_EQ(e.x1[1][0], -0.003);
  EXPECT_NEAR(e.mean_tau[0], 0.05, 1e-12);
  // Two values: the standard deviation is |a - b|/sqrt(2).
  EXPECT_NEAR(e.std_tau[0], 0.3 / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(e.std_x1[0], 0.004 / std::sqrt(2.0), 1e-15);
}

TEST_F(PointEnsembleTest, TheResultDoesNotDependOnTheOutputIncrement)
{
  const PointEnsemble coarse = run_point_ensemble(law, start(10), settings);
  settings.strain = strain_grid(0.15, 1.25e-4);
  const PointEnsemble fine = run_point_ensemble(law, start(10), settings);
  ASSERT_GT(coarse.activity.n_events, 100u);
  EXPECT_EQ(coarse.activity.n_events, fine.activity.n_events);
  EXPECT_NEAR(coarse.activity.heat, fine.activity.heat, 1e-10);
  for (std::size_t path = 0; path < 10; ++path)
    for (std::size_t i = 0; i < coarse.strain.size(); ++i)
    {
      EXPECT_NEAR(coarse.tau[path][i], fine.tau[path][8 * i], 1e-10);
      EXPECT_NEAR(coarse.x1[path][i], fine.x1[path][8 * i], 1e-13);
    }
}

TEST_F(PointEnsembleTest, APathDependsOnItsKeyAlone)
{
  const PointEnsemble all = run_point_ensemble(law, start(4), settings);
  settings.first_replica = 2;
  const PointEnsemble third = run_point_ensemble(law, start(1), settings);
  EXPECT_EQ(all.tau[2], third.tau[0]);
  EXPECT_NE(all.tau[1], third.tau[0]);
  EXPECT_THAT(all.replica, ::testing::ElementsAre(0, 1, 2, 3));

  settings.quadrature_point = 3;
  EXPECT_NE(run_point_ensemble(law, start(1), settings).tau[0], third.tau[0]);
}

TEST_F(PointEnsembleTest, APathIsTheLawAtAQuadraturePoint)
{
  settings.first_replica = 11;
  settings.quadrature_point = 2;
  settings.volume_ratio = 1.7;
  const PointEnsemble e = run_point_ensemble(law, start(1), settings);

  std::vector<double> state(law.state_size());
  const law::PointData point{{11, 2}, 1.7};
  law.initialise(state.data(), point, start(1)[0]);
  const law::Activity activity =
      law.advance(state.data(), point, law::simple_shear(0.0), law::simple_shear(0.15), nullptr);
  EXPECT_EQ(activity.n_events, e.activity.n_events);
  EXPECT_NEAR(law.fields(state.data(), law::simple_shear(0.15)).tau, e.tau[0].back(), 1e-10);
}

TEST_F(PointEnsembleTest, WorkIsStoredOrTurnsToHeat)
{
  const PointEnsemble coarse = run_point_ensemble(law, start(10), settings);
  ASSERT_GT(coarse.activity.n_events, 100u);
  ASSERT_GT(coarse.work, 0.1);
  EXPECT_NEAR(coarse.energy_drift(), 0.0, 1e-4 * coarse.work);
  // What is left is the error of the trapezoids: a quarter at half the increment.
  settings.strain = strain_grid(0.15, 2.5e-4);
  const PointEnsemble fine = run_point_ensemble(law, start(10), settings);
  EXPECT_NEAR(fine.stored, coarse.stored, 1e-10);
  EXPECT_LT(std::abs(fine.energy_drift()), 0.2 * std::abs(coarse.energy_drift()));
  // The mean stress times the strain, to the accuracy of that sum.
  EXPECT_NEAR(fine.work, 0.15 * mean(fine.mean_tau, 0), 0.01 * fine.work);

  const law::BernoulliIntegrator integrator(elasticity, source, 7);
  EXPECT_TRUE(std::isnan(run_bernoulli_ensemble(integrator, start(2), settings).energy_drift()));
}

TEST_F(PointEnsembleTest, ThePapersElasticityDriftsByWhatItsBranchLacks)
{
  // An elastic branch at X1 = 0.001 from -0.1 GPa: work tau^2/(2G), G = 25 (1 - 0.001/0.2).
  const law::SeemLaw paper(make_elasticity(database, ElasticityChoice::paper), source,
                           law_parameters());
  settings.strain = {0.0, 0.002};
  settings.volume_ratio = 1e-6; // no event
  const PointEnsemble e = run_point_ensemble(paper, start(1), settings);
  ASSERT_EQ(e.activity.n_events, 0u);
  const double modulus = 25.0 * 0.995, tau = -0.1 + 0.002 * modulus;
  EXPECT_NEAR(e.tau[0].back(), tau, 1e-12);
  EXPECT_NEAR(e.work, (tau * tau - 0.01) / (2.0 * modulus), 1e-12);
  const auto nonlinear = [](const double t) {
    return t * t / 50.0 * (t * t / 64.0 + t * t * t * t / 81.0);
  };
  EXPECT_NEAR(e.energy_drift(), nonlinear(0.1) - nonlinear(tau), 1e-12);
}

TEST_F(PointEnsembleTest, EventsAreCountedAlongTheStrain)
{
  const PointEnsemble e = run_point_ensemble(law, start(6), settings);
  EXPECT_EQ(e.n_events.front(), 0u);
  EXPECT_EQ(e.n_events.back(), e.activity.n_events);
  EXPECT_TRUE(std::is_sorted(e.n_events.begin(), e.n_events.end()));
}

TEST_F(PointEnsembleTest, FluctuationsFallWithTheVolumeAndTheMeanStays)
{
  // Both so large that the rate hardly varies over the fluctuations.
  const std::size_t flowing = 100;
  settings.volume_ratio = 16.0;
  const PointEnsemble few = run_point_ensemble(law, start(100), settings);
  settings.volume_ratio = 64.0;
  const PointEnsemble many = run_point_ensemble(law, start(100), settings);
  EXPECT_NEAR(mean(many.std_tau, flowing) / mean(few.std_tau, flowing), 0.5, 0.1);
  EXPECT_NEAR(mean(many.mean_tau, flowing), mean(few.mean_tau, flowing), 0.03);
}

TEST_F(PointEnsembleTest, BernoulliPathsAgreeInTheMean)
{
  const std::size_t n = 200, flowing = 100;
  const law::BernoulliIntegrator integrator(elasticity, source, 7);
  settings.bernoulli_increment = 2e-5;
  const PointEnsemble events = run_point_ensemble(law, start(n), settings);
  const PointEnsemble trials = run_bernoulli_ensemble(integrator, start(n), settings);
  const double error = 5.0 * mean(events.std_tau, flowing) * std::sqrt(2.0 / n);
  EXPECT_NEAR(mean(trials.mean_tau, flowing), mean(events.mean_tau, flowing), error);
  // Counts of renewal-like processes scatter by less than those of a Poisson process.
  const double n_events = events.activity.n_events;
  EXPECT_NEAR(trials.activity.n_events, n_events, 5.0 * std::sqrt(2.0 * n_events));
  EXPECT_NEAR(trials.tau[0][0], -0.1, 1e-12);
}

TEST_F(PointEnsembleTest, TheBernoulliIncrementIsAnUpperBound)
{
  const law::BernoulliIntegrator integrator(elasticity, source, 7);
  settings.strain = {0.0, 0.01, 0.0125};
  settings.bernoulli_increment = 0.01;
  const PointEnsemble e = run_bernoulli_ensemble(integrator, start(1), settings);
  EXPECT_NEAR(e.activity.forward_strain + e.activity.backward_strain, 0.0125, 1e-15);
}

TEST_F(PointEnsembleTest, BadSettingsAreNamed)
{
  const auto run = [&] { run_point_ensemble(law, start(1), settings); };
  EXPECT_THROW(run_point_ensemble(law, {}, settings), InputError);
  settings.volume_ratio = 0.0;
  EXPECT_THROW(run(), InputError);
  settings.volume_ratio = 1.0;
  settings.strain = {0.0, 0.1, 0.1};
  EXPECT_THROW(run(), InputError);
  settings.strain = {0.1, 0.2};
  EXPECT_THROW(run(), InputError);
  settings.strain = {};
  EXPECT_THROW(run(), InputError);
}

TEST(DrawInitialState, IsEvenAndAPureFunctionOfTheKey)
{
  const std::vector<State> states = {make_state(0, 0), make_state(1, 0), make_state(2, 0)};
  std::vector<int> counts(3);
  for (std::uint64_t cell = 0; cell < 3000; ++cell)
    ++counts[static_cast<std::size_t>(draw_initial_state(states, 5, {cell, 1}).tau)];
  for (const int count : counts)
    EXPECT_NEAR(count, 1000, 5 * std::sqrt(3000.0 * 2.0 / 9.0));
  EXPECT_EQ(draw_initial_state(states, 5, {17, 1}).tau, draw_initial_state(states, 5, {17, 1}).tau);
  EXPECT_THROW(draw_initial_state({}, 5, {0, 0}), InputError);
}
