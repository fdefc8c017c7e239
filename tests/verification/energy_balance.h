// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_ENERGY_BALANCE_H
#define SEEM_TESTS_VERIFICATION_ENERGY_BALANCE_H

#include "synthetic_database.h"
#include "verification.h"

#include <cstdio>

namespace seem::verification
{
  /// The first law at many points, each along a random path, with the work of the stress summed by
  /// quadrature.
  class EnergyBalance
  {
  public:
    explicit EnergyBalance(const law::SeemLaw &law) : law(law)
    {
    }

    /**
     * Drive @p n_points points, @p n_increments increments each, in a new random direction every 50
     * increments, and check that no event has D < 0 and that work is stored or leaves as heat.
     */
    void check(const unsigned int n_points, const unsigned int n_increments)
    {
      std::mt19937 generator(51);
      std::normal_distribution<double> normal;
      std::uniform_real_distribution<double> volume_ratio(0.3, 3.0), x1(-0.002, 0.03),
          tau(-0.2, 0.2);
      for (std::uint64_t cell = 0; cell < n_points; ++cell)
      {
        data = {{cell, 0}, volume_ratio(generator)};
        state.assign(law.state_size(), 0.0);
        law.initialise(state.data(), data, testing::make_state(tau(generator), x1(generator)));
        law::SymmetricTensor strain = law::SymmetricTensor::Zero(), step = strain;
        const law::EnergyDensity begin = law.energy(state.data(), strain);
        work = scale = heat = 0.0;
        for (unsigned int i = 0; i < n_increments; ++i)
        {
          if (i % 50 == 0)
          {
            for (int k = 0; k < 6; ++k)
              step[k] = normal(generator);
            step *= 1.5e-3 / step.norm();
            step -= 0.01 * strain; // stay near
          }
          update(strain, strain + step, 0);
          strain += step;
          ++n_updates;
        }
        const law::EnergyDensity end = law.energy(state.data(), strain);
        const double stored = end.elastic - begin.elastic + end.inelastic - begin.inelastic;
        EXPECT_NEAR(end.heat - begin.heat, heat, 1e-12 * scale);
        EXPECT_NEAR(work, stored + heat, 1e-12 * scale);
        worst = std::max(worst, std::abs(work - stored - heat) / scale);
      }
      EXPECT_EQ(n_negative, 0u);
      EXPECT_GT(n_events, n_updates / 100);
      EXPECT_GT(n_gaining, n_events / 100);
      std::printf("[          ] %lu updates, %lu events, %lu of them bounded; least D %.1e GPa; "
                  "imbalance at most %.1e of the work\n",
                  n_updates, n_events, n_gaining, least, worst);
    }

    unsigned long n_updates = 0, n_events = 0, n_gaining = 0, n_negative = 0;

  private:
    /// One update, halved until at most one event is in it: the stress is known between events
    /// only.
    void update(const law::SymmetricTensor &from, const law::SymmetricTensor &to, const int depth)
    {
      before = state;
      events.records.clear();
      const law::Activity activity = law.advance(state.data(), data, from, to, &events);
      if (activity.n_events > 1 && depth < 40)
      {
        state = before;
        const law::SymmetricTensor middle = 0.5 * (from + to);
        update(from, middle, depth + 1);
        update(middle, to, depth + 1);
        return;
      }
      n_gaining += activity.n_gaining;
      heat += activity.heat;
      for (const law::EventRecord &event : events.records)
      {
        ++n_events;
        least = std::min(least, event.heat);
        n_negative += !(event.heat >= 0.0);
      }
      if (events.records.empty())
        add_work(before, from, to);
      else
      {
        const law::SymmetricTensor change = to - from;
        add_work(before, from, from + events.records.front().path * change);
        add_work(state, from + events.records.back().path * change, to);
      }
    }

    /// Work with the events frozen: 3-point Gauss rule.
    void add_work(const std::vector<double> &frozen, const law::SymmetricTensor &from,
                  const law::SymmetricTensor &to)
    {
      const double x[] = {-0.7745966692414834, 0.0, 0.7745966692414834};
      const double w[] = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
      const law::SymmetricTensor change = to - from;
      for (int i = 0; i < 3; ++i)
      {
        const double part =
            w[i] *
            law.evaluate(frozen.data(), from + 0.5 * (1.0 + x[i]) * change).stress.dot(change);
        work += part;
        scale += std::abs(part);
      }
    }

    const law::SeemLaw &law;
    law::PointData data;
    std::vector<double> state, before;
    testing::EventList events;
    double work = 0.0, scale = 0.0, heat = 0.0;
    double least = std::numeric_limits<double>::infinity(), worst = 0.0;
  };
} // namespace seem::verification

#endif
