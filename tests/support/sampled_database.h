// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_SAMPLED_DATABASE_H
#define SEEM_TESTS_SUPPORT_SAMPLED_DATABASE_H

#include <seem/database/event_database.h>
#include <seem/database/state_grid.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>

namespace seem::tests
{
  /// What a sampled database is drawn from.
  struct SampledLaw
  {
    std::function<double(double tau, double x1)> rate; ///< per unit strain
    std::function<double(double tau, double x1)> size; ///< mean stress deficit [GPa]
    std::function<double(const database::Sample &, double plastic)> log_factor; ///< of sizes
    double dx_per_dtau = 1e-4;                                                  ///< [eV/GPa]
  };

  /**
   * A database of @p n_samples glasses that each spend @p exposure strain in every bin of an n_bins
   * x n_bins grid over tau = 0..2 GPa, X1 = 0..0.02 eV, in random order: Poisson events at random
   * places of the bins, with exponentially distributed sizes. Cooling rates 1e11, 1e12, 1e13 take
   * turns.
   */
  inline database::EventDatabase
  sampled_database(const SampledLaw &law, const std::size_t n_samples, const double exposure,
                   const std::size_t n_bins = 10, const unsigned int seed = 1)
  {
    database::EventDatabase db;
    db.n_atoms = 4000;
    db.volume = 64000;
    db.strain_increment = 1e-4;
    db.elasticity.g0.value = 25.0;
    db.elasticity.u_a.value = 1e9; // elastic strain = tau/25 GPa, whatever X1
    db.elasticity.tau_a.value = db.elasticity.tau_b.value = std::numeric_limits<double>::infinity();
    db.axes = {database::uniform_axis("tau", "GPa", 0.0, 2.0, n_bins),
               database::uniform_axis("X1", "eV", 0.0, 0.02, n_bins)};
    const database::StateGrid grid(db.axes);
    db.exposure.assign(grid.n_bins(), 0.0);
    db.n_events = db.n_increments = db.rate = db.exposure;
    db.events.x.resize(1);
    db.events.dx.resize(1);

    std::mt19937 generator(seed);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::exponential_distribution<double> exponential(1.0);
    for (std::size_t s = 0; s < n_samples; ++s)
    {
      database::Sample sample;
      sample.name = "run " + std::to_string(s);
      sample.glass = "glass " + std::to_string(s);
      sample.cooling_rate = std::pow(10.0, 11.0 + static_cast<double>(s % 3));
      sample.n_atoms = db.n_atoms;
      sample.volume = db.volume;
      db.samples.push_back(sample);

      std::vector<std::size_t> order(grid.n_bins());
      for (std::size_t b = 0; b < order.size(); ++b)
        order[b] = b;
      std::shuffle(order.begin(), order.end(), generator);
      double plastic = 0.0, strain = 0.0;
      for (const std::size_t b : order)
      {
        const State centre = grid.centre(b);
        const double n = std::round(exposure / db.strain_increment);
        db.exposure[b] += exposure;
        db.n_increments[b] += n;
        db.visits.sample.push_back(static_cast<std::uint32_t>(s));
        db.visits.bin.push_back(static_cast<std::uint32_t>(b));
        db.visits.exposure.push_back(exposure);
        db.visits.n_increments.push_back(n);
        const double mean = law.rate(centre.tau, centre.x[0]) * exposure;
        const int n_events = mean > 0.0 ? std::poisson_distribution<int>(mean)(generator) : 0;
        for (int k = 0; k < n_events; ++k)
        {
          const double w = 1.0 / static_cast<double>(n_bins);
          const double tau = centre.tau + 2.0 * w * (uniform(generator) - 0.5);
          const double x1 = centre.x[0] + 0.02 * w * (uniform(generator) - 0.5);
          double size = exponential(generator) * law.size(tau, x1);
          if (law.log_factor)
            size *= std::exp(law.log_factor(sample, plastic));
          plastic += size / 25.0;
          db.events.tau.push_back(tau);
          db.events.x[0].push_back(x1);
          db.events.dtau.push_back(size);
          db.events.dx[0].push_back(law.dx_per_dtau * size);
          db.events.net_dtau.push_back(-size);
          db.events.strain.push_back(strain);
          db.events.sample.push_back(static_cast<std::uint32_t>(s));
          db.n_events[b] += 1.0;
        }
        strain += exposure;
      }
    }
    complete_events(db);
    // Visits are kept by sample, then bin; those of a sample differ in nothing but the bin.
    for (std::size_t v = 0; v < db.visits.size(); ++v)
      db.visits.bin[v] = static_cast<std::uint32_t>(v % grid.n_bins());
    for (std::size_t b = 0; b < grid.n_bins(); ++b)
      db.rate[b] = db.n_events[b] / db.exposure[b];
    return db;
  }
} // namespace seem::tests

#endif
