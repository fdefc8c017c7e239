// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/grid_event_source.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>

using namespace seem;
using namespace seem::database;
using law::Support;

namespace
{
  constexpr double infinity = std::numeric_limits<double>::infinity();

  State make_state(const double tau, const double x1)
  {
    State state;
    state.tau = tau;
    state.x[0] = x1;
    return state;
  }

  /**
   * 3 x 2 bins of unequal widths. Increments and events of the bins:
   *
   *   X1 0.01..0.03:  3: never visited   4: 50, none    5: 10, 1
   *   X1 0.00..0.01:  0: 1000, 5         1: 200, 2      2: 100, 3
   *              tau  0.1 .. 0.5         0.5 .. 1.0     1.0 .. 2.0
   *
   * The jump of event number k in bin b is dtau = b + 0.1 k, dX1 = -dtau.
   */
  EventDatabase small_database()
  {
    EventDatabase db;
    db.n_atoms = 4000;
    db.volume = 66000;
    db.strain_increment = 1e-3;
    db.minimum_events = 4;
    db.elasticity.g0.value = 25;
    db.elasticity.u_a.value = 0.1;
    db.elasticity.tau_a.value = 8;
    db.elasticity.tau_b.value = 3;
    db.axes = {{"tau", "GPa", {0.1, 0.5, 1.0, 2.0}}, {"X1", "eV per atom", {0.0, 0.01, 0.03}}};
    db.n_increments = {1000, 200, 100, 0, 50, 10};
    db.n_events = {5, 2, 3, 0, 0, 1};
    db.samples.resize(1);
    db.samples[0].n_atoms = 4000;
    db.samples[0].volume = 66000;
    db.events.x.resize(1);
    db.events.dx.resize(1);
    const double tau[] = {0.3, 0.7, 1.5}, x1[] = {0.005, 0.02};
    for (std::size_t bin = 0; bin < 6; ++bin)
    {
      db.exposure.push_back(db.n_increments[bin] * db.strain_increment);
      db.rate.push_back(db.n_increments[bin] > 0 ? db.n_events[bin] / db.exposure[bin] : 0.0);
      for (unsigned int k = 0; k < db.n_events[bin]; ++k)
      {
        db.events.tau.push_back(tau[bin % 3]);
        db.events.x[0].push_back(x1[bin / 3]);
        db.events.dtau.push_back(static_cast<double>(bin) + 0.1 * k);
        db.events.dx[0].push_back(-db.events.dtau.back());
        db.events.net_dtau.push_back(0.0);
        db.events.strain.push_back(0.1);
        db.events.sample.push_back(0);
      }
    }
    return db;
  }

  /// How often each event of the pool of @p state is drawn in @p n draws, by its dtau.
  std::map<double, unsigned int> draws(const GridEventSource &source, const State &state,
                                       const unsigned int n)
  {
    std::map<double, unsigned int> counts;
    const RandomStream stream(3, {});
    for (unsigned int i = 0; i < n; ++i)
      ++counts[source.draw(state, stream.words(i, RandomPurpose::jump)).jump.dtau];
    return counts;
  }
} // namespace

TEST(GridEventSource, PoolsBinsUntilTheyHoldEnoughEvents)
{
  const GridEventSource source(small_database());
  const std::vector<double> rates = source.pooled_rates();
  ASSERT_EQ(rates.size(), 6u);
  EXPECT_EQ(source.n_visited_bins(), 5u);
  EXPECT_EQ(source.n_pooled_bins(), 4u);
  EXPECT_EQ(source.n_internal_variables(), 1u);

  // Event increments over exposure. Bin 0 has enough: 5 of 1000 increments of 0.001.
  EXPECT_NEAR(rates[0], 5.0, 1e-12);
  // Bin 1 needs its ring of distance 1, bins 0, 2 and 4 together: 2+5+3+0 of 200+1000+100+50.
  EXPECT_NEAR(rates[1], 7.4074074, 1e-6);
  // Bin 2 with bins 1 and 5: 3+2+1 of 100+200+10.
  EXPECT_NEAR(rates[2], 19.3548387, 1e-6);
  // Bin 4 with bins 1 and 5 has 3 events; the ring of distance sqrt(2), bins 0 and 2, is needed:
  // 11 of 1360.
  EXPECT_NEAR(rates[4], 8.0882353, 1e-6);
  // Bin 5 with bins 2 and 4: 4 of 160.
  EXPECT_NEAR(rates[5], 25.0, 1e-12);
}

TEST(GridEventSource, ABinOnTheDiagonalIsNearerThanOneTwoStepsAway)
{
  EventDatabase db = small_database();
  db.minimum_events = 7;
  db.n_events[4] = 1;
  db.rate[4] = 1 / db.exposure[4];
  db.events.tau.push_back(0.7);
  db.events.x[0].push_back(0.02);
  db.events.dtau.push_back(4.0);
  db.events.dx[0].push_back(-4.0);
  db.events.net_dtau.push_back(0.0);
  db.events.strain.push_back(0.1);
  db.events.sample.push_back(0);
  // Bin 2 with bins 1 and 5 (one step) and 4 (diagonal), without bin 0: 3+2+1+1 of 100+200+10+50.
  EXPECT_NEAR(GridEventSource(db).pooled_rates()[2], 19.4444444, 1e-6);
}

TEST(GridEventSource, TheRateIsPerVisitedStrainNotPerIncrement)
{
  // Increments of two lengths: half of bin 0 was visited in increments twice as long.
  EventDatabase db = small_database();
  db.exposure[0] = 1.5;
  EXPECT_NEAR(GridEventSource(db).pooled_rates()[0], 5.0 / 1.5, 1e-12);
}

TEST(GridEventSource, ABinThatWasNeverVisitedUsesTheNearestOne)
{
  const GridEventSource source(small_database());
  const std::vector<double> rates = source.pooled_rates();
  // Bins 0 and 4 are equally near to bin 3.
  EXPECT_THAT(rates[3], ::testing::AnyOf(rates[0], rates[4]));
  EXPECT_EQ(source.rate(make_state(0.3, 0.02)).support, Support::outside);

  EventDatabase db = small_database();
  db.n_increments[4] = db.exposure[4] = db.rate[4] = 0; // now bin 0 alone is near to bin 3
  const GridEventSource other(db);
  EXPECT_EQ(other.pooled_rates()[3], other.pooled_rates()[0]);
  EXPECT_EQ(other.n_visited_bins(), 4u);
}

TEST(GridEventSource, ARateHoldsUpToTheNextEdgeOfTheStress)
{
  const GridEventSource source(small_database());
  const std::vector<double> rates = source.pooled_rates();
  const double tau_edges[] = {0.1, 0.5, 1.0, 2.0};
  std::mt19937 generator(2);
  std::uniform_real_distribution<double> tau(0.1, 2.0), x1(0.0, 0.03);
  std::vector<State> states = {make_state(0.1, 0.0), make_state(0.5, 0.01), make_state(1.0, 0.03),
                               make_state(std::nextafter(0.5, 0.0), 0.0),
                               make_state(std::nextafter(2.0, 0.0), std::nextafter(0.01, 0.0))};
  for (int i = 0; i < 1000; ++i)
    states.push_back(make_state(tau(generator), x1(generator)));
  for (const State &state : states)
  {
    const std::size_t i = state.tau < 0.5 ? 0 : state.tau < 1.0 ? 1 : 2;
    const std::size_t bin = i + (state.x[0] < 0.01 ? 0 : 3);
    const law::RatePiece piece = source.rate(state);
    EXPECT_EQ(piece.rate, rates[bin]);
    EXPECT_EQ(piece.tau_end, tau_edges[i + 1]);
    EXPECT_EQ(piece.support, bin == 3 ? Support::outside : Support::inside);
  }
}

TEST(GridEventSource, FindsTheBinWhateverTheWidths)
{
  std::mt19937 generator(6);
  const std::vector<std::vector<double>> tau_edges = {
      {0.1, 1.7, 1.9, 2.0}, {0.1, 0.11, 0.12, 2.0}, {0.1, 0.4, 1.9, 2.0}, {0.1, 0.2, 0.3, 0.4}};
  for (const std::vector<double> &edges : tau_edges)
  {
    EventDatabase db = small_database();
    db.axes[0].edges = edges;
    const GridEventSource source(db);
    std::uniform_real_distribution<double> tau(edges.front(), edges.back());
    std::vector<double> stresses(edges.begin(), edges.end() - 1);
    for (int i = 1; i < 4; ++i)
      stresses.push_back(std::nextafter(edges[i], 0.0));
    for (int i = 0; i < 100; ++i)
      stresses.push_back(tau(generator));
    for (const double stress : stresses)
    {
      const int i = stress < edges[1] ? 0 : stress < edges[2] ? 1 : 2;
      EXPECT_EQ(source.rate(make_state(stress, 0.005)).tau_end, edges[i + 1]);
      EXPECT_EQ(source.rate(make_state(stress, 0.005)).rate, source.pooled_rates()[i]);
    }
  }
}

TEST(GridEventSource, StatesOutsideTheGridUseTheNearestBinAndSaySo)
{
  const GridEventSource source(small_database());
  const std::vector<double> rates = source.pooled_rates();
  const auto expect = [&](const State &state, const std::size_t bin) {
    const law::RatePiece piece = source.rate(state);
    EXPECT_EQ(piece.rate, rates[bin]);
    EXPECT_EQ(piece.support, Support::outside);
    EXPECT_GT(piece.tau_end, state.tau);
  };
  expect(make_state(0.7, 0.05), 4);
  expect(make_state(0.7, -0.01), 1);
  expect(make_state(1.2, 1e6), 5);
  expect(make_state(0.05, 0.005), 0); // below the lowest stress
  expect(make_state(0.0, 0.005), 0);
  expect(make_state(0.7, infinity), 4);
  expect(make_state(0.7, std::numeric_limits<double>::quiet_NaN()), 1);

  // Up to the lowest edge only: there the data begin.
  EXPECT_EQ(source.rate(make_state(0.05, 0.005)).tau_end, 0.1);
}

TEST(GridEventSource, AnEventIsForcedAboveTheHighestStress)
{
  const GridEventSource source(small_database());
  for (const double tau : {2.0, 2.5, 1e9})
  {
    const law::RatePiece piece = source.rate(make_state(tau, 0.005));
    EXPECT_EQ(piece.rate, infinity);
    EXPECT_EQ(piece.support, Support::forced);
    // Drawn as just below: from bins 1, 2 and 5.
    for (const auto &[dtau, n] : draws(source, make_state(tau, 0.005), 100))
      EXPECT_THAT(std::floor(dtau), ::testing::AnyOf(1.0, 2.0, 5.0));
  }
}

TEST(GridEventSource, DrawsEveryEventOfThePoolEquallyOften)
{
  const GridEventSource source(small_database());
  const unsigned int n = 30000;
  const auto expect = [&](const State &state, const std::vector<double> &pool) {
    const auto counts = draws(source, state, n);
    EXPECT_EQ(counts.size(), pool.size());
    const double p = 1.0 / pool.size();
    for (const double dtau : pool)
    {
      const auto count = counts.find(dtau);
      ASSERT_NE(count, counts.end()) << dtau;
      EXPECT_NEAR(count->second, n * p, 5 * std::sqrt(n * p * (1 - p))) << dtau;
    }
  };
  expect(make_state(0.3, 0.005), {0.0, 0.1, 0.2, 3 * 0.1, 0.4});
  expect(make_state(1.5, 0.005), {2.0, 2.1, 2.2, 1.0, 1.1, 5.0});
  expect(make_state(1.5, 0.02), {5.0, 2.0, 2.1, 2.2});
}

TEST(GridEventSource, AJumpKeepsItsPartsTogetherAtTheEndsOfTheUnitInterval)
{
  const GridEventSource source(small_database());
  for (const std::uint64_t word :
       {std::uint64_t(0), std::uint64_t(1) << 62, std::uint64_t(1) << 63, ~std::uint64_t(0)})
  {
    const Jump jump = source.draw(make_state(1.5, 0.02), {word, word, word, word}).jump;
    EXPECT_EQ(jump.dx[0], -jump.dtau);
    EXPECT_EQ(jump.dx[1], 0.0);
  }
}

TEST(GridEventSource, AnEventInEveryIncrementIsAFiniteRate)
{
  EventDatabase db = small_database();
  db.minimum_events = 1;
  db.n_increments[5] = 1;
  db.exposure[5] = 1e-3;
  EXPECT_NEAR(GridEventSource(db).pooled_rates()[5], 1000.0, 1e-9);
}

TEST(GridEventSource, WithoutAMinimumABinWithoutEventsStillFindsSome)
{
  EventDatabase db = small_database();
  db.minimum_events = 0;
  const GridEventSource source(db);
  // Bin 4 takes in bins 1 and 5: 3 of 260. The others stay alone.
  EXPECT_NEAR(source.pooled_rates()[4], 11.5384615, 1e-6);
  EXPECT_NEAR(source.pooled_rates()[1], 10.0, 1e-12);
  EXPECT_EQ(source.n_pooled_bins(), 1u);
}

TEST(GridEventSource, MoreThanAllEventsPoolsEverything)
{
  EventDatabase db = small_database();
  db.minimum_events = 1e9;
  const GridEventSource source(db);
  for (const double rate : source.pooled_rates())
    EXPECT_NEAR(rate, 8.0882353, 1e-6);
}

TEST(GridEventSource, ADatabaseWithoutEventsIsRefused)
{
  EventDatabase db = small_database();
  db.n_events.assign(6, 0);
  db.rate.assign(6, 0);
  db.events = {};
  db.events.x.resize(1);
  db.events.dx.resize(1);
  EXPECT_THROW(GridEventSource{db}, InputError);
}

TEST(GridEventSource, AnInconsistentDatabaseIsRefused)
{
  EventDatabase db = small_database();
  db.n_increments.pop_back();
  EXPECT_THROW(GridEventSource{db}, InputError);
}
