// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/equilibrium.h>

#include <deal.II/base/timer.h>
#include <deal.II/lac/solver_cg.h>

#include <fmt/format.h>

#include <cmath>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// A linear solve needs no more digits than Newton can use: the first step of an equilibrium is
    /// limited by the curvature of the law, the later ones converge quadratically.
    constexpr double first_linear_tolerance = 1e-3, later_linear_tolerance = 1e-5;

    /// Below this relative unbalanced force a descent that stops is round-off: a tolerance beyond
    /// the reach of the numbers is met as well as can be.
    constexpr double round_off_level = 1e-11;

    /// The preconditioner is renewed when CG needs so many times the steps of a fresh one, and at
    /// least two more.
    constexpr double growth_before_renewal = 1.5;

    /// Adds the wall time of a scope to a sum.
    class ScopedSeconds
    {
    public:
      explicit ScopedSeconds(double &sum) : sum(sum)
      {
      }

      ~ScopedSeconds()
      {
        sum += timer.wall_time();
      }

    private:
      double &sum;
      Timer timer;
    };
  } // namespace

  template <int dim>
  Equilibrium<dim>::Equilibrium(BalanceOperator<dim> &balance, MaterialPoints &points,
                                const MPI_Comm communicator,
                                const EquilibriumParameters &parameters)
      : balance(balance), points(points), communicator(communicator), parameters(parameters),
        preconditioner(parameters.preconditioner, balance.constant_modes())
  {
    balance.initialise_vector(u);
    balance.initialise_vector(forces);
    balance.make_sparsity(matrix);
  }

  template <int dim>
  void Equilibrium<dim>::update_forces()
  {
    force_scale = balance.internal_forces(points.stress, forces, reaction);
  }

  template <int dim>
  void Equilibrium<dim>::renew_preconditioner()
  {
    ScopedSeconds seconds(effort.setup_seconds);
    balance.assemble(matrix);
    preconditioner.update(matrix);
    ++effort.n_preconditioners;
    fresh_rate = 0.0;
    stale = false;
  }

  template <int dim>
  unsigned int Equilibrium<dim>::solve_linear(Vector &du, const double tolerance)
  {
    ScopedSeconds seconds(effort.linear_seconds);
    Vector rhs;
    rhs.reinit(forces);
    rhs -= forces;

    SolverControl control(parameters.max_linear_steps, tolerance, false, false);
    SolverCG<Vector> cg(control);
    try
    {
      cg.solve(balance, du, rhs, preconditioner);
    }
    catch (const SolverControl::NoConvergence &)
    {
      throw StepError(fmt::format(
          "conjugate gradients: unbalanced force {:.3e} GPa nm^2 after {} steps, wanted {:.3e}",
          control.last_value(), control.last_step(), tolerance));
    }
    effort.n_linear_steps += control.last_step();
    return control.last_step();
  }

  template <int dim>
  void Equilibrium<dim>::solve(const law::SymmetricTensor &mean_strain, const Accuracy accuracy)
  {
    const double tolerance =
        accuracy == Accuracy::rest ? parameters.tolerance : parameters.pass_tolerance;
    const auto update_points = [&] {
      balance.compute_strains(u, mean_strain, points.strain);
      {
        ScopedSeconds seconds(effort.law_seconds);
        run_collectively(communicator, [&] { points.evaluate(); });
      }
      update_forces();
    };

    update_points();
    double previous = std::numeric_limits<double>::infinity();
    std::string history;
    Vector du;
    balance.initialise_vector(du);
    for (unsigned int step = 0;; ++step)
    {
      const double unbalanced = forces.l2_norm();
      const double target = tolerance * force_scale;
      history += fmt::format(" {:.2e}", force_scale > 0.0 ? unbalanced / force_scale : 0.0);
      const bool round_off =
          unbalanced <= round_off_level * force_scale && unbalanced > 0.25 * previous;
      if (unbalanced <= target || round_off)
        return;
      if (step == parameters.max_newton_steps || !std::isfinite(unbalanced))
        throw StepError(
            fmt::format("equilibrium not reached in {} Newton steps; relative unbalanced forces:{}",
                        step, history));
      previous = unbalanced;

      balance.set_tangents(points.tangent);
      if (preconditioner.empty() || stale)
        renew_preconditioner();

      const double linear_tolerance = std::max(
          (step == 0 ? first_linear_tolerance : later_linear_tolerance) * unbalanced, 0.3 * target);
      du = 0.0;
      const unsigned int n_steps = solve_linear(du, linear_tolerance);
      ++effort.n_newton_steps;

      const double rate = n_steps / std::max(1.0, std::log10(unbalanced / linear_tolerance));
      if (fresh_rate == 0.0)
        fresh_rate = rate;
      stale = rate > growth_before_renewal * fresh_rate && n_steps > 8;

      u += du;
      update_points();
    }
  }

  template class Equilibrium<2>;
  template class Equilibrium<3>;
} // namespace seem::solver
