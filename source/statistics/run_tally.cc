// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_tally.h"

#include <seem/statistics/increments.h>

#include <cmath>

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
      events.dx[0].push_back(increments.dx1[i]);
      events.net_dtau.push_back(increments.net_dtau[i]);
      events.strain.push_back(run.strain[i]);
      events.plastic_strain.push_back(plastic_strain(run, increments, elasticity, i));
      events.heat.push_back(increments.loss[i]);
    }

    /// Add to the event before; the strain in between stays elastic loading.
    void merge_event(const Trajectory &run, const Increments &increments,
                     const law::Elasticity &elasticity, const std::size_t i,
                     database::EventTable &events)
    {
      events.dtau.back() += increments.deficit[i];
      events.dx[0].back() += increments.dx1[i];
      events.net_dtau.back() += increments.net_dtau[i];
      events.plastic_strain.back() += plastic_strain(run, increments, elasticity, i);
      events.heat.back() += increments.loss[i];
    }

    /// Count the increment under each definition.
    void count_definitions(const Increments &increments, const std::size_t i,
                           const EventFloors &floors, EventCounts &counts)
    {
      const bool deficit = increments.deficit[i] > floors.deficit.floor;
      const bool loss = increments.trapezoid_loss[i] > floors.energy.floor;
      counts.stress_drop += increments.net_dtau[i] < -floors.drop;
      counts.stress_deficit += deficit;
      counts.energy_loss += loss;
      counts.any_loss += deficit || loss;
    }

    /// What the model leaves out on event-free increments, and what events do.
    void add_drift(const Increments &increments, const std::size_t i, const bool event,
                   Drift &drift)
    {
      drift.strain += increments.dgamma[i];
      if (event)
      {
        drift.event_stress += increments.deficit[i];
        drift.event_x1 += std::abs(increments.dx1[i]);
      }
      else
      {
        drift.quiet_stress -= increments.deficit[i];
        drift.quiet_x1 += increments.dx1[i];
      }
    }

    void sort_increments(const Increments &increments, const law::Elasticity &elasticity,
                         const database::StateGrid &grid, const Flags &events,
                         const TallySettings &settings, RunTally &result)
    {
      constexpr double uneven = 0.01;

      const Trajectory &run = *result.run;
      std::size_t lag = 0; // since the last event, 0 before the first
      bool merging = settings.merge;
      bool event_before = false; // in the increment before, which was not unloading
      result.increments.reserve(increments.size());
      for (std::size_t i = 0; i < increments.size(); ++i)
      {
        RunTally::Increment entry = {};
        entry.event = events[i];
        entry.lag_class = static_cast<std::uint8_t>(AftershockCounts::lag_class(lag));
        entry.unloading = unloading(run, i);
        result.uneven = result.uneven ||
                        std::abs(increments.dgamma[i] / settings.strain_increment - 1.0) > uneven;
        if (entry.unloading != 0)
        {
          ++result.n_unloading;
          result.n_unloading_events += events[i];
        }
        else
        {
          const State state = state_of(run.tau[i], increments.x1[i]);
          const auto bin = grid.bin(state);
          entry.bin = static_cast<std::uint32_t>(bin ? *bin : grid.clamped_bin(state));
          result.n_clamped += !bin;
          entry.head = events[i] != 0 && !(merging && event_before);
          count_definitions(increments, i, settings.floors, result.counts);
          add_drift(increments, i, events[i] != 0, result.drift);
          if (entry.head != 0)
            append_event(run, increments, elasticity, i, result.events);
          else if (events[i] != 0)
            merge_event(run, increments, elasticity, i, result.events);
          if (events[i] != 0)
            result.n_violating += increments.loss[i] <
                                  -loss_ambiguity(increments, i, settings.floors, run.info.volume);
        }
        event_before = events[i] != 0 && entry.unloading == 0;
        lag = events[i] != 0 ? 1 : lag == 0 ? 0 : lag + 1;
        result.increments.push_back(entry);
      }
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
    sort_increments(increments, elasticity, grid, events, settings, result);

    Flags forward = events;
    for (std::size_t i = 0; i < forward.size(); ++i)
      if (result.increments[i].unloading != 0)
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
