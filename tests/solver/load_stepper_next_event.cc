// SPDX-License-Identifier: LGPL-2.1-or-later
// Next-event stepping: one avalanche per step.
#include "support/load_run.h"
#include "support/scripted_event_source.h"

#include <seem/core/exceptions.h>
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
  using seem::testing::LoadRun;
  using seem::testing::run;
  using seem::testing::uniform_state;

  constexpr double none = std::numeric_limits<double>::infinity();

  solver::LoadParameters next_event_to(const double strain, const double increment = 1e-3)
  {
    solver::LoadParameters load;
    load.stepping = solver::Stepping::next_event;
    load.final_time = strain;
    load.largest_increment = increment;
    load.log_events = true;
    return load;
  }

  TEST(NextEventStepping, EveryAvalancheBeginsWithOneEventAndTheRunEndsAtItsLoad)
  {
    const law::SeemLaw law = glassy_law();
    const LoadRun result = run(MPI_COMM_WORLD, {{8, 8}}, law, next_event_to(0.04));
    unsigned long n_avalanches = 0, n_single = 0, n_events = 0;
    double time = 0.0;
    for (const solver::StepRecord &step : result.steps)
    {
      EXPECT_GT(step.time, time);
      EXPECT_LE(step.time, time + 1e-3 * (1.0 + 1e-9));
      time = step.time;
      n_events += step.n_spontaneous + step.n_triggered;
      if (step.n_spontaneous == 0)
      {
        EXPECT_EQ(step.avalanche.number, 0u);
        EXPECT_EQ(step.n_triggered, 0u);
        continue;
      }
      EXPECT_EQ(step.avalanche.number, ++n_avalanches);
      n_single += step.n_spontaneous == 1;
      EXPECT_GE(step.n_firing_passes, 1u);
      EXPECT_GE(step.n_spontaneous + step.n_triggered, step.n_fired_states);
      EXPECT_GE(step.n_fired_states, step.n_firing_passes > 0 ? 1u : 0u);
      EXPECT_DOUBLE_EQ(step.participation, step.n_fired_states / 256.0);
    }
    EXPECT_EQ(result.progress.n_avalanches, n_avalanches);
    EXPECT_EQ(result.progress.step, result.steps.size());
    EXPECT_DOUBLE_EQ(result.steps.back().time, 0.04);
    EXPECT_GT(n_avalanches, 100u);
    EXPECT_GT(n_events, n_avalanches); // some trigger others
    EXPECT_GE(n_single, 0.98 * n_avalanches);

    // The trigger is the one event of the load pass.
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
      return;
    for (const solver::LoggedEvent &event : result.events)
    {
      const solver::StepRecord &step = result.steps[event.step - 1];
      if (event.pass != 0 || step.n_spontaneous != 1)
        continue;
      EXPECT_EQ(event.record.key.cell, step.avalanche.trigger.cell);
      EXPECT_EQ(event.record.key.quadrature_point, step.avalanche.trigger.quadrature_point);
      EXPECT_GE(event.record.path, 1.0 - 1.001e-3);
    }
  }

  TEST(NextEventStepping, TheLoadOfTheFirstEventIsThatOfTheShortestClock)
  {
    const law::SeemLaw law = glassy_law();
    const LoadRun result = run(MPI_COMM_WORLD, {{4, 6}}, law, next_event_to(0.02));
    // Up to its first event the body is homogeneous.
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_SELF, {{4, 6}}, law, uniform_state);
    double first = none;
    std::vector<double> state(law.state_size());
    for (const auto &point : specimen.quadrature_points)
    {
      const law::PointData data = {point.key, 1.0};
      law.initialise(state.data(), data, seem::testing::make_state(0.0, 0.004));
      first =
          std::min(first, 0.02 * law.share_to_next_event(state.data(), data, law::simple_shear(0.0),
                                                         law::simple_shear(0.02)));
    }
    const auto avalanche =
        std::find_if(result.steps.begin(), result.steps.end(),
                     [](const solver::StepRecord &step) { return step.avalanche.number == 1; });
    ASSERT_NE(avalanche, result.steps.end());
    const double before = avalanche == result.steps.begin() ? 0.0 : (avalanche - 1)->time;
    EXPECT_GE(avalanche->time, first);
    EXPECT_LE(avalanche->time, first + 1e-3 * (first - before));
  }

  TEST(NextEventStepping, EveryPointOfAHomogeneousCellIsThePointModelWithItsKey)
  {
    const law::SeemLaw law = glassy_law();
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_SELF, {{1, 1}}, law, uniform_state);
    solver::LoadStepper<2> stepper(*specimen.equilibrium, specimen.points, MPI_COMM_SELF,
                                   next_event_to(0.15, 0.004));
    stepper.run([](const solver::StepRecord &) {});
    for (std::size_t p = 0; p < specimen.points.size(); ++p)
    {
      std::vector<double> state(law.state_size());
      const law::PointData data = {{0, static_cast<std::uint16_t>(p)}, 1.0};
      law.initialise(state.data(), data, seem::testing::make_state(0.0, 0.004));
      law.advance(state.data(), data, law::simple_shear(0.0), law::simple_shear(0.15), nullptr);
      const law::PointFields expected = law.fields(state.data(), law::simple_shear(0.15));
      EXPECT_EQ(specimen.points.fields(p).n_events, expected.n_events);
      EXPECT_NEAR(specimen.points.fields(p).tau, expected.tau, 1e-10);
    }
  }

  TEST(NextEventStepping, TheStressDropOfASingleEventIsItsPlasticStrainTimesTheModulus)
  {
    // Constant modulus: whatever the body does around the event, its mean stress falls by
    // 2 G <e_p>, and the events of a body that has just begun to shear lie along xy.
    const law::SeemLaw law(std::make_shared<law::TaylorElasticity>(20.0, none, none, none, 16.0),
                           std::make_shared<seem::testing::ScriptedEventSource>(
                               40.0, seem::testing::make_jump(0.05, 0.0)),
                           seem::testing::glassy_parameters());
    const LoadRun result = run(MPI_COMM_WORLD, {{6, 5}}, law, next_event_to(0.02));
    const auto &first =
        *std::find_if(result.steps.begin(), result.steps.end(),
                      [](const solver::StepRecord &step) { return step.avalanche.number == 1; });
    const unsigned long n = first.n_spontaneous + first.n_triggered;
    ASSERT_EQ(n, 1u);
    const double share = 1.0 / (4 * 30); // of the volume
    EXPECT_NEAR(first.plastic_shear, share * 0.05 / 20.0, 1e-15);
    EXPECT_NEAR((first.avalanche.stress_before[5] - first.mean_stress[5]) / law::sqrt2,
                share * 0.05, 1e-9);
    EXPECT_NEAR(first.avalanche.stress_before[5] / law::sqrt2, 20.0 * first.time, 1e-9);
    EXPECT_NEAR(first.avalanche.strain_before[5], law::simple_shear(first.time)[5], 1e-12);
    EXPECT_NEAR(first.avalanche.tau_before, 20.0 * first.time, 1e-9);
    // D = (tau^2 - (tau - 0.05)^2)/(2 G), and all heat there was is that of this avalanche.
    const double tau = 20.0 * first.time;
    EXPECT_NEAR(first.avalanche.event_heat, share * (tau - 0.025) * 0.05 / 20.0, 1e-9);
    EXPECT_NEAR(first.avalanche.event_heat, first.energy.event_heat, 1e-15);
    EXPECT_NEAR(first.avalanche.redistribution_heat, first.energy.redistribution_heat, 1e-12);
    EXPECT_GT(first.avalanche.redistribution_heat, 0.0);
  }

  TEST(NextEventStepping, AvalanchesAndHistoryDoNotDependOnTheNumberOfRanks)
  {
    const law::SeemLaw law = glassy_law();
    for (const auto support : {solver::StateSupport::point, solver::StateSupport::cell})
    {
      const LoadRun alone = run(MPI_COMM_SELF, {{12, 8}}, law, next_event_to(0.025), support);
      const LoadRun together = run(MPI_COMM_WORLD, {{12, 8}}, law, next_event_to(0.025), support);
      ASSERT_EQ(together.steps.size(), alone.steps.size());
      for (std::size_t i = 0; i < alone.steps.size(); ++i)
      {
        const solver::StepRecord &a = alone.steps[i], &b = together.steps[i];
        EXPECT_NEAR(b.time, a.time, 1e-10);
        EXPECT_EQ(b.avalanche.number, a.avalanche.number);
        EXPECT_EQ(b.n_spontaneous, a.n_spontaneous);
        EXPECT_EQ(b.n_triggered, a.n_triggered);
        EXPECT_EQ(b.n_firing_passes, a.n_firing_passes);
        EXPECT_EQ(b.n_fired_states, a.n_fired_states);
        EXPECT_NEAR(b.plastic_shear, a.plastic_shear, 1e-12);
        if (a.avalanche.number == 0)
          continue;
        EXPECT_EQ(std::tie(b.avalanche.trigger.cell, b.avalanche.trigger.quadrature_point),
                  std::tie(a.avalanche.trigger.cell, a.avalanche.trigger.quadrature_point));
        EXPECT_NEAR(b.avalanche.event_heat, a.avalanche.event_heat,
                    1e-8 * std::abs(a.avalanche.event_heat));
      }
      EXPECT_GT(alone.progress.n_avalanches, 30u);
      if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
        continue;
      ASSERT_EQ(together.events.size(), alone.events.size());
      for (std::size_t i = 0; i < alone.events.size(); ++i)
        ASSERT_EQ(together.events[i].record.key.cell, alone.events[i].record.key.cell);
    }
  }

  TEST(NextEventStepping, TheFirstLawHoldsAndTheHeatOfTheAvalanchesIsAllThereIs)
  {
    const law::SeemLaw law = glassy_law();
    const LoadRun result = run(MPI_COMM_WORLD, {{6, 8}}, law, next_event_to(0.06));
    const solver::EnergyBalance &energy = result.steps.back().energy;
    EXPECT_LT(std::abs(energy.residual()), 1e-4 * energy.work);
    double events = 0.0, redistribution = 0.0;
    for (const solver::StepRecord &step : result.steps)
    {
      events += step.avalanche.event_heat;
      redistribution += step.avalanche.redistribution_heat;
    }
    EXPECT_GT(events, 0.05 * energy.work);
    EXPECT_NEAR(events, energy.event_heat, 1e-12);
    // Loads are met by equilibria that are balanced at both ends: they release next to nothing.
    EXPECT_NEAR(redistribution, energy.redistribution_heat, 1e-3 * energy.redistribution_heat);
  }

  TEST(NextEventStepping, AnAvalancheThatDoesNotEndEndsTheRunWithItsLoad)
  {
    const law::SeemLaw law = glassy_law();
    solver::LoadParameters load = next_event_to(0.1);
    load.max_passes = 1; // no avalanche can come to rest
    try
    {
      run(MPI_COMM_WORLD, {{4, 4}}, law, load);
      FAIL() << "the run cannot succeed";
    }
    catch (const Error &error)
    {
      const std::string what = error.what();
      const std::string begin = "in the avalanche that begins at t = ";
      const std::size_t at = what.find(begin);
      ASSERT_NE(at, std::string::npos) << what;
      const double time = std::stod(what.substr(at + begin.size()));
      EXPECT_GT(time, 0.0) << what;
      EXPECT_LT(time, 0.1) << what;
      EXPECT_NE(what.find("within 1 passes"), std::string::npos) << what;
    }
  }

  TEST(NextEventStepping, FixedIncrementsReportParticipationToo)
  {
    const law::SeemLaw law = glassy_law();
    solver::LoadParameters load = next_event_to(0.05, 5e-3);
    load.stepping = solver::Stepping::fixed_increments;
    const LoadRun result = run(MPI_COMM_WORLD, {{4, 6}}, law, load);
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
      return;
    std::size_t i = 0;
    for (const solver::StepRecord &step : result.steps)
    {
      std::vector<std::pair<std::uint64_t, unsigned int>> fired;
      for (; i < result.events.size() && result.events[i].step == step.step; ++i)
        fired.emplace_back(result.events[i].record.key.cell,
                           result.events[i].record.key.quadrature_point);
      const std::size_t n_events = fired.size();
      std::sort(fired.begin(), fired.end());
      fired.erase(std::unique(fired.begin(), fired.end()), fired.end());
      EXPECT_EQ(step.n_fired_states, fired.size());
      EXPECT_EQ(step.participation, fired.size() / 96.0);
      EXPECT_EQ(step.avalanche.number, 0u);
      EXPECT_EQ(step.n_spontaneous + step.n_triggered, n_events);
    }
    EXPECT_LT(result.steps.back().n_fired_states,
              result.steps.back().n_spontaneous + result.steps.back().n_triggered);
  }

  TEST(FiringOne, EveryPassHasOneEventInBothKindsOfStepping)
  {
    const law::SeemLaw law = glassy_law();
    for (const auto stepping : {solver::Stepping::fixed_increments, solver::Stepping::next_event})
    {
      solver::LoadParameters load = next_event_to(0.03);
      load.stepping = stepping;
      load.firing = solver::Firing::one;
      load.max_passes = 100000;
      const LoadRun alone = run(MPI_COMM_SELF, {{4, 6}}, law, load);
      const LoadRun together = run(MPI_COMM_WORLD, {{4, 6}}, law, load);
      const solver::EnergyBalance &energy = alone.steps.back().energy;
      EXPECT_LT(std::abs(energy.residual()), 1e-4 * energy.work);
      for (const solver::StepRecord &step : alone.steps)
      {
        EXPECT_LE(step.largest_pass, 1u);
        EXPECT_LE(step.n_spontaneous, 1u);
        EXPECT_EQ(step.n_firing_passes, step.n_spontaneous + step.n_triggered);
      }
      if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
        continue;
      ASSERT_GT(alone.events.size(), 50u);
      ASSERT_EQ(together.events.size(), alone.events.size());
      for (std::size_t i = 0; i < alone.events.size(); ++i)
      {
        const solver::LoggedEvent &a = alone.events[i], &b = together.events[i];
        ASSERT_EQ(std::tie(b.step, b.pass, b.record.key.cell, b.record.key.quadrature_point),
                  std::tie(a.step, a.pass, a.record.key.cell, a.record.key.quadrature_point))
            << "first differing event: " << i;
        ASSERT_NEAR(b.record.before.tau, a.record.before.tau, 1e-9);
      }
    }
  }

  TEST(FiringOne, OfEqualClocksTheSmallestKeyComesFirst)
  {
    // All points fire at 0.5 GPa. The drop of one unloads most of the others, whose clocks then
    // wait for more load.
    const law::SeemLaw law(
        std::make_shared<law::TaylorElasticity>(20.0, none, none, none, 16.0),
        std::make_shared<seem::testing::ScriptedEventSource>(
            std::vector<double>{0.5}, std::vector<double>{0.0, none},
            [](const State &, double) { return seem::testing::make_jump(0.2, 0.0); }),
        seem::testing::glassy_parameters());
    solver::LoadParameters load = next_event_to(0.0251);
    load.firing = solver::Firing::one;
    const LoadRun result = run(MPI_COMM_WORLD, {{4, 2}}, law, load);
    std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_SELF, {{4, 2}}, law, uniform_state);
    for (const auto &point : specimen.quadrature_points)
      smallest = std::min(smallest, point.key.cell);
    const auto &first =
        *std::find_if(result.steps.begin(), result.steps.end(),
                      [](const solver::StepRecord &step) { return step.avalanche.number == 1; });
    EXPECT_NEAR(first.time, 0.025, 1e-9);
    EXPECT_EQ(first.n_spontaneous, 1u);
    EXPECT_EQ(first.avalanche.trigger.cell, smallest);
    EXPECT_EQ(first.avalanche.trigger.quadrature_point, 0u);
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
      return;
    ASSERT_FALSE(result.events.empty());
    EXPECT_EQ(result.events.front().record.key.cell, smallest);
    EXPECT_EQ(result.events.front().record.key.quadrature_point, 0u);

    load.firing = solver::Firing::all_ripe;
    EXPECT_EQ(run(MPI_COMM_SELF, {{4, 2}}, law, load).events.size(), 32u);
  }

  TEST(RunawayOfTractions, IsSeenByTheStrainOfThePoints)
  {
    // Sheared by a traction that grows beyond what the body carries.
    const law::SeemLaw law = glassy_law();
    solver::Loading<2> loading;
    loading.motions.push_back(
        {2, {{true, true}}, [](const auto &, unsigned int, double) { return 0.0; }});
    loading.tractions.push_back(
        {3, [](const dealii::Point<2> &, const dealii::Tensor<1, 2> &, const double t) {
           dealii::Tensor<1, 2> traction;
           traction[0] = t;
           return traction;
         }});
    seem::testing::TestBody<2> body(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{4, 4}}, false),
                                    std::move(loading), law, uniform_state,
                                    {1, {seem::testing::thickness, true}, {}});
    solver::LoadParameters load;
    load.final_time = 4.0;
    load.largest_increment = 0.05;
    load.smallest_increment = 0.01;
    load.max_passes = 3000;
    solver::LoadStepper<2> stepper(*body.equilibrium, body.points, MPI_COMM_WORLD, load);
    double carried = 0.0;
    const solver::RunEnd end =
        stepper.run([&](const solver::StepRecord &record) { carried = record.time; });
    EXPECT_EQ(end, solver::RunEnd::runaway);
    EXPECT_GT(carried, 0.5);
    EXPECT_LT(carried, 3.5);
    // Far fewer equilibria than three failing steps of 3000 passes.
    EXPECT_LT(body.equilibrium->effort.n_newton_steps, 3000u);
  }
} // namespace
