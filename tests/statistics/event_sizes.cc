// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/event_sizes.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

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

  TEST(EventSizes, TheSumIsThatOfItsDefinitionWhateverTheWeights)
  {
    const database::EventDatabase db = sampled();
    const database::EventTable &events = db.events;
    // So many that the neighbourhood is as wide as it gets: 1000 bins.
    EventSizes sizes(db, 1e12);
    std::vector<double> multiplicity;
    for (std::size_t g = 0; g < sizes.n_glasses(); ++g)
      multiplicity.push_back(static_cast<double>(g % 4));
    sizes.set_multiplicity(multiplicity);
    constexpr double a = -0.6, b = -0.4, relaxation_strain = 0.15;

    const database::StateGrid grid(db.axes);
    const auto elasticity = database::harvested_elasticity(db, db.atomic_volume());
    std::map<std::string, std::size_t> glasses; // in the order of their first events
    std::vector<std::vector<std::size_t>> place;
    std::vector<double> s, scaled, weight;
    double plastic = 0.0;
    for (std::size_t i = 0; i < events.size(); ++i)
    {
      if (i > 0 && events.sample[i] != events.sample[i - 1])
        plastic = 0.0;
      const database::Sample &sample = db.samples[events.sample[i]];
      const double decades = std::log10(sample.cooling_rate) - sizes.cooling_rates().middle;
      s.push_back((a + b * decades) * std::exp(-plastic / relaxation_strain));
      ASSERT_LT(std::abs(s.back()), 3.0);
      scaled.push_back(events.dtau[i] * std::exp(-s.back()));
      weight.push_back(multiplicity[glasses.emplace(sample.glass, glasses.size()).first->second]);
      State state;
      state.tau = events.tau[i];
      state.x[0] = events.x[0][i];
      place.push_back(grid.indices(grid.clamped_bin(state)));
      plastic += std::max(0.0, database::plastic_strain_at_begin(*elasticity, events, i));
    }
    double expected = 0.0;
    for (std::size_t i = 0; i < events.size(); ++i)
    {
      double near = 0.0, near_weight = 0.0;
      for (std::size_t k = 0; k < events.size() && weight[i] > 0.0; ++k)
      {
        double square = 0.0;
        for (std::size_t d = 0; d < place[i].size(); ++d)
          square +=
              std::pow(static_cast<double>(place[i][d]) - static_cast<double>(place[k][d]), 2);
        const double kernel = std::exp(-0.5 * square / 1e6);
        const double share = k == i ? 0.0 : kernel * weight[k]; // without the event itself
        near += share * scaled[k];
        near_weight += share;
      }
      if (weight[i] > 0.0)
        expected +=
            weight[i] * (scaled[i] * near_weight / near + s[i] + std::log(near / near_weight));
    }
    EXPECT_NEAR(sizes(a, b, relaxation_strain).sum, expected, 1e-9 * std::abs(expected));
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
