// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_tally.h"

#include <seem/statistics/increments.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    State state_of(const double tau, const double x1)
    {
      State state;
      state.tau = tau;
      state.x[0] = x1;
      return state;
    }

    database::Sample sample_of(const Trajectory &trajectory, const double initial_x1)
    {
      const SampleInfo &info = trajectory.info;
      database::Sample sample;
      sample.name = info.name;
      sample.label = info.label;
      sample.glass = info.glass;
      sample.direction = info.direction;
      sample.cooling_rate = info.cooling_rate;
      sample.n_atoms = info.n_atoms;
      sample.volume = info.volume;
      sample.final_strain = trajectory.strain.back();
      sample.initial = state_of(trajectory.tau[0], initial_x1);
      sample.checksum = info.checksum;
      return sample;
    }

    /// Elastic strain lost by the event of an increment: predicted minus actual.
    double plastic_strain(const Trajectory &run, const Increments &increments,
                          const law::Elasticity &elasticity, const std::size_t i)
    {
      return elasticity.elastic_strain(run.tau[i], increments.x1[i]) + increments.dgamma[i] -
             elasticity.elastic_strain(run.tau[i + 1], increments.x1[i + 1]);
    }

    void append_event(const Trajectory &run, const Increments &increments,
                      const law::Elasticity &elasticity, const std::size_t i,
                      database::EventTable &events)
    {
      events.tau.push_back(run.tau[i]);
      events.x[0].push_back(increments.x1[i]);
      events.dtau.push_back(increments.deficit[i]);
      events.dx[0].push_back(increments.dx1(i));
      events.net_dtau.push_back(increments.net_dtau[i]);
      events.strain.push_back(run.strain[i]);
      events.plastic_strain.push_back(plastic_strain(run, increments, elasticity, i));
      events.heat.push_back(energy_loss(run, increments, elasticity, i));
    }

    /// Add to the event before; the strain in between stays elastic loading.
    void merge_event(const Trajectory &run, const Increments &increments,
                     const law::Elasticity &elasticity, const std::size_t i,
                     database::EventTable &events)
    {
      events.dtau.back() += increments.deficit[i];
      events.dx[0].back() += increments.dx1(i);
      events.net_dtau.back() += increments.net_dtau[i];
      events.plastic_strain.back() += plastic_strain(run, increments, elasticity, i);
      events.heat.back() += energy_loss(run, increments, elasticity, i);
    }

    /// Count the forward increments under each definition.
    EventCounts count_definitions(const Trajectory &run, const Increments &increments,
                                  const EventFloors &floors)
    {
      std::size_t n_drop = 0, n_deficit = 0, n_loss = 0, n_any = 0;
      for (std::size_t i = 0; i < increments.size(); ++i)
      {
        const std::size_t forward = !(run.tau[i] < 0.0);
        const std::size_t deficit = forward & (increments.deficit[i] > floors.deficit.floor);
        const std::size_t loss = forward & (increments.trapezoid_loss[i] > floors.energy.floor);
        n_drop += forward & (increments.net_dtau[i] < -floors.drop);
        n_deficit += deficit;
        n_loss += loss;
        n_any += deficit | loss;
      }
      EventCounts counts;
      counts.stress_drop = n_drop;
      counts.stress_deficit = n_deficit;
      counts.energy_loss = n_loss;
      counts.any_loss = n_any;
      return counts;
    }

    /// Whether an increment differs from the usual one by more than a hundredth.
    bool is_uneven(const std::vector<double> &dgamma, const double usual)
    {
      constexpr double tolerance = 0.01;
      double low = dgamma[0], high = dgamma[0];
      for (const double value : dgamma)
      {
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
      return high / usual - 1.0 > tolerance || 1.0 - low / usual > tolerance;
    }

    /// The bins of the rows of a run, which stays in each for many rows.
    class BinOfRow
    {
    public:
      BinOfRow(const database::StateGrid &grid, std::vector<RunTally::Visit> &visits)
          : grid(grid), visits(visits), visit_of_bin(grid.n_bins(), none)
      {
      }

      /// The state lies in the bin of the state before.
      bool stays(const double tau, const double x1) const
      {
        return tau >= low[0] && tau < high[0] && x1 >= low[1] && x1 < high[1];
      }

      /// Where the increments begun at the state are counted. Not valid any longer after the next.
      RunTally::Visit &visit(const double tau, const double x1)
      {
        if (!stays(tau, x1))
          move_to(state_of(tau, x1));
        return visits[at];
      }

      /// The last state lay outside the grid.
      bool is_outside() const
      {
        return outside;
      }

    private:
      void move_to(const State &state)
      {
        const auto inside = grid.bin(state);
        const std::size_t bin = inside ? *inside : grid.clamped_bin(state);
        outside = !inside;
        const std::vector<std::size_t> index = grid.indices(bin);
        for (std::size_t k = 0; k < 2; ++k)
        {
          const std::vector<double> &edges = grid.axes()[k].edges;
          low[k] = edges[index[k]];
          high[k] = outside ? low[k] : edges[index[k] + 1]; // outside is asked for each time
        }
        if (visit_of_bin[bin] == none)
        {
          visit_of_bin[bin] = visits.size();
          visits.emplace_back();
          visits.back().bin = static_cast<std::uint32_t>(bin);
        }
        at = visit_of_bin[bin];
      }

      static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

      const database::StateGrid &grid;
      std::vector<RunTally::Visit> &visits;
      std::vector<std::size_t> visit_of_bin; ///< [n_bins]
      std::size_t at = 0;
      double low[2] = {0.0, 0.0}, high[2] = {0.0, 0.0}; ///< of the bin; empty at first
      bool outside = false;
    };

    void sort_increments(const Increments &increments, const law::Elasticity &elasticity,
                         const database::StateGrid &grid, const Flags &events,
                         const TallySettings &settings, RunTally &result)
    {
      const Trajectory &run = *result.run;
      const std::size_t n = increments.size();
      std::size_t lag = 0;       // since the last event, 0 before the first
      bool event_before = false; // in the increment before, which was not unloading
      BinOfRow bins(grid, result.visits);
      for (std::size_t i = 0; i < n;)
      {
        const bool event = events[i] != 0;
        if (unloading(run, i))
        {
          ++result.n_unloading;
          result.n_unloading_events += event;
          event_before = false;
          lag = event ? 1 : lag == 0 ? 0 : lag + 1;
          ++i;
          continue;
        }
        RunTally::Visit &visit = bins.visit(run.tau[i], increments.x1[i]);
        result.n_clamped += bins.is_outside();
        AftershockCounts::Count &count = visit.by_lag[AftershockCounts::lag_class(lag)];
        if (event)
        {
          const bool head = !(settings.merge && event_before);
          ++visit.n_increments;
          visit.exposure += increments.dgamma[i];
          visit.n_events += head;
          ++count.increments;
          ++count.events;
          result.drift.strain += increments.dgamma[i];
          result.drift.event_stress += increments.deficit[i];
          result.drift.event_x1 += std::abs(increments.dx1(i));
          if (head)
            append_event(run, increments, elasticity, i, result.events);
          else
            merge_event(run, increments, elasticity, i, result.events);
          result.n_violating += energy_loss(run, increments, elasticity, i) <
                                -loss_ambiguity(increments, i, settings.floors, run.info.volume);
          event_before = true;
          lag = 1;
          ++i;
          continue;
        }

        // From here to the next event, and as long as bin and class stay.
        const std::size_t begin = i;
        const bool quiet = lag == 0 || lag > AftershockCounts::longest_lag;
        const std::size_t end = quiet && !bins.is_outside() ? n : begin + 1;
        double exposure = visit.exposure, strain = result.drift.strain;
        double stress = result.drift.quiet_stress, x1 = result.drift.quiet_x1;
        do
        {
          exposure += increments.dgamma[i];
          strain += increments.dgamma[i];
          stress -= increments.deficit[i];
          x1 += increments.dx1(i);
          ++i;
        } while (i < end && events[i] == 0 && bins.stays(run.tau[i], increments.x1[i]) &&
                 !unloading(run, i));
        visit.exposure = exposure;
        visit.n_increments += static_cast<std::uint32_t>(i - begin);
        count.increments += i - begin;
        result.drift.strain = strain;
        result.drift.quiet_stress = stress;
        result.drift.quiet_x1 = x1;
        event_before = false;
        lag = lag == 0 ? 0 : lag + (i - begin);
      }
      std::sort(result.visits.begin(), result.visits.end(),
                [](const auto &a, const auto &b) { return a.bin < b.bin; });
    }
  } // namespace

  RunTally tally(std::shared_ptr<const Trajectory> run, const law::Elasticity &elasticity,
                 const database::StateGrid &grid, const TallySettings &settings,
                 const std::vector<double> &strains)
  {
    RunTally result;
    result.run = std::move(run);
    result.events.x.resize(1);
    result.events.dx.resize(1);

    const Increments increments = read_increments(*result.run, elasticity, settings.u0);
    result.sample = sample_of(*result.run, increments.x1[0]);
    const Flags events = find_events(increments, settings.definition, settings.floors);
    result.n_increments = increments.size();
    result.uneven = is_uneven(increments.dgamma, settings.strain_increment);
    result.counts = count_definitions(*result.run, increments, settings.floors);
    sort_increments(increments, elasticity, grid, events, settings, result);

    Flags forward = events;
    for (std::size_t i = 0; i < forward.size(); ++i)
      if (unloading(*result.run, i))
        forward[i] = 0;
    result.counts.used = count(forward);
    result.counts.used_in_runs = count_in_runs(forward);

    result.curve.label = result.run->info.label;
    result.curve.glass = result.run->info.glass;
    result.curve.strain = strains;
    for (const double strain : strains)
    {
      result.curve.tau.push_back(interpolate(result.run->strain, result.run->tau, strain));
      result.curve.x1.push_back(interpolate(result.run->strain, increments.x1, strain));
    }
    return result;
  }
} // namespace seem::statistics
