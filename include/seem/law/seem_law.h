// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_SEEM_LAW_H
#define SEEM_LAW_SEEM_LAW_H

#include <seem/law/elasticity.h>
#include <seem/law/event_source.h>
#include <seem/law/material_law.h>

#include <cstdint>
#include <memory>

namespace seem::law
{
  /// What to do with a drawn jump that would create energy, D = -(Delta u_el + dX1) < 0.
  enum class EnergyBound
  {
    report, ///< keep it and count it; the energy balance carries the negative heat
    redraw, ///< draw again from the same statistics; after a fixed number of failures, clip
    clip    ///< lower dX1 to the bound, D = 0
  };

  struct SeemLawParameters
  {
    double bulk_modulus = 0.0; ///< K [GPa]; no sane default, must be set
    std::uint64_t seed = 1;    ///< of the random numbers
    EnergyBound energy_bound = EnergyBound::report;
    bool record = true; ///< false: every forward increment draws hazard, reloading too

    /**
     * Scatter of the plastic strain of an event about the stress deviator: its direction is that of
     * N + spread * xi, xi a deviator of independent normal numbers orthogonal to N. 0: along N.
     */
    double direction_spread = 0.0;
    bool plane_strain = false; ///< no scatter out of the xy plane: xz and yz stay zero

    unsigned int max_events_per_update = 100000; ///< more in one update: Activity::admissible_share
  };

  /**
   * The stochastic evolution elasto-plastic law (SEEM) at a material point, small strain, 3D or
   * plane strain.
   *
   * Between events the point is hyperelastic in the deviatoric elastic strain e = dev(strain) - e_p
   * at constant X: gamma_el = sqrt(2 e:e), tau = tau(gamma_el, X1) by the Elasticity, s = sqrt(2)
   * tau N with N = e/|e|, p = K tr(strain). Its shear clock runs with gamma_el where it exceeds its
   * record since the last event; when the used-up hazard reaches a unit-exponential threshold an
   * event moves (tau, X) -> (tau - dtau/m, X + dX/m) along N at fixed strain, de_p = (g(before) -
   * g(after))/sqrt(2) N. The record is reset by an event and where e turns against its record
   * (e:e_record < 0). Between events the point is reversible, so unloading and reloading draw no
   * hazard.
   *
   * Since X is constant between events, the gamma_el of the next event on the present branch is
   * known as soon as the clock starts (firing_strain()). An update only asks whether the path gets
   * there, so its result does not depend on the increments, and an update without an event costs no
   * more than an elastic one.
   *
   * With a direction_spread the plastic strain of an event points at random around N. The stress
   * drops by the same dtau, so the heat is that of the coaxial event and no bound is touched: e
   * changes from |e| = g(before)/sqrt(2) to g(after)/sqrt(2) along the drawn direction, turned back
   * towards N as far as that needs.
   *
   * State: see state_layout(); M + 17 numbers.
   *
   * Source: Xu et al., Stochastic evolution elasto-plastic modeling of a metallic glass (2024),
   * Eqs. (3), (4) and (7); the tensor form is described in doc/theory.md.
   */
  class SeemLaw final : public MaterialLaw
  {
  public:
    /// @throws InputError if the bulk modulus is not positive
    SeemLaw(std::shared_ptr<const Elasticity> elasticity, std::shared_ptr<const EventSource> source,
            const SeemLawParameters &parameters);

    std::vector<StateField> state_layout() const override;
    using MaterialLaw::initialise;
    void initialise(double *state, const PointData &point,
                    const InitialState &initial) const override;
    Response evaluate(const double *state, const SymmetricTensor &strain) const override;
    Activity advance(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                     const SymmetricTensor &strain_end, EventObserver *observer) const override;
    double share_to_next_event(const double *state, const PointData &point,
                               const SymmetricTensor &strain_begin,
                               const SymmetricTensor &strain_end) const override;
    Activity update(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                    const SymmetricTensor &strain_end, Response &response,
                    EventObserver *observer) const override;
    void evaluate_points(std::size_t n, const double *states, std::size_t stride,
                         const SymmetricTensor *strains, SymmetricTensor *stresses,
                         Tangent *tangents) const override;
    std::size_t advance_quiet_points(std::size_t n, double *states, std::size_t stride,
                                     const SymmetricTensor *strain_begin,
                                     const SymmetricTensor *strain_end, Activity &activity,
                                     std::size_t *others) const override;
    EnergyDensity energy(const double *state, const SymmetricTensor &strain) const override;
    PointFields fields(const double *state, const SymmetricTensor &strain) const override;
    void measure_points(std::size_t n, const double *states, std::size_t stride,
                        const SymmetricTensor *strains, EnergyDensity *energies,
                        PointFields *fields) const override;

  private:
    struct PointState;
    class Update;
    struct Increment;

    /// Stress and tangent at the elastic strain deviator @p e with @p square = e:e.
    void respond(double x1, const SymmetricTensor &e, double square, double volume_strain,
                 Response &response) const;

    /// energy() of the numbers @p slots of a state behind its X; @p shear_energy: of its branch.
    EnergyDensity energy(const double *slots, double x1, double shear_energy,
                         double volume_strain) const;

    /// fields() of the same at the shear stress @p tau.
    PointFields fields(const double *slots, double x1, double tau) const;

    /// A jump, its heat D per unit volume [GPa], and whether the first draw had D < 0.
    struct DrawnJump
    {
      DrawnEvent event;         ///< as drawn, its jump divided by m
      double gamma_after = 0.0; ///< elastic shear strain after it [-]
      double heat = 0.0;
      bool gaining = false;
    };

    /// Draw the jump of event @p number at @p before, divided by m, with the energy bound applied.
    DrawnJump draw_jump(const RandomStream &stream, std::uint32_t number, const RandomWords &words,
                        const State &before, double volume_ratio) const;

    /// Unit direction of the plastic strain of event @p number under the unit deviator @p n.
    SymmetricTensor scattered(const RandomStream &stream, std::uint32_t number,
                              const SymmetricTensor &n) const;

    std::shared_ptr<const Elasticity> elasticity;
    std::shared_ptr<const EventSource> source;
    SeemLawParameters parameters;
    std::size_t n_x;      ///< M
    double energy_per_x1; ///< energy density of 1 eV per atom [GPa]
  };
} // namespace seem::law

#endif
