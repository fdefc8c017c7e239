// SPDX-License-Identifier: LGPL-2.1-or-later
// States and strains at and beyond the limits of the law and of its data.
#include "synthetic_database.h"
#include "verification.h"

#include <seem/core/exceptions.h>

#include <gmock/gmock.h>

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using namespace seem::testing;

namespace
{
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

  bool all_finite(const SymmetricTensor &t)
  {
    return t.allFinite();
  }

  std::string message_of(const SeemLaw &law, const PointData &data, const State &initial)
  {
    std::vector<double> state(law.state_size(), -7.0);
    try
    {
      law.initialise(state.data(), data, initial);
    }
    catch (const InputError &error)
    {
      for (const double number : state)
        EXPECT_EQ(number, -7.0);
      return error.what();
    }
    return "accepted";
  }
} // namespace

TEST(VerifyEdgeCases, AStrainThatIsNotFiniteIsRefusedByNameAndLeavesTheState)
{
  // At rest, after loading, and after a reversal.
  const SeemLaw law = tabulated_law(80);
  const PointData data = {{1234567890123, 5}, 1.0};
  for (const std::vector<SymmetricTensor> &corners : {std::vector<SymmetricTensor>{},
                                                      {simple_shear(0.07)},
                                                      {simple_shear(0.05), simple_shear(-0.02)}})
  {
    const Followed point =
        follow(law, data, make_state(0.1, 0.01), corners, [](auto) { return 3u; });
    // 1e200 is finite, its norm is not.
    for (const double bad : {not_a_number, infinity, -infinity, 1e200})
      for (int i = 0; i < 6; ++i)
        for (const bool at_begin : {true, false})
        {
          SymmetricTensor strain = point.strain;
          strain[i] = bad;
          std::vector<double> state = point.state;
          EventList events;
          try
          {
            law.advance(state.data(), data, at_begin ? strain : point.strain,
                        at_begin ? point.strain : strain, &events);
            ADD_FAILURE() << "accepted " << bad << " in component " << i;
          }
          catch (const InputError &error)
          {
            EXPECT_THAT(error.what(),
                        ::testing::HasSubstr("cell 1234567890123, quadrature point 5"));
          }
          EXPECT_EQ(state, point.state);
          EXPECT_TRUE(events.records.empty());
        }
  }
}

TEST(VerifyEdgeCases, AVolumeRatioThatIsNoVolumeIsRefusedByName)
{
  const SeemLaw law = tabulated_law(81);
  for (const double bad : {0.0, -0.0, -1.0, not_a_number, infinity, -infinity})
    EXPECT_THAT(message_of(law, {{77, 6}, bad}, make_state(0.0, 0.01)),
                ::testing::AllOf(::testing::HasSubstr("cell 77, quadrature point 6"),
                                 ::testing::HasSubstr("volume ratio")));
  for (const double good : {1e-3, 1.0, 1e6})
    EXPECT_EQ(message_of(law, {{77, 6}, good}, make_state(0.0, 0.01)), "accepted");
}

TEST(VerifyEdgeCases, AnInitialStateThatIsNotFiniteIsRefusedByName)
{
  const SeemLaw law = tabulated_law(82);
  for (const double bad : {not_a_number, infinity, -infinity})
  {
    EXPECT_THAT(message_of(law, {{78, 2}, 1.0}, make_state(bad, 0.01)),
                ::testing::HasSubstr("cell 78, quadrature point 2"));
    EXPECT_THAT(message_of(law, {{78, 2}, 1.0}, make_state(0.1, bad)),
                ::testing::HasSubstr("cell 78, quadrature point 2"));
  }
}

TEST(VerifyEdgeCases, ADatabaseWithoutEventsExposureOrAxesIsRefused)
{
  database::EventDatabase db = synthetic_database();
  EXPECT_NO_THROW(database::GridEventSource{db});
  db.events = {};
  db.events.x.resize(1);
  db.events.dx.resize(1);
  EXPECT_THROW(database::GridEventSource{db}, InputError); // the bins count events
  db.n_events.assign(db.n_bins(), 0.0);
  EXPECT_THROW(database::GridEventSource{db}, InputError);

  db = synthetic_database();
  db.exposure.assign(db.n_bins(), 0.0);
  EXPECT_THROW(database::GridEventSource{db}, InputError);
  db.n_increments.assign(db.n_bins(), 0.0);
  EXPECT_THROW(database::GridEventSource{db}, InputError);

  db = synthetic_database();
  db.axes.pop_back();
  EXPECT_THROW(database::GridEventSource{db}, InputError);
  db.axes.clear();
  EXPECT_THROW(database::GridEventSource{db}, InputError);
  EXPECT_THROW(database::GridEventSource{database::EventDatabase()}, InputError);
}

TEST(VerifyEdgeCases, AStressFarBeyondTheDataFallsBackIntoThemByForcedEvents)
{
  const SeemLaw law = tabulated_law(83);
  for (const double tau : {highest_stress, 5.0, 50.0})
  {
    const Followed point = follow(law, {{5, 0}, 1.0}, make_state(tau, 0.01), {simple_shear(1e-4)},
                                  [](auto) { return 1u; });
    EXPECT_EQ(point.total.admissible_share, 1.0);
    EXPECT_GT(point.total.n_forced, 0u);
    EXPECT_LT(law.fields(point.state.data(), point.strain).tau, highest_stress);
    EXPECT_GT(law.fields(point.state.data(), point.strain).tau, 0.5 * highest_stress);
    for (const EventRecord &record : point.events)
    {
      EXPECT_EQ(record.support == Support::forced,
                record.before.tau >= highest_stress * (1 - 1e-12));
    }
  }
}

TEST(VerifyEdgeCases, UnloadingFromBeyondTheDataForcesNothing)
{
  const SeemLaw law = tabulated_law(83);
  const Followed point = follow(law, {{5, 0}, 1.0}, make_state(50.0, 0.01), {simple_shear(-1e-3)},
                                [](auto) { return 1u; });
  EXPECT_EQ(point.total.n_events, 0u);
  EXPECT_LT(law.fields(point.state.data(), point.strain).tau, 50.0);
}

TEST(VerifyEdgeCases, X1BeyondTheDataAndTheCapKeepsTheLawSound)
{
  for (const EnergyBound bound : {EnergyBound::report, EnergyBound::redraw, EnergyBound::clip})
  {
    const SeemLaw law = tabulated_law(84, bound);
    for (const double x1 : {-1.0, -0.05, 0.9 * 0.101, 0.101, 0.2, 5.0})
    {
      const Followed point = follow(law, {{6, 0}, 1.0}, make_state(0.2, x1), {simple_shear(0.3)},
                                    [](auto) { return 10u; });
      EXPECT_EQ(point.total.admissible_share, 1.0);
      EXPECT_GT(point.total.n_events, 1u);
      // Not one bin of the grid holds these X1: the nearest stands in.
      EXPECT_GT(point.total.n_outside + point.total.n_forced, 0u);
      EXPECT_EQ(point.total.n_capped == point.total.n_events, x1 > 0.101) << x1;
      const Response response = law.evaluate(point.state.data(), point.strain);
      EXPECT_TRUE(all_finite(response.stress));
      EXPECT_GT(response.tangent.shear, 0.0);
      EXPECT_GT(response.tangent.secant, 0.0);
      EXPECT_TRUE(std::isfinite(point.total.heat));
      for (const EventRecord &record : point.events)
        EXPECT_TRUE(record.heat >= 0.0 || bound == EnergyBound::report) << record.heat;
    }
  }
}

TEST(VerifyEdgeCases, AtTheCapTheBranchIsATenthAsStiffAndNoSofter)
{
  // G0 (1 - 0.9) = 2.59 GPa at zero stress, at uA and beyond.
  const SeemLaw law(table_1(), std::make_shared<ScriptedEventSource>(0.0, Jump()), parameters());
  for (const double x1 : {0.0909, 0.101, 0.2, 1e6})
  {
    const Followed point = follow(law, {{6, 0}, 1.0}, make_state(0.0, x1), {simple_shear(1e-6)},
                                  [](auto) { return 1u; });
    const Response response = law.evaluate(point.state.data(), point.strain);
    EXPECT_NEAR(response.tangent.shear, 2.59, 1e-6);
    EXPECT_NEAR(response.stress[5] / sqrt2, 2.59e-6, 1e-12);
  }
  // A negative X1 stiffens: 25.9 (1 + 0.0505/0.101).
  const Followed aged = follow(law, {{6, 0}, 1.0}, make_state(0.0, -0.0505), {simple_shear(1e-6)},
                               [](auto) { return 1u; });
  EXPECT_NEAR(law.evaluate(aged.state.data(), aged.strain).tangent.shear, 38.85, 1e-6);
}

TEST(VerifyEdgeCases, AtZeroStressEventsOfEitherSignGoAlongTheStrainIncrement)
{
  // Forced at zero stress, once: the rate is zero above 0.1 GPa. tau = 25 gamma.
  const SymmetricTensor direction = symmetric_tensor(0.01, -0.02, 0.01, 0.003, 0.0, -0.005);
  const double gamma = shear_strain(direction);
  for (const double dtau : {-0.5, 0.5})
  {
    const SeemLaw law(hooke(),
                      std::make_shared<ScriptedEventSource>(
                          std::vector<double>{0.1}, std::vector<double>{infinity, 0.0},
                          [dtau](const State &, double) { return make_jump(dtau, 0.0); }),
                      parameters());
    // Not far enough to come back to zero from -0.5.
    const SymmetricTensor end = 0.01 / gamma * direction;
    const Followed point =
        follow(law, {{3, 0}, 1.0}, make_state(0.0, 0.0), {end}, [](auto) { return 1u; });
    ASSERT_EQ(point.total.n_events, 1u);
    EXPECT_EQ(point.places[0], 0.0);
    const SymmetricTensor s = deviator(law.evaluate(point.state.data(), end).stress);
    EXPECT_NEAR((s - sqrt2 * (0.25 - dtau) * direction.normalized()).norm(), 0.0, 1e-13);
    EXPECT_NEAR(point.total.heat, -0.25 / 50.0, 1e-15); // either sign costs elastic energy
  }
}

TEST(VerifyEdgeCases, AnIncrementOfZeroOrOfVolumeAloneChangesNoBit)
{
  const SeemLaw law = tabulated_law(85);
  const PointData data = {{9, 1}, 1.0};
  for (const double tau : {0.0, 0.3, -0.3, 50.0})
  {
    std::vector<double> state(law.state_size());
    law.initialise(state.data(), data, make_state(tau, 0.01));
    const std::vector<double> before = state;
    const Activity activity =
        law.advance(state.data(), data, simple_shear(0.0), simple_shear(0.0), nullptr);
    EXPECT_EQ(activity.n_events, 0u);
    EXPECT_EQ(activity.admissible_share, 1.0);
    EXPECT_EQ(state, before);
    law.advance(state.data(), data, simple_shear(0.0), 0.25 * identity(), nullptr);
    EXPECT_EQ(state, before);
  }
}

TEST(VerifyEdgeCases, AnInitialStressAgainstTheShearUnloadsFirst)
{
  // From -0.3 GPa no event before tau = 0, then those of the same law.
  const SeemLaw law = tabulated_law(86);
  const double crossing = table_1()->elastic_strain(0.3, 0.01);
  for (std::uint64_t cell = 0; cell < 50; ++cell)
  {
    const Followed point = follow(law, {{cell, 0}, 1.0}, make_state(-0.3, 0.01),
                                  {simple_shear(0.2)}, [](auto) { return 4u; });
    EXPECT_NEAR(law.evaluate(follow(law, {{cell, 0}, 1.0}, make_state(-0.3, 0.01),
                                    {simple_shear(crossing)}, [](auto) { return 1u; })
                                 .state.data(),
                             simple_shear(crossing))
                    .stress.norm(),
                0.0, 1e-13);
    ASSERT_GT(point.events.size(), 0u);
    EXPECT_GT(point.places[0] * 0.2, crossing);
    // As from zero stress, shifted: the same events at the same stresses.
    const Followed unstressed = follow(law, {{cell, 0}, 1.0}, make_state(0.0, 0.01),
                                       {simple_shear(0.2 - crossing)}, [](auto) { return 4u; });
    ASSERT_EQ(point.events.size(), unstressed.events.size());
    for (std::size_t i = 0; i < point.events.size(); ++i)
      EXPECT_NEAR(point.events[i].before.tau, unstressed.events[i].before.tau, 1e-10);
  }
}

TEST(VerifyEdgeCases, AHugeStrainIsFollowedToItsEnd)
{
  const SeemLaw law = tabulated_law(87, EnergyBound::clip);
  const SymmetricTensor end =
      10.0 / sqrt2 * symmetric_tensor(0.4, -0.5, 0.2, 0.1, -0.3, 0.4).normalized();
  const double gamma = shear_strain(deviator(end));
  ASSERT_GT(gamma, 9.0);
  const auto run = [&](const unsigned int n) {
    return follow(law, {{10, 0}, 1.0}, make_state(0.0, 0.01), {end}, [&](auto) { return n; });
  };
  const Followed at_once = run(1), in_pieces = run(1000);
  EXPECT_EQ(at_once.total.admissible_share, 1.0);
  EXPECT_GT(at_once.total.n_events, 1000u);
  ASSERT_EQ(at_once.events.size(), in_pieces.events.size());
  const PointFields fields = law.fields(at_once.state.data(), end);
  EXPECT_LT(fields.tau, highest_stress);
  EXPECT_NEAR(fields.plastic_shear, gamma, 0.3);
  EXPECT_NEAR(fields.tau, law.fields(in_pieces.state.data(), end).tau, 1e-9);

  // Without events, elastic: tau (c + 2/3 (tau/8.4)^2 + 3/5 (tau/2.9)^4) = 25.9 gamma.
  const SeemLaw elastic(table_1(), std::make_shared<ScriptedEventSource>(0.0, Jump()),
                        parameters());
  const Followed point =
      follow(elastic, {{10, 0}, 1.0}, make_state(0.0, 0.0), {end}, [](auto) { return 1u; });
  const double tau = elastic.fields(point.state.data(), end).tau;
  EXPECT_NEAR(tau * (1.0 + 2.0 / 3.0 * std::pow(tau / 8.4, 2) + 0.6 * std::pow(tau / 2.9, 4)),
              25.9 * gamma, 1e-10);
}

TEST(VerifyEdgeCases, ATinyStrainIsElastic)
{
  const SeemLaw law = tabulated_law(88);
  const PointData data = {{11, 0}, 1.0};
  for (const double tiny : {5e-324, 1e-300, 1e-160, 1e-100})
    for (const double tau : {0.0, 0.3, -0.3})
    {
      std::vector<double> state(law.state_size());
      law.initialise(state.data(), data, make_state(tau, 0.01));
      for (int i = 0; i < 3; ++i)
        law.advance(state.data(), data, simple_shear(i * tiny), simple_shear((i + 1) * tiny),
                    nullptr);
      const SymmetricTensor strain = simple_shear(3 * tiny);
      const Response response = law.evaluate(state.data(), strain);
      EXPECT_NEAR(response.stress[5] / sqrt2, tau, 1e-15);
      EXPECT_TRUE(all_finite(response.stress));
      EXPECT_TRUE(all_finite(response.tangent.direction));
      EXPECT_GT(response.tangent.secant, 0.0);
      for (const double number : state)
        EXPECT_FALSE(std::isnan(number));
      // And the path goes on as if nothing had been.
      law.advance(state.data(), data, strain, simple_shear(0.1), nullptr);
      const Followed plain =
          follow(law, data, make_state(tau, 0.01), {simple_shear(0.1)}, [](auto) { return 1u; });
      EXPECT_EQ(law.fields(state.data(), plain.strain).n_events, plain.total.n_events);
      EXPECT_NEAR(law.fields(state.data(), plain.strain).tau,
                  law.fields(plain.state.data(), plain.strain).tau, 1e-12);
    }
}
