// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_SYNTHETIC_GLASS_H
#define SEEM_TESTS_SUPPORT_SYNTHETIC_GLASS_H

#include <seem/core/state.h>
#include <seem/statistics/trajectory.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace seem::tests
{
  /**
   * A glass with known elasticity that can be sheared with events of our choice.
   *
   * It shares no code with the library: the elastic branch is the tangent of the energy-consistent
   * law integrated by Runge-Kutta steps, the work is integrated alongside, and the elastic energy
   * is the Simpson integral of Omega tau/G_t, not the closed form.
   */
  struct SyntheticGlass
  {
    double g0 = 25.9;        ///< GPa; Table I of the paper
    double u_a = 0.101;      ///< eV
    double tau_a = 8.4;      ///< GPa
    double tau_b = 2.90;     ///< GPa
    double n_atoms = 4000.0; ///< per cell
    double volume = 63426.0; ///< Angstrom^3
    double u0 = -4.6;        ///< eV per atom

    /// Omega [Angstrom^3] times 1 GPa in eV.
    double omega() const
    {
      return volume / n_atoms / 160.21766208;
    }

    double tangent(const double tau, const double x1) const
    {
      const double a = tau / tau_a, b = tau / tau_b;
      return g0 / (1.0 / (1.0 - x1 / u_a) + 2.0 * a * a + 3.0 * b * b * b * b);
    }

    /// Integral of Omega tau/G_t from 0 to @p tau at constant X1 [eV per atom].
    double elastic_energy(const double tau, const double x1) const
    {
      const int n = 200;
      double sum = 0.0;
      for (int i = 0; i <= n; ++i)
      {
        const double t = tau * i / n;
        const double weight = i == 0 || i == n ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0);
        sum += weight * omega() * t / tangent(t, x1);
      }
      return sum * tau / n / 3.0;
    }

    /// Called at the end of each increment, before its row is written; may return a jump.
    using Events = std::function<std::optional<Jump>(std::size_t increment, const State &state)>;

    /// Shear from @p initial in @p n increments of @p dgamma.
    statistics::Trajectory shear(const State &initial, const std::size_t n, const double dgamma,
                                 const Events &events) const
    {
      statistics::Trajectory run;
      run.info.name = "synthetic";
      run.info.label = "a";
      run.info.n_atoms = n_atoms;
      run.info.volume = volume;

      double tau = initial.tau, x1 = initial.x[0];
      double energy = u0 + x1 + elastic_energy(tau, x1);
      const auto write = [&](const double strain) {
        run.strain.push_back(strain);
        run.tau.push_back(tau);
        run.energy.push_back(energy);
      };
      write(0.0);
      for (std::size_t i = 0; i < n; ++i)
      {
        // Classical Runge-Kutta for d tau = G_t d gamma and d u = Omega tau d gamma.
        const double k1 = tangent(tau, x1);
        const double k2 = tangent(tau + 0.5 * dgamma * k1, x1);
        const double k3 = tangent(tau + 0.5 * dgamma * k2, x1);
        const double k4 = tangent(tau + dgamma * k3, x1);
        energy += omega() * dgamma *
                  (tau + dgamma / 6.0 * (k1 + k2 + k3)); // the same scheme for the energy
        tau += dgamma / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);

        State state;
        state.tau = tau;
        state.x[0] = x1;
        if (const std::optional<Jump> jump = events ? events(i, state) : std::nullopt)
        {
          energy += elastic_energy(tau - jump->dtau, x1 + jump->dx[0]) - elastic_energy(tau, x1) +
                    jump->dx[0];
          tau -= jump->dtau;
          x1 += jump->dx[0];
        }
        write(dgamma * static_cast<double>(i + 1));
      }
      return run;
    }
  };

  inline State state(const double tau, const double x1)
  {
    State result;
    result.tau = tau;
    result.x[0] = x1;
    return result;
  }

  inline Jump jump(const double dtau, const double dx1)
  {
    Jump result;
    result.dtau = dtau;
    result.dx[0] = dx1;
    return result;
  }

  /// Events at given increments.
  inline SyntheticGlass::Events placed(const std::map<std::size_t, Jump> &events)
  {
    return [events](const std::size_t increment, const State &) {
      const auto found = events.find(increment);
      return found == events.end() ? std::nullopt : std::optional<Jump>(found->second);
    };
  }

  /**
   * Poisson events of rate @p rate(tau, X1) per unit strain whose jumps drive the glass into flow:
   * the stress falls by a random share of up to 10 %, X1 goes a random way towards 0.02 eV; each
   * loses energy.
   */
  inline SyntheticGlass::Events poisson(const std::function<double(const State &)> &rate,
                                        const double dgamma, const unsigned int seed)
  {
    auto generator = std::make_shared<std::mt19937_64>(seed);
    return [=](const std::size_t, const State &state) -> std::optional<Jump> {
      std::uniform_real_distribution<double> uniform(0.0, 1.0);
      if (uniform(*generator) >= 1.0 - std::exp(-rate(state) * dgamma))
        return std::nullopt;
      const double dtau = 0.1 * uniform(*generator) * state.tau;
      const double stored = 0.1 * state.tau * dtau / 26.0; // about the elastic energy given back
      return jump(dtau, 0.8 * uniform(*generator) * stored * (1.0 - state.x[0] / 0.02));
    };
  }

  /// Add normal noise to the stress [GPa] and to the energy of the cell [eV].
  inline void add_noise(statistics::Trajectory &run, const double tau_noise,
                        const double energy_noise, const unsigned int seed)
  {
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> normal;
    for (double &tau : run.tau)
      tau += tau_noise * normal(generator);
    for (double &energy : run.energy)
      energy += energy_noise * normal(generator) / run.info.n_atoms;
  }
} // namespace seem::tests

#endif
