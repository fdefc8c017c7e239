// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MATERIAL_POINTS_H
#define SEEM_SOLVER_MATERIAL_POINTS_H

#include <seem/law/material_law.h>
#include <seem/law/point_states.h>
#include <seem/solver/point_tangent.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace seem::solver
{
  /// Energies of the points of this rank, integrated over their volumes [GPa nm^3].
  struct StoredEnergy
  {
    double elastic = 0.0;
    double inelastic = 0.0;
  };

  /// What a state of the law belongs to.
  enum class StateSupport
  {
    point, ///< every quadrature point has its own
    cell   ///< the quadrature points of a cell share one
  };

  /// What happened while all states of this rank advanced.
  struct AdvanceSummary
  {
    law::Activity activity;           ///< counts and strains summed; `heat` unused
    unsigned long n_fired_states = 0; ///< states with at least one event
    double event_heat = 0.0;          ///< see MaterialPoints::advance() [GPa nm^3]
    double lag_heat = 0.0;            ///< see MaterialPoints::advance() [GPa nm^3]
    double plastic_shear = 0.0;       ///< of the events, over the volume of their states [nm^3]
  };

  /// An update of a state that could not be made: all that is needed to repeat it.
  struct FailedUpdate
  {
    law::PointData data;
    std::vector<double> state; ///< before the update, MaterialLaw::state_layout()
    law::SymmetricTensor strain_begin, strain_end;
    std::string message;           ///< of the error
    double admissible_share = 0.0; ///< of the path, if a shorter one may do; else 0
    unsigned int material = 0;     ///< index of the law in MaterialLaws::laws
  };

  /// Which law each state of a body follows.
  struct MaterialLaws
  {
    /// The materials of the body; the first is the one that the run is about.
    std::vector<const law::MaterialLaw *> laws;
    /// [n_states] index into laws; empty: all states follow the first one.
    std::vector<unsigned int> law_of_state;
  };

  /**
   * The material points of one rank: the two-level states of their laws (committed and trial) and
   * the fields that travel between law and equilibrium. Arrays are [n_points]; point p belongs to
   * cell p / n_q, quadrature point p % n_q.
   *
   * A state belongs to one point, or to several points in a row that share it (those of a cell).
   * Then its clock and its events follow the volume mean of their strains, and its plastic strain
   * and X are those of all of them; the stress of a point is that of the state at the strain of the
   * point. Between events this is hyperelastic, the stored energy being the sum over the points of
   * V_q W(strain_q, state).
   *
   * The laws are reached only through MaterialLaw; this class knows no mesh and no MPI.
   */
  class MaterialPoints
  {
  public:
    /**
     * @param[in] materials      the laws outlive this object
     * @param[in] data           [n_states] keys and volume ratios of the states
     * @param[in] volumes        [n_points] V_q [nm^3]; n_points is a multiple of n_states, state s
     * belongs to the points s n_points/n_states and following
     * @throws Error if the numbers of points, states and laws do not fit
     */
    MaterialPoints(const MaterialLaws &materials, std::vector<law::PointData> data,
                   std::vector<double> volumes);

    /// The same with one law for all points.
    MaterialPoints(const law::MaterialLaw &law, std::vector<law::PointData> data,
                   std::vector<double> volumes)
        : MaterialPoints(MaterialLaws{{&law}, {}}, std::move(data), std::move(volumes))
    {
    }

    /// Set up the states at zero strain; @p initial gives (tau, X) of a volume by the index of its
    /// first point and its own name.
    void initialise(const std::function<State(std::size_t, const PointKey &)> &initial);

    /// Number of points.
    std::size_t size() const
    {
      return volumes.size();
    }

    std::size_t n_states() const
    {
      return data.size();
    }

    /// Index of the law that @p point follows, in MaterialLaws::laws.
    unsigned int material(std::size_t point) const
    {
      return law_of_state[point / n_shared];
    }

    /// Number of states that follow the first law.
    std::size_t n_main_states() const
    {
      return states.front().n_points();
    }

    /**
     * Stress and tangent of the points from @p begin to before @p end at `strain`, events frozen.
     * Both are multiples of the points per state.
     * @param[out] tangents  [GPa], [end - begin]; they are not kept
     * @throws Error as MaterialLaw::evaluate()
     */
    void evaluate(std::size_t begin, std::size_t end, law::Tangent *tangents);

    /// The same of all points. @return their tangents
    std::vector<law::Tangent> evaluate();

    /**
     * Let every state follow the straight path from the mean of `strain_settled` to that of
     * `strain`, events included, then make `strain` the settled one. The stress of the points of
     * states that fired is renewed; at the others it is that of evaluate().
     *
     * Heat: an event acts on its own points at once but on equilibrium only at the end of the path,
     * whose work was done by the stress with events frozen. So all that the stored energy at the
     * end, E = sum of V_q W(strain_q, state), loses by the events is heat, E(state before) -
     * E(state after). It comes in two parts. event_heat: Activity::heat, D at the mean strain where
     * it happened, times the volume, and what the strains' deviations from the mean add to the
     * loss; lag_heat: the rest, the work over the rest of the path of a stress that was too high by
     * the events. The latter belongs to the heat of re-equilibration. The heat of a law that flows
     * without events is event_heat; it flowed on the way, nothing lags.
     *
     * @throws StepError naming the state that allows the least, if one asks for a shorter path
     * @throws InputError as MaterialLaw::advance()
     */
    AdvanceSummary advance(law::EventObserver *observer);

    /**
     * Let only one state fire, after share_to_next_event(1): every state follows its path up to
     * @p share of it, where the first event of all lies, and the state called @p key makes its
     * event. Of states whose event is no later than @p share plus @p round_off the others stay
     * where they are. The rest of the paths is left for later: `strain_settled` lies on the way to
     * `strain`. Heat and errors as in advance().
     */
    AdvanceSummary advance_to_event(double share, double round_off, const PointKey &key,
                                    law::EventObserver *observer);

    /**
     * Where the first event of this rank lies on the straight paths that advance() would follow, as
     * a share of them; above 1 on the paths prolonged. Nothing is changed.
     * @param[in] reach  the paths are prolonged to this multiple, at least 1
     * @return infinity if there is none within the reach
     * @throws InputError as MaterialLaw::share_to_next_event()
     */
    double share_to_next_event(double reach);

    /// After share_to_next_event(): the smallest key (cell, quadrature point) of the states whose
    /// first event lies at no more than @p share.
    std::optional<PointKey> smallest_key_within(double share) const;

    /// Number of states of this rank that have fired since the last commit() or roll_back(), each
    /// counted once.
    unsigned long n_fired_since_commit() const;

    /// Sum over the points of this rank of V_q times the change of their strain deviator since the
    /// last commit(), sqrt(2 de:de) [nm^3].
    double shear_change_since_commit() const;

    /// Accept the trial states and strains.
    void commit();

    /// Return states and strains to the last commit; evaluate() is due afterwards.
    void roll_back();

    /// Numbers of the law's state @p index.
    std::size_t state_size(std::size_t index) const
    {
      return states[law_of_state[index]].state_size();
    }

    /// Committed state @p index, state_size() numbers.
    const double *committed_state(std::size_t index) const
    {
      return states[law_of_state[index]].committed(slots[index]);
    }

    /// Strain of @p point at the last commit.
    const law::SymmetricTensor &committed_strain(std::size_t point) const
    {
      return last_strain[point];
    }

    /**
     * Take over committed states and strains of another process. evaluate() is due afterwards.
     * @param[in] state_of  [n_states] pointers to state_size() numbers
     * @param[in] strains   [n_points]
     */
    void resume(const std::vector<const double *> &state_of,
                const std::vector<law::SymmetricTensor> &strains);

    /// Names, units and sizes of the parts of the laws' states, by law.
    std::vector<std::vector<law::StateField>> state_layouts() const;

    /// Told of the energies and the fields of a point.
    using Visitor = std::function<void(std::size_t point, const law::EnergyDensity &,
                                       const law::PointFields &)>;

    /// Show @p visit every point of this rank at `strain`, in order.
    void measure(const Visitor &visit) const;

    StoredEnergy stored_energy() const;

    /// Sum of V_q t_q over the points of this rank.
    law::SymmetricTensor integral(const std::vector<law::SymmetricTensor> &tensors) const;

    /// The part of the points from @p begin to before @p end, added to @p sum.
    void add_to_integral(const std::vector<law::SymmetricTensor> &tensors, std::size_t begin,
                         std::size_t end, law::SymmetricTensor &sum) const;

    /// Sum of V_q a_q : b_q over the points of this rank.
    double contraction(const std::vector<law::SymmetricTensor> &a,
                       const std::vector<law::SymmetricTensor> &b) const;

    law::PointFields fields(std::size_t point) const;

    /// Key and volume ratio of the state of @p point.
    const law::PointData &point_data(std::size_t point) const
    {
      return data[point / n_shared];
    }

    /// What the last evaluate() or advance() failed at, or nullptr if it did not fail.
    const FailedUpdate *failed_update() const
    {
      return failed ? &*failed : nullptr;
    }

    double volume(std::size_t point) const
    {
      return volumes[point];
    }

    std::vector<law::SymmetricTensor> strain;         ///< total strain of the current iterate
    std::vector<law::SymmetricTensor> strain_settled; ///< total strain at the last advance()
    std::vector<law::SymmetricTensor> stress;         ///< [GPa]
    /// Of the points of states that advance() fired: their tangents differ now from those that
    /// evaluate() gave. Who takes them over empties it.
    std::vector<PointTangent> renewed_tangents;

  private:
    using Strains = std::vector<law::SymmetricTensor>;

    /// States in a row that follow one law; theirs lie in a row too.
    struct Row
    {
      std::size_t begin, end;
    };

    /// Volume mean over the points of @p state.
    law::SymmetricTensor mean(const Strains &strains, std::size_t state) const;

    /// Stored energy of the points of @p index with the state @p state of the law [GPa nm^3].
    double stored_energy(std::size_t index, const double *state) const;

    /// Let the states @p begin to @p end of one row follow their paths; not more than a block.
    void follow_block(std::size_t begin, std::size_t end, law::EventObserver *observer,
                      AdvanceSummary &summary);

    /// evaluate() of the states from @p begin to before @p end, all of one row.
    void evaluate_states(std::size_t begin, std::size_t end, law::Tangent *tangents);

    /// Note in `failed` where evaluate() throws.
    void find_failed_point(std::size_t begin, std::size_t end);

    /// Let the state @p index follow a part of its path; if it fires, it is noted in `just_fired`.
    /// @return number of its events
    unsigned int follow(std::size_t index, const law::SymmetricTensor &begin,
                        const law::SymmetricTensor &end, law::EventObserver *observer,
                        AdvanceSummary &summary);

    /// States of one law that have fired, until their points are settled.
    struct FiredStates
    {
      void reserve(std::size_t n_states, std::size_t n_numbers, std::size_t n_shared);

      std::size_t n = 0; ///< the arrays below are longer
      std::vector<std::size_t> index;
      std::vector<double> heat;          ///< Activity::heat
      std::vector<double> before, after; ///< their numbers, one behind the other
      std::vector<law::SymmetricTensor> strain, stress;
      std::vector<law::Tangent> tangent;
      std::vector<law::EnergyDensity> energy_before, energy_after;
      std::vector<law::PointFields> fields;
    };

    /// Renew the stress of the points of `just_fired`, account for the heat of their events, and
    /// empty it.
    void settle_fired(AdvanceSummary &summary);

    /// The same for points with a state each.
    void settle_fired_points(AdvanceSummary &summary);

    /// The same for the points that share the state @p index, which was @p before.
    void settle_fired_state(std::size_t index, const double *before, double heat,
                            AdvanceSummary &summary);

    /// @throws StepError if follow() has met a state that cannot follow its path
    void check_followed();

    const law::MaterialLaw &law(std::size_t index) const
    {
      return *laws[law_of_state[index]];
    }

    /// Trial state of the law's state @p index.
    double *state(std::size_t index)
    {
      return states[law_of_state[index]][slots[index]];
    }
    const double *state(std::size_t index) const
    {
      return states[law_of_state[index]][slots[index]];
    }

    std::vector<const law::MaterialLaw *> laws;
    std::vector<law::PointData> data;
    std::vector<double> volumes;
    std::size_t n_shared; ///< points per state
    std::vector<double> state_volumes;
    std::vector<unsigned int> law_of_state;
    std::vector<unsigned int> slots;               ///< place of a state among those of its law
    std::vector<Row> rows;                         ///< all states in order
    std::vector<law::PointStates> states;          ///< by law
    std::vector<law::SymmetricTensor> last_strain; ///< committed
    FiredStates just_fired;                        ///< in follow(), not settled
    std::vector<char> fired;                       ///< [n_states] since the last commit
    std::vector<double> next_events;               ///< [n_states] of share_to_next_event()
    std::optional<FailedUpdate> failed;
  };
} // namespace seem::solver

#endif
