// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/smooth_event_source.h>

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "support/sampled_database.h"

namespace seem::database
{
  namespace
  {
    double true_rate(const double tau, const double x1)
    {
      return 30.0 * std::exp(1.2 * tau - 40.0 * x1);
    }

    double true_size(const double tau, const double x1)
    {
      return 0.02 * std::exp(0.8 * tau + 30.0 * x1);
    }

    const EventDatabase &sampled()
    {
      static const EventDatabase db = tests::sampled_database({true_rate, true_size, {}}, 30, 0.05);
      return db;
    }

    State state(const double tau, const double x1)
    {
      State result;
      result.tau = tau;
      result.x[0] = x1;
      return result;
    }

    Jump mean_jump(const law::EventSource &source, const State &at)
    {
      Jump mean;
      source.for_each_jump(at, [&](const Jump &jump, const double probability) {
        mean.dtau += probability * jump.dtau;
        for (std::size_t k = 0; k < mean.dx.size(); ++k)
          mean.dx[k] += probability * jump.dx[k];
      });
      return mean;
    }
  } // namespace

  TEST(SmoothEventSource, FindsTheRateAndTheMeanJumpThatItWasSampledFrom)
  {
    const SmoothEventSource source(sampled(), {2.0, 2.0, 100.0});
    for (double tau = 0.15; tau < 1.9; tau += 0.2)
      for (double x1 = 0.0015; x1 < 0.019; x1 += 0.002)
      {
        const State at = state(tau, x1);
        // The scatter of about 12000 events.
        EXPECT_NEAR(source.rate(at).rate / true_rate(tau, x1), 1.0, 0.15) << tau << " " << x1;
        const Jump mean = mean_jump(source, at);
        EXPECT_NEAR(mean.dtau / true_size(tau, x1), 1.0, 0.25) << tau << " " << x1;
        EXPECT_NEAR(mean.dx[0] / mean.dtau, 1e-4, 1e-12);
      }
  }

  /// chi-squared of many draws against the probabilities that the source lists, in standard
  /// deviations from its mean. Jumps must tell events apart by their dtau.
  double surprise(const SmoothEventSource &source, const State &at, const unsigned int n)
  {
    struct Count
    {
      double probability = 0.0;
      unsigned int n = 0;
    };
    std::map<double, Count> counts;
    double total = 0.0;
    source.for_each_jump(at, [&](const Jump &jump, const double probability) {
      EXPECT_GT(probability, 0.0);
      counts[jump.dtau].probability += probability;
      total += probability;
    });
    EXPECT_NEAR(total, 1.0, 1e-12);
    const RandomStream stream(1, {});
    for (std::uint32_t i = 0; i < n; ++i)
      ++counts[source.draw(at, stream.words(i, RandomPurpose::jump)).jump.dtau].n;

    Count rare; // together: each alone is too rare to be counted
    double chi_squared = 0.0, variance = 0.0, n_classes = 0.0;
    const auto add = [&](const Count &count) {
      const double expected = n * count.probability;
      if (!(expected > 0.0))
        return;
      chi_squared += std::pow(count.n - expected, 2) / expected;
      variance += 2.0 + 1.0 / expected;
      n_classes += 1.0;
    };
    for (const auto &[dtau, count] : counts)
    {
      EXPECT_GT(count.probability, 0.0) << "not listed: " << dtau;
      if (n * count.probability > 5.0)
        add(count);
      else
      {
        rare.probability += count.probability;
        rare.n += count.n;
      }
    }
    add(rare);
    return (chi_squared - (n_classes - 1.0)) / std::sqrt(variance);
  }

  TEST(SmoothEventSource, DrawsEveryJumpAsOftenAsListed)
  {
    const SmoothEventSource source(sampled(), {2.0, 2.0, 400.0});
    EXPECT_LT(std::abs(surprise(source, state(1.234, 0.0077), 1000000)), 5.0);
    EXPECT_LT(std::abs(surprise(source, state(0.05, 0.0199), 1000000)), 5.0); // in a corner
    EXPECT_LT(std::abs(surprise(source, state(3.0, -1.0), 1000000)), 5.0);    // outside
  }

  TEST(SmoothEventSource, DrawsEveryJumpAsOftenAsListedWithManyVariables)
  {
    // Two more variables, of two and three bins, that the events are spread over.
    EventDatabase db = tests::sampled_database({true_rate, true_size, {}}, 10, 0.05, 3);
    db.axes.push_back(uniform_axis("a", "", 0.0, 1.0, 2));
    db.axes.push_back(uniform_axis("b", "", 0.0, 1.0, 3));
    const StateGrid grid(db.axes);
    for (std::vector<double> *counts : {&db.exposure, &db.n_increments})
    {
      const std::vector<double> plane = *counts;
      counts->clear();
      for (std::size_t bin = 0; bin < grid.n_bins(); ++bin)
        counts->push_back(plane[bin % plane.size()]);
    }
    db.visits = {};
    const std::size_t n_events = db.events.size();
    db.events.x.resize(3);
    db.events.dx.resize(3, std::vector<double>(n_events, 0.0));
    db.n_events.assign(grid.n_bins(), 0.0);
    const RandomStream stream(2, {});
    for (std::uint32_t i = 0; i < n_events; ++i)
    {
      const auto u = stream.uniform(i, RandomPurpose::initial_state);
      State at = state(db.events.tau[i], db.events.x[0][i]);
      for (const std::size_t k : {1, 2})
      {
        at.x[k] = u[k];
        db.events.x[k].push_back(u[k]);
      }
      db.n_events[grid.clamped_bin(at)] += 1.0;
    }
    db.rate.clear();
    for (std::size_t bin = 0; bin < grid.n_bins(); ++bin)
      db.rate.push_back(db.n_events[bin] / db.exposure[bin]);
    const SmoothEventSource source(db, {2.0, 2.0, 20.0});
    State at = state(1.234, 0.0077);
    for (const double a : {0.1, 0.45, 0.9})
    {
      at.x[1] = a;
      at.x[2] = 0.7 - 0.5 * a;
      EXPECT_LT(std::abs(surprise(source, at, 1000000)), 5.0) << a;
    }
  }

  TEST(SmoothEventSource, IsContinuousAcrossBinsAndCentres)
  {
    const SmoothEventSource source(sampled(), {2.0, 2.0, 30.0});
    for (const double tau : {0.3, 0.6, 0.8, 1.0, 1.5}) // centres 0.1, 0.3, ...; edges 0.2, 0.4, ...
      for (const double x1 : {0.005, 0.01})
      {
        const double below = mean_jump(source, state(tau - 1e-9, x1 - 1e-11)).dtau,
                     above = mean_jump(source, state(tau + 1e-9, x1 + 1e-11)).dtau;
        EXPECT_NEAR(below / above, 1.0, 1e-6);
        EXPECT_NEAR(source.rate(state(tau - 1e-9, x1 - 1e-11)).rate /
                        source.rate(state(tau + 1e-9, x1 + 1e-11)).rate,
                    1.0, 1e-6);
      }
  }

  TEST(SmoothEventSource, TheRateHasNoKinksBeyondThoseOfItsTable)
  {
    // A rate whose logarithm is a parabola, counted without scatter: the spline follows it, and
    // linear interpolation between its nodes is off by (curvature of the rate) h^2/8 at most.
    EventDatabase db = sampled();
    const double width = 0.2, node = width / 2;
    const auto rate = [](const double tau) { return std::exp(3.0 + 1.5 * tau - 0.5 * tau * tau); };
    for (std::size_t b = 0; b < db.n_bins(); ++b)
    {
      db.exposure[b] = db.n_events[b] / rate(0.1 + 0.2 * static_cast<double>(b % 10));
      db.n_increments[b] = db.n_events[b] + 1.0;
    }
    db.visits = {};
    const SmoothEventSource source(db, {1000.0, 2.0, 30.0});
    for (double tau = 0.3; tau < 1.7; tau += 0.0137)
    {
      const double slope = 1.5 - tau, curvature = rate(tau) * (slope * slope - 1.0);
      EXPECT_NEAR(source.rate(state(tau, 0.0101)).rate, rate(tau),
                  1.5 * std::abs(curvature) * node * node / 8.0 + 1e-3 * rate(tau))
          << tau;
    }
    for (std::size_t b = 0; b < db.n_bins(); b += 7)
    {
      const State centre = state(0.1 + 0.2 * static_cast<double>(b % 10),
                                 0.001 + 0.002 * static_cast<double>(b / 10));
      EXPECT_NEAR(source.rate(centre).rate / source.rates()[b], 1.0, 1e-12);
    }
  }

  TEST(SmoothEventSource, DrawsWithoutAKinkBetweenTheCentres)
  {
    // Events of one bin of tau differ in their ratio dX/dtau from all others: the share of draws
    // from it is a cubic B-spline of the state, as wide as four bins.
    EventDatabase db = sampled();
    for (std::size_t i = 0; i < db.events.size(); ++i)
      db.events.dx[0][i] =
          db.events.tau[i] >= 0.8 && db.events.tau[i] < 1.0 ? db.events.dtau[i] : 0.0;
    const SmoothEventSource source(db, {2.0, 2.0, 1.0}); // a kernel is its own bin
    const auto share = [&](const double tau) {
      const Jump mean = mean_jump(source, state(tau, 0.0103));
      return mean.dx[0] / mean.dtau;
    };
    for (const double x : {-1.9, -1.4, -1.0, -0.7, -0.2, 0.0, 0.3, 0.5, 1.2, 1.95})
    {
      const double r = std::abs(x);
      const double spline =
          r < 1.0 ? 2.0 / 3.0 - r * r * (1.0 - 0.5 * r) : std::pow(2.0 - r, 3) / 6.0;
      EXPECT_NEAR(share(0.9 + 0.2 * x), spline, 0.03) << x;
    }
    EXPECT_EQ(share(0.49), 0.0);
    EXPECT_EQ(share(1.31), 0.0);
  }

  TEST(SmoothEventSource, EquidistantAxesAreOnlyAShortCut)
  {
    // Edges moved by far less than anything depends on, but by more than round-off.
    EventDatabase db = sampled();
    for (Axis &axis : db.axes)
      for (std::size_t i = 1; i + 1 < axis.edges.size(); i += 2)
        axis.edges[i] += 1e-8 * (axis.edges[i + 1] - axis.edges[i]);
    const SmoothEventSource moved(db, {2.0, 2.0, 30.0}), source(sampled(), {2.0, 2.0, 30.0});
    for (const double tau : {-0.1, 0.03, 0.31, 0.77, 1.234, 1.98, 2.4})
      for (const double x1 : {-0.01, 0.0003, 0.0077, 0.0191, 0.05})
      {
        std::map<double, double> difference;
        source.for_each_jump(state(tau, x1), [&](const Jump &jump, const double probability) {
          difference[std::round(jump.dtau * 1e6)] += probability;
        });
        moved.for_each_jump(state(tau, x1), [&](const Jump &jump, const double probability) {
          difference[std::round(jump.dtau * 1e6)] -= probability;
        });
        double distance = 0.0;
        for (const auto &of_jump : difference)
          distance += std::abs(of_jump.second);
        EXPECT_LT(distance, 0.02) << tau << " " << x1; // some are rounded up here and down there
      }
  }

  TEST(SmoothEventSource, IntegratesItsHazardStepByStep)
  {
    const SmoothEventSource source(sampled(), {2.0, 2.0, 30.0});
    double tau = 0.0;
    unsigned int n_steps = 0;
    for (; tau < 2.0; ++n_steps)
    {
      const law::RatePiece piece = source.rate(state(tau, 0.0107));
      ASSERT_GT(piece.tau_end, tau);
      // Linear up to its end, where the next one goes on.
      const law::RatePiece later = source.rate(state(0.7 * piece.tau_end + 0.3 * tau, 0.0107));
      EXPECT_EQ(later.tau_end, piece.tau_end);
      EXPECT_NEAR(later.rate, 0.7 * piece.rate_end + 0.3 * piece.rate, 1e-12 * later.rate);
      EXPECT_EQ(later.rate_end, piece.rate_end);
      tau = piece.tau_end;
      if (tau < 2.0)
      {
        EXPECT_NEAR(source.rate(state(tau, 0.0107)).rate, piece.rate_end, 1e-12 * piece.rate_end);
      }
    }
    EXPECT_EQ(n_steps, 20U);
    EXPECT_EQ(source.rate(state(2.0, 0.01)).support, law::Support::forced);
    EXPECT_TRUE(std::isinf(source.rate(state(2.5, 0.01)).rate));
    EXPECT_EQ(source.draw(state(2.0, 0.01), {}).support, law::Support::forced);
    EXPECT_EQ(source.rate(state(1.0, 0.03)).support, law::Support::outside);
    EXPECT_EQ(source.draw(state(1.0, -0.01), {}).support, law::Support::outside);
    EXPECT_EQ(source.rate(state(1.0, 0.01)).support, law::Support::inside);
  }

  TEST(SmoothEventSource, GivesThePiecesAheadAsItGivesThemOneByOne)
  {
    const SmoothEventSource source(sampled(), {2.0, 2.0, 30.0});
    for (const double begin : {-0.1, 0.0, 0.033, 1.0, 1.63, 1.85, 1.97, 2.0, 2.4})
    {
      law::RatePath path;
      source.rates(state(begin, 0.0107), path);
      double tau = begin;
      for (std::size_t i = 0; i < path.n_pieces; ++i)
      {
        const law::RatePiece one = source.rate(state(tau, 0.0107));
        const law::RatePath::Piece &piece = path.pieces[i];
        EXPECT_TRUE(piece.rate == one.rate || std::abs(piece.rate / one.rate - 1.0) < 1e-12) << tau;
        EXPECT_EQ(piece.tau_end, one.tau_end) << tau;
        EXPECT_EQ(piece.rate_end, std::isinf(one.rate) ? one.rate : one.rate_end) << tau;
        tau = piece.tau_end;
      }
      EXPECT_EQ(path.n_pieces, begin < 0.0 || begin > 1.9 ? 1U
                               : begin > 1.8              ? 2U
                                                          : law::RatePath::max_pieces)
          << begin;
    }
  }

  TEST(SmoothEventSource, DrawsFromAsManyEventsAsItIsAskedTo)
  {
    const SmoothEventSource narrow(sampled(), {2.0, 2.0, 10.0}),
        wide(sampled(), {2.0, 2.0, 1000.0});
    for (std::size_t b = 0; b < sampled().n_bins(); ++b)
      EXPECT_LT(narrow.kernel_widths()[b], wide.kernel_widths()[b]);
  }

  TEST(SmoothEventSource, GoesOnWithTheNearestWhereNothingWasVisited)
  {
    EventDatabase db = tests::sampled_database(
        {[](double tau, double) { return tau < 1.0 ? 50.0 : 0.0; }, true_size, {}}, 10, 0.05);
    for (std::size_t b = 0; b < db.n_bins(); ++b)
      if (b % 10 >= 5)
        db.exposure[b] = db.n_increments[b] = 0.0;
    db.visits = {};
    const SmoothEventSource source(db, {2.0, 2.0, 30.0});
    EXPECT_EQ(source.n_visited_bins(), 50U);
    EXPECT_EQ(source.rate(state(1.9, 0.01)).support, law::Support::outside);
    EXPECT_NEAR(source.rate(state(1.9, 0.01)).rate, 50.0, 15.0);
    EXPECT_GT(mean_jump(source, state(1.9, 0.01)).dtau, 0.0);
  }

  TEST(SmoothEventSource, NeedsEvents)
  {
    EventDatabase db =
        tests::sampled_database({[](double, double) { return 0.0; }, true_size, {}}, 1, 0.05);
    EXPECT_THROW(SmoothEventSource(db, {}), InputError);
    EXPECT_THROW(SmoothEventSource(sampled(), {0.0, 2.0, 50.0}), InputError);
    EXPECT_THROW(SmoothEventSource(sampled(), {2.0, 2.0, 0.5}), InputError);
  }
} // namespace seem::database
