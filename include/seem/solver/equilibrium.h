// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_EQUILIBRIUM_H
#define SEEM_SOLVER_EQUILIBRIUM_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/material_points.h>
#include <seem/solver/stiffness_preconditioner.h>

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
    unsigned int max_newton_steps = 20;
    unsigned int max_linear_steps = 500;
    PreconditionerKind preconditioner = PreconditionerKind::automatic;
  };

  /// How well an equilibrium is solved.
  enum class Accuracy
  {
    pass, ///< pass_tolerance: more events are expected
    rest  ///< tolerance: the end of a step
  };

  /// Cost of the equilibria so far; not part of the physics, it may differ with the number of
  /// ranks.
  struct SolverEffort
  {
    unsigned long n_newton_steps = 0;
    unsigned long n_linear_steps = 0;
    unsigned long n_preconditioners = 0;
    double law_seconds = 0.0;
    double linear_seconds = 0.0;
    double setup_seconds = 0.0; ///< matrices and preconditioners
  };

  /**
   * Elastic equilibrium of a periodic body at imposed mean strain with all events frozen: Newton
   * with the exact tangent (G_t, G_s), its linear systems by conjugate gradients with a lagging
   * preconditioner. Newton's iterates drive no clock.
   */
  template <int dim>
  class Equilibrium
  {
  public:
    using Vector = typename BalanceOperator<dim>::Vector;

    /// References are kept.
    Equilibrium(BalanceOperator<dim> &balance, MaterialPoints &points, MPI_Comm communicator,
                const EquilibriumParameters &parameters);

    /**
     * Find the fluctuation that balances the body at @p mean_strain; on return the points hold its
     * strain, stress, tangent.
     * @param[in] accuracy  which of the two tolerances
     * @throws StepError if Newton or conjugate gradients do not converge, or a law fails
     */
    void solve(const law::SymmetricTensor &mean_strain, Accuracy accuracy);

    /// Renew forces and reaction from the points' present stresses.
    void update_forces();

    Vector u;      ///< displacement fluctuation [nm], ghosted
    Vector forces; ///< internal forces of the present stresses [GPa nm^2]
    dealii::SymmetricTensor<2, dim> reaction; ///< work-conjugate of the mean strain [GPa nm^3]
    SolverEffort effort;

  private:
    void renew_preconditioner();
    unsigned int solve_linear(Vector &du, double tolerance);

    BalanceOperator<dim> &balance;
    MaterialPoints &points;
    MPI_Comm communicator;
    EquilibriumParameters parameters;
    dealii::TrilinosWrappers::SparseMatrix matrix;
    StiffnessPreconditioner preconditioner;
    double force_scale = 0.0; ///< norm of the unassembled nodal forces
    double fresh_rate = 0.0;  ///< CG steps per decade with a fresh preconditioner; 0: none
    bool stale = true;
  };
} // namespace seem::solver

#endif
