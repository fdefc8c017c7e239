// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/load_stepper.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr double largest_growth = 1.5;

    /// A step firing more than this times the allowed share is undone and halved, not only followed
    /// by a smaller one.
    constexpr double intolerable_excess = 2.0;

    /// Replace every entry by its sum over the ranks.
    template <typename T, std::size_t n>
    void sum_over_ranks(std::array<T, n> &values, const MPI_Comm communicator)
    {
      Utilities::MPI::sum(ArrayView<const T>(values.data(), n), communicator,
                          ArrayView<T>(values.data(), n));
    }

    /// Keeps the events of one pass.
    class EventLog final : public law::EventObserver
    {
    public:
      EventLog(std::vector<LoggedEvent> &events, const unsigned int step, const unsigned int pass)
          : events(events), step(step), pass(pass)
      {
      }

      void event(const law::EventRecord &record) override
      {
        events.push_back({step, pass, record});
      }

    private:
      std::vector<LoggedEvent> &events;
      unsigned int step, pass;
    };
  } // namespace

  template <int dim>
  LoadStepper<dim>::LoadStepper(Equilibrium<dim> &equilibrium, MaterialPoints &points,
                                const MPI_Comm communicator, const LoadParameters &parameters)
      : equilibrium(equilibrium), points(points), communicator(communicator),
        parameters(parameters),
        n_points(Utilities::MPI::sum(static_cast<unsigned long>(points.size()), communicator)),
        n_states(Utilities::MPI::sum(static_cast<unsigned long>(points.n_states()), communicator))
  {
    for (std::size_t p = 0; p < points.size(); ++p)
      volume += points.volume(p);
    volume = Utilities::MPI::sum(volume, communicator);

    // Initial stresses that differ from point to point come to rest first, with all clocks off.
    equilibrium.solve(law::SymmetricTensor::Zero(), Accuracy::rest);
    points.strain_settled = points.strain;
    points.commit();
    initial_energy = stored_energy();
  }

  template <int dim>
  StoredEnergy LoadStepper<dim>::stored_energy() const
  {
    StoredEnergy energy = points.stored_energy();
    energy.elastic = Utilities::MPI::sum(energy.elastic, communicator);
    energy.inelastic = Utilities::MPI::sum(energy.inelastic, communicator);
    return energy;
  }

  template <int dim>
  void LoadStepper<dim>::redistribute(const law::SymmetricTensor &mean_strain,
                                      const Accuracy accuracy)
  {
    equilibrium.update_forces();
    const Vector forces_before = equilibrium.forces;
    Vector increment = equilibrium.u;
    equilibrium.solve(mean_strain, accuracy);
    increment.sadd(-1.0, 1.0, equilibrium.u);
    balance.redistribution_heat -= 0.5 * (forces_before * increment);
  }

  template <int dim>
  unsigned long LoadStepper<dim>::advance(const unsigned int pass, StepRecord &record)
  {
    AdvanceSummary summary;
    {
      EventLog log(step_events, record.step, pass);
      Timer timer;
      run_collectively(communicator,
                       [&] { summary = points.advance(parameters.log_events ? &log : nullptr); });
      equilibrium.effort.law_seconds += timer.wall_time();
    }

    const law::Activity &a = summary.activity;
    std::array<unsigned long, 5> counts{
        {a.n_events, summary.n_fired_states, a.n_outside, a.n_forced, a.n_gaining}};
    sum_over_ranks(counts, communicator);
    std::array<double, 4> sums{
        {summary.event_heat, summary.lag_heat, a.forward_strain, a.backward_strain}};
    sum_over_ranks(sums, communicator);

    (pass == 0 ? record.n_spontaneous : record.n_triggered) += counts[0];
    record.largest_pass = std::max(record.largest_pass, counts[1]);
    record.n_outside += counts[2];
    record.n_forced += counts[3];
    record.n_gaining += counts[4];
    balance.event_heat += sums[0];
    balance.redistribution_heat += sums[1];
    record.forward_strain += sums[2];
    record.backward_strain += sums[3];

    if (pass == 0)
    {
      load_pass_share = static_cast<double>(counts[1]) / n_states;
      // The bound is a wish: one state is the least that can fire, and equal states fire
      // together however short the step.
      const bool can_halve =
          counts[1] > 1 && record.strain - strain >= 2.0 * parameters.smallest_increment;
      if (can_halve && load_pass_share > intolerable_excess * parameters.largest_firing_share)
        throw StepError(
            fmt::format("{:.1f} % of the states fire in the load pass", 100.0 * load_pass_share));
    }
    return counts[0];
  }

  template <int dim>
  void LoadStepper<dim>::attempt(const double new_strain, StepRecord &record)
  {
    const law::SymmetricTensor mean_strain = law::simple_shear(new_strain);
    step_events.clear();

    const auto reaction_before = equilibrium.reaction;
    equilibrium.solve(mean_strain, Accuracy::pass);
    // The increment is gamma_xy = 2 eps_xy, so only the xy component of the reaction works.
    balance.work +=
        0.5 * (reaction_before[0][1] + equilibrium.reaction[0][1]) * (new_strain - strain);

    for (unsigned int pass = 0;; ++pass)
    {
      if (pass >= parameters.max_passes)
        throw StepError(
            fmt::format("the avalanche did not end within {} passes", parameters.max_passes));
      if (pass > 0)
        redistribute(mean_strain, Accuracy::pass);
      record.n_passes = pass + 1;
      if (advance(pass, record) > 0)
        continue;
      redistribute(mean_strain, Accuracy::rest);
      if (advance(pass, record) == 0)
        break;
    }
  }

  template <int dim>
  void LoadStepper<dim>::measure(StepRecord &record) const
  {
    law::SymmetricTensor stress = law::SymmetricTensor::Zero();
    std::array<double, 5> sums = {}; // tau, X1, X1^2, plastic shear, points with |p| > tau
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::PointFields fields = points.fields(p);
      const double v = points.volume(p);
      stress += v * points.stress[p];
      record.largest_local_shear =
          std::max(record.largest_local_shear, law::shear_strain(law::deviator(points.strain[p])));
      sums[0] += v * fields.tau;
      sums[1] += v * fields.x1;
      sums[2] += v * fields.x1 * fields.x1;
      sums[3] += v * fields.plastic_shear;
      sums[4] += std::abs(law::trace(points.stress[p])) / 3.0 > fields.tau;
    }
    std::array<double, 6> stress_sum;
    std::copy_n(stress.data(), 6, stress_sum.begin());
    sum_over_ranks(stress_sum, communicator);
    sum_over_ranks(sums, communicator);
    std::copy_n(stress_sum.begin(), 6, record.mean_stress.data());

    record.largest_local_shear = Utilities::MPI::max(record.largest_local_shear, communicator);
    record.mean_stress /= volume;
    record.mean_tau = sums[0] / volume;
    record.mean_x1 = sums[1] / volume;
    record.std_x1 = std::sqrt(std::max(0.0, sums[2] / volume - record.mean_x1 * record.mean_x1));
    record.mean_plastic_shear = sums[3] / volume;
    record.high_pressure_share = sums[4] / n_points;

    const StoredEnergy energy = stored_energy();
    record.energy.work = balance.work / volume;
    record.energy.elastic = (energy.elastic - initial_energy.elastic) / volume;
    record.energy.inelastic = (energy.inelastic - initial_energy.inelastic) / volume;
    record.energy.event_heat = balance.event_heat / volume;
    record.energy.redistribution_heat = balance.redistribution_heat / volume;
  }

  template <int dim>
  void LoadStepper<dim>::fail(const StepRecord &record, const std::string &reason) const
  {
    const std::string message =
        fmt::format("load step {} at mean shear strain {:.6f} {}", record.step, strain, reason);
    // Several ranks may have failed; the reason is that of one of them, and names its point.
    const FailedUpdate *failed = points.failed_update();
    const bool is_reason = failed != nullptr && reason.find(failed->message) != std::string::npos;
    constexpr unsigned int none = std::numeric_limits<unsigned int>::max();
    const unsigned int rank = Utilities::MPI::min(
        is_reason ? Utilities::MPI::this_mpi_process(communicator) : none, communicator);
    if (rank == none)
      throw Error(message);
    throw UpdateError(message, static_cast<int>(rank));
  }

  template <int dim>
  void LoadStepper<dim>::run(const std::function<void(const StepRecord &)> &on_step)
  {
    double increment = parameters.largest_increment;
    unsigned int step = 0;
    // Round-off in the sum of the increments must not leave a step of its own at the end.
    while (strain < parameters.final_strain * (1.0 - 1e-12))
    {
      const Vector u_committed = equilibrium.u;
      const auto reaction_committed = equilibrium.reaction;
      const EnergyBalance balance_committed = balance;

      StepRecord record;
      record.step = step + 1;
      const double remaining = parameters.final_strain - strain;
      const double taken = remaining < 1.0001 * increment ? remaining : increment;
      record.strain = taken == remaining ? parameters.final_strain : strain + taken;
      try
      {
        attempt(record.strain, record);
      }
      catch (const StepError &error)
      {
        points.roll_back();
        equilibrium.u = u_committed;
        equilibrium.reaction = reaction_committed;
        balance = balance_committed;
        if (taken <= parameters.smallest_increment * (1.0 + 1e-12))
          fail(record,
               fmt::format("failed at the smallest increment {:.1e}: {}", taken, error.what()));
        // Never less than a tenth at once: what a point asks for depends on the path it followed.
        increment = std::max(parameters.smallest_increment,
                             std::clamp(error.admissible_share(), 0.1, 0.5) * taken);
        continue;
      }
      catch (const Error &error)
      {
        fail(record, fmt::format("failed, and no smaller increment helps: {}", error.what()));
      }
      points.commit();
      strain = record.strain;
      ++step;
      measure(record);
      on_step(record);

      const double share = load_pass_share;
      const double wish = share > 0.0 ? parameters.largest_firing_share / share : largest_growth;
      increment =
          std::min(parameters.largest_increment, increment * std::clamp(wish, 0.5, largest_growth));
    }
  }

  template class LoadStepper<2>;
  template class LoadStepper<3>;
} // namespace seem::solver
