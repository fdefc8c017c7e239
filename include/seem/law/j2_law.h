// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_J2_LAW_H
#define SEEM_LAW_J2_LAW_H

#include <seem/law/material_law.h>

namespace seem::law
{
  struct J2LawParameters
  {
    double shear_modulus = 0.0; ///< G [GPa], positive
    double bulk_modulus = 0.0;  ///< K [GPa], positive
    double yield_stress = 0.0;  ///< y0, in uniaxial tension [GPa], positive; in shear y0/sqrt(3)
    double hardening = 0.0;     ///< H = d sigma_y/d alpha [GPa]; 0: perfect plasticity
  };

  /**
   * J2 plasticity with linear isotropic hardening (von Mises, small strain): platens that yield,
   * and a deterministic law to compare with. With q = sqrt(3/2 s:s) = sqrt(3) tau, \f[ s = 2G\,
   * (\mathrm{dev}\,\varepsilon - \varepsilon_p),\quad q \le \sigma_y = y_0 + H\alpha,\quad
   * \dot\varepsilon_p = \sqrt{3/2}\,\dot\alpha N,\quad p = K\,\mathrm{tr}\,\varepsilon. \f] y0 is
   * the yield stress in uniaxial tension; simple shear yields at tau = y0/sqrt(3).
   *
   * The increment is the radial return (backward Euler in closed form) from the state of the last
   * advance(): exact on a proportional path however it is cut, of first order in the increment on
   * others. The tangent is the derivative of that return, G_t = G H/(3G + H) and G_s = G q/q_trial;
   * G_t is not let below 1e-4 G, so that perfect plasticity leaves the tangent positive definite.
   *
   * Energy: of the plastic work sigma_y d(alpha) the part H alpha d(alpha) is stored (H alpha^2/2
   * in EnergyDensity::inelastic) and y0 d(alpha) is heat. There are no events.
   *
   * State: see state_layout(); 8 numbers.
   *
   * Source: Simo and Hughes, Computational Inelasticity (Springer 1998), section 3.3, with
   * sigma_y in place of the radius sqrt(2/3) sigma_y.
   */
  class J2Law final : public MaterialLaw
  {
  public:
    /// @throws InputError if G, K or y0 is not positive, H negative, or one of them not finite
    explicit J2Law(const J2LawParameters &parameters);

    std::vector<StateField> state_layout() const override;
    using MaterialLaw::initialise;

    /// @throws InputError if the initial stress is above the yield stress
    void initialise(double *state, const PointData &point,
                    const InitialState &initial) const override;

    /// With the flow from the last advance() to @p strain.
    Response evaluate(const double *state, const SymmetricTensor &strain) const override;
    Activity advance(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                     const SymmetricTensor &strain_end, EventObserver *observer) const override;
    Activity update(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                    const SymmetricTensor &strain_end, Response &response,
                    EventObserver *observer) const override;
    EnergyDensity energy(const double *state, const SymmetricTensor &strain) const override;
    PointFields fields(const double *state, const SymmetricTensor &strain) const override;

  private:
    struct Return;

    /// The radial return at total strain @p strain.
    Return radial_return(const double *state, const SymmetricTensor &strain) const;

    Response respond(const Return &r, const SymmetricTensor &strain) const;

    /// Make the flow of @p r part of @p state.
    Activity accept(double *state, const Return &r) const;

    J2LawParameters parameters;
  };
} // namespace seem::law

#endif
