// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/elasticity.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::law
{
  namespace
  {
    /// Share of uA at which X1 is capped: G never falls below a tenth of G0.
    constexpr double cap = 0.9;

    double positive(const double value, const char *name)
    {
      if (!(value > 0.0))
        throw InputError(fmt::format("elasticity: {} = {} must be positive", name, value));
      return value;
    }

    /// Newton steps of a convex or nearly linear scalar equation end here; a handful is the rule.
    constexpr unsigned int max_iterations = 100;
  } // namespace

  TaylorElasticity::TaylorElasticity(const double g0, const double u_a, const double tau_a,
                                     const double tau_b, const double atomic_volume)
      : g0(positive(g0, "G0")), u_a(positive(u_a, "uA")),
        inverse_tau_a_squared(1.0 / std::pow(positive(tau_a, "tauA"), 2)),
        inverse_tau_b_fourth(1.0 / std::pow(positive(tau_b, "tauB"), 4)),
        omega(positive(atomic_volume, "the volume per atom"))
  {
  }

  double TaylorElasticity::softening(const double x1) const
  {
    return 1.0 / (1.0 - std::min(x1 / u_a, cap));
  }

  bool TaylorElasticity::capped(const double x1) const
  {
    return x1 > cap * u_a;
  }

  double TaylorElasticity::energy_density(const double tau, const double x1) const
  {
    const double t2 = tau * tau;
    return 0.5 * t2 / g0 *
           (softening(x1) + t2 * inverse_tau_a_squared + t2 * t2 * inverse_tau_b_fourth);
  }

  double TaylorElasticity::elastic_energy(const double tau, const double x1) const
  {
    return energy_density(tau, x1) / units::energy_density(omega);
  }

  double TaylorElasticity::elastic_strain(const double tau, const double x1) const
  {
    const double t2 = tau * tau;
    return tau / g0 *
           (softening(x1) + 2.0 / 3.0 * t2 * inverse_tau_a_squared +
            0.6 * t2 * t2 * inverse_tau_b_fourth);
  }

  double TaylorElasticity::tangent(const double tau, const double x1) const
  {
    const double t2 = tau * tau;
    return g0 / (softening(x1) + 2.0 * t2 * inverse_tau_a_squared +
                 3.0 * t2 * t2 * inverse_tau_b_fourth);
  }

  double TaylorElasticity::stress(const double gamma_el, const double x1) const
  {
    // g is convex for tau > 0 and lies above its linear part, so Newton from the linear stress
    // falls monotonically onto the root and the first step that does not fall is round-off.
    const double c = softening(x1);
    const double a = 2.0 / 3.0 * inverse_tau_a_squared;
    const double b = 0.6 * inverse_tau_b_fourth;
    const double target = g0 * std::abs(gamma_el);

    double tau = target / c;
    for (unsigned int i = 0; i < max_iterations; ++i)
    {
      const double t2 = tau * tau;
      const double residual = tau * (c + t2 * (a + t2 * b)) - target;
      const double slope = c + t2 * (3.0 * a + 5.0 * t2 * b);
      const double step = residual / slope;
      tau -= step;
      if (!(step > 2.0 * std::numeric_limits<double>::epsilon() * tau))
        break;
    }
    return std::copysign(tau, gamma_el);
  }

  double TaylorElasticity::inelastic_energy(const double excess_energy, const double tau) const
  {
    double x1 = inelastic_energy_first_order(excess_energy, tau);
    for (unsigned int i = 0; i < max_iterations; ++i)
    {
      const double c = softening(x1);
      const double residual = x1 + elastic_energy(tau, x1) - excess_energy;
      const double slope =
          1.0 +
          (capped(x1) ? 0.0 : 0.5 * tau * tau / g0 / units::energy_density(omega) * c * c / u_a);
      const double step = residual / slope;
      x1 -= step;
      if (std::abs(step) <= 1e-16 + 1e-14 * std::abs(x1))
        break;
    }
    return x1;
  }

  double TaylorElasticity::inelastic_energy_first_order(const double excess_energy,
                                                        const double tau) const
  {
    const double t2 = tau * tau;
    const double linear = 0.5 * t2 / g0 / units::energy_density(omega);
    return (excess_energy -
            linear * (1.0 + t2 * inverse_tau_a_squared + t2 * t2 * inverse_tau_b_fourth)) /
           (1.0 + linear / u_a);
  }
} // namespace seem::law
