// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/event_search.h>
#include <seem/solver/load_stepper.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr double largest_growth = 1.5;

    /// A step firing more than this times the allowed share is undone and halved, not only followed
    /// by a smaller one.
    constexpr double intolerable_excess = 2.0;

    /// Of the smallest increment: the least load that makes a clock fire that has run out.
    constexpr double smallest_load = 1e-3;

    /// Shares of a path that differ by less are the same event's, seen on different ranks.
    constexpr double share_round_off = 1e-9;

    /// Of the newest avalanche in the mean load between avalanches.
    constexpr double newest_weight = 0.3;

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
            Utilities::MPI::sum(static_cast<unsigned long>(points.n_main_states()), communicator))
  {
    current.time = equilibrium.time();
    current.increment = current.event_interval = parameters.largest_increment;
    for (std::size_t p = 0; p < points.size(); ++p)
      volume += points.volume(p);
    volume = Utilities::MPI::sum(volume, communicator);

    // Initial stresses that differ from point to point come to rest first, with all clocks off.
    equilibrium.solve(current.time, Accuracy::rest);
    points.strain_settled = points.strain;
    points.commit();
    current.initial_energy = stored_energy();
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
    count(equilibrium.solve(t, accuracy));
  }

  template <int dim>
  void LoadStepper<dim>::count(const EnergyExchange &exchange)
  {
    current.balance.work += exchange.work;
    current.balance.redistribution_heat += exchange.heat;
  }

  template <int dim>
  unsigned long LoadStepper<dim>::advance(const unsigned int pass, StepRecord &record)
  {
    AdvanceSummary summary;
    bool to_event = false;
    {
      EventLog log(step_events, record.step, pass);
      law::EventObserver *const observer = parameters.log_events ? &log : nullptr;
      const auto start = std::chrono::steady_clock::now();
      double share = std::numeric_limits<double>::infinity();
      if (parameters.firing == Firing::one)
      {
        run_collectively(communicator, [&] { share = points.share_to_next_event(1.0); });
        share = Utilities::MPI::min(share, communicator);
        to_event = share <= 1.0;
      }
      const PointKey key = to_event ? first_to_fire(share + share_round_off) : PointKey();
      run_collectively(communicator, [&] {
        summary = to_event ? points.advance_to_event(share, share_round_off, key, observer)
                           : points.advance(observer);
      });
      equilibrium.effort.law_seconds +=
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

    const law::Activity &a = summary.activity;
    std::array<unsigned long, 5> counts{
        {a.n_events, summary.n_fired_states, a.n_outside, a.n_forced, a.n_gaining}};
    sum_over_ranks(counts, communicator);
    std::array<double, 5> sums{{summary.event_heat, summary.lag_heat, a.forward_strain,
                                a.backward_strain, summary.plastic_shear}};
    sum_over_ranks(sums, communicator);

    (pass == 0 ? record.n_spontaneous : record.n_triggered) += counts[0];
    record.largest_pass = std::max(record.largest_pass, counts[1]);
    record.n_outside += counts[2];
    record.n_forced += counts[3];
    record.n_gaining += counts[4];
    record.n_firing_passes += counts[0] > 0;
    record.plastic_shear += sums[4] / volume;
    current.balance.event_heat += sums[0];
    current.balance.redistribution_heat += sums[1];
    record.forward_strain += sums[2];
    record.backward_strain += sums[3];

    if (pass == 0 && parameters.stepping == Stepping::fixed_increments)
    {
      load_pass_share = static_cast<double>(counts[1]) / n_states;
      // The bound is a wish: one state is the least that can fire, and equal states fire
      // together however short the step.
      const bool can_halve =
          counts[1] > 1 && record.time - current.time >= 2.0 * parameters.smallest_increment;
      if (can_halve && load_pass_share > intolerable_excess * parameters.largest_firing_share)
        throw StepError(
            fmt::format("{:.1f} % of the states fire in the load pass", 100.0 * load_pass_share));
    }
    // An event that was only seen by round-off: its path is behind it, others go on.
    if (to_event && counts[0] == 0)
      return advance(pass, record);
    return counts[0];
  }

  template <int dim>
  double LoadStepper<dim>::runaway_measure(const law::SymmetricTensor &strain_before) const
  {
    if (equilibrium.has_free_mean_strain())
      return equilibrium.free_strain_change(strain_before);
    if (!equilibrium.stress_controlled())
      return 0.0;
    return Utilities::MPI::sum(points.shear_change_since_commit(), communicator) / volume;
  }

  template <int dim>
  PointKey LoadStepper<dim>::first_to_fire(const double share) const
  {
    // Gathered rather than reduced: keys fill their 64 bits, no value is left for "none".
    const std::optional<PointKey> own = points.smallest_key_within(share);
    const std::array<std::uint64_t, 3> mine = {
        {own ? 0u : 1u, own ? own->cell : 0u, own ? own->quadrature_point : std::uint64_t(0)}};
    std::vector<std::array<std::uint64_t, 3>> all(Utilities::MPI::n_mpi_processes(communicator));
    MPI_Allgather(mine.data(), 3, MPI_UINT64_T, all.data(), 3, MPI_UINT64_T, communicator);
    const auto &first = *std::min_element(all.begin(), all.end());
    return {first[1], static_cast<std::uint16_t>(first[2])};
  }

  template <int dim>
  void LoadStepper<dim>::load_to_next_event(StepRecord &record)
  {
    const auto committed = equilibrium.snapshot();
    EventSearch search(current.event_interval, record.time - current.time,
                       smallest_load * parameters.smallest_increment, parameters.event_tolerance);
    const double limit = record.time;
    for (bool first = true;; first = false)
    {
      if (!first)
        equilibrium.restore(committed);
      // The limit itself is met to the last bit: it may be a kink of the path.
      record.time = std::min(limit, current.time + search.trial());
      // The load may be a small part of what the tolerance of a pass would leave unbalanced.
      const EnergyExchange exchange = equilibrium.solve(record.time, Accuracy::rest);
      double share = std::numeric_limits<double>::infinity();
      run_collectively(communicator,
                       [&] { share = points.share_to_next_event(EventSearch::reach); });
      share = Utilities::MPI::min(share, communicator);
      if (!search.accept(share))
        continue;

      count(exchange);
      if (share <= 1.0)
        record.avalanche.trigger = first_to_fire(share + share_round_off);
      break;
    }

    record.avalanche.strain_before = mean_of(points.strain);
    record.avalanche.stress_before = mean_of(points.stress);
    double tau = 0.0;
    for (std::size_t p = 0; p < points.size(); ++p)
      tau += points.volume(p) * law::shear_stress(law::deviator(points.stress[p]));
    record.avalanche.tau_before = Utilities::MPI::sum(tau, communicator) / volume;
  }

  template <int dim>
  void LoadStepper<dim>::serve(const StepBegin &begin, const RunHooks<dim> &hooks) const
  {
    if (!hooks.request)
      return;
    const auto request =
        static_cast<Request>(Utilities::MPI::max(static_cast<int>(hooks.request()), communicator));
    if (request == Request::none)
      return;
    hooks.save(begin.body, begin.progress);
    if (request == Request::end)
      throw Interruption();
  }

  template <int dim>
  void LoadStepper<dim>::return_to(const StepBegin &begin)
  {
    points.roll_back();
    equilibrium.restore(begin.body);
    current.balance = begin.progress.balance;
  }

  template <int dim>
  void LoadStepper<dim>::attempt(StepRecord &record, const StepBegin &begin,
                                 const RunHooks<dim> &hooks)
  {
    step_events.clear();
    running_away = false;
    const bool to_next_event = parameters.stepping == Stepping::next_event;
    EnergyBalance at_onset;
    const law::SymmetricTensor strain_before = equilibrium.mean_strain();
    for (unsigned int pass = 0;; ++pass)
    {
      if (pass >= parameters.max_passes)
      {
        running_away = equilibrium.stress_controlled();
        throw StepError(
            fmt::format("the avalanche did not end within {} passes", parameters.max_passes));
      }
      serve(begin, hooks);
      if (pass == 0 && to_next_event)
      {
        load_to_next_event(record);
        at_onset = current.balance;
      }
      else
        equilibrate(record.time, Accuracy::pass);
      const double strain_change = runaway_measure(strain_before);
      if (strain_change > parameters.runaway_strain)
      {
        running_away = true;
        throw StepError(fmt::format("the strain runs away by {:.3g} under the prescribed stress",
                                    strain_change));
      }
      record.n_passes = pass + 1;
      if (advance(pass, record) > 0)
        continue;
      equilibrate(record.time, Accuracy::rest);
      if (advance(pass, record) == 0)
        break;
    }
    record.n_fired_states = Utilities::MPI::sum(points.n_fired_since_commit(), communicator);
    record.participation = static_cast<double>(record.n_fired_states) / n_states;
    if (to_next_event && record.n_spontaneous > 0)
    {
      record.avalanche.number = current.n_avalanches + 1;
      record.avalanche.event_heat = (current.balance.event_heat - at_onset.event_heat) / volume;
      record.avalanche.redistribution_heat =
          (current.balance.redistribution_heat - at_onset.redistribution_heat) / volume;
      record.avalanche.released =
          (record.avalanche.event_heat + record.avalanche.redistribution_heat) * volume;
    }
  }

  template <int dim>
  law::SymmetricTensor
  LoadStepper<dim>::mean_of(const std::vector<law::SymmetricTensor> &tensors) const
  {
    const law::SymmetricTensor local = points.integral(tensors);
    std::array<double, 6> sum;
    std::copy_n(local.data(), 6, sum.begin());
    sum_over_ranks(sum, communicator);
    return law::SymmetricTensor::Map(sum.data()) / volume;
  }

  template <int dim>
  void LoadStepper<dim>::measure(StepRecord &record) const
  {
    // Statistics, as those of advance().
    const auto start = std::chrono::steady_clock::now();
    // tau, plastic shear, points with |p| > tau; of the first material: volume, X1, X1^2; stored
    // energies
    std::array<double, 8> sums = {};
    points.measure([&](const std::size_t p, const law::EnergyDensity &energy,
                       const law::PointFields &fields) {
      const double v = points.volume(p);
      record.largest_local_shear =
          std::max(record.largest_local_shear, law::shear_strain(law::deviator(points.strain[p])));
      sums[0] += v * fields.tau;
      sums[1] += v * fields.plastic_shear;
      sums[2] += std::abs(law::trace(points.stress[p])) / 3.0 > fields.tau;
      sums[6] += v * energy.elastic;
      sums[7] += v * energy.inelastic;
      if (points.material(p) != 0)
        return;
      sums[3] += v;
      sums[4] += v * fields.x1;
      sums[5] += v * fields.x1 * fields.x1;
    });
    equilibrium.effort.law_seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    sum_over_ranks(sums, communicator);
    record.mean_stress = mean_of(points.stress);
    record.mean_strain = mean_of(points.strain);

    record.largest_local_shear = Utilities::MPI::max(record.largest_local_shear, communicator);
    record.mean_tau = sums[0] / volume;
    record.mean_plastic_shear = sums[1] / volume;
    record.high_pressure_share = sums[2] / n_points;
    record.mean_x1 = sums[4] / sums[3];
    record.std_x1 = std::sqrt(std::max(0.0, sums[5] / sums[3] - record.mean_x1 * record.mean_x1));

    record.energy.work = current.balance.work / volume;
    record.energy.elastic = (sums[6] - current.initial_energy.elastic) / volume;
    record.energy.inelastic = (sums[7] - current.initial_energy.inelastic) / volume;
    record.energy.event_heat = current.balance.event_heat / volume;
    record.energy.redistribution_heat = current.balance.redistribution_heat / volume;
  }

  template <int dim>
  void LoadStepper<dim>::fail(const StepRecord &record, const std::string &reason) const
  {
    const std::string message =
        fmt::format("load step {} at t = {:.6g} {}", record.step, current.time, reason);
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
      if (kink > current.time * (1.0 + 1e-12) && kink < end)
      {
        end = kink;
        break;
      }
    // Round-off in the sum of the increments must not leave a step of its own.
    return end - current.time < 1.0001 * increment ? end : current.time + increment;
  }

  template <int dim>
  void LoadStepper<dim>::accept(const StepRecord &record)
  {
    const double taken = record.time - current.time;
    current.time = record.time;
    ++current.step;
    double growth = largest_growth;
    if (parameters.stepping == Stepping::next_event)
    {
      current.n_avalanches += record.avalanche.number > 0;
      current.event_interval =
          record.avalanche.number > 0
              ? (1.0 - newest_weight) * current.event_interval + newest_weight * taken
              : std::max(current.event_interval, taken);
    }
    else if (load_pass_share > 0.0)
      growth = std::clamp(parameters.largest_firing_share / load_pass_share, 0.5, largest_growth);
    current.increment = std::min(parameters.largest_increment, current.increment * growth);
  }

  template <int dim>
  RunEnd LoadStepper<dim>::run(const RunHooks<dim> &hooks)
  {
    const bool to_next_event = parameters.stepping == Stepping::next_event;
    while (current.time < parameters.final_time)
    {
      equilibrium.begin_step();
      const StepBegin begin = {equilibrium.snapshot(), current};

      StepRecord record;
      record.step = current.step + 1;
      record.time = time_of_next(current.increment);
      try
      {
        attempt(record, begin, hooks);
      }
      catch (const Interruption &)
      {
        return_to(begin);
        return RunEnd::interrupted;
      }
      catch (const StepError &error)
      {
        // Whatever the increment, an avalanche that has begun meets the same events again.
        const bool begun = to_next_event && record.n_spontaneous > 0;
        const double taken = record.time - current.time;
        const bool last = begun || taken <= parameters.smallest_increment * (1.0 + 1e-9);
        if (last && !running_away)
          fail(record, begun ? fmt::format("failed in the avalanche that begins at t = {:.9g}: {}",
                                           record.time, error.what())
                             : fmt::format("failed at the smallest increment {:.1e}: {}", taken,
                                           error.what()));
        return_to(begin);
        if (last)
        {
          if (hooks.save)
            hooks.save(begin.body, begin.progress);
          return RunEnd::runaway;
        }
        // Never less than a tenth at once: what a point asks for depends on the path it followed.
        current.increment = std::max(parameters.smallest_increment,
                                     std::clamp(error.admissible_share(), 0.1, 0.5) * taken);
        continue;
      }
      catch (const Error &error)
      {
        fail(record, fmt::format("failed, and no smaller increment helps: {}", error.what()));
      }
      points.commit();
      accept(record);
      measure(record);
      hooks.on_step(record);
    }
    if (hooks.save)
      hooks.save(equilibrium.snapshot(), current);
    return RunEnd::done;
  }

  template class LoadStepper<2>;
  template class LoadStepper<3>;
} // namespace seem::solver
