// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/synthetic_aqs.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace seem::tests
{
  namespace
  {
    /// FNV-1a, so that a label names its own random numbers.
    std::uint64_t hash_of(const std::string &text)
    {
      std::uint64_t hash = 14695981039346656037u;
      for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
      return hash;
    }

    /// A volume under way.
    class Volume
    {
    public:
      Volume(const SyntheticAqs &aqs, const SyntheticPreparation &preparation,
             const std::size_t number)
          : aqs(aqs), law(aqs.law), s(preparation.memory)
      {
        const std::uint64_t label = hash_of(preparation.label);
        std::seed_seq seeds{
            static_cast<std::uint32_t>(aqs.seed), static_cast<std::uint32_t>(aqs.seed >> 32),
            static_cast<std::uint32_t>(label), static_cast<std::uint32_t>(label >> 32),
            static_cast<std::uint32_t>(number)};
        generator.seed(seeds);
        const double scatter = 1.0 / std::sqrt(aqs.volume_ratio);
        tau = preparation.tau_scatter * scatter * (2.0 * uniform(generator) - 1.0);
        x1 = std::max(0.0, preparation.x1 + preparation.x1_scatter * scatter * normal(generator));
        threshold = exponential(generator);
      }

      /// Load by one increment, with all events in it.
      void load(const std::size_t increment, std::vector<SyntheticEvent> &events)
      {
        const double m = aqs.volume_ratio;
        for (double left = aqs.dgamma; left > 0.0;)
        {
          // The hazard is linear over so short a branch: exact to 1e-6.
          const double end = law.loaded(tau, x1, left);
          const double h0 = m * law.hazard(tau, x1), h1 = m * law.hazard(end, x1);
          const double hazard = 0.5 * left * (h0 + h1);
          if (hazard < threshold)
          {
            threshold -= hazard;
            tau = end;
            return;
          }
          const double share =
              2.0 * threshold / (h0 + std::sqrt(h0 * h0 + 2.0 * threshold * (h1 - h0) / left));
          tau = law.loaded(tau, x1, share);
          left -= share;
          events.push_back(fire(increment));
          threshold = exponential(generator);
        }
      }

      double noise()
      {
        return normal(generator);
      }

      double energy() const
      {
        return law.u0 + x1 + law.elastic_energy(tau, x1);
      }

      double tau = 0.0, x1 = 0.0;

    private:
      SyntheticEvent fire(const std::size_t increment)
      {
        const double m = aqs.volume_ratio;
        const double size = std::exp(s) * law.drop * tau / law.flow_stress /
                            std::tgamma(1.0 + 1.0 / law.weibull_shape);
        const double dtau =
            std::min(0.5 * tau, size * std::pow(exponential(generator), 1.0 / law.weibull_shape)) /
            m;
        const double share = std::clamp(law.stored_share * (1.0 - x1 / law.flow_energy) +
                                            law.stored_scatter * normal(generator),
                                        -1.0, 0.97);
        const double dx1 = share * law.largest_rise(tau, x1, dtau);

        SyntheticEvent event{increment, tau, x1, dtau, dx1, 0.0};
        event.heat = law.n_atoms * m *
                     (law.elastic_energy(tau, x1) - law.elastic_energy(tau - dtau, x1 + dx1) - dx1);
        const double plastic =
            law.elastic_strain(tau, x1) - law.elastic_strain(tau - dtau, x1 + dx1);
        tau -= dtau;
        x1 += dx1;
        s *= std::exp(-plastic / aqs.memory_strain);
        return event;
      }

      const SyntheticAqs &aqs;
      const SyntheticLaw &law;
      double s; ///< logarithm of the factor on event sizes
      double threshold = 0.0;
      std::mt19937_64 generator;
      std::uniform_real_distribution<double> uniform;
      std::normal_distribution<double> normal;
      std::exponential_distribution<double> exponential;
    };
  } // namespace

  double SyntheticLaw::omega() const
  {
    return volume / n_atoms / 160.21766208;
  }

  double SyntheticLaw::elastic_energy(const double tau, const double x1) const
  {
    const double a = tau / tau_a, b = tau / tau_b, b2 = b * b;
    return omega() * tau * tau / (2.0 * g0) * (1.0 / (1.0 - x1 / u_a) + a * a + b2 * b2);
  }

  double SyntheticLaw::elastic_strain(const double tau, const double x1) const
  {
    const double a = tau / tau_a, b = tau / tau_b, b2 = b * b;
    return tau / g0 * (1.0 / (1.0 - x1 / u_a) + a * a / 1.5 + 0.6 * b2 * b2);
  }

  double SyntheticLaw::tangent(const double tau, const double x1) const
  {
    const double a = tau / tau_a, b = tau / tau_b, b2 = b * b;
    return g0 / (1.0 / (1.0 - x1 / u_a) + 2.0 * a * a + 3.0 * b2 * b2);
  }

  double SyntheticLaw::loaded(const double tau, const double x1, const double dgamma) const
  {
    const double target = elastic_strain(tau, x1) + dgamma;
    // Newton's method: the first guess is off by 1e-6 GPa, the second step by round-off.
    double end = tau + dgamma * tangent(tau, x1);
    for (int i = 0; i < 2; ++i)
      end += (target - elastic_strain(end, x1)) * tangent(end, x1);
    return end;
  }

  double SyntheticLaw::hazard(const double tau, const double x1) const
  {
    if (tau < 0.0)
      return 0.0;
    return rate * std::exp((tau - flow_stress) / rate_stress) *
           (rate_floor + (1.0 - rate_floor) * std::max(0.0, x1) / flow_energy);
  }

  double SyntheticLaw::largest_rise(const double tau, const double x1, const double dtau) const
  {
    // u_el(tau - dtau, x1 + r) + r = u_el(tau, x1) is a quadratic equation in r; Newton's method is
    // shorter to write, and the function is convex and nearly linear.
    const double before = elastic_energy(tau, x1), after = tau - dtau;
    double rise = 0.0;
    for (int i = 0; i < 4; ++i)
    {
      const double soft = 1.0 - (x1 + rise) / u_a;
      const double slope = 1.0 + omega() * after * after / (2.0 * g0 * u_a * soft * soft);
      rise -= (elastic_energy(after, x1 + rise) + rise - before) / slope;
    }
    return rise;
  }

  std::vector<SyntheticPreparation> three_preparations()
  {
    return {{"slow", 1e11, 0.002, 0.0004, 0.1, 0.0},
            {"mid", 1e12, 0.006, 0.0005, 0.1, 0.0},
            {"fast", 1e13, 0.011, 0.0006, 0.1, 0.0}};
  }

  std::vector<SyntheticPreparation> preparations_with_memory(const double strength)
  {
    std::vector<SyntheticPreparation> result = three_preparations();
    const double middle = result[1].cooling_rate;
    for (SyntheticPreparation &preparation : result)
      preparation.memory = -strength * std::log(preparation.cooling_rate / middle);
    return result;
  }

  SyntheticRun SyntheticAqs::run(const SyntheticPreparation &preparation,
                                 const std::size_t number) const
  {
    SyntheticRun result;
    statistics::Trajectory &rows = result.trajectory;
    const std::string name = preparation.label + "/" + std::to_string(number);
    rows.info.name = name;
    rows.info.label = preparation.label;
    rows.info.glass = name;
    rows.info.direction = "xy";
    rows.info.cooling_rate = preparation.cooling_rate;
    rows.info.n_atoms = law.n_atoms * volume_ratio;
    rows.info.volume = law.volume * volume_ratio;
    rows.info.checksum = name + " of seed " + std::to_string(seed);

    const auto n = static_cast<std::size_t>(std::llround(final_strain / dgamma));
    for (std::vector<double> *column :
         {&rows.strain, &rows.tau, &rows.energy, &result.tau, &result.x1})
      column->reserve(n + 1);
    Volume volume(*this, preparation, number);
    for (std::size_t i = 0; i <= n; ++i)
    {
      if (i > 0)
        volume.load(i - 1, result.events);
      result.tau.push_back(volume.tau);
      result.x1.push_back(volume.x1);
      rows.strain.push_back(dgamma * static_cast<double>(i));
      rows.tau.push_back(volume.tau + tau_noise * volume.noise());
      rows.energy.push_back(volume.energy() + energy_noise * volume.noise() / rows.info.n_atoms);
    }
    return result;
  }

  std::vector<SyntheticRun>
  SyntheticAqs::runs(const std::vector<SyntheticPreparation> &preparations,
                     const std::size_t n_samples) const
  {
    std::vector<SyntheticRun> result;
    result.reserve(preparations.size() * n_samples);
    for (const SyntheticPreparation &preparation : preparations)
      for (std::size_t i = 0; i < n_samples; ++i)
        result.push_back(run(preparation, i));
    return result;
  }

  std::vector<statistics::Trajectory> trajectories_of(const std::vector<SyntheticRun> &runs)
  {
    std::vector<statistics::Trajectory> result;
    result.reserve(runs.size());
    for (const SyntheticRun &run : runs)
      result.push_back(run.trajectory);
    return result;
  }
} // namespace seem::tests
