// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_EQUILIBRIUM_H
#define SEEM_SOLVER_EQUILIBRIUM_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/load_program.h>
#include <seem/solver/material_points.h>
#include <seem/solver/mean_strain.h>
#include <seem/solver/stiffness_preconditioner.h>

#include <array>
#include <vector>

namespace seem::solver
{
  struct EquilibriumParameters
  {
    /// Unbalanced force of the equilibrium that ends a step over the norm of the unassembled nodal
    /// forces [-].
    double tolerance = 1e-10;
    /// The same for the passes on the way there [-]. Their error in strain must stay well below
    /// what an event does to its neighbours.
    double pass_tolerance = 1e-7;
    /// A pass is also balanced when its unbalanced force has fallen by this factor [-].
    double pass_reduction = 1e-3;
    unsigned int max_newton_steps = 20;
    unsigned int max_linear_steps = 500;
  };

  /// How well an equilibrium is solved.
  enum class Accuracy
  {
    pass, ///< pass_tolerance or pass_reduction: more events are expected
    rest  ///< tolerance: the end of a step
  };

  /// Cost of the equilibria so far; not part of the physics, it may differ with the number of
  /// ranks.
  struct SolverEffort
  {
    unsigned long n_newton_steps = 0;
    unsigned long n_linear_steps = 0;
    unsigned long n_preconditioners = 0;
    double law_seconds = 0.0;    ///< stresses, events, and the means of a step over all points
    double strain_seconds = 0.0; ///< strains from displacements, forces from stresses
    double linear_seconds = 0.0;
    double setup_seconds = 0.0; ///< matrices and preconditioners
  };

  /// Energies that an equilibrium exchanged on the way to it [GPa nm^3].
  struct EnergyExchange
  {
    double work = 0.0; ///< of the loads, trapezoid
    double heat = 0.0; ///< released by the unbalanced forces, trapezoid
  };

  /**
   * Elastic equilibrium of a body under a load with all events frozen: Newton with the exact
   * tangent (G_t, G_s), its linear systems by conjugate gradients with a lagging preconditioner.
   * Newton's iterates drive no clock.
   *
   * Unknowns are the free displacements and those components of the mean strain whose stress is
   * prescribed. A new load is met by a linear step from the old equilibrium, so that boundary cells
   * never carry the whole motion of their boundary.
   */
  template <int dim>
  class Equilibrium
  {
  public:
    using Vector = typename BalanceOperator<dim>::Vector;

    /// References are kept. The load is that at pseudo-time @p begin.
    Equilibrium(BalanceOperator<dim> &balance, MaterialPoints &points,
                StiffnessPreconditioner<dim> &preconditioner, const LoadProgram<dim> &program,
                MPI_Comm communicator, const EquilibriumParameters &parameters, double begin = 0.0);

    /**
     * Find the displacement that balances the body at pseudo-time @p t; on return the points hold
     * its strain, stress, tangent.
     * @throws StepError if Newton or conjugate gradients do not converge, or a law fails
     * @throws InputError if the load is not finite
     */
    EnergyExchange solve(double t, Accuracy accuracy);

    /**
     * To be called at rest before every load step: renews the preconditioner if the last step asked
     * for it. What is renewed within a step is renewed again at its end, so that the
     * preconditioner that a step starts with follows from reference_tangents() alone and a resumed
     * run repeats the iterates of the first one.
     */
    void begin_step();

    /// What a step changes: to undo it, or to go on in another process.
    struct Snapshot
    {
      Vector u;
      law::SymmetricTensor mean_strain = law::SymmetricTensor::Zero();
      double time = 0.0;
      double fresh_rate = 0.0;  ///< CG steps per decade with a fresh preconditioner; 0: unknown
      bool renewal_due = false; ///< of the preconditioner, when the next step begins
    };
    Snapshot snapshot() const;
    /// Undo a step; the points have been rolled back. Their stresses are renewed.
    void restore(const Snapshot &snapshot);
    /// Go on from a snapshot of another process, whose reference_tangents() were @p reference; the
    /// points hold their states. Their strains and stresses are renewed.
    void resume(const Snapshot &snapshot, std::vector<law::Tangent> reference);

    /// [n_points] of the preconditioner that the last begin_step() made; empty if none did.
    const std::vector<law::Tangent> &reference_tangents() const
    {
      return reference;
    }

    /// The free displacement [nm] of the present iterate.
    const Vector &free_displacement() const
    {
      return u;
    }

    /// The whole displacement of all nodes, that of the mean strain (without rotation) included
    /// [nm].
    void displacement(const Discretisation<dim> &discretisation, Vector &result) const;

    const law::SymmetricTensor &mean_strain() const
    {
      return mean.strain();
    }

    /// True if the body may run away: some stress is prescribed.
    bool stress_controlled() const
    {
      return program.loading().stress_controlled();
    }

    /// True if the stress of some component of the mean strain is prescribed.
    bool has_free_mean_strain() const
    {
      return !mean.free().empty();
    }

    /// Largest change of a free component of the mean strain since @p before [-].
    double free_strain_change(const law::SymmetricTensor &before) const;

    double time() const
    {
      return load.time;
    }

    /// Forces and moments on @p boundary: the modes of LoadProgram::unit_motion() [GPa nm^2, GPa
    /// nm^3].
    std::array<double, LoadProgram<dim>::n_modes> reaction(dealii::types::boundary_id boundary);

    SolverEffort effort;

  private:
    using Strains = std::vector<law::SymmetricTensor>;

    /// Strain, stress and tangent of the points from u, load and mean strain, and what follows from
    /// them: unbalanced forces and mean stress.
    void update_points();
    /// Unbalanced forces and mean stress from the stresses @p stress of the points.
    void update_forces(const Strains &stress);
    /// External forces and the sum over the ranks, after the forces of the points; @p integral: of
    /// their stresses, of this rank.
    void complete_forces(const law::SymmetricTensor &integral);
    /// Those of the states that have fired.
    void take_renewed_tangents();
    void renew_preconditioner(const std::vector<law::Tangent> &tangents);
    /// One Newton step: solve for the increments of u and of the free mean strains and add them.
    void take_step(double tolerance);
    unsigned int solve_linear(Vector &du, const Vector &rhs, double tolerance);
    /// Responses to the free mean strains for the present tangent.
    void renew_borders();

    /// What a new load changes at once.
    struct LoadChange
    {
      law::SymmetricTensor mean_strain = law::SymmetricTensor::Zero(); ///< prescribed
      bool moved = false;                                              ///< boundaries move
      double moved_work = 0.0; ///< integral of the old stress times lift_strain, of this rank
    };

    /// Take over the load @p next; the forces become those of a linear step to it.
    void meet_load(const Load &next, LoadChange &change);
    /// What is not balanced, forces or mean stress, over its scale [-].
    double unbalanced() const;
    const Vector *lift() const
    {
      return load.lift.size() > 0 ? &load.lift : nullptr;
    }

    BalanceOperator<dim> &balance;
    MaterialPoints &points;
    StiffnessPreconditioner<dim> &preconditioner;
    const LoadProgram<dim> &program;
    MPI_Comm communicator;
    EquilibriumParameters parameters;
    Load load, next_load;
    Vector u;         ///< free displacement [nm]
    Vector residual;  ///< internal less external forces [GPa nm^2]
    Vector increment; ///< of u in the last Newton step
    MeanStrain mean;
    law::SymmetricTensor stress_integral; ///< over the body [GPa nm^3]
    Strains scratch, lift_strain;         ///< [n_points]; the latter of the last boundary motion
    double force_scale = 0.0;             ///< norm of the unassembled nodal forces
    std::vector<law::Tangent> reference;
    double fresh_rate = 0.0; ///< CG steps per decade with a fresh preconditioner; 0: none
    bool stale = true;       ///< renew the preconditioner before the next linear solve
    bool renewal_due = true; ///< renew it when the next step begins
    bool borders_due = true;
  };
} // namespace seem::solver

#endif
