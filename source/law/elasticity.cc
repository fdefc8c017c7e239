// SPDX-License-Identifier: LGPL-2.1-or-later
#include "taylor_terms.h"

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

    /// Steps of the scalar equation far out end here: only absurd strains need more than five.
    constexpr unsigned int max_iterations = 200;

  } // namespace

  TaylorElasticity::TaylorElasticity(const double g0, const double u_a, const double tau_a,
                                     const double tau_b, const double atomic_volume)
      : g0(positive_and_finite(g0, "G0")), inverse_g0(1.0 / g0), u_a(positive(u_a, "uA")),
        inverse_u_a(1.0 / u_a), inverse_tau_a_squared(1.0 / std::pow(positive(tau_a, "tauA"), 2)),
        inverse_tau_b_fourth(1.0 / std::pow(positive(tau_b, "tauB"), 4)),
        omega(positive_and_finite(atomic_volume, "the volume per atom"))
  {
  }

  double TaylorElasticity::stiffness(const double x1) const
  {
    return taylor::stiffness(x1, inverse_u_a);
  }

  double TaylorElasticity::softening(const double x1) const
  {
    return 1.0 / stiffness(x1);
  }

  bool TaylorElasticity::capped(const double x1) const
  {
    return x1 > taylor::cap * u_a;
  }

  StrainAndEnergy TaylorElasticity::strain_and_energy(const double tau, const double x1) const
  {
    return taylor::strain_and_energy(tau, stiffness(x1), inverse_g0, inverse_tau_a_squared,
                                     inverse_tau_b_fourth);
  }

  double TaylorElasticity::energy_density(const double tau, const double x1) const
  {
    return strain_and_energy(tau, x1).energy_density;
  }

  double TaylorElasticity::elastic_strain(const double tau, const double x1) const
  {
    return strain_and_energy(tau, x1).elastic_strain;
  }

  double TaylorElasticity::tangent(const double tau, const double x1) const
  {
    const double t2 = tau * tau;
    return g0 / (softening(x1) + 2.0 * t2 * inverse_tau_a_squared +
                 3.0 * t2 * t2 * inverse_tau_b_fourth);
  }

  Moduli TaylorElasticity::moduli(const double square, const double x1) const
  {
    // With t = G gamma, G = G0 (1 - X1/uA), the share h = tau/t = G_s/G solves
    // h (1 + p h^2 + r h^4) = 1 with p and r polynomials of gamma^2.
    const double share = stiffness(x1);
    const taylor::BranchTerms terms =
        taylor::branch_terms(square, share, g0, inverse_tau_a_squared, inverse_tau_b_fourth);
    if (taylor::far_out(terms) != 0)
      return moduli_far_out(square, share);

    const taylor::BranchModuli m = taylor::branch_moduli(terms);
    return {m.secant, m.tangent};
  }

  Moduli TaylorElasticity::moduli_far_out(const double square, const double share) const
  {
    const double modulus = g0 * share;
    const double a = 2.0 / 3.0 * inverse_tau_a_squared * share;
    const double b = 0.6 * inverse_tau_b_fourth * share;
    const double gamma_el = std::sqrt(square);
    const double target = modulus * gamma_el;
    // Newton for tau (1 + a tau^2 + b tau^4) = G gamma from above, where it is convex: each term
    // alone is at most the right side.
    double tau = std::min({target, std::cbrt(target / a), std::pow(target / b, 0.2)});
    double slope = 1.0;
    for (unsigned int i = 0; i < max_iterations; ++i)
    {
      const double t2 = tau * tau;
      slope = 1.0 + t2 * (3.0 * a + 5.0 * b * t2);
      const double step = (tau * (1.0 + t2 * (a + t2 * b)) - target) / slope;
      tau -= step;
      if (!(std::abs(step) > 1e-14 * tau))
        break;
    }
    return {tau / gamma_el, modulus / slope};
  }

  BranchPoint TaylorElasticity::branch_point(const double gamma_el, const double x1) const
  {
    const Moduli m = moduli(gamma_el * gamma_el, x1);
    return {m.secant * gamma_el, m.tangent};
  }

  double TaylorElasticity::stress(const double gamma_el, const double x1) const
  {
    return moduli(gamma_el * gamma_el, x1).secant * gamma_el;
  }

  double TaylorElasticity::inelastic_energy(const double excess_energy, const double tau) const
  {
    const double unit = units::energy_density(omega);
    if (std::isinf(u_a))
    {
      const double t2 = tau * tau, linear = 0.5 * t2 / g0 / unit;
      return excess_energy - linear * t2 * (inverse_tau_a_squared + t2 * inverse_tau_b_fourth) -
             linear;
    }
    return taylor::inelastic_energy(excess_energy, tau, g0, u_a, inverse_tau_a_squared,
                                    inverse_tau_b_fourth, unit);
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
