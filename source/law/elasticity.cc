// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/elasticity.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

    double positive_and_finite(const double value, const char *name)
    {
      if (std::isinf(value))
        throw InputError(fmt::format("elasticity: {} must be finite", name));
      return positive(value, name);
    }

    /// Steps of the scalar equation end here: only absurd strains need more than five.
    constexpr unsigned int max_iterations = 200;

    /// A relative step of a third-order iteration after which only round-off is left.
    constexpr double last_step = 1e-6;
  } // namespace

  TaylorElasticity::TaylorElasticity(const double g0, const double u_a, const double tau_a,
                                     const double tau_b, const double atomic_volume)
      : g0(positive_and_finite(g0, "G0")), u_a(positive(u_a, "uA")), inverse_u_a(1.0 / u_a),
        inverse_tau_a_squared(1.0 / std::pow(positive(tau_a, "tauA"), 2)),
        inverse_tau_b_fourth(1.0 / std::pow(positive(tau_b, "tauB"), 4)),
        omega(positive_and_finite(atomic_volume, "the volume per atom"))
  {
  }

  double TaylorElasticity::stiffness(const double x1) const
  {
    return 1.0 - std::min(x1 * inverse_u_a, cap);
  }

  double TaylorElasticity::softening(const double x1) const
  {
    return 1.0 / stiffness(x1);
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
    // tau (c + a tau^2 + b tau^4) = target by Halley's method; all derivatives are positive for tau
    // > 0, so its denominator is too. The first guess is exact to first order in q.
    const double share = stiffness(x1);
    const double c = 1.0 / share;
    const double a = 2.0 / 3.0 * inverse_tau_a_squared;
    const double b = 0.6 * inverse_tau_b_fourth;
    const double target = g0 * std::abs(gamma_el);

    const double linear = target * share;
    const double l2 = linear * linear;
    const double q = l2 * (a + l2 * b) * share;
    double tau = linear * (2.0 / 3.0 + 1.0 / (3.0 + 9.0 * q));
    for (unsigned int i = 0; i < max_iterations; ++i)
    {
      const double t2 = tau * tau;
      const double residual = tau * (c + t2 * (a + t2 * b)) - target;
      const double slope = c + t2 * (3.0 * a + 5.0 * b * t2);
      const double curvature = tau * (6.0 * a + 20.0 * b * t2);
      const double step = 2.0 * residual * slope / (2.0 * slope * slope - residual * curvature);
      tau -= step;
      if (!(std::abs(step) > last_step * tau))
        break;
    }
    return std::copysign(tau, gamma_el);
  }

  double TaylorElasticity::inelastic_energy(const double excess_energy, const double tau) const
  {
    const double t2 = tau * tau;
    const double linear = 0.5 * t2 / g0 / units::energy_density(omega);
    const double q =
        excess_energy - linear * t2 * (inverse_tau_a_squared + t2 * inverse_tau_b_fourth);
    if (std::isinf(u_a))
      return q - linear;

    // With y = 1 - X1/uA = 1/c Eqs. (5) and (7) are uA y^2 + (q - uA) y - linear = 0; the positive
    // root, in the form without cancellation.
    const double p = q - u_a;
    const double root = std::sqrt(p * p + 4.0 * u_a * linear);
    const double y = p > 0.0 ? 2.0 * linear / (p + root) : (root - p) / (2.0 * u_a);
    if (y < 1.0 - cap)
      return q - linear / (1.0 - cap);

    return q - linear / y;
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
