// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_MEAN_FLOW_LAW_H
#define SEEM_LAW_MEAN_FLOW_LAW_H

#include <seem/law/elasticity.h>
#include <seem/law/event_source.h>
#include <seem/law/material_law.h>
#include <seem/law/seem_law.h>

#include <cstdint>
#include <memory>

namespace seem::law
{
  struct MeanFlowLawParameters
  {
    double bulk_modulus = 0.0; ///< K [GPa]; no sane default, must be set
    EnergyBound energy_bound = EnergyBound::report;
    bool record = true; ///< false: every forward increment flows, reloading too

    /// Length of a sub-step in shear strain [-]: the error is of first order in it.
    double sub_step = 1e-5;

    /// More sub-steps in one update: Activity::admissible_share, or StepError from evaluate().
    std::uint64_t max_sub_steps = 1000000;
  };

  /**
   * The deterministic limit m -> infinity of SeemLaw: infinitely many events, each infinitely
   * small, so that only their mean is felt. Elasticity, shear clock, record, unloading and reversal
   * are those of SeemLaw; where the clock runs by d(gamma), \f[ dX = \lambda\langle\Delta
   * X\rangle\,d\gamma,\quad d\tau = (G_t - \lambda\langle\Delta\tau\rangle)\,d\gamma,\quad
   * d\gamma_p = \lambda\,[\langle\Delta\tau\rangle/G_t - (\partial g/\partial
   * X_1)\langle\Delta X_1\rangle]\,d\gamma, \f] with the means over EventSource::for_each_jump() at
   * the present state and the plastic strain along N. In steady state G_t = lambda <dtau>. m and
   * the key of a point do nothing. There are no events: the dissipation is Activity::heat.
   *
   * Energy bound: for an infinitely small jump D >= 0 is linear, with w_el the elastic energy
   * density and E the density of 1 eV per atom, \f[ D = (\tau/G_t)\,\Delta\tau - (\partial
   * w_{el}/\partial X_1 + E)\,\Delta X_1 \ge 0. \f] It is applied to each possible jump: `clip`
   * lowers its dX1 to D = 0, `redraw` takes the mean over the jumps that satisfy it (of the clipped
   * ones if there is none), `report` keeps it.
   *
   * Integration: the path is cut into sub-steps of a fixed length (the last is what remains), each
   * an elastic step at constant X and then the mean jump at fixed strain, dtau and dX with the
   * means at the begin of the sub-step, the strain by the elastic strain function. That is Euler's
   * rule, and a SeemLaw whose events come evenly: first law and elasticity hold exactly in each
   * sub-step. A higher order is not to be had, since the means are constant in the bins of (tau, X)
   * and jump between them; the solution may slide along an edge where the flow on either side
   * points to it (Filippov's solution), and then the sub-steps alternate between the sides and keep
   * the right mean. How a path is cut moves the result by O(sub_step). Below zero stress nothing
   * flows: a mean jump that would turn the stress is cut short there.
   *
   * Above the highest sampled stress the rate is infinite (Support::forced). The limit is a
   * relaxation at once to that stress, along the mean jump there: (dtau, dX) = a (<dtau>, <dX>)
   * with a such that tau ends at the edge.
   *
   * evaluate() flows along the straight path from the strain of the last advance(), so that
   * equilibrium can be found; it costs what advance() costs, one pass over the pool's jumps per
   * sub-step: 0.2 microseconds for 12 jumps, so 20 for a strain increment of 1e-3. Its tangent is
   * the derivative of that flow on a proportional path, G_t along N elastoplastic; G_t is not let
   * below 1 % of the elastic one, so that it stays positive definite where the stress falls with
   * strain. It is a quasi-Newton tangent there, and where a path turns.
   *
   * State: see state_layout(); M + 19 numbers.
   */
  class MeanFlowLaw final : public MaterialLaw
  {
  public:
    /// @throws InputError if the bulk modulus or the sub-step is not positive
    MeanFlowLaw(std::shared_ptr<const Elasticity> elasticity,
                std::shared_ptr<const EventSource> source, const MeanFlowLawParameters &parameters);

    std::vector<StateField> state_layout() const override;
    using MaterialLaw::initialise;
    void initialise(double *state, const PointData &point,
                    const InitialState &initial) const override;

    /**
     * With the flow from the strain of the last advance() to @p strain.
     * @throws StepError if that is more than max_sub_steps
     * @throws Error     if an event is forced whose mean does not lower the stress
     */
    Response evaluate(const double *state, const SymmetricTensor &strain) const override;

    /// @throws Error if an event is forced whose mean does not lower the stress
    Activity advance(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                     const SymmetricTensor &strain_end, EventObserver *observer) const override;
    Activity update(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                    const SymmetricTensor &strain_end, Response &response,
                    EventObserver *observer) const override;
    EnergyDensity energy(const double *state, const SymmetricTensor &strain) const override;
    PointFields fields(const double *state, const SymmetricTensor &strain) const override;

  private:
    struct PointState;
    class Flow;

    /// Stress and tangent at @p strain, where @p flow has left @p p.
    Response respond(const PointState &p, const Flow &flow, const SymmetricTensor &strain) const;

    /// The mean jump at @p state, tau >= 0, with the energy bound applied.
    Jump mean_jump(const State &state) const;

    std::shared_ptr<const Elasticity> elasticity;
    std::shared_ptr<const EventSource> source;
    MeanFlowLawParameters parameters;
    std::size_t n_x;      ///< M
    double energy_per_x1; ///< energy density of 1 eV per atom [GPa]
  };
} // namespace seem::law

#endif
