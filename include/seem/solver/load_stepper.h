// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_LOAD_STEPPER_H
#define SEEM_SOLVER_LOAD_STEPPER_H

#include <seem/core/exceptions.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/material_points.h>
#include <seem/solver/step_record.h>

#include <functional>
#include <string>
#include <vector>

namespace seem::solver
{
  /// How far a load step goes.
  enum class Stepping
  {
    fixed_increments, ///< as far as wished: avalanches within a step overlap
    next_event        ///< to the first event: one avalanche per step
  };

  /// Which of the states whose clocks have run out fire in a pass.
  enum class Firing
  {
    all_ripe,
    one ///< the one whose clock has run out first on the way
  };

  struct LoadParameters
  {
    Stepping stepping = Stepping::fixed_increments;
    Firing firing = Firing::all_ripe;
    double final_time = 0.2;          ///< pseudo-time at the end [-]
    double largest_increment = 1e-3;  ///< of the pseudo-time per step [-]
    double smallest_increment = 1e-7; ///< below it a failing step ends the run [-]
    std::vector<double> kinks;        ///< pseudo-times that a step must end at, ascending
    double largest_firing_share =
        1.0; ///< share of the states that may fire in the load pass before the step is shortened;
             ///< not used in next-event stepping
    unsigned int max_passes = 1000; ///< equilibria of a step; more: the step is cut
    bool log_events = false;        ///< keep the events of each step
    /// Next-event stepping: the first event lies within this last share of the load increment [-].
    double event_tolerance = 1e-3;
    /// Under prescribed stress: change of the strain in a step beyond which the body runs away: of
    /// a free component of the mean strain (a shear: gamma/sqrt(2)) or, if none is free
    /// (tractions), the volume mean of the points' sqrt(2 de:de) of the deviator, prescribed
    /// displacements included [-]. Not used under prescribed strains and displacements alone.
    double runaway_strain = 0.02;
  };

  /// How a run ended.
  enum class RunEnd
  {
    done,       ///< at the final time
    runaway,    ///< the prescribed stress exceeds what the body carries
    interrupted ///< it was told to end: the body is in the state of the last accepted step
  };

  /// What the outside wants of a run while it goes; the larger prevails.
  enum class Request
  {
    none,
    save, ///< a checkpoint of the last accepted step
    end   ///< the same, and no further step
  };

  /// All that survives a step besides the points and the equilibrium; plain data, to be stored.
  struct LoadProgress
  {
    double time = 0.0;           ///< of the last accepted step
    unsigned int step = 0;       ///< its number
    double increment = 0.0;      ///< largest of the next step [-]
    double event_interval = 0.0; ///< next-event stepping: recent load between avalanches [-]
    unsigned long n_avalanches = 0;
    EnergyBalance balance; ///< integrated over the body [GPa nm^3], since the start
    StoredEnergy initial_energy;
  };

  /// The update of a material point that no smaller step can make ends the run. Thrown on all
  /// ranks.
  class UpdateError : public Error
  {
  public:
    UpdateError(const std::string &message, const int rank) : Error(message), rank(rank)
    {
    }

    const int rank; ///< whose MaterialPoints::failed_update() holds it
  };

  /// How the outside takes part in a run.
  template <int dim>
  struct RunHooks
  {
    /// Called on all ranks after each accepted step.
    std::function<void(const StepRecord &)> on_step;

    /// Asked on all ranks before each pass, which may answer differently; may be empty.
    std::function<Request()> request;

    /// Called on all ranks: store the committed states of the points and the given state of all
    /// else, that after the last accepted step. Called at the end of the run as well. May be empty.
    std::function<void(const typename Equilibrium<dim>::Snapshot &, const LoadProgress &)> save;
  };

  /**
   * Drives a body along its load program in load steps with avalanches.
   *
   * A step is a sequence of passes: (1) equilibrium at the new load with frozen events; (2) every
   * clock advances along the straight path of its point from one equilibrium to the next and what
   * is ripe fires at fixed local strain; (3) a new equilibrium at fixed load; and so on until no
   * point has fired. Passes are solved to the pass tolerance; what then seems at rest is solved to
   * the full tolerance, and rests if still no clock has run out. A step that fails (no equilibrium,
   * too many passes) or fires more than twice the allowed share of points is rolled back on all
   * ranks and repeated with half the increment, or with the share of it that a point allows (at
   * least a tenth); the increment grows again by up to 1.5 a step. All decisions rest on counts
   * that do not depend on the number of ranks.
   *
   * In next-event stepping the load grows only up to the first event (EventSearch: the load pass is
   * repeated, rolled back in between, until the first clock runs out at the end of its path), and
   * no further until the body rests. So a step holds one avalanche, whole; steps without an event
   * are at most the largest increment long. A step that fails once its avalanche has begun ends the
   * run: a shorter one would meet the same event.
   *
   * With Firing::one a pass ends at the first event on the paths of all points, by its share of the
   * path (of equal ones the smallest key): only that state fires, the others have come as far. What
   * is left of the paths leads to the next equilibrium.
   *
   * Under prescribed stress the body has no equilibrium beyond its peak: a step whose mean strain
   * runs away, or whose avalanche does not end, however small its increment, ends the run.
   */
  template <int dim>
  class LoadStepper
  {
  public:
    using Vector = typename Equilibrium<dim>::Vector;

    /// References are kept. The points are initialised; the body is brought to rest at the load of
    /// the beginning.
    LoadStepper(Equilibrium<dim> &equilibrium, MaterialPoints &points, MPI_Comm communicator,
                const LoadParameters &parameters);

    /**
     * Run to the final time.
     * @throws UpdateError if the update of a point fails for good: at the smallest increment, or
     * with an error that no shorter step helps against
     * @throws Error if a step fails at the smallest increment for another reason
     */
    RunEnd run(const RunHooks<dim> &hooks);

    RunEnd run(const std::function<void(const StepRecord &)> &on_step)
    {
      return run(RunHooks<dim>{on_step, {}, {}});
    }

    /// Events of the last step on this rank, in the order of passes (if log_events is set).
    const std::vector<LoggedEvent> &events() const
    {
      return step_events;
    }

    /// For checkpoints: where the run stands after its last accepted step.
    const LoadProgress &progress() const
    {
      return current;
    }

    /// Go on from a checkpoint; points and equilibrium are restored by the caller.
    void resume(const LoadProgress &progress)
    {
      current = progress;
    }

  private:
    /// Energies of the whole body [GPa nm^3].
    StoredEnergy stored_energy() const;

    /// Where a step begins, to return to.
    struct StepBegin
    {
      typename Equilibrium<dim>::Snapshot body;
      LoadProgress progress;
    };

    /// Thrown on all ranks when the run is told to end.
    struct Interruption
    {
    };

    /// Try the step to the time of @p record; on a StepError nothing is undone yet.
    /// @throws Interruption
    void attempt(StepRecord &record, const StepBegin &begin, const RunHooks<dim> &hooks);

    /// Do what the outside asks for. @throws Interruption
    void serve(const StepBegin &begin, const RunHooks<dim> &hooks) const;

    /// Undo the step that began at @p begin.
    void return_to(const StepBegin &begin);

    /// The load pass of next-event stepping: sets the time of the record.
    void load_to_next_event(StepRecord &record);

    /// Smallest key of the states of all ranks whose next event lies within @p share.
    PointKey first_to_fire(double share) const;

    /// An equilibrium at time @p t, its energies counted.
    void equilibrate(double t, Accuracy accuracy);

    /// Add the energies of an equilibrium to the balance.
    void count(const EnergyExchange &exchange);

    /// Take over the step of @p record and choose the increment of the next.
    void accept(const StepRecord &record);

    /// End of the next step, at most @p increment from the present time.
    double time_of_next(double increment) const;

    /// Let all clocks advance to the present equilibrium, or to the first event on the way.
    /// @return number of events on all ranks
    unsigned long advance(unsigned int pass, StepRecord &record);

    /// How far a stress-controlled body has moved since its last step [-].
    double runaway_measure(const law::SymmetricTensor &strain_before) const;

    /// End the run at the step of @p record. @throws UpdateError or Error, see run()
    [[noreturn]] void fail(const StepRecord &record, const std::string &reason) const;

    /// Volume mean over all ranks.
    law::SymmetricTensor mean_of(const std::vector<law::SymmetricTensor> &tensors) const;

    /// Fill the means of the record.
    void measure(StepRecord &record) const;

    Equilibrium<dim> &equilibrium;
    MaterialPoints &points;
    MPI_Comm communicator;
    LoadParameters parameters;
    unsigned long n_points = 0; ///< of all ranks
    unsigned long n_states = 0; ///< of all ranks
    double volume = 0.0;        ///< of all ranks [nm^3]
    LoadProgress current;
    bool running_away = false;    ///< the last failure was of that kind
    double load_pass_share = 0.0; ///< share of the states that fired in the last load pass [-]
    std::vector<LoggedEvent> step_events;
  };
} // namespace seem::solver

#endif
