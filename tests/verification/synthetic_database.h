// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_SYNTHETIC_DATABASE_H
#define SEEM_TESTS_VERIFICATION_SYNTHETIC_DATABASE_H

#include <seem/database/grid_event_source.h>
#include <seem/law/seem_law.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>

namespace seem::verification
{
  inline constexpr double omega = 16.5; ///< Angstrom^3
  inline constexpr double highest_stress = 2.6, lowest_stress = 0.05;

  /**
   * 20 x 20 graded bins, tau 0.05..2.6 GPa and X1 -0.004..0.036 eV. Rates differ threefold between
   * neighbours and a hundredfold over the grid; the jumps, of either sign, differ from bin to bin;
   * about every seventh bin was never visited.
   */
  inline database::EventDatabase synthetic_database()
  {
    constexpr std::size_t n = 20;
    database::EventDatabase db;
    db.n_atoms = 4000;
    db.volume = db.n_atoms * omega;
    db.strain_increment = 1e-4;
    db.elasticity.g0.value = 25.90;
    db.elasticity.u_a.value = 0.101;
    db.elasticity.tau_a.value = 8.4;
    db.elasticity.tau_b.value = 2.90;
    db.axes = {{"tau", "GPa", {}}, {"X1", "eV per atom", {}}};
    for (std::size_t i = 0; i <= n; ++i)
    {
      const double share = static_cast<double>(i) / n;
      db.axes[0].edges.push_back(lowest_stress +
                                 (highest_stress - lowest_stress) * std::pow(share, 1.2));
      db.axes[1].edges.push_back(-0.004 + 0.04 * std::pow(share, 0.8));
    }
    db.samples.resize(1);
    db.samples[0].n_atoms = db.n_atoms;
    db.samples[0].volume = db.volume;
    db.events.x.resize(1);
    db.events.dx.resize(1);

    std::mt19937 generator(20);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i)
      {
        const double tau = 0.5 * (db.axes[0].edges[i] + db.axes[0].edges[i + 1]);
        const double x1 = 0.5 * (db.axes[1].edges[j] + db.axes[1].edges[j + 1]);
        const bool visited = (i + 3 * j) % 7 != 0;
        const unsigned int n_events = visited ? 12 : 0;
        const double rate = 10.0 * std::exp(1.6 * tau) * (1.0 + 20.0 * std::abs(x1)) *
                            ((i + j) % 2 == 0 ? 3.0 : 1.0);
        db.exposure.push_back(n_events / rate);
        db.n_events.push_back(n_events);
        db.n_increments.push_back(visited ? 1e6 : 0.0);
        db.rate.push_back(visited ? rate : 0.0);
        const double size = 0.3 + 1.4 * uniform(generator);
        for (unsigned int k = 0; k < n_events; ++k)
        {
          db.events.tau.push_back(tau);
          db.events.x[0].push_back(x1);
          db.events.dtau.push_back(size * tau * (0.35 * uniform(generator) - 0.05));
          db.events.dx[0].push_back(size * (0.2 * (0.014 - x1) * uniform(generator) +
                                            0.002 * (uniform(generator) - 0.5)));
          db.events.net_dtau.push_back(0.0);
          db.events.strain.push_back(0.1);
          db.events.sample.push_back(0);
        }
      }
    return db;
  }

  inline std::shared_ptr<const database::GridEventSource> synthetic_source()
  {
    static const auto source =
        std::make_shared<const database::GridEventSource>(synthetic_database());
    return source;
  }

  /// Table I of the paper.
  inline std::shared_ptr<const law::Elasticity> table_1()
  {
    return std::make_shared<law::TaylorElasticity>(25.90, 0.101, 8.4, 2.90, omega);
  }

  /// tau = 25 gamma.
  inline std::shared_ptr<const law::Elasticity> hooke()
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return std::make_shared<law::TaylorElasticity>(25.0, infinity, infinity, infinity, omega);
  }

  inline law::SeemLawParameters parameters(const std::uint64_t seed = 1,
                                           const law::EnergyBound bound = law::EnergyBound::report,
                                           const double direction_spread = 0.0)
  {
    law::SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.seed = seed;
    p.energy_bound = bound;
    p.direction_spread = direction_spread;
    return p;
  }

  /// The law of the synthetic database.
  inline law::SeemLaw tabulated_law(const std::uint64_t seed = 1,
                                    const law::EnergyBound bound = law::EnergyBound::report,
                                    const double direction_spread = 0.0)
  {
    return {table_1(), synthetic_source(), parameters(seed, bound, direction_spread)};
  }
} // namespace seem::verification

#endif
