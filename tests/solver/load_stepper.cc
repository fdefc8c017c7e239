// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/load_run.h"
#include "support/scripted_event_source.h"

#include <seem/core/exceptions.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/seem_law.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace
{
  using namespace seem;
  using seem::testing::glassy_law;
  using seem::testing::glassy_source;
  using seem::testing::LoadRun;
  using seem::testing::run;
  using seem::testing::uniform_state;

  solver::LoadParameters load_to(const double strain, const double increment)
  {
    solver::LoadParameters load;
    load.final_time = strain;
    load.largest_increment = increment;
    load.log_events = true;
    return load;
  }

  TEST(LoadStepper, ElasticShearIsExact)
  {
    const law::LinearElasticLaw law(21.0, 140.0);
    const LoadRun result = run(MPI_COMM_WORLD, {{4, 6}}, law, load_to(0.05, 0.02));
    ASSERT_EQ(result.steps.size(), 3u);
    EXPECT_DOUBLE_EQ(result.steps[0].time, 0.02);
    EXPECT_DOUBLE_EQ(result.steps.back().time, 0.05);
    for (const solver::StepRecord &step : result.steps)
    {
      EXPECT_NEAR(step.mean_stress[5] / law::sqrt2, 21.0 * step.time, 1e-12);
      EXPECT_NEAR(step.energy.work, 0.5 * 21.0 * step.time * step.time, 1e-14);
      EXPECT_NEAR(step.energy.elastic, step.energy.work, 1e-14);
      EXPECT_EQ(step.n_passes, 1u);
    }
  }

  TEST(LoadStepper, EveryPointOfAHomogeneousCellIsThePointModelWithItsKey)
  {
    // One periodic cell: all its nodes are one, so the strain is uniform whatever its points do.
    const law::SeemLaw law = glassy_law();
    const solver::LoadParameters load = load_to(0.15, 0.004);
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_SELF, {{1, 1}}, law, uniform_state);
    solver::LoadStepper<2> stepper(*specimen.equilibrium, specimen.points, MPI_COMM_SELF, load);
    stepper.run([](const solver::StepRecord &) {});

    unsigned int n_events = 0;
    for (std::size_t p = 0; p < specimen.points.size(); ++p)
    {
      std::vector<double> state(law.state_size());
      const law::PointData data = {{0, static_cast<std::uint16_t>(p)}, 1.0};
      law.initialise(state.data(), data, seem::testing::make_state(0.0, 0.004));
      law.advance(state.data(), data, law::simple_shear(0.0), law::simple_shear(0.15), nullptr);
      const law::PointFields expected = law.fields(state.data(), law::simple_shear(0.15));
      const law::PointFields found = specimen.points.fields(p);
      EXPECT_EQ(found.n_events, expected.n_events);
      EXPECT_NEAR(found.tau, expected.tau, 1e-10);
      EXPECT_NEAR(found.x1, expected.x1, 1e-12);
      EXPECT_NEAR(found.plastic_shear, expected.plastic_shear, 1e-10);
      n_events += found.n_events;
    }
    EXPECT_GT(n_events, 50u);
  }

  class Ranks : public ::testing::TestWithParam<solver::PreconditionerKind>
  {
  };

  INSTANTIATE_TEST_SUITE_P(All, Ranks,
                           ::testing::Values(solver::PreconditionerKind::direct,
                                             solver::PreconditionerKind::multigrid));

  TEST_P(Ranks, EventsAndHistoryDoNotDependOnTheirNumber)
  {
    const law::SeemLaw law = glassy_law();
    const solver::LoadParameters load = load_to(0.05, 2e-3);
    // Two levels of the multigrid method.
    const LoadRun alone =
        run(MPI_COMM_SELF, {{16, 24}}, law, load, solver::StateSupport::point, GetParam());
    const LoadRun together =
        run(MPI_COMM_WORLD, {{16, 24}}, law, load, solver::StateSupport::point, GetParam());

    ASSERT_EQ(together.steps.size(), alone.steps.size());
    for (std::size_t i = 0; i < alone.steps.size(); ++i)
    {
      const solver::StepRecord &a = alone.steps[i], &b = together.steps[i];
      EXPECT_EQ(b.n_passes, a.n_passes);
      EXPECT_EQ(b.n_spontaneous, a.n_spontaneous);
      EXPECT_EQ(b.n_triggered, a.n_triggered);
      EXPECT_NEAR(b.mean_stress[5], a.mean_stress[5], 1e-10 * std::abs(a.mean_stress[5]));
      EXPECT_NEAR(b.mean_x1, a.mean_x1, 1e-10 * a.mean_x1);
      EXPECT_NEAR(b.energy.redistribution_heat, a.energy.redistribution_heat,
                  1e-8 * a.energy.redistribution_heat + 1e-14);
    }
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
      return;
    ASSERT_GT(alone.events.size(), 2000u);
    ASSERT_EQ(together.events.size(), alone.events.size());
    for (std::size_t i = 0; i < alone.events.size(); ++i)
    {
      const solver::LoggedEvent &a = alone.events[i], &b = together.events[i];
      ASSERT_EQ(std::tie(b.step, b.pass, b.record.key.cell, b.record.key.quadrature_point,
                         b.record.number),
                std::tie(a.step, a.pass, a.record.key.cell, a.record.key.quadrature_point,
                         a.record.number))
          << "first differing event: " << i;
      ASSERT_NEAR(b.record.before.tau, a.record.before.tau, 1e-9);
      ASSERT_EQ(b.record.jump.dtau, a.record.jump.dtau);
    }
  }

  TEST(LoadStepper, TheFirstLawHoldsWithAllFourTermsTakenIndependently)
  {
    const law::SeemLaw law = glassy_law();
    const LoadRun result = run(MPI_COMM_WORLD, {{8, 8}}, law, load_to(0.12, 1e-3));
    const solver::EnergyBalance &energy = result.steps.back().energy;
    EXPECT_GT(energy.event_heat, 0.2 * energy.work);
    EXPECT_GT(energy.redistribution_heat, 1e-3 * energy.work);
    EXPECT_GT(energy.inelastic, 1e-3 * energy.work);
    EXPECT_LT(std::abs(energy.residual()), 5e-3 * energy.work);
    // Without the heat of redistribution the balance would not close so well: the term is needed.
    EXPECT_GT(std::abs(energy.residual() + energy.redistribution_heat),
              2.0 * std::abs(energy.residual()));
  }

  TEST(LoadStepper, AFiringShareBoundShortensTheSteps)
  {
    const law::SeemLaw law = glassy_law();
    solver::LoadParameters load = load_to(0.06, 5e-3);
    load.largest_firing_share = 0.05;
    const LoadRun result = run(MPI_COMM_WORLD, {{8, 8}}, law, load);
    EXPECT_GT(result.steps.size(), 24u); // 12 steps of the largest increment
    const double n_points = 4 * 64;
    for (const solver::StepRecord &step : result.steps)
      EXPECT_LE(step.n_spontaneous, 2 * 0.05 * n_points * 1.5) << "step " << step.step;
    EXPECT_DOUBLE_EQ(result.steps.back().time, 0.06);
  }

  TEST(LoadStepper, AFiringShareThatCannotBeMetDoesNotEndTheRun)
  {
    // One of four points is a quarter: more than twice the bound, whatever the increment.
    const law::SeemLaw law = glassy_law();
    solver::LoadParameters load = load_to(0.05, 1e-3);
    load.largest_firing_share = 0.05;
    const LoadRun few = run(MPI_COMM_SELF, {{1, 1}}, law, load);
    EXPECT_DOUBLE_EQ(few.steps.back().time, 0.05);
    EXPECT_GT(few.events.size(), 3u);

    // All points of this source fire at the same stress, so at the same strain.
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    const double none = std::numeric_limits<double>::infinity();
    const law::SeemLaw together(
        std::make_shared<law::TaylorElasticity>(20.0, none, none, none, 16.0),
        std::make_shared<seem::testing::ScriptedEventSource>(
            std::vector<double>{0.5}, std::vector<double>{0.0, none},
            [](const State &, double) { return seem::testing::make_jump(0.2, 0.0); }),
        parameters);
    load.smallest_increment = 1e-5;
    const LoadRun equal = run(MPI_COMM_WORLD, {{2, 2}}, together, load);
    EXPECT_DOUBLE_EQ(equal.steps.back().time, 0.05);
    // 0.5 GPa at 0.025, then every 0.01: at 0.025, 0.035 and 0.045, all sixteen points.
    unsigned long n_events = 0;
    for (const solver::StepRecord &step : equal.steps)
      n_events += step.n_spontaneous + step.n_triggered;
    EXPECT_EQ(n_events, 3u * 16u);
  }

  TEST(LoadStepper, AStepThatFailsIsUndoneHalvedAndEndsOnTheSameElasticPath)
  {
    // A law that asks for small increments: the stepper must cut, and the exact answer must not
    // suffer.
    class Impatient final : public law::MaterialLaw
    {
    public:
      std::vector<law::StateField> state_layout() const override
      {
        return {{"path length", "-", 1}};
      }
      void initialise(double *state, const law::PointData &,
                      const law::InitialState &) const override
      {
        state[0] = 0.0;
      }
      law::Response evaluate(const double *, const law::SymmetricTensor &strain) const override
      {
        return elastic.evaluate(nullptr, strain);
      }
      law::Activity advance(double *state, const law::PointData &,
                            const law::SymmetricTensor &begin, const law::SymmetricTensor &end,
                            law::EventObserver *) const override
      {
        const double length = law::shear_strain(end - begin);
        state[0] += length; // spoilt on purpose before the failure: roll-back must mend it
        law::Activity activity;
        if (length > 3.1e-3)
          activity.admissible_share = 3e-3 / length;
        return activity;
      }
      law::EnergyDensity energy(const double *, const law::SymmetricTensor &strain) const override
      {
        return elastic.energy(nullptr, strain);
      }
      law::PointFields fields(const double *state, const law::SymmetricTensor &) const override
      {
        return {0.0, state[0], 0.0, 0};
      }
      law::LinearElasticLaw elastic{20.0, 100.0};
    };
    const Impatient law;
    const LoadRun result = run(MPI_COMM_WORLD, {{2, 2}}, law, load_to(0.02, 8e-3));
    EXPECT_GE(result.steps.size(), 7u);
    EXPECT_NEAR(result.steps[0].time, 3e-3, 1e-15); // the share that was asked for, no less
    EXPECT_NEAR(result.steps.back().mean_stress[5] / law::sqrt2, 0.4, 1e-12);
    EXPECT_NEAR(result.steps.back().mean_x1, 0.02, 1e-12); // the path length: nothing counted twice
    EXPECT_NEAR(result.steps.back().energy.work, 0.5 * 20.0 * 4e-4, 1e-14);
  }

  TEST(LoadStepper, AStepThatFailsAtTheSmallestIncrementEndsTheRunOnAllRanks)
  {
    const law::SeemLaw law = glassy_law();
    solver::LoadParameters load = load_to(0.1, 0.02);
    load.smallest_increment = 1e-2;
    load.max_passes = 1; // no avalanche can come to rest
    try
    {
      run(MPI_COMM_WORLD, {{4, 4}}, law, load);
      FAIL() << "the run cannot succeed";
    }
    catch (const Error &error)
    {
      EXPECT_FALSE(error.recoverable());
      EXPECT_NE(std::string(error.what()).find("passes"), std::string::npos);
      EXPECT_EQ(dynamic_cast<const solver::UpdateError *>(&error), nullptr);
    }
  }

  /// Run to the end, which must be an UpdateError; returns it.
  solver::UpdateError failing_update(seem::testing::PeriodicSpecimen &specimen,
                                     const solver::LoadParameters &load)
  {
    solver::LoadStepper<2> stepper(*specimen.equilibrium, specimen.points, MPI_COMM_WORLD, load);
    try
    {
      stepper.run([](const solver::StepRecord &) {});
    }
    catch (const solver::UpdateError &error)
    {
      return error;
    }
    ADD_FAILURE() << "no update failed";
    return {"", 0};
  }

  TEST(LoadStepper, AnUpdateThatFailsForGoodIsKeptOnOneRankThatAllKnow)
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 148.0;
    parameters.seed = 5;
    parameters.max_events_per_update = 2;
    const law::SeemLaw law(std::make_shared<law::TaylorElasticity>(25.9, 0.101, 8.4, 2.9, 16.0),
                           glassy_source(), parameters);
    solver::LoadParameters load = load_to(0.1, 4e-3);
    load.smallest_increment = 2e-3;
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{4, 4}}, law, uniform_state);
    const solver::UpdateError error = failing_update(specimen, load);
    EXPECT_NE(std::string(error.what()).find("smallest increment 2.0e-03"), std::string::npos)
        << error.what();

    const int rank = static_cast<int>(dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD));
    ASSERT_EQ(dealii::Utilities::MPI::min(error.rank, MPI_COMM_WORLD),
              dealii::Utilities::MPI::max(error.rank, MPI_COMM_WORLD));
    if (rank != error.rank)
      return;
    const solver::FailedUpdate *failed = specimen.points.failed_update();
    ASSERT_NE(failed, nullptr);
    EXPECT_NE(std::string(error.what()).find(failed->message), std::string::npos);
    std::vector<double> state = failed->state;
    EXPECT_EQ(
        law.advance(state.data(), failed->data, failed->strain_begin, failed->strain_end, nullptr)
            .admissible_share,
        failed->admissible_share);
  }

  TEST(LoadStepper, AnErrorOfALawThatNoSmallerStepHelpsAgainstEndsTheRunAtOnce)
  {
    class Brittle final : public law::MaterialLaw
    {
    public:
      std::vector<law::StateField> state_layout() const override
      {
        return {{"cell", "-", 1}};
      }
      void initialise(double *state, const law::PointData &point,
                      const law::InitialState &) const override
      {
        state[0] = static_cast<double>(point.key.cell);
      }
      law::Response evaluate(const double *state, const law::SymmetricTensor &strain) const override
      {
        if (state[0] == broken_cell && law::shear_strain(strain) > 0.015)
          throw InputError("a cell has broken");
        return elastic.evaluate(nullptr, strain);
      }
      law::Activity advance(double *, const law::PointData &, const law::SymmetricTensor &,
                            const law::SymmetricTensor &, law::EventObserver *) const override
      {
        return {};
      }
      law::EnergyDensity energy(const double *, const law::SymmetricTensor &strain) const override
      {
        return elastic.energy(nullptr, strain);
      }
      law::PointFields fields(const double *, const law::SymmetricTensor &) const override
      {
        return {};
      }
      law::LinearElasticLaw elastic{20.0, 100.0};
      double broken_cell = -1.0;
    };
    Brittle law;
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{4, 2}}, law, uniform_state);
    for (const auto &point : specimen.quadrature_points)
      law.broken_cell = std::max(law.broken_cell, static_cast<double>(point.key.cell));
    law.broken_cell = dealii::Utilities::MPI::max(law.broken_cell, MPI_COMM_WORLD);
    const solver::UpdateError error = failing_update(specimen, load_to(0.03, 0.01));
    EXPECT_NE(std::string(error.what())
                  .find("load step 2 at t = 0.01 failed, "
                        "and no smaller increment helps: a cell has broken"),
              std::string::npos)
        << error.what();
    if (static_cast<int>(dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD)) != error.rank)
      return;
    const solver::FailedUpdate *failed = specimen.points.failed_update();
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(static_cast<double>(failed->data.key.cell), law.broken_cell);
    EXPECT_EQ(failed->admissible_share, 0.0);
    EXPECT_NEAR(failed->strain_begin[5], law::simple_shear(0.01)[5], 1e-12);
    EXPECT_NEAR(failed->strain_end[5], law::simple_shear(0.02)[5], 1e-12);
  }

  TEST(LoadStepper, TheHeatOfALawThatFlowsWithoutEventsClosesTheFirstLaw)
  {
    law::J2LawParameters parameters;
    parameters.shear_modulus = 20.0;
    parameters.bulk_modulus = 100.0;
    parameters.yield_stress = 0.6 * std::sqrt(3.0); // in shear: 0.6 GPa
    parameters.hardening = 3.0;                     // in shear: 1 GPa
    const law::J2Law law(parameters);
    const LoadRun result = run(MPI_COMM_WORLD, {{4, 6}}, law, load_to(0.1, 3.5e-3));
    const solver::StepRecord &last = result.steps.back();
    // 20 (0.1 - p) = 0.6 + p: p = 1.4/21
    const double p = 1.4 / 21.0, tau = 0.6 + p;
    EXPECT_NEAR(last.mean_stress[5] / law::sqrt2, tau, 1e-10);
    EXPECT_NEAR(last.energy.elastic, tau * tau / 40.0, 1e-11);
    EXPECT_NEAR(last.energy.inelastic, 0.5 * p * p, 1e-11);
    EXPECT_NEAR(last.energy.event_heat, 0.6 * p, 1e-11);
    // The one step that yields on the way is a trapezoid under a kink: at most G dgamma^2/8.
    EXPECT_NE(last.energy.residual(), 0.0);
    EXPECT_LE(std::abs(last.energy.residual()), 20.0 * 3.5e-3 * 3.5e-3 / 8.0);
    EXPECT_TRUE(result.events.empty());
  }

  TEST(LoadStepper, TheFirstLawHoldsWithOneStatePerCell)
  {
    const law::SeemLaw law = glassy_law();
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{8, 6}}, law, uniform_state, {},
                                             solver::StateSupport::cell);
    ASSERT_EQ(specimen.points.size(), 4 * specimen.points.n_states());
    solver::LoadStepper<2> stepper(*specimen.equilibrium, specimen.points, MPI_COMM_WORLD,
                                   load_to(0.12, 1e-3));
    solver::StepRecord last;
    unsigned long n_events = 0, n_triggered = 0;
    stepper.run([&](const solver::StepRecord &record) {
      last = record;
      n_events += record.n_spontaneous + record.n_triggered;
      n_triggered += record.n_triggered;
    });
    EXPECT_GT(n_events, 800u);
    EXPECT_GT(n_triggered, 100u);
    EXPECT_LT(std::abs(last.energy.residual()), 1e-4 * last.energy.work);
  }
} // namespace
