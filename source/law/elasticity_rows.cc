// SPDX-License-Identifier: LGPL-2.1-or-later
// TaylorElasticity on many rows at once, several at a time in vector registers. The build gives
// this file -fno-trapping-math, without which the choices of the formulas are not made in
// registers.
#include "taylor_terms.h"

#include <seem/core/wide_registers.h>
#include <seem/law/elasticity.h>

#include <cmath>

namespace seem::law
{
  namespace
  {
    /// The constants by value: in a loop they need not be read again after each store.
    struct Constants
    {
      double g0, inverse_g0, u_a, inverse_u_a, inverse_tau_a_squared, inverse_tau_b_fourth, unit;
    };

    SEEM_FOR_WIDE_REGISTERS
    void inelastic(const Constants c, const std::size_t n, const double *__restrict__ energy,
                   const double u0, const double *__restrict__ tau, double *__restrict__ x1)
    {
      for (std::size_t i = 0; i < n; ++i)
        x1[i] = taylor::inelastic_energy(energy[i] - u0, tau[i], c.g0, c.u_a,
                                         c.inverse_tau_a_squared, c.inverse_tau_b_fourth, c.unit);
    }

    /// @return false if a row lies beyond the range of taylor::secant_share()
    SEEM_FOR_WIDE_REGISTERS
    bool ends(const Constants c, const std::size_t n, const double *__restrict__ tau,
              const double *__restrict__ x1, const double *__restrict__ dgamma,
              double *__restrict__ end)
    {
      long long n_far = 0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const double share = taylor::stiffness(x1[i], c.inverse_u_a);
        const double linear = tau[i] * c.inverse_g0;
        const double s2 = tau[i] * tau[i];
        const double a = s2 * c.inverse_tau_a_squared, b = s2 * s2 * c.inverse_tau_b_fourth;
        const double gamma_el = linear * (1.0 / share + 2.0 / 3.0 * a + 0.6 * b) + dgamma[i];

        const taylor::BranchTerms terms = taylor::branch_terms(
            gamma_el * gamma_el, share, c.g0, c.inverse_tau_a_squared, c.inverse_tau_b_fourth);
        n_far += taylor::far_out(terms);
        end[i] = terms.modulus * taylor::secant_share(terms.p, terms.r).secant * gamma_el;
      }
      return n_far == 0;
    }

    /// @return false if a point lies beyond the range of taylor::secant_share()
    SEEM_FOR_WIDE_REGISTERS
    bool energies(const Constants c, const std::size_t n, const double *__restrict__ gamma_el,
                  const double *__restrict__ x1, double *__restrict__ tau,
                  double *__restrict__ energy)
    {
      long long n_far = 0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const double share = taylor::stiffness(x1[i], c.inverse_u_a);
        const taylor::BranchTerms terms =
            taylor::branch_terms(gamma_el[i] * gamma_el[i], share, c.g0, c.inverse_tau_a_squared,
                                 c.inverse_tau_b_fourth);
        n_far += taylor::far_out(terms);
        tau[i] = terms.modulus * taylor::secant_share(terms.p, terms.r).secant * gamma_el[i];
        energy[i] = taylor::strain_and_energy(tau[i], share, c.inverse_g0, c.inverse_tau_a_squared,
                                              c.inverse_tau_b_fourth)
                        .energy_density;
      }
      return n_far == 0;
    }

    /// @return false if a point lies beyond the range of taylor::branch_moduli()
    SEEM_FOR_WIDE_REGISTERS
    bool moduli_of(const Constants c, const std::size_t n, const double *__restrict__ square,
                   const double *__restrict__ x1, double *__restrict__ secant,
                   double *__restrict__ tangent)
    {
      long long n_far = 0;
      for (std::size_t i = 0; i < n; ++i)
      {
        const double share = taylor::stiffness(x1[i], c.inverse_u_a);
        const taylor::BranchTerms terms = taylor::branch_terms(
            square[i], share, c.g0, c.inverse_tau_a_squared, c.inverse_tau_b_fourth);
        n_far += taylor::far_out(terms);
        const taylor::BranchModuli m = taylor::branch_moduli(terms);
        secant[i] = m.secant;
        tangent[i] = m.tangent;
      }
      return n_far == 0;
    }
  } // namespace

  void TaylorElasticity::branch_moduli(const std::size_t n, const double *const square,
                                       const double *const x1, double *const secant,
                                       double *const tangent) const
  {
    if (!moduli_of({g0, inverse_g0, u_a, inverse_u_a, inverse_tau_a_squared, inverse_tau_b_fourth,
                    units::energy_density(omega)},
                   n, square, x1, secant, tangent))
      Elasticity::branch_moduli(n, square, x1, secant, tangent);
  }

  void TaylorElasticity::branch_energies(const std::size_t n, const double *const gamma_el,
                                         const double *const x1, double *const tau,
                                         double *const energy) const
  {
    if (!energies({g0, inverse_g0, u_a, inverse_u_a, inverse_tau_a_squared, inverse_tau_b_fourth,
                   units::energy_density(omega)},
                  n, gamma_el, x1, tau, energy))
      Elasticity::branch_energies(n, gamma_el, x1, tau, energy);
  }

  void TaylorElasticity::inelastic_energies(const std::size_t n, const double *const energy,
                                            const double u0, const double *const tau,
                                            double *const x1) const
  {
    if (std::isinf(u_a))
      Elasticity::inelastic_energies(n, energy, u0, tau, x1);
    else
      inelastic({g0, inverse_g0, u_a, inverse_u_a, inverse_tau_a_squared, inverse_tau_b_fourth,
                 units::energy_density(omega)},
                n, energy, u0, tau, x1);
  }

  void TaylorElasticity::branch_ends(const std::size_t n, const double *const tau,
                                     const double *const x1, const double *const dgamma,
                                     double *const end) const
  {
    if (!ends({g0, inverse_g0, u_a, inverse_u_a, inverse_tau_a_squared, inverse_tau_b_fourth,
               units::energy_density(omega)},
              n, tau, x1, dgamma, end))
      Elasticity::branch_ends(n, tau, x1, dgamma, end);
  }
} // namespace seem::law
