// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/equilibrium.h>

#include <deal.II/base/function.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/numerics/vector_tools_interpolate.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <utility>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// A linear solve needs no more digits than Newton can use: the first step of an equilibrium is
    /// limited by the curvature of the law, the later ones converge quadratically.
    constexpr double first_linear_tolerance = 1e-3, later_linear_tolerance = 1e-5;

    /// Of the responses to the free mean strains: they only speed Newton's steps up.
    constexpr double border_tolerance = 1e-6;

    /// Newton steps after which the borders are renewed, too.
    constexpr unsigned int many_newton_steps = 4;

    /// Below this relative unbalanced force a descent that stops is round-off: a tolerance beyond
    /// the reach of the numbers is met as well as can be.
    constexpr double round_off_level = 1e-11;

    /// The preconditioner is renewed when the next step begins if CG needs so many times the steps
    /// of a fresh one, and more than a few; and at once if it needs many.
    constexpr double growth_before_renewal = 1.5, growth_before_renewal_at_once = 3.0;
    constexpr unsigned int few_linear_steps = 8, many_linear_steps = 24;

    /// Adds the wall time of a scope to a sum.
    class ScopedSeconds
    {
    public:
      explicit ScopedSeconds(double &sum) : sum(sum)
      {
      }

      ~ScopedSeconds()
      {
        sum += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      }

    private:
      double &sum;
      // Not dealii::Timer, which asks for processor times too: system calls, and where cores are
      // shared the kernel takes them away at these.
      std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    };

    /// Displacement of the mean strain: u = E x.
    template <int dim>
    class MeanDisplacement final : public Function<dim>
    {
    public:
      explicit MeanDisplacement(const law::SymmetricTensor &strain)
          : Function<dim>(dim), strain(strain)
      {
      }

      double value(const Point<dim> &x, const unsigned int component) const override
      {
        // yz, xz, xy are components 3, 4, 5
        double sum = 0.0;
        for (unsigned int d = 0; d < dim; ++d)
          sum += x[d] * (d == component ? strain[static_cast<int>(d)]
                                        : strain[static_cast<int>(6 - d - component)] / law::sqrt2);
        return sum;
      }

    private:
      law::SymmetricTensor strain;
    };
    law::SymmetricTensor sum_over_ranks(const law::SymmetricTensor &tensor,
                                        const MPI_Comm communicator)
    {
      law::SymmetricTensor sum;
      Utilities::MPI::sum(ArrayView<const double>(tensor.data(), 6), communicator,
                          ArrayView<double>(sum.data(), 6));
      return sum;
    }

    double volume_of(const MaterialPoints &points, const MPI_Comm communicator)
    {
      double volume = 0.0;
      for (std::size_t p = 0; p < points.size(); ++p)
        volume += points.volume(p);
      return Utilities::MPI::sum(volume, communicator);
    }
  } // namespace

  template <int dim>
  Equilibrium<dim>::Equilibrium(BalanceOperator<dim> &balance, MaterialPoints &points,
                                StiffnessPreconditioner<dim> &preconditioner,
                                const LoadProgram<dim> &program, const MPI_Comm communicator,
                                const EquilibriumParameters &parameters, const double begin)
      : balance(balance), points(points), preconditioner(preconditioner), program(program),
        communicator(communicator), parameters(parameters),
        mean(program.loading().mean_control, volume_of(points, communicator)),
        scratch(points.size())
  {
    balance.initialise_vector(u);
    balance.initialise_vector(residual);
    balance.initialise_vector(increment);
    program.evaluate(begin, load);
    mean.set_strain(mean.prescribed_change(load.mean));
    update_points();
  }

  template <int dim>
  void Equilibrium<dim>::update_points()
  {
    points.renewed_tangents.clear();
    double law_seconds = 0.0;
    law::SymmetricTensor integral = law::SymmetricTensor::Zero();
    std::exception_ptr failure; // kept until all ranks can hear of it
    {
      ScopedSeconds seconds(effort.strain_seconds);
      force_scale = balance.respond_to(
          u, lift(), mean.strain(), points.strain, points.stress, residual,
          [&](const std::size_t begin, const std::size_t end, law::Tangent *tangents) {
            if (failure)
              return;
            try
            {
              ScopedSeconds of_law(law_seconds);
              points.evaluate(begin, end, tangents);
            }
            catch (...)
            {
              failure = std::current_exception();
            }
            points.add_to_integral(points.stress, begin, end, integral);
          });
    }
    effort.law_seconds += law_seconds;
    effort.strain_seconds -= law_seconds;
    run_collectively(communicator, [&] {
      if (failure)
        std::rethrow_exception(failure);
    });
    complete_forces(integral);
  }

  template <int dim>
  void Equilibrium<dim>::update_forces(const Strains &stress)
  {
    law::SymmetricTensor integral;
    {
      ScopedSeconds seconds(effort.strain_seconds);
      force_scale = balance.internal_forces(stress, residual);
      integral = points.integral(stress);
    }
    complete_forces(integral);
  }

  template <int dim>
  void Equilibrium<dim>::complete_forces(const law::SymmetricTensor &integral)
  {
    ScopedSeconds seconds(effort.strain_seconds);
    if (load.forces.size() > 0)
    {
      residual -= load.forces;
      force_scale = std::max(force_scale, load.forces.l2_norm());
    }
    stress_integral = sum_over_ranks(integral, communicator);
  }

  template <int dim>
  void Equilibrium<dim>::take_renewed_tangents()
  {
    balance.set_tangents(points.renewed_tangents);
    points.renewed_tangents.clear();
  }

  template <int dim>
  double Equilibrium<dim>::unbalanced() const
  {
    const auto relative = [](const double size, const double scale) {
      return size > 0.0 ? size / scale : 0.0;
    };
    const double forces = relative(residual.l2_norm(), force_scale);
    if (mean.free().empty())
      return forces;
    return std::max(forces,
                    relative(mean.residual(stress_integral, load.mean).norm(),
                             std::max(stress_integral.norm(), mean.volume() * load.mean.norm())));
  }

  template <int dim>
  void Equilibrium<dim>::renew_preconditioner(const std::vector<law::Tangent> &tangents)
  {
    ScopedSeconds seconds(effort.setup_seconds);
    preconditioner.update(balance, tangents);
    ++effort.n_preconditioners;
    fresh_rate = 0.0;
    stale = false;
    borders_due = true;
  }

  template <int dim>
  unsigned int Equilibrium<dim>::solve_linear(Vector &du, const Vector &rhs, const double tolerance)
  {
    ScopedSeconds seconds(effort.linear_seconds);
    SolverControl control(parameters.max_linear_steps, tolerance, false, false);
    SolverCG<Vector> cg(control);
    du = 0.0;
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
  void Equilibrium<dim>::renew_borders()
  {
    borders_due = false;
    for (std::size_t i = 0; i < mean.free().size(); ++i)
    {
      law::SymmetricTensor unit = law::SymmetricTensor::Zero();
      unit[mean.free()[i]] = 1.0;
      std::fill(scratch.begin(), scratch.end(), unit);
      balance.apply_tangents(scratch);
      Vector forces, response;
      forces.reinit(residual, true);
      response.reinit(residual, true);
      balance.internal_forces(scratch, forces);
      const double size = forces.l2_norm();
      if (size > 0.0)
        solve_linear(response, forces, border_tolerance * size);
      else
        response = 0.0;
      mean.set_border(i, std::move(forces), std::move(response),
                      sum_over_ranks(points.integral(scratch), communicator));
    }
  }

  template <int dim>
  void Equilibrium<dim>::take_step(const double tolerance)
  {
    if (stale)
    {
      renew_preconditioner(balance.tangents());
      renewal_due = true;
    }
    if (borders_due)
      renew_borders();

    const double size = residual.l2_norm();
    Vector rhs;
    rhs.reinit(residual, true);
    rhs.equ(-1.0, residual);
    const unsigned int n_steps = solve_linear(increment, rhs, std::min(tolerance, size));
    if (!mean.free().empty())
      mean.take_step(mean.residual(stress_integral, load.mean), increment);
    ++effort.n_newton_steps;

    const double rate = n_steps / std::max(1.0, std::log10(size / tolerance));
    if (fresh_rate == 0.0)
      fresh_rate = rate;
    const auto needs = [&](const double growth, const unsigned int least) {
      return rate > growth * fresh_rate && n_steps > least;
    };
    renewal_due = renewal_due || needs(growth_before_renewal, few_linear_steps);
    stale = needs(growth_before_renewal_at_once, many_linear_steps);
    u += increment;
  }

  template <int dim>
  void Equilibrium<dim>::begin_step()
  {
    if (!renewal_due)
      return;
    take_renewed_tangents();
    reference = balance.tangents();
    renew_preconditioner(reference);
    renewal_due = false;
  }

  template <int dim>
  void Equilibrium<dim>::meet_load(const Load &next, LoadChange &change)
  {
    change.mean_strain = mean.prescribed_change(next.mean);
    change.moved = next.lift.size() > 0;
    if (change.moved)
    {
      Vector step = next.lift;
      step -= load.lift;
      Vector zero;
      zero.reinit(residual);
      lift_strain.resize(points.size());
      balance.compute_strains(zero, &step, law::SymmetricTensor::Zero(), lift_strain);
      change.moved_work = points.contraction(points.stress, lift_strain);
    }

    for (std::size_t p = 0; p < points.size(); ++p)
    {
      scratch[p] = change.mean_strain;
      if (change.moved)
        scratch[p] += lift_strain[p];
    }
    balance.apply_tangents(scratch);
    for (std::size_t p = 0; p < points.size(); ++p)
      scratch[p] += points.stress[p];

    load = next;
    mean.set_strain(mean.strain() + change.mean_strain);
    update_forces(scratch);
  }

  template <int dim>
  EnergyExchange Equilibrium<dim>::solve(const double t, const Accuracy accuracy)
  {
    // Where the last events left the body.
    take_renewed_tangents();
    update_forces(points.stress);
    const Vector residual_before = residual;
    const Vector u_before = u;
    const law::SymmetricTensor integral_before = stress_integral, strain_before = mean.strain(),
                               target_before = load.mean;
    const MeanStrain::Residual mean_residual_before = mean.residual(stress_integral, load.mean);
    Vector forces_before;
    if (load.forces.size() > 0)
      forces_before = load.forces;

    LoadChange change;
    const bool new_load = t != load.time;
    if (new_load)
    {
      program.evaluate(t, next_load);
      meet_load(next_load, change);
    }

    const double target =
        accuracy == Accuracy::rest
            ? parameters.tolerance
            : std::max(parameters.pass_tolerance, parameters.pass_reduction * unbalanced());
    double previous = std::numeric_limits<double>::infinity();
    std::string history;
    bool linearised = new_load; // the residual is that of the linear step to the new load
    for (unsigned int step = 0;; ++step)
    {
      const double size = unbalanced();
      if (!linearised)
      {
        history += fmt::format(" {:.2e}", size);
        const bool round_off = size <= round_off_level && size > 0.25 * previous;
        if (size <= target || round_off)
          break;
        if (step >= parameters.max_newton_steps || !std::isfinite(size))
          throw StepError(
              fmt::format("equilibrium not reached in {} Newton steps; relative unbalanced "
                          "forces:{}",
                          step, history));
        previous = size;
      }
      if (step == many_newton_steps && !mean.free().empty())
        borders_due = renewal_due = true;
      if (size > 0.0)
        take_step(std::max((step == 0 ? first_linear_tolerance : later_linear_tolerance) *
                               residual.l2_norm(),
                           0.3 * target * force_scale));
      linearised = false;
      update_points();
    }

    EnergyExchange exchange;
    Vector moved = u;
    moved -= u_before;
    const law::SymmetricTensor strain_change = mean.strain() - strain_before;
    exchange.work =
        mean.work(strain_change, integral_before, stress_integral, target_before, load.mean);
    exchange.heat = -0.5 * (residual_before * moved + residual * moved);
    const MeanStrain::Residual mean_residual = mean.residual(stress_integral, load.mean);
    for (std::size_t i = 0; i < mean.free().size(); ++i)
      exchange.heat -=
          0.5 * (mean_residual_before[static_cast<int>(i)] + mean_residual[static_cast<int>(i)]) *
          strain_change[mean.free()[i]];
    if (load.forces.size() > 0)
      exchange.work += 0.5 * (forces_before * moved + load.forces * moved);
    if (change.moved)
      exchange.work += 0.5 * Utilities::MPI::sum(change.moved_work +
                                                     points.contraction(points.stress, lift_strain),
                                                 communicator);
    return exchange;
  }

  template <int dim>
  double Equilibrium<dim>::free_strain_change(const law::SymmetricTensor &before) const
  {
    double largest = 0.0;
    for (const int c : mean.free())
      largest = std::max(largest, std::abs(mean.strain()[c] - before[c]));
    return largest;
  }

  template <int dim>
  typename Equilibrium<dim>::Snapshot Equilibrium<dim>::snapshot() const
  {
    return {u, mean.strain(), load.time, fresh_rate, renewal_due};
  }

  template <int dim>
  void Equilibrium<dim>::restore(const Snapshot &snapshot)
  {
    u = snapshot.u;
    mean.set_strain(snapshot.mean_strain);
    program.evaluate(snapshot.time, load);
    update_points();
  }

  template <int dim>
  void Equilibrium<dim>::resume(const Snapshot &snapshot, std::vector<law::Tangent> tangents)
  {
    reference = std::move(tangents);
    if (!snapshot.renewal_due)
    {
      balance.set_tangents(reference);
      renew_preconditioner(reference);
      if (!mean.free().empty())
        renew_borders();
    }
    fresh_rate = snapshot.fresh_rate;
    renewal_due = snapshot.renewal_due;
    restore(snapshot);
  }

  template <int dim>
  void Equilibrium<dim>::displacement(const Discretisation<dim> &discretisation,
                                      Vector &result) const
  {
    const auto &dofs = discretisation.dof_handler;
    result.reinit(dofs.locally_owned_dofs(), discretisation.locally_relevant, communicator);
    result.copy_locally_owned_data_from(u);
    discretisation.constraints.distribute(result);
    Vector mean_part(dofs.locally_owned_dofs(), discretisation.locally_relevant, communicator);
    VectorTools::interpolate(MappingQ1<dim>(), dofs, MeanDisplacement<dim>(mean.strain()),
                             mean_part);
    for (unsigned int i = 0; i < result.locally_owned_size(); ++i)
      result.local_element(i) +=
          mean_part.local_element(i) + (lift() != nullptr ? load.lift.local_element(i) : 0.0);
    result.update_ghost_values();
  }

  template <int dim>
  std::array<double, LoadProgram<dim>::n_modes>
  Equilibrium<dim>::reaction(const types::boundary_id boundary)
  {
    std::array<double, LoadProgram<dim>::n_modes> result;
    Vector zero, unit;
    zero.reinit(residual);
    for (unsigned int mode = 0; mode < result.size(); ++mode)
    {
      program.unit_motion(boundary, mode, unit);
      balance.compute_strains(zero, &unit, law::SymmetricTensor::Zero(), scratch);
      result[mode] = Utilities::MPI::sum(points.contraction(points.stress, scratch), communicator);
    }
    return result;
  }

  template class Equilibrium<2>;
  template class Equilibrium<3>;
} // namespace seem::solver
