// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/event_detection.h>

#include <gtest/gtest.h>

namespace seem::statistics
{
  namespace
  {
    EventFloors floors(const double energy, const double deficit, const double drop)
    {
      EventFloors result;
      result.energy.floor = energy;
      result.deficit.floor = deficit;
      result.drop = drop;
      return result;
    }

    /// Five increments: quiet, drop with loss, hidden deficit without loss, loss without deficit,
    /// rise.
    Increments five_increments()
    {
      Increments result;
      result.dgamma = {1e-4, 1e-4, 1e-4, 1e-4, 1e-4};
      result.net_dtau = {0.003, -0.2, 0.001, 0.003, 0.1};
      result.deficit = {0.0, 0.203, 0.002, 0.0, -0.097};
      result.trapezoid_loss = {1e-7, 0.9, -1e-6, 1e-3, 0.6};
      return result;
    }
  } // namespace

  TEST(EventDetection, EachDefinitionSeesItsOwn)
  {
    const EventFloors limits = floors(1e-5, 1e-3, 0.0);
    const Increments increments = five_increments();
    EXPECT_EQ(find_events(increments, EventDefinition::stress_drop, limits),
              (Flags{0, 1, 0, 0, 0}));
    EXPECT_EQ(find_events(increments, EventDefinition::stress_deficit, limits),
              (Flags{0, 1, 1, 0, 0}));
    EXPECT_EQ(find_events(increments, EventDefinition::energy_loss, limits),
              (Flags{0, 1, 0, 1, 1}));
    EXPECT_EQ(find_events(increments, EventDefinition::any_loss, limits), (Flags{0, 1, 1, 1, 1}));
  }

  TEST(EventDetection, AFloorHidesWhatIsBelowIt)
  {
    const Increments increments = five_increments();
    EXPECT_EQ(find_events(increments, EventDefinition::any_loss, floors(0.7, 0.01, 0.0)),
              (Flags{0, 1, 0, 0, 0}));
    EXPECT_EQ(find_events(increments, EventDefinition::stress_drop, floors(0.7, 0.01, 0.3)),
              (Flags{0, 0, 0, 0, 0}));
  }

  TEST(EventDetection, CountsEventsThatSitInRuns)
  {
    EXPECT_EQ(count({1, 1, 0, 1, 0, 1, 1, 1}), 6u);
    EXPECT_EQ(count_in_runs({1, 1, 0, 1, 0, 1, 1, 1}), 5u);
    EXPECT_EQ(count_in_runs({}), 0u);
  }

  TEST(EventDetection, AmbiguityGrowsOnlyWithARisingStress)
  {
    const Increments increments = five_increments();
    const EventFloors limits = floors(1e-5, 1e-3, 0.0);
    const double volume = 160.21766208 * 1e4; // 1 GPa * 1e-4 are 1 eV
    EXPECT_NEAR(loss_ambiguity(increments, 1, limits, volume), 1e-5 + 0.5e-3, 1e-12);
    EXPECT_NEAR(loss_ambiguity(increments, 4, limits, volume), 1e-5 + 0.5e-3 + 0.097, 1e-12);
  }
} // namespace seem::statistics
