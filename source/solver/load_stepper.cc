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
        n_states(
            Utilities::MPI::sum(static_cast<unsigned long>(points.n_main_states()), communicator)),
        time(equilibrium.time())
  {
    for (std::size_t p = 0; p < points.size(); ++p)
      volume += points.volume(p);
    volume = Utilities::MPI::sum(volume, communicator);

    // Initial stresses that differ from point to point come to rest first, with all clocks off.
    equilibrium.solve(time, Accuracy::rest);
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
  void LoadStepper<dim>::equilibrate(const double t, const Accuracy accuracy)
  {
    const EnergyExchange exchange = equilibrium.solve(t, accuracy);
    balance.work += exchange.work;
    balance.redistribution_heat += exchange.heat;
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
          counts[1] > 1 && record.time - time >= 2.0 * parameters.smallest_increment;
      if (can_halve && load_pass_share > intolerable_excess * parameters.largest_firing_share)
        throw StepError(
            fmt::format("{:.1f} % of the states fire in the load pass", 100.0 * load_pass_share));
    }
    return counts[0];
  }

  template <int dim>
  void LoadStepper<dim>::attempt(StepRecord &record)
  {
    step_events.clear();
    running_away = false;
    const law::SymmetricTensor strain_before = equilibrium.mean_strain();
    for (unsigned int pass = 0;; ++pass)
    {
      if (pass >= parameters.max_passes)
      {
        running_away = equilibrium.stress_controlled();
        throw StepError(
            fmt::format("the avalanche did not end within {} passes", parameters.max_passes));
      }
      equilibrate(record.time, Accuracy::pass);
      const double strain_change = equilibrium.free_strain_change(strain_before);
      if (strain_change > parameters.runaway_strain)
      {
        running_away = true;
        throw StepError(fmt::format("the mean strain runs away by {:.3g} under the prescribed "
                                    "stress",
                                    strain_change));
      }
      record.n_passes = pass + 1;
      if (advance(pass, record) > 0)
        continue;
      equilibrate(record.time, Accuracy::rest);
      if (advance(pass, record) == 0)
        break;
    }
  }

  template <int dim>
  void LoadStepper<dim>::measure(StepRecord &record) const
  {
    // tau, plastic shear, points with |p| > tau; of the first material: volume, X1, X1^2
    std::array<double, 6> sums = {};
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::PointFields fields = points.fields(p);
      const double v = points.volume(p);
      record.largest_local_shear =
          std::max(record.largest_local_shear, law::shear_strain(law::deviator(points.strain[p])));
      sums[0] += v * fields.tau;
      sums[1] += v * fields.plastic_shear;
      sums[2] += std::abs(law::trace(points.stress[p])) / 3.0 > fields.tau;
      if (points.material(p) != 0)
        continue;
      sums[3] += v;
      sums[4] += v * fields.x1;
      sums[5] += v * fields.x1 * fields.x1;
    }
    sum_over_ranks(sums, communicator);
    const auto mean_of = [&](const std::vector<law::SymmetricTensor> &tensors) {
      const law::SymmetricTensor local = points.integral(tensors);
      std::array<double, 6> sum;
      std::copy_n(local.data(), 6, sum.begin());
      sum_over_ranks(sum, communicator);
      return law::SymmetricTensor(law::SymmetricTensor::Map(sum.data()) / volume);
    };
    record.mean_stress = mean_of(points.stress);
    record.mean_strain = mean_of(points.strain);

    record.largest_local_shear = Utilities::MPI::max(record.largest_local_shear, communicator);
    record.mean_tau = sums[0] / volume;
    record.mean_plastic_shear = sums[1] / volume;
    record.high_pressure_share = sums[2] / n_points;
    record.mean_x1 = sums[4] / sums[3];
    record.std_x1 = std::sqrt(std::max(0.0, sums[5] / sums[3] - record.mean_x1 * record.mean_x1));

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
        fmt::format("load step {} at t = {:.6g} {}", record.step, time, reason);
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
  double LoadStepper<dim>::time_of_next(const double increment) const
  {
    double end = parameters.final_time;
    for (const double kink : parameters.kinks)
      if (kink > time * (1.0 + 1e-12) && kink < end)
      {
        end = kink;
        break;
      }
    // Round-off in the sum of the increments must not leave a step of its own.
    return end - time < 1.0001 * increment ? end : time + increment;
  }

  template <int dim>
  RunEnd LoadStepper<dim>::run(const std::function<void(const StepRecord &)> &on_step)
  {
    double increment = parameters.largest_increment;
    unsigned int step = 0;
    while (time < parameters.final_time)
    {
      const auto committed = equilibrium.snapshot();
      const EnergyBalance balance_committed = balance;

      StepRecord record;
      record.step = step + 1;
      record.time = time_of_next(increment);
      const double taken = record.time - time;
      try
      {
        attempt(record);
      }
      catch (const StepError &error)
      {
        const bool smallest = taken <= parameters.smallest_increment * (1.0 + 1e-9);
        if (smallest && !running_away)
          fail(record,
               fmt::format("failed at the smallest increment {:.1e}: {}", taken, error.what()));
        points.roll_back();
        equilibrium.restore(committed);
        balance = balance_committed;
        if (smallest)
          return RunEnd::runaway;
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
      time = record.time;
      ++step;
      measure(record);
      on_step(record);

      const double share = load_pass_share;
      const double wish = share > 0.0 ? parameters.largest_firing_share / share : largest_growth;
      increment =
          std::min(parameters.largest_increment, increment * std::clamp(wish, 0.5, largest_growth));
    }
    return RunEnd::done;
  }

  template class LoadStepper<2>;
  template class LoadStepper<3>;
} // namespace seem::solver
