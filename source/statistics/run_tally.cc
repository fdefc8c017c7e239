// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_tally.h"

#include "row_passes.h"

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

    /// Whether an increment differs from the usual one by more than a hundredth.
    bool is_uneven(const std::vector<double> &dgamma, const double usual)
    {
      constexpr double tolerance = 0.01;
      const auto [low, high] = row_passes::range(dgamma.size(), dgamma.data());
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
        return tau >= here.low[0] && tau < here.high[0] && x1 >= here.low[1] && x1 < here.high[1];
      }

      /// The bin of the last state; empty if it lay outside the grid.
      const row_passes::Bin &bin() const
      {
        return here;
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
          here.low[k] = edges[index[k]];
          here.high[k] =
              outside ? here.low[k] : edges[index[k] + 1]; // outside is asked for each time
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
      row_passes::Bin here; ///< empty at first
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
      const auto forward_event = [&](const std::size_t k) {
        return events[k] != 0 && !unloading(run, k);
      };
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
          ++result.counts.used;
          result.counts.used_in_runs += event_before || (i + 1 < n && forward_event(i + 1));
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
        const auto add = [&] {
          exposure += increments.dgamma[i];
          strain += increments.dgamma[i];
          stress -= increments.deficit[i];
          x1 += increments.dx1(i);
          ++i;
        };
        do
        {
          add();
          while (i + row_passes::block_size <= end &&
                 row_passes::quiet_block(&run.tau[i], &increments.x1[i], &events[i], bins.bin()))
            for (std::size_t k = 0; k < row_passes::block_size; ++k)
              add();
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

    thread_local Increments increments; // new memory costs as much as what is done with it
    read_increments(*result.run, elasticity, settings.u0, increments);
    result.sample = sample_of(*result.run, increments.x1[0]);
    const Flags events = find_events(increments, settings.definition, settings.floors);
    result.n_increments = increments.size();
    result.uneven = is_uneven(increments.dgamma, settings.strain_increment);
    result.counts =
        row_passes::count_definitions(increments.size(),
                                      {result.run->tau.data(), increments.net_dtau.data(),
                                       increments.deficit.data(), increments.trapezoid_loss.data()},
                                      settings.floors);
    sort_increments(increments, elasticity, grid, events, settings, result);

    result.curve.label = result.run->info.label;
    result.curve.glass = result.run->info.glass;
    result.curve.strain = strains;
    result.curve.tau = interpolate(result.run->strain, result.run->tau, strains);
    result.curve.x1 = interpolate(result.run->strain, increments.x1, strains);
    return result;
  }
} // namespace seem::statistics
