// SPDX-License-Identifier: LGPL-2.1-or-later
// Between events the law is elastic: closed cycles come back, and draw no hazard.
#include "synthetic_database.h"
#include "verification.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using namespace seem::testing;

namespace
{
  constexpr std::size_t firing_slot = 3; ///< behind X1, threshold, start of the clock

  void expect_same_response(const SeemLaw &law, const std::vector<double> &state,
                            const SymmetricTensor &strain, const Response &expected)
  {
    const Response response = law.evaluate(state.data(), strain);
    EXPECT_NEAR((response.stress - expected.stress).norm(), 0.0, 1e-12);
    EXPECT_NEAR(response.tangent.shear, expected.tangent.shear, 1e-11);
    EXPECT_NEAR(response.tangent.secant, expected.tangent.secant, 1e-11);
  }
} // namespace

TEST(VerifyStrainCycles, BelowTheRecordAClosedCycleChangesNothingAndDrawsNoHazard)
{
  const SeemLaw law = tabulated_law(70);
  std::mt19937 generator(71);
  unsigned int n_events = 0;
  for (std::uint64_t cell = 0; cell < 300; ++cell)
  {
    const PointData data = {{cell, 0}, 1.0};
    Followed point = follow(law, data, make_state(0.1, 0.01),
                            {random_tensor(generator, 0.08), random_tensor(generator, 0.08)},
                            [](auto) { return 3u; });
    n_events += point.total.n_events;
    const std::vector<double> state = point.state;
    const SymmetricTensor start = point.strain;
    const Response response = law.evaluate(state.data(), start);

    // Corners inside the record, on its side: e:record > 0 and |e| < |record| along all segments.
    const SymmetricTensor record = Eigen::Map<const SymmetricTensor>(&state[12]);
    const SymmetricTensor plastic = Eigen::Map<const SymmetricTensor>(&state[6]);
    std::vector<SymmetricTensor> corners;
    for (int i = 0; i < 6; ++i)
    {
      const SymmetricTensor across = deviator(random_tensor(generator, 1.0)).normalized();
      corners.push_back(plastic + 0.5 * record + 0.45 * record.norm() * across +
                        0.01 * (i - 2) * identity());
    }
    // The corner last reached may lie off the record: go there first, as part of the cycle's way.
    Activity cycle;
    SymmetricTensor strain = start;
    corners.push_back(start);
    for (const unsigned int n : {1u, 7u, 1u})
      for (const SymmetricTensor &corner : corners)
      {
        const SymmetricTensor from = strain;
        for (unsigned int i = 1; i <= n; ++i)
        {
          const SymmetricTensor next =
              i == n ? corner : SymmetricTensor(from + double(i) / n * (corner - from));
          cycle += law.advance(point.state.data(), data, strain, next, nullptr);
          strain = next;
        }
      }
    EXPECT_EQ(cycle.n_events, 0u);
    EXPECT_NEAR(cycle.forward_strain, 0.0, 1e-14);
    EXPECT_GT(cycle.backward_strain, 0.0);
    EXPECT_EQ(point.state[firing_slot], state[firing_slot]); // to the bit
    for (std::size_t i = 0; i < state.size(); ++i)
      EXPECT_NEAR(point.state[i], state[i], 1e-12 * std::max(1.0, std::abs(state[i]))) << i;
    expect_same_response(law, point.state, start, response);
  }
  EXPECT_GT(n_events, 1000u);
}

TEST(VerifyStrainCycles, ACycleThroughReversalsReturnsToTheStressIfNothingFires)
{
  // No rate: only round-off could move the point. Through zero, around it, with volume.
  const SeemLaw law(table_1(), std::make_shared<ScriptedEventSource>(0.0, Jump()), parameters());
  std::mt19937 generator(72);
  for (std::uint64_t cell = 0; cell < 100; ++cell)
  {
    const PointData data = {{cell, 0}, 1.0};
    Followed point = follow(law, data, make_state(0.3, 0.012), {random_tensor(generator, 0.1)},
                            [](auto) { return 1u; });
    const std::vector<double> state = point.state;
    const SymmetricTensor start = point.strain;
    const Response response = law.evaluate(state.data(), start);
    SymmetricTensor strain = start;
    for (int i = 0; i < 20; ++i)
    {
      const SymmetricTensor next = i == 19      ? start
                                   : i % 5 == 4 ? SymmetricTensor(-strain)
                                                : SymmetricTensor(random_tensor(generator, 0.1));
      law.advance(point.state.data(), data, strain, next, nullptr);
      strain = next;
    }
    EXPECT_EQ(law.energy(point.state.data(), start).heat, 0.0);
    for (std::size_t i = 6; i < 12; ++i)
      EXPECT_EQ(point.state[i], state[i]);
    expect_same_response(law, point.state, start, response);
  }
}

TEST(VerifyStrainCycles, CyclingBelowTheRecordDoesNotShiftLaterEvents)
{
  const SeemLaw law = tabulated_law(73);
  for (std::uint64_t cell = 0; cell < 50; ++cell)
  {
    const auto run = [&](const std::vector<SymmetricTensor> &corners) {
      return follow(law, {{cell, 0}, 1.0}, make_state(0.0, 0.005), corners,
                    [](auto) { return 1u; });
    };
    const SymmetricTensor top = simple_shear(0.05), end = simple_shear(0.2);
    const Followed straight = run({top, end});
    std::vector<SymmetricTensor> cycled = {top};
    for (int i = 0; i < 10; ++i)
    {
      // The stress falls by 25 * 0.005 at most: nothing turns.
      cycled.push_back(top - simple_shear(0.0005 * i));
      cycled.push_back(top);
    }
    cycled.push_back(end);
    const Followed again = run(cycled);
    if (law.fields(run({top}).state.data(), top).tau < 0.2)
      continue;
    ASSERT_EQ(again.events.size(), straight.events.size());
    for (std::size_t i = 0; i < again.events.size(); ++i)
    {
      EXPECT_EQ(again.events[i].jump.dtau, straight.events[i].jump.dtau);
      EXPECT_NEAR(again.events[i].before.tau, straight.events[i].before.tau, 1e-11);
    }
  }
}
