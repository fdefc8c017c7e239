// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/event_sizes.h>

#include <gtest/gtest.h>

#include <cmath>

#include "support/sampled_database.h"

namespace seem::statistics
{
  namespace
  {
    database::EventDatabase sampled()
    {
      return tests::sampled_database(
          {[](const double tau, double) { return 20.0 * std::exp(tau); },
           [](const double tau, const double x1) { return 0.02 * std::exp(tau + 20.0 * x1); },
           {}},
          9, 0.02);
    }

    /// Glasses drawn as a bootstrap does: some not at all.
    std::vector<double> drawn(const std::size_t n)
    {
      std::vector<double> multiplicity(n, 1.0);
      multiplicity.front() = 0.0;
      multiplicity.back() = 2.0;
      return multiplicity;
    }

    void expect_gradient(const EventSizes &sizes, const std::array<double, 3> &at)
    {
      const EventSizes::Value value = sizes(at[0], at[1], at[2]);
      for (std::size_t c = 0; c < 3; ++c)
      {
        constexpr double step = 1e-5;
        std::array<double, 3> above = at, below = at;
        above[c] += step;
        below[c] -= step;
        const double slope =
            (sizes(above[0], above[1], above[2]).sum - sizes(below[0], below[1], below[2]).sum) /
            (2.0 * step);
        EXPECT_NEAR(value.gradient[c], slope, 1e-6 * (1.0 + std::abs(slope))) << c;
        EXPECT_GT(std::abs(slope), 1.0) << c; // so large that the bound means something
      }
    }
  } // namespace

  TEST(EventSizes, GradientIsThatOfTheSum)
  {
    EventSizes sizes(sampled(), 50.0);
    expect_gradient(sizes, {{-0.6, -0.4, 0.15}});
    expect_gradient(sizes, {{0.5, 0.3, 0.4}});
    sizes.set_multiplicity(drawn(sizes.n_glasses()));
    expect_gradient(sizes, {{-0.6, -0.4, 0.15}});
  }

  TEST(EventSizes, AMemoryBeyondItsBoundHasNoSlope)
  {
    // All events of a run from 1e12 K/s, the middle rate, remember a = 4 forever: 3 is the bound.
    database::EventDatabase db = sampled();
    for (database::Sample &sample : db.samples)
      sample.cooling_rate = 1e12;
    const EventSizes sizes(db, 50.0);
    EXPECT_EQ(sizes(4.0, 0.0, 1e9).gradient[0], 0.0);
    EXPECT_EQ(sizes(4.0, 0.0, 1e9).sum, sizes(5.0, 0.0, 1e9).sum);
    EXPECT_EQ(sizes(-4.0, 0.0, 1e9).sum, sizes(-5.0, 0.0, 1e9).sum);
  }

  TEST(EventSizes, AGlassThatIsNotDrawnIsNotThere)
  {
    database::EventDatabase db = sampled();
    EventSizes all(db, 50.0);
    std::vector<double> multiplicity(all.n_glasses(), 1.0);
    multiplicity[0] = 0.0;
    all.set_multiplicity(multiplicity);
    const std::string first = db.samples[db.events.sample[0]].glass;
    for (std::size_t i = 0; i < db.events.size(); ++i)
      if (db.samples[db.events.sample[i]].glass == first)
        db.events.dtau[i] = 1e3; // its sizes do not matter
    EventSizes changed(db, 50.0);
    changed.set_multiplicity(multiplicity);
    EXPECT_NEAR(all(-0.6, -0.4, 0.15).sum, changed(-0.6, -0.4, 0.15).sum,
                1e-9 * std::abs(all(-0.6, -0.4, 0.15).sum));
  }
} // namespace seem::statistics
