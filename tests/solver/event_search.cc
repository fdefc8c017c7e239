// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/event_search.h>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace
{
  using seem::solver::EventSearch;

  /// Search in a body whose strain is @p strain of the load increment, with the first event at the
  /// strain @p event. Returns the number of trials.
  unsigned int search(EventSearch &search, const std::function<double(double)> &strain,
                      const double event)
  {
    for (unsigned int n = 1; n <= 100; ++n)
    {
      const double share = event / strain(search.trial());
      if (search.accept(share <= EventSearch::reach ? share
                                                    : std::numeric_limits<double>::infinity()))
        return n;
    }
    return 101;
  }

  double linear(const double load)
  {
    return 3.0 * load;
  }

  TEST(EventSearch, ALinearBodyNeedsTwoTrialsFromEitherSide)
  {
    for (const double guess : {0.004, 0.02, 0.09})
    {
      EventSearch s(guess, 0.1, 1e-9, 1e-3);
      EXPECT_EQ(search(s, linear, 0.045), 2u);
      EXPECT_GE(s.trial(), 0.015);
      EXPECT_LE(s.trial(), 0.015 * (1.0 + 1e-3));
    }
  }

  TEST(EventSearch, AGuessFarBelowTheEventGrowsByTheReach)
  {
    EventSearch s(1e-4, 0.1, 1e-9, 1e-3);
    EXPECT_LE(search(s, linear, 0.045), 6u); // 4^4 > 150, one more secant step
    EXPECT_NEAR(s.trial(), 0.015, 0.015 * 1e-3);
    EXPECT_GE(s.trial(), 0.015);
  }

  TEST(EventSearch, WithoutAnEventTheLimitIsTheAnswer)
  {
    EventSearch s(0.01, 0.1, 1e-9, 1e-3);
    EXPECT_LE(search(s, linear, 0.31), 4u);
    EXPECT_EQ(s.trial(), 0.1);
    EventSearch never(0.01, 0.1, 1e-9, 1e-3);
    EXPECT_LE(search(never, linear, std::numeric_limits<double>::infinity()), 4u);
    EXPECT_EQ(never.trial(), 0.1);
  }

  TEST(EventSearch, AnEventExactlyAtTheLimitIsFound)
  {
    EventSearch s(0.01, 0.1, 1e-9, 1e-3);
    search(s, linear, linear(0.1));
    EXPECT_EQ(s.trial(), 0.1);
  }

  TEST(EventSearch, AClockThatHasRunOutAlreadyGetsTheSmallestIncrement)
  {
    EventSearch s(0.01, 0.1, 1e-6, 1e-3);
    EXPECT_LE(search(s, linear, 0.0), 2u);
    EXPECT_EQ(s.trial(), 1e-6);
  }

  TEST(EventSearch, BodiesThatSoftenStiffenOrJumpAreSearchedWithinTheBracket)
  {
    for (const auto &strain :
         {std::function<double(double)>([](const double l) { return std::sqrt(l); }),
          std::function<double(double)>([](const double l) { return l * l; }),
          std::function<double(double)>([](const double l) { return std::exp(200 * l) - 1.0; }),
          std::function<double(double)>([](const double l) { return l < 0.031 ? 1e-3 * l : l; })})
      for (const double guess : {1e-4, 0.01, 0.1})
      {
        EventSearch s(guess, 0.1, 1e-12, 1e-3);
        const double event = strain(0.0313);
        EXPECT_LE(search(s, strain, event), 17u);
        EXPECT_GE(strain(s.trial()), event * (1.0 - 1e-12));
        // No further behind the event than a search that ends by its number of trials may be.
        EXPECT_LE(s.trial(), 0.0313 * 1.05);
      }
  }
} // namespace
