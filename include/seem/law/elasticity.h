// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_ELASTICITY_H
#define SEEM_LAW_ELASTICITY_H

#include <seem/core/units.h>

#include <cmath>
#include <cstddef>

namespace seem::law
{
  /// A place on an elastic branch.
  struct BranchPoint
  {
    double tau;     ///< shear stress [GPa]
    double tangent; ///< G_t = d tau/d gamma_el there [GPa]
  };

  /// Moduli at a place of an elastic branch.
  struct Moduli
  {
    double secant;  ///< G_s = tau/gamma_el [GPa]; at zero strain its limit, G_t
    double tangent; ///< G_t = d tau/d gamma_el [GPa]
  };

  /// What belongs to a shear stress on an elastic branch.
  struct StrainAndEnergy
  {
    double elastic_strain; ///< g(tau, X1) [-]
    double energy_density; ///< [GPa]
  };

  /**
   * Shear elasticity of the glass between two plastic events, at constant inelastic energy X1: one
   * consistent set of energy, elastic strain and tangent. All functions of tau are odd or even in
   * it as physics asks, so either sign works.
   *
   * Consistency, held by tests for every implementation but PaperElasticity: d(elastic_energy) =
   * Omega tau d(elastic_strain), and tangent = d tau / d(elastic_strain).
   */
  class Elasticity
  {
  public:
    virtual ~Elasticity() = default;

    /// Elastic energy per unit volume [GPa] at shear stress @p tau [GPa] and @p x1 [eV per atom].
    virtual double energy_density(double tau, double x1) const = 0;

    /// The same as an energy per atom, u_el [eV].
    double elastic_energy(const double tau, const double x1) const
    {
      return energy_density(tau, x1) / units::energy_density(atomic_volume());
    }

    /// Elastic shear strain gamma_el = g(tau, X1) [-].
    virtual double elastic_strain(double tau, double x1) const = 0;

    /// Tangent modulus G_t = d tau / d gamma_el [GPa].
    virtual double tangent(double tau, double x1) const = 0;

    /// The inverse of elastic_strain(): tau [GPa] at elastic shear strain @p gamma_el [-].
    virtual double stress(double gamma_el, double x1) const = 0;

    /// elastic_strain() and energy_density() in one call.
    virtual StrainAndEnergy strain_and_energy(double tau, double x1) const
    {
      return {elastic_strain(tau, x1), energy_density(tau, x1)};
    }

    /// stress() and the tangent() there in one call.
    virtual BranchPoint branch_point(double gamma_el, double x1) const
    {
      const double tau = stress(gamma_el, x1);
      return {tau, tangent(tau, x1)};
    }

    /**
     * Secant and tangent modulus where the elastic strain deviator e has 2 e:e = gamma_el^2 =
     * @p square: all that a stress tensor and its tangent need, and even in gamma_el, so that no
     * root of the square has to be taken.
     */
    virtual Moduli moduli(double square, double x1) const
    {
      const double gamma_el = std::sqrt(square);
      const BranchPoint branch = branch_point(gamma_el, x1);
      return {branch.tau > 0.0 ? branch.tau / gamma_el : branch.tangent, branch.tangent};
    }

    /**
     * moduli() of many points; the bits are those of the single calls.
     * @param[in]  square   2 e:e = gamma_el^2 [-], [n]
     * @param[in]  x1       [eV per atom], [n]
     * @param[out] secant   G_s [GPa], [n]; must not overlap the others
     * @param[out] tangent  G_t [GPa], [n]; must not overlap the others
     */
    virtual void branch_moduli(const std::size_t n, const double *const square,
                               const double *const x1, double *const secant,
                               double *const tangent) const
    {
      for (std::size_t i = 0; i < n; ++i)
      {
        const Moduli m = moduli(square[i], x1[i]);
        secant[i] = m.secant;
        tangent[i] = m.tangent;
      }
    }

    /**
     * stress() of many points and the energy_density() there; the bits are those of the single
     * calls.
     * @param[in]  gamma_el  elastic shear strain [-], [n]
     * @param[in]  x1        [eV per atom], [n]
     * @param[out] tau       [GPa], [n]; must not overlap the others
     * @param[out] energy    energy density [GPa], [n]; must not overlap the others
     */
    virtual void branch_energies(const std::size_t n, const double *const gamma_el,
                                 const double *const x1, double *const tau,
                                 double *const energy) const
    {
      for (std::size_t i = 0; i < n; ++i)
      {
        tau[i] = stress(gamma_el[i], x1[i]);
        energy[i] = energy_density(tau[i], x1[i]);
      }
    }

    /**
     * X1 [eV per atom] from the potential energy: the solution of X1 = excess - u_el(tau, X1), Eq.
     * (5) of the paper, with this model's u_el.
     * @param[in] excess_energy  u - u0 [eV per atom]
     * @param[in] tau            shear stress [GPa]
     */
    virtual double inelastic_energy(double excess_energy, double tau) const = 0;

    /**
     * inelastic_energy() of many rows, x1[i] of energy[i] - @p u0 and tau[i]; the bits are those of
     * the single calls.
     * @param[in]  energy  u [eV per atom], [n]
     * @param[in]  tau     shear stress [GPa], [n]
     * @param[out] x1      [eV per atom], [n]; must not overlap the others
     */
    virtual void inelastic_energies(const std::size_t n, const double *const energy,
                                    const double u0, const double *const tau,
                                    double *const x1) const
    {
      for (std::size_t i = 0; i < n; ++i)
        x1[i] = inelastic_energy(energy[i] - u0, tau[i]);
    }

    /**
     * Where many elastic branches lead: stress() at elastic_strain(tau[i], x1[i]) + dgamma[i], at
     * constant X1; the bits are those of the single calls.
     * @param[in]  tau     shear stress at the beginning [GPa], [n]
     * @param[in]  x1      [eV per atom], [n]
     * @param[in]  dgamma  strain increment [-], [n]
     * @param[out] end     shear stress at the end [GPa], [n]; must not overlap the others
     */
    virtual void branch_ends(const std::size_t n, const double *const tau, const double *const x1,
                             const double *const dgamma, double *const end) const
    {
      for (std::size_t i = 0; i < n; ++i)
        end[i] = stress(elastic_strain(tau[i], x1[i]) + dgamma[i], x1[i]);
    }

    /// True if X1 is so large that the model is capped there.
    virtual bool capped(double x1) const = 0;

    /// Volume per atom Omega [Angstrom^3].
    virtual double atomic_volume() const = 0;
  };


  /**
   * The paper's elasticity (Xu et al. 2024, Eq. 7) and what follows from it by d u_el = Omega tau d
   * gamma: \f[ u_{el} = \frac{\Omega\tau^2}{2G_0}\Big[c + (\tau/\tau_A)^2 +
   * (\tau/\tau_B)^4\Big],\quad g = \frac{\tau}{G_0}\Big[c + \tfrac23(\tau/\tau_A)^2 +
   * \tfrac35(\tau/\tau_B)^4\Big],\quad G_t = G_0\Big/\Big[c + 2(\tau/\tau_A)^2 +
   * 3(\tau/\tau_B)^4\Big],\quad c = \frac1{1 - X_1/u_A}. \f] With tau_A = tau_B = infinity it is
   * the linear law G = G0 (1 - X1/uA). In c, X1 is capped at 0.9 uA, for energy, strain and tangent
   * together.
   */
  class TaylorElasticity final : public Elasticity
  {
  public:
    /**
     * @param[in] g0             G0 [GPa], positive
     * @param[in] u_a            uA [eV per atom], positive; infinity: no softening by X1
     * @param[in] tau_a          tauA [GPa], positive; infinity leaves its term out
     * @param[in] tau_b          tauB [GPa], positive; infinity leaves its term out
     * @param[in] atomic_volume  Omega [Angstrom^3], positive
     * @throws InputError if one of them is not positive, or G0 or Omega not finite
     */
    TaylorElasticity(double g0, double u_a, double tau_a, double tau_b, double atomic_volume);

    double energy_density(double tau, double x1) const override;
    double elastic_strain(double tau, double x1) const override;
    StrainAndEnergy strain_and_energy(double tau, double x1) const override;
    double tangent(double tau, double x1) const override;
    double stress(double gamma_el, double x1) const override;
    BranchPoint branch_point(double gamma_el, double x1) const override;
    Moduli moduli(double square, double x1) const override;
    void branch_moduli(std::size_t n, const double *square, const double *x1, double *secant,
                       double *tangent) const override;
    void branch_energies(std::size_t n, const double *gamma_el, const double *x1, double *tau,
                         double *energy) const override;
    bool capped(double x1) const override;

    double atomic_volume() const override
    {
      return omega;
    }

    /// Exact, in closed form: a quadratic equation in 1 - X1/uA.
    double inelastic_energy(double excess_energy, double tau) const override;

    void inelastic_energies(std::size_t n, const double *energy, double u0, const double *tau,
                            double *x1) const override;
    void branch_ends(std::size_t n, const double *tau, const double *x1, const double *dgamma,
                     double *end) const override;

    /// The first-order closed form of the same, Eq. (8).
    double inelastic_energy_first_order(double excess_energy, double tau) const;

  private:
    /// 1 - X1/uA with X1 capped at 0.9 uA: G/G0 at zero stress.
    double stiffness(double x1) const;

    /// moduli() beyond the range of its fit; @p share is stiffness().
    Moduli moduli_far_out(double square, double share) const;

    /// c = 1/(1 - X1/uA) with X1 capped at 0.9 uA.
    double softening(double x1) const;

    double g0;
    double inverse_g0; ///< [1/GPa]
    double u_a;
    double inverse_u_a;           ///< 1/uA [1/eV]
    double inverse_tau_a_squared; ///< 1/tauA^2 [1/GPa^2]
    double inverse_tau_b_fourth;  ///< 1/tauB^4 [1/GPa^4]
    double omega;
  };
} // namespace seem::law

#endif
