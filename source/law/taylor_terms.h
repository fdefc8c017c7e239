// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_TAYLOR_TERMS_H
#define SEEM_SOURCE_LAW_TAYLOR_TERMS_H

#include <seem/law/elasticity.h>

#include <algorithm>
#include <cmath>

/// What TaylorElasticity computes one by one and in rows: one text for both, so that the bits
/// agree.
namespace seem::law::taylor
{
  /// Share of uA at which X1 is capped: G never falls below a tenth of G0.
  constexpr double cap = 0.9;

  /// 1 - X1/uA with X1 capped.
  inline double stiffness(const double x1, const double inverse_u_a)
  {
    return 1.0 - std::min(x1 * inverse_u_a, cap);
  }

  /// X1 for a finite uA; @p unit: GPa of 1 eV per atom.
  inline double inelastic_energy(const double excess_energy, const double tau, const double g0,
                                 const double u_a, const double inverse_tau_a_squared,
                                 const double inverse_tau_b_fourth, const double unit)
  {
    const double t2 = tau * tau;
    const double linear = 0.5 * t2 / g0 / unit;
    const double q =
        excess_energy - linear * t2 * (inverse_tau_a_squared + t2 * inverse_tau_b_fourth);
    // With y = 1 - X1/uA = 1/c Eqs. (5) and (7) are uA y^2 + (q - uA) y - linear = 0; the positive
    // root, in the form without cancellation.
    const double p = q - u_a;
    const double root = std::sqrt(p * p + 4.0 * u_a * linear);
    const double y = (p > 0.0 ? 2.0 * linear : root - p) / (p > 0.0 ? p + root : 2.0 * u_a);
    return q - linear / std::max(y, 1.0 - cap);
  }

  /// h with h (1 + p h^2 + r h^4) = 1, and 1/f' where the last step to it began.
  struct SecantShare
  {
    double secant;
    double inverse_slope;
  };

  constexpr double largest_p = 0.25, largest_r = 0.8; ///< of the fit in secant_share()

  /// Of the equation h (1 + p h^2 + r h^4) = 1 for the share h = tau/t, t = G gamma_el, of a branch
  /// with the modulus G = G0 (1 - X1/uA) at zero stress.
  struct BranchTerms
  {
    double modulus; ///< G [GPa]
    double p, r;
  };

  /// At gamma_el^2 = @p square; @p share is stiffness().
  inline BranchTerms branch_terms(const double square, const double share, const double g0,
                                  const double inverse_tau_a_squared,
                                  const double inverse_tau_b_fourth)
  {
    const double modulus = g0 * share;
    const double t2 = modulus * modulus * square;
    return {modulus, 2.0 / 3.0 * inverse_tau_a_squared * share * t2,
            0.6 * inverse_tau_b_fourth * share * (t2 * t2)};
  }

  /// 1 if secant_share() does not hold there, else 0: as wide as a double. Without branches.
  inline long long far_out(const BranchTerms &terms)
  {
    return (terms.p < largest_p) & (terms.r < largest_r) ? 0 : 1;
  }

  /**
   * The series of h begins as 1 - (p + r) + (p + r)(3p + 5r) - ..., as the fraction N/D below does;
   * the other coefficients were fitted, to 8e-5 of h. The inverse series of f(h) = h (1 + p h^2 + r
   * h^4) - 1 up to its third order leaves nothing but round-off of that.
   */
  inline SecantShare secant_share(const double p, const double r)
  {
    const double d =
        1.0 + p * (5.97418 + 6.16563 * p) + r * (9.43371 + 17.18764 * p + 13.68688 * r);
    const double n = d - (p + r) * (1.0 + p * (2.97418 + 0.15017 * p) +
                                    r * (4.43371 + 0.76373 * p + 0.4806 * r));
    // Both divisions at once: f'(N/D) = (D^4 + 3p N^2 D^2 + 5r N^4)/D^4.
    const double n2 = n * n, d2 = d * d;
    const double inverse_f1 = d2 * d2 / (d2 * d2 + n2 * (3.0 * p * d2 + 5.0 * r * n2));
    const double h = n / d;
    const double h2 = h * h;
    const double step = (h * (1.0 + h2 * (p + h2 * r)) - 1.0) * inverse_f1;
    const double a = h * (3.0 * p + 10.0 * r * h2) * inverse_f1; // f''/(2 f')
    const double b = (p + 10.0 * r * h2) * inverse_f1;           // f'''/(6 f')
    return {h - step * (1.0 + step * (a + step * (2.0 * a * a - b))), inverse_f1};
  }

  /// At the shear stress @p tau; @p share is stiffness().
  inline StrainAndEnergy strain_and_energy(const double tau, const double share,
                                           const double inverse_g0,
                                           const double inverse_tau_a_squared,
                                           const double inverse_tau_b_fourth)
  {
    const double c = 1.0 / share;
    const double linear = tau * inverse_g0;
    const double t2 = tau * tau;
    const double a = t2 * inverse_tau_a_squared, b = t2 * t2 * inverse_tau_b_fourth;
    return {linear * (c + 2.0 / 3.0 * a + 0.6 * b), 0.5 * tau * linear * (c + a + b)};
  }

  struct BranchModuli
  {
    double secant;  ///< [GPa]
    double tangent; ///< [GPa]
  };

  /// Moduli at @p terms.
  inline BranchModuli branch_moduli(const BranchTerms &terms)
  {
    const auto &[modulus, p, r] = terms;
    const SecantShare share = secant_share(p, r);
    // 1/f' there by its geometric series.
    const double s2 = share.secant * share.secant;
    const double change = 1.0 - (1.0 + s2 * (3.0 * p + 5.0 * r * s2)) * share.inverse_slope;
    return {modulus * share.secant,
            modulus * share.inverse_slope * (1.0 + change * (1.0 + change * (1.0 + change)))};
  }
} // namespace seem::law::taylor

#endif
