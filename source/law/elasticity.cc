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

  StrainAndEnergy TaylorElasticity::strain_and_energy(const double tau, const double x1) const
  {
    const double c = softening(x1);
    const double linear = tau * inverse_g0;
    const double t2 = tau * tau;
    const double a = t2 * inverse_tau_a_squared, b = t2 * t2 * inverse_tau_b_fourth;
    return {linear * (c + 2.0 / 3.0 * a + 0.6 * b), 0.5 * tau * linear * (c + a + b)};
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

  BranchPoint TaylorElasticity::branch_point(const double gamma_el, const double x1) const
  {
    // tau (1 + a tau^2 + b tau^4) = G gamma =: t, G = G0 (1 - X1/uA). With p = a t^2, r = b t^4 the
    // series of tau/t = 1 - (p + r) + (p + r)(3p + 5r) - ... begins as the fraction below does; its
    // other coefficients were fitted, to 8e-5 of tau. One step of Householder's method of fourth
    // order leaves nothing but round-off of that.
    constexpr double largest_p = 0.25, largest_r = 0.8; // of the fit
    const double share = stiffness(x1);
    const double modulus = g0 * share;
    const double a = 2.0 / 3.0 * inverse_tau_a_squared * share;
    const double b = 0.6 * inverse_tau_b_fourth * share;
    const double target = modulus * std::abs(gamma_el);

    const double square = target * target;
    const double p = a * square, r = b * square * square;
    const double numerator =
        1.0 + p * (2.97418 + 0.15017 * p) + r * (4.43371 + 0.76373 * p + 0.4806 * r);
    const double denominator =
        1.0 + p * (5.97418 + 6.16563 * p) + r * (9.43371 + 17.18764 * p + 13.68688 * r);
    double tau = target - target * (p + r) * numerator / denominator;

    const auto improve = [&] {
      const double t2 = tau * tau;
      const double f = tau * (1.0 + t2 * (a + t2 * b)) - target;
      const double f1 = 1.0 + t2 * (3.0 * a + 5.0 * b * t2);
      const double f2 = tau * (6.0 * a + 20.0 * b * t2);
      const double f3 = 6.0 * a + 60.0 * b * t2;
      const double step =
          f * (6.0 * f1 * f1 - 3.0 * f * f2) / (6.0 * f1 * (f1 * f1 - f * f2) + f * f * f3);
      tau -= step;
      return std::abs(step);
    };
    if (p < largest_p && r < largest_r)
      improve();
    else
    {
      // Not below the root: each term alone is at most the target.
      tau = std::min({target, std::cbrt(target / a), std::pow(target / b, 0.2)});
      for (unsigned int i = 0; i < max_iterations && improve() > 1e-5 * tau; ++i)
      {
      }
    }
    const double t2 = tau * tau;
    return {std::copysign(tau, gamma_el), modulus / (1.0 + t2 * (3.0 * a + 5.0 * b * t2))};
  }

  double TaylorElasticity::stress(const double gamma_el, const double x1) const
  {
    return branch_point(gamma_el, x1).tau;
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
