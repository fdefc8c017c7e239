// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_PAPER_ELASTICITY_H
#define SEEM_LAW_PAPER_ELASTICITY_H

#include <seem/law/elasticity.h>

namespace seem::law
{
  /**
   * What the paper does (Xu et al. 2024): the energy of Eq. (7), but stress stepped with
   * \f$ G = G_0 (1 - X_1/u_A) \f$, so g = tau/G and G_t = G.
   *
   * Inconsistent on purpose, for comparison with the paper in the point model only: d(u_el) is not
   * Omega tau dg, so that every branch loses or gains energy. At tau = 2 GPa and X1 = 0.01 eV, with
   * the constants of its Table I, G_t is 23.3 GPa where the energy asks for 13.6. A body that is
   * made of it has no energy balance, and a solver that relies on one must refuse it.
   *
   * X1 is capped at 0.9 uA in all functions, as in TaylorElasticity.
   */
  class PaperElasticity final : public Elasticity
  {
  public:
    /**
     * The constants of Eq. (7), as for TaylorElasticity.
     * @throws InputError as TaylorElasticity does
     */
    PaperElasticity(double g0, double u_a, double tau_a, double tau_b, double atomic_volume);

    /// That of Eq. (7): not the work along a branch.
    double energy_density(double tau, double x1) const override
    {
      return energy.energy_density(tau, x1);
    }

    double elastic_strain(double tau, double x1) const override
    {
      return stepping.elastic_strain(tau, x1);
    }

    double tangent(double tau, double x1) const override
    {
      return stepping.tangent(tau, x1);
    }

    double stress(double gamma_el, double x1) const override
    {
      return stepping.stress(gamma_el, x1);
    }

    /// With Eq. (7).
    double inelastic_energy(double excess_energy, double tau) const override
    {
      return energy.inelastic_energy(excess_energy, tau);
    }

    bool capped(double x1) const override
    {
      return energy.capped(x1);
    }

    double atomic_volume() const override
    {
      return energy.atomic_volume();
    }

  private:
    TaylorElasticity energy;   ///< Eq. (7)
    TaylorElasticity stepping; ///< G0 (1 - X1/uA)
  };
} // namespace seem::law

#endif
