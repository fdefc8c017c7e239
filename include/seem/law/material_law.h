// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_MATERIAL_LAW_H
#define SEEM_LAW_MATERIAL_LAW_H

#include <seem/core/random_stream.h>
#include <seem/core/state.h>
#include <seem/law/event_source.h>
#include <seem/law/tensor.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace seem::law
{
  /// What the law must know of a point besides its state; constant in time.
  struct PointData
  {
    PointKey key;              ///< name of the point for its random numbers
    double volume_ratio = 1.0; ///< m = V_q/V_RVE: rates times m, jumps over m [-]
  };

  /**
   * Tangent of a law whose stress deviator is coaxial with a strain deviator: with N the unit
   * direction, C = K 1(x)1 + 2 G_t N(x)N + 2 G_s (P_dev - N(x)N). Elastic, J2 and the stochastic
   * law all have this form.
   */
  struct Tangent
  {
    double bulk;               ///< K [GPa]
    double shear;              ///< G_t along N [GPa]
    double secant;             ///< G_s = tau/gamma_el across N [GPa]
    SymmetricTensor direction; ///< N, N:N = 1, or zero where there is no direction
  };

  /// Stress and tangent at a strain, events frozen.
  struct Response
  {
    SymmetricTensor stress; ///< Cauchy stress [GPa]
    Tangent tangent;
  };

  /// Energies of a point, per unit volume.
  struct EnergyDensity
  {
    double elastic = 0.0;   ///< recoverable: shear and bulk [GPa]
    double inelastic = 0.0; ///< stored in the structure: X1 as an energy density, hardening [GPa]
    double heat = 0.0;      ///< dissipated since initialise() at fixed strain [GPa]
  };

  /// What happened at a point, or at many, while the strain advanced. Sums; add them up freely.
  struct Activity
  {
    unsigned int n_events = 0;  ///< plastic events fired
    unsigned int n_outside = 0; ///< of them, drawn outside the visited states
    unsigned int n_forced = 0;  ///< of them, forced above the highest sampled stress
    unsigned int n_capped = 0;  ///< of them, beyond the cap on X1
    unsigned int n_gaining =
        0; ///< of them, D < 0: broke the thermodynamic bound (kept, redrawn or clipped by option)
    double heat = 0.0; ///< dissipation per unit volume; of events D = -(Delta u_el + dX1) [GPa]
    double forward_strain = 0.0;  ///< shear-clock strain with hazard [-]
    double backward_strain = 0.0; ///< path without hazard: unloading and reloading [-]

    /// Below 1: the step failed; advance no further than this share of its path. See
    /// MaterialLaw::advance().
    double admissible_share = 1.0;

    /// Plastic shear strain of the events: elastic shear strain lost, g(before) - g(after), summed
    /// [-].
    double plastic_shear = 0.0;

    /// Add the counts; the smaller admissible share holds for both.
    Activity &operator+=(const Activity &other);
  };

  /// One plastic event as it happened.
  struct EventRecord
  {
    PointKey key;
    unsigned int number;  ///< running number of the event at this point, from 0
    double path;          ///< where in the increment, 0..1
    State before;         ///< state just before, tau >= 0
    Jump jump;            ///< the jump made, already divided by m
    double heat;          ///< D per unit volume [GPa]
    double plastic_shear; ///< elastic shear strain lost, g(before) - g(after) [-]
    Support support;
  };

  /// Receives the events of an update.
  class EventObserver
  {
  public:
    virtual ~EventObserver() = default;
    virtual void event(const EventRecord &record) = 0;
  };

  /// Scalars of a point for output.
  struct PointFields
  {
    double tau = 0.0;           ///< sqrt(s:s/2) [GPa]
    double x1 = 0.0;            ///< [eV per atom]
    double plastic_shear = 0.0; ///< sqrt(2 e_p:e_p) [-]
    unsigned int n_events = 0;
  };

  /// One group of numbers in a point's state.
  struct StateField
  {
    std::string name;
    std::string unit;
    std::size_t size;
  };

  /// The (tau, X) that a volume starts from, by its name; asked once for every volume of a point.
  /// Entries of X behind X1 may be NaN, not known: EventSource::completed() gives them.
  using InitialState = std::function<State(const PointKey &)>;

  /**
   * The one interface through which a solver sees a material: small strain, any dimension (plane
   * strain has zero xz, yz, zz).
   *
   * A point's state is a flat array of state_size() doubles that the caller keeps, copies, rolls
   * back and stores (PointStates does that); a law has none of its own. Every function is pure in
   * its arguments: the same call gives the same bits. Strains are total, stresses GPa, tension
   * positive.
   *
   * Errors are of two kinds. Where a shorter step helps, advance() says how far it may go. What no
   * step cures is an exception.
   */
  class MaterialLaw
  {
  public:
    virtual ~MaterialLaw() = default;

    /// Names, units and sizes of the state's parts, in order.
    virtual std::vector<StateField> state_layout() const = 0;

    /// Number of doubles of a state: the sum over state_layout().
    std::size_t state_size() const;

    /**
     * Set up @p state for a point of initial @p initial (tau along N = simple shear xy). Initial
     * stress enters as the negative of a plastic strain: at zero total strain the point carries it.
     */
    virtual void initialise(double *state, const PointData &point,
                            const InitialState &initial) const = 0;

    /// The same for a point whose volumes all start from one state.
    void initialise(double *state, const PointData &point, const State &initial) const
    {
      initialise(state, point, [&](const PointKey &) { return initial; });
    }

    /**
     * Stress and tangent at total strain @p strain with the events frozen. A law that flows without
     * events (J2, mean flow) does so here, along the straight path from where advance() left it.
     */
    virtual Response evaluate(const double *state, const SymmetricTensor &strain) const = 0;

    /**
     * Let the point follow the straight path from @p strain_begin to @p strain_end, both equilibria
     * or trial equilibria, with all events on the way. The result does not depend on how a path is
     * cut into pieces; if the law flows without events, to the order that it documents.
     * @param[in,out] state  in: at strain_begin; out: at strain_end. Unchanged if the returned
     * Activity::admissible_share is below 1: the path was too long (too many events), the caller
     * rolls back and follows no more than that share of it
     * @param[in] observer   told of every event, or nullptr
     * @throws InputError    a strain is not finite
     */
    virtual Activity advance(double *state, const PointData &point,
                             const SymmetricTensor &strain_begin, const SymmetricTensor &strain_end,
                             EventObserver *observer = nullptr) const = 0;

    /**
     * Where on the straight path from @p strain_begin to @p strain_end the first event of the point
     * happens, if the path is followed from the state @p state: the EventRecord::path that
     * advance() would tell first. Nothing is changed; up to there the point is elastic.
     * @return share of the path, 0..1; infinity if no event happens on it
     * @throws InputError    a strain is not finite
     */
    virtual double share_to_next_event(const double *state, const PointData &point,
                                       const SymmetricTensor &strain_begin,
                                       const SymmetricTensor &strain_end) const;

    /**
     * advance() with the stress and tangent at @p strain_end, what both need being computed once:
     * what a program calls at a step whose strains are given. The tangent is that of evaluate()
     * with the events frozen after advance(); of a law that flows without events, before it: the
     * derivative of the increment.
     * @param[out] response  untouched if admissible_share is below 1
     * @throws InputError    a strain is not finite
     */
    virtual Activity update(double *state, const PointData &point,
                            const SymmetricTensor &strain_begin, const SymmetricTensor &strain_end,
                            Response &response, EventObserver *observer = nullptr) const;

    /**
     * evaluate() of many points in one call, with the bits of the single calls: what a solver that
     * keeps its points in arrays calls.
     * @param[in]  states    the state of point i begins at states + i stride; stride 0: one state
     * for all points
     * @param[in]  strains   total strains, [n]
     * @param[out] stresses  [GPa], [n]; undefined after an exception
     * @param[out] tangents  [GPa], [n]; undefined after an exception
     * @throws what evaluate() throws for one of the points
     */
    virtual void evaluate_points(std::size_t n, const double *states, std::size_t stride,
                                 const SymmetricTensor *strains, SymmetricTensor *stresses,
                                 Tangent *tangents) const;

    /**
     * advance() of those of many points that pass without an event, in one call, with the bits of
     * the single calls. The others are listed and stay as they are: they are for advance(). A law
     * may list a point that has no event; this one lists all. Nothing is thrown: a strain that is
     * not finite is for advance(), too.
     * @param[in,out] states        the state of point i begins at states + i stride
     * @param[in]     strain_begin  [n]
     * @param[in]     strain_end    [n]
     * @param[in,out] activity      the clock strains of the points not listed are added
     * @param[out]    others        [n] indices of the points listed, ascending
     * @return number of points listed
     */
    virtual std::size_t advance_quiet_points(std::size_t n, double *states, std::size_t stride,
                                             const SymmetricTensor *strain_begin,
                                             const SymmetricTensor *strain_end, Activity &activity,
                                             std::size_t *others) const;

    /// Energies at total strain @p strain, where advance() left the point. A law with events is
    /// hyperelastic between them: it gives the energies at any strain, with the events frozen.
    virtual EnergyDensity energy(const double *state, const SymmetricTensor &strain) const = 0;

    /// Scalars for output at total strain @p strain, where advance() left the point.
    virtual PointFields fields(const double *state, const SymmetricTensor &strain) const = 0;

    /**
     * energy() and fields() of many points in one call, with the bits of the single calls.
     * @param[in]  states    as for evaluate_points()
     * @param[in]  strains   total strains, [n]
     * @param[out] energies  [n]
     * @param[out] fields    [n]
     */
    virtual void measure_points(std::size_t n, const double *states, std::size_t stride,
                                const SymmetricTensor *strains, EnergyDensity *energies,
                                PointFields *fields) const;
  };
} // namespace seem::law

#endif
