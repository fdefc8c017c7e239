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
  struct LoadParameters
  {
    double final_time = 0.2;          ///< pseudo-time at the end [-]
    double largest_increment = 1e-3;  ///< of the pseudo-time per step [-]
    double smallest_increment = 1e-7; ///< below it a failing step ends the run [-]
    std::vector<double> kinks;        ///< pseudo-times that a step must end at, ascending
    double largest_firing_share =
        1.0; ///< share of the states that may fire in the load pass before the step is shortened
    unsigned int max_passes = 1000; ///< equilibria of a step; more: the step is cut
    bool log_events = false;        ///< keep the events of each step
    /// Under prescribed stress: change of the mean strain in a step, beyond which the body runs
    /// away
    /// [-].
    double runaway_strain = 0.02;
  };

  /// How a run ended.
  enum class RunEnd
  {
    done,   ///< at the final time
    runaway ///< the prescribed stress exceeds what the body carries
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
     * Run to the final time. @p on_step is called on every rank after each accepted step.
     * @throws UpdateError if the update of a point fails for good: at the smallest increment, or
     * with an error that no shorter step helps against
     * @throws Error if a step fails at the smallest increment for another reason
     */
    RunEnd run(const std::function<void(const StepRecord &)> &on_step);

    /// Events of the last step on this rank, in the order of passes (if log_events is set).
    const std::vector<LoggedEvent> &events() const
    {
      return step_events;
    }

  private:
    /// Energies of the whole body [GPa nm^3].
    StoredEnergy stored_energy() const;

    /// Try the step to the time of @p record; on a StepError nothing is undone yet.
    void attempt(StepRecord &record);

    /// An equilibrium at time @p t, its energies counted.
    void equilibrate(double t, Accuracy accuracy);

    /// End of the next step, at most @p increment from the present time.
    double time_of_next(double increment) const;

    /// Let all clocks advance to the present equilibrium. @return number of events on all ranks
    unsigned long advance(unsigned int pass, StepRecord &record);

    /// End the run at the step of @p record. @throws UpdateError or Error, see run()
    [[noreturn]] void fail(const StepRecord &record, const std::string &reason) const;

    /// Fill the means of the record.
    void measure(StepRecord &record) const;

    Equilibrium<dim> &equilibrium;
    MaterialPoints &points;
    MPI_Comm communicator;
    LoadParameters parameters;
    unsigned long n_points = 0; ///< of all ranks
    unsigned long n_states = 0; ///< of all ranks
    double volume = 0.0;        ///< of all ranks [nm^3]
    StoredEnergy initial_energy;
    EnergyBalance balance;        ///< integrated over the body [GPa nm^3], since the start
    double time = 0.0;            ///< of the last accepted step
    bool running_away = false;    ///< the last failure was of that kind
    double load_pass_share = 0.0; ///< share of the states that fired in the last load pass [-]
    std::vector<LoggedEvent> step_events;
  };
} // namespace seem::solver

#endif
