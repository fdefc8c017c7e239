// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/scripted_event_source.h"

#include <seem/core/exceptions.h>
#include <seem/law/point_states.h>
#include <seem/law/seem_law.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

namespace
{
  SeemLaw glass()
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    return {std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
            std::make_shared<ScriptedEventSource>(
                std::vector<double>{0.8}, std::vector<double>{100, 600},
                [](const State &before, const double u) {
                  return make_jump(0.4 * u * before.tau, 0.2 * (0.01 - before.x[0]));
                }),
            p};
  }

  constexpr std::size_t n_points = 7;

  /// All points from simple shear @p from to @p to. @return number of events
  unsigned int shear(const SeemLaw &law, PointStates &states, const double from, const double to)
  {
    Activity sum;
    for (std::size_t p = 0; p < n_points; ++p)
      sum += law.advance(states[p], {{p, 1}, 1.0}, simple_shear(from), simple_shear(to), nullptr);
    return sum.n_events;
  }

  PointStates start(const SeemLaw &law)
  {
    PointStates states(law.state_layout(), n_points);
    for (std::size_t p = 0; p < n_points; ++p)
      law.initialise(states[p], {{p, 1}, 1.0}, make_state(0.01 * p, 0.004));
    states.commit();
    return states;
  }

  void expect_same_bits(const PointStates &a, const PointStates &b)
  {
    const std::size_t bytes = n_points * a.state_size() * sizeof(double);
    EXPECT_EQ(std::memcmp(a[0], b[0], bytes), 0);
    EXPECT_EQ(std::memcmp(a.committed(0), b.committed(0), bytes), 0);
  }
} // namespace

TEST(PointStates, RollingBackUndoesAStepToTheLastBitAndItCanBeRepeated)
{
  const SeemLaw law = glass();
  PointStates states = start(law);
  shear(law, states, 0.0, 0.05);
  states.commit();
  const PointStates before = states;

  ASSERT_GT(shear(law, states, 0.05, 0.12), 10u);
  const PointStates after = states;
  states.roll_back();
  expect_same_bits(states, before);

  shear(law, states, 0.05, 0.12);
  expect_same_bits(states, after);
}

TEST(PointStates, ARestoredRunGoesOnToTheSameBits)
{
  const SeemLaw law = glass();
  PointStates states = start(law);
  shear(law, states, 0.0, 0.07);
  states.commit();
  const std::string bytes = states.serialise();
  shear(law, states, 0.07, 0.15);
  states.commit();

  PointStates restored(law.state_layout(), n_points);
  restored.restore(bytes);
  ASSERT_GT(shear(law, restored, 0.07, 0.15), 10u);
  restored.commit();
  expect_same_bits(restored, states);
}

TEST(PointStates, OnlyCommittedStatesAreSerialised)
{
  const SeemLaw law = glass();
  PointStates states = start(law);
  const std::string bytes = states.serialise();
  shear(law, states, 0.0, 0.1);
  EXPECT_EQ(states.serialise(), bytes);
}

TEST(PointStates, DamagedBytesAreRefusedAndChangeNothing)
{
  const SeemLaw law = glass();
  PointStates states = start(law);
  const std::string bytes = states.serialise();
  const PointStates before = states;

  // Cut anywhere; a flipped bit anywhere.
  for (std::size_t length = 0; length < bytes.size(); length += 13)
    EXPECT_THROW(states.restore(bytes.substr(0, length)), InputError);
  for (std::size_t i = 0; i < bytes.size(); i += 7)
  {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    EXPECT_THROW(states.restore(flipped), InputError) << i;
  }
  expect_same_bits(states, before);
}

TEST(PointStates, StatesOfAnotherLawOrSizeAreRefusedByName)
{
  const auto refusal = [](PointStates &states, const std::string &bytes) -> std::string {
    try
    {
      states.restore(bytes);
    }
    catch (const InputError &error)
    {
      return error.what();
    }
    return "";
  };
  const SeemLaw law = glass();
  const std::string bytes = start(law).serialise();

  PointStates fewer(law.state_layout(), n_points - 1);
  EXPECT_THAT(refusal(fewer, bytes), ::testing::HasSubstr("7 points instead of 6"));

  std::vector<StateField> layout = law.state_layout();
  layout[1].unit = "GPa";
  PointStates other(layout, n_points);
  EXPECT_THAT(refusal(other, bytes), ::testing::HasSubstr("\"" + layout[1].name + "\" [-]"));

  layout.pop_back();
  PointStates shorter(layout, n_points);
  EXPECT_THAT(refusal(shorter, bytes), ::testing::HasSubstr("8 parts instead of 7"));
}

TEST(PointStates, TwoVariablesAndReversalsRepeatRollBackAndRestoreToTheSameBits)
{
  /// Rates grow with the stress; the second variable remembers the jumps of the first.
  class TwoVariables : public ScriptedEventSource
  {
  public:
    TwoVariables()
        : ScriptedEventSource({0.4, 0.9}, {80, 300, 1500}, [](const State &before, const double u) {
            Jump jump = make_jump(before.tau * (0.5 * u - 0.1), 0.2 * (0.01 - before.x[0]));
            jump.dx[1] = u - 0.3 * before.x[1];
            return jump;
          })
    {
    }
    std::size_t n_internal_variables() const override
    {
      return 2;
    }
  };
  SeemLawParameters p;
  p.bulk_modulus = 100.0;
  p.energy_bound = EnergyBound::redraw;
  p.direction_spread = 0.3;
  const SeemLaw law(std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
                    std::make_shared<TwoVariables>(), p);
  ASSERT_EQ(law.state_size(), 19u);
  State initial = make_state(0.1, 0.004);
  initial.x[1] = -0.5;

  // Loading, unloading below the record, reversal, a new direction, reversal.
  const std::vector<SymmetricTensor> corners = {
      SymmetricTensor::Zero(),
      simple_shear(0.06),
      simple_shear(0.05),
      simple_shear(-0.07),
      symmetric_tensor(0.03, -0.02, 0.01, 0.02, -0.03, 0.01),
      symmetric_tensor(-0.03, 0.02, 0.01, -0.02, 0.03, -0.02)};
  unsigned int n_events = 0;
  const auto segment = [&](PointStates &states, const std::size_t i) {
    for (std::size_t point = 0; point < n_points; ++point)
      n_events += law.advance(states[point], {{point, 2}, 0.5 + 0.3 * point}, corners[i],
                              corners[i + 1], nullptr)
                      .n_events;
  };

  PointStates states(law.state_layout(), n_points);
  for (std::size_t point = 0; point < n_points; ++point)
    law.initialise(states[point], {{point, 2}, 0.5 + 0.3 * point}, initial);
  states.commit();
  std::vector<std::string> checkpoints = {states.serialise()};
  std::vector<PointStates> history = {states};
  for (std::size_t i = 0; i + 1 < corners.size(); ++i)
  {
    // A first attempt is rolled back; the second gives the same bits.
    segment(states, i);
    const PointStates attempt = states;
    states.roll_back();
    expect_same_bits(states, history.back());
    segment(states, i);
    expect_same_bits(states, attempt);
    states.commit();
    checkpoints.push_back(states.serialise());
    history.push_back(states);
  }
  EXPECT_GT(n_events, 2 * 100u);
  EXPECT_NE(states[3][1], initial.x[1]);

  // From every checkpoint the rest of the path gives the same bits.
  for (std::size_t from = 0; from < checkpoints.size(); ++from)
  {
    PointStates restored(law.state_layout(), n_points);
    restored.restore(checkpoints[from]);
    expect_same_bits(restored, history[from]);
    for (std::size_t i = from; i + 1 < corners.size(); ++i)
      segment(restored, i);
    restored.commit();
    expect_same_bits(restored, history.back());
  }
}

TEST(PointStates, APointOfTheStochasticLawStaysBelow320Bytes)
{
  const SeemLaw law = glass();
  const PointStates states(law.state_layout(), n_points);
  // 18 numbers on two levels, and the name and volume of the point.
  EXPECT_EQ(states.bytes_per_point(), 288u);
  EXPECT_LE(states.bytes_per_point() + sizeof(PointData), 320u);
}
