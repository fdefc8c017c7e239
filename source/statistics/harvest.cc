// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/elasticity_harvest.h>
#include <seem/statistics/harvest.h>
#include <seem/statistics/state_statistics.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    /// Increments that began against the shear are unloading and stay out of the table.
    bool unloading(const Trajectory &trajectory, const std::size_t i)
    {
      return trajectory.tau[i] < 0.0;
    }

    State state_of(const double tau, const double x1)
    {
      State state;
      state.tau = tau;
      state.x[0] = x1;
      return state;
    }

    /**
     * First increment of the event that increment @p i belongs to: itself, or with merging the
     * first of its run of event increments.
     */
    std::size_t head_of(const Flags &events, const Trajectory &trajectory, const std::size_t i,
                        const bool merge)
    {
      std::size_t head = i;
      while (merge && head > 0 && events[head - 1] != 0 && !unloading(trajectory, head - 1))
        --head;
      return head;
    }

    /// Smallest and largest visited tau and X1.
    struct VisitedRange
    {
      double tau[2] = {std::numeric_limits<double>::infinity(),
                       -std::numeric_limits<double>::infinity()};
      double x1[2] = {std::numeric_limits<double>::infinity(),
                      -std::numeric_limits<double>::infinity()};

      void add(const double tau_value, const double x1_value)
      {
        tau[0] = std::min(tau[0], tau_value);
        tau[1] = std::max(tau[1], tau_value);
        x1[0] = std::min(x1[0], x1_value);
        x1[1] = std::max(x1[1], x1_value);
      }
    };

    std::vector<database::Axis> make_axes(const std::vector<Trajectory> &trajectories,
                                          const ElasticityHarvest &elastic,
                                          const HarvestSettings &settings)
    {
      VisitedRange range;
      for (std::size_t s = 0; s < trajectories.size(); ++s)
        for (std::size_t i = 0; i < elastic.increments[s].size(); ++i)
          if (!unloading(trajectories[s], i))
            range.add(trajectories[s].tau[i], elastic.increments[s].x1[i]);
      if (!(range.tau[1] > range.tau[0]))
        throw InputError("no increment begins at tau >= 0: check the sign of the stress");

      // Loading runs through zero stress: the grid begins there, not at the first row above it.
      if (range.tau[0] < (range.tau[1] - range.tau[0]) / static_cast<double>(settings.n_bins[0]))
        range.tau[0] = 0.0;
      // X1 of a run without events is constant: give it a bin of some width.
      constexpr double smallest_width = 1e-9; // eV per atom
      if (range.x1[1] - range.x1[0] < smallest_width)
      {
        range.x1[0] -= smallest_width;
        range.x1[1] += smallest_width;
      }
      const auto tau =
          settings.tau_range.value_or(std::array<double, 2>{{range.tau[0], range.tau[1]}});
      const auto x1 = settings.x1_range.value_or(std::array<double, 2>{{range.x1[0], range.x1[1]}});
      return {database::uniform_axis("tau", "GPa", tau[0], tau[1], settings.n_bins[0]),
              database::uniform_axis("X1", "eV", x1[0], x1[1], settings.n_bins[1])};
    }

    void append_event(const Trajectory &trajectory, const Increments &increments,
                      const std::size_t i, const std::uint32_t sample, database::EventTable &events)
    {
      events.tau.push_back(trajectory.tau[i]);
      events.x[0].push_back(increments.x1[i]);
      events.dtau.push_back(increments.deficit[i]);
      events.dx[0].push_back(increments.dx1[i]);
      events.net_dtau.push_back(increments.net_dtau[i]);
      events.strain.push_back(trajectory.strain[i]);
      events.sample.push_back(sample);
    }

    /// Sort the increments of one run into bins and its events into the table.
    void tabulate(const Trajectory &trajectory, const Increments &increments, const Flags &events,
                  const std::uint32_t sample, const bool merge, const database::StateGrid &grid,
                  StateStatistics &statistics, database::EventTable &table,
                  database::VisitTable &visits, HarvestReport &report)
    {
      StateStatistics run(grid);
      for (std::size_t i = 0; i < increments.size(); ++i)
      {
        if (unloading(trajectory, i))
          continue;
        const State state = state_of(trajectory.tau[i], increments.x1[i]);
        const bool event = events[i] != 0;
        const bool head = event && head_of(events, trajectory, i, merge) == i;
        statistics.add(state, increments.dgamma[i], head);
        run.add(state, increments.dgamma[i], head);
        if (!grid.bin(state))
          ++report.n_clamped;
        if (head)
          append_event(trajectory, increments, i, sample, table);
        else if (event)
        {
          // Merged into the event before it; the strain in between stays elastic loading.
          table.dtau.back() += increments.deficit[i];
          table.dx[0].back() += increments.dx1[i];
          table.net_dtau.back() += increments.net_dtau[i];
        }
      }
      run.append_visits(sample, visits);
    }

    void count_events(const Trajectory &trajectory, const Increments &increments,
                      const Flags &events, const EventFloors &floors, HarvestReport &report)
    {
      const auto counted = [&](const EventDefinition definition) {
        const Flags flags = find_events(increments, definition, floors);
        std::size_t n = 0;
        for (std::size_t i = 0; i < flags.size(); ++i)
          if (flags[i] != 0 && !unloading(trajectory, i))
            ++n;
        return n;
      };
      report.events.stress_drop += counted(EventDefinition::stress_drop);
      report.events.stress_deficit += counted(EventDefinition::stress_deficit);
      report.events.energy_loss += counted(EventDefinition::energy_loss);
      report.events.any_loss += counted(EventDefinition::any_loss);

      Flags forward = events;
      for (std::size_t i = 0; i < forward.size(); ++i)
        if (unloading(trajectory, i))
        {
          ++report.n_unloading;
          report.n_unloading_events += events[i];
          forward[i] = 0;
        }
      report.n_increments += increments.size();
      report.events.used += count(forward);
      report.events.used_in_runs += count_in_runs(forward);
      for (std::size_t i = 0; i < forward.size(); ++i)
        if (forward[i] != 0 &&
            increments.loss[i] < -loss_ambiguity(increments, i, floors, trajectory.info.volume))
          ++report.n_violating;
    }

    /// What the model leaves out on event-free increments, and what events do, per unit of forward
    /// strain.
    void measure_drift(const std::vector<Trajectory> &trajectories,
                       const std::vector<Increments> &increments, const std::vector<Flags> &events,
                       HarvestReport &report)
    {
      double strain = 0.0;
      for (std::size_t s = 0; s < trajectories.size(); ++s)
        for (std::size_t i = 0; i < increments[s].size(); ++i)
        {
          if (unloading(trajectories[s], i))
            continue;
          strain += increments[s].dgamma[i];
          if (events[s][i] != 0)
          {
            report.event_stress_drift += increments[s].deficit[i];
            report.event_x1_drift += std::abs(increments[s].dx1[i]);
          }
          else
          {
            report.quiet_stress_drift -= increments[s].deficit[i];
            report.quiet_x1_drift += increments[s].dx1[i];
          }
        }
      report.event_stress_drift /= strain;
      report.event_x1_drift /= strain;
      report.quiet_stress_drift /= strain;
      report.quiet_x1_drift /= strain;
    }

    database::Sample sample_of(const Trajectory &trajectory, const Increments &increments)
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
      sample.initial = state_of(trajectory.tau[0], increments.x1[0]);
      sample.checksum = info.checksum;
      return sample;
    }

    double median_increment(const std::vector<Increments> &increments)
    {
      std::vector<double> all;
      for (const Increments &run : increments)
        all.insert(all.end(), run.dgamma.begin(), run.dgamma.end());
      return median(std::move(all));
    }

    void describe_labels(const std::vector<Trajectory> &trajectories,
                         const database::EventDatabase &database, HarvestReport &report)
    {
      std::vector<Curve> curves;
      for (const Trajectory &trajectory : trajectories)
        curves.push_back(curve_of(trajectory, database));
      for (const auto &[label, group] : by_label(curves))
      {
        try
        {
          report.labels[label] = figures(group);
        }
        catch (const InputError &error)
        {
          report.warnings.push_back(error.what());
        }
        double x1 = 0.0;
        for (const Curve &curve : group)
          x1 += curve.x1.front() / static_cast<double>(group.size());
        report.initial_x1[label] = x1;
      }
    }

    void warn(const std::vector<Increments> &increments, HarvestReport &report)
    {
      constexpr double uneven = 0.01;
      for (const Increments &run : increments)
        for (const double dgamma : run.dgamma)
          if (std::abs(dgamma / report.strain_increment - 1.0) > uneven)
          {
            report.warnings.push_back(
                "the strain increments are not equal; rates use the mean increment of each bin");
            return;
          }
    }

    void warn_of_events(HarvestReport &report)
    {
      const double n_forward = static_cast<double>(report.n_increments - report.n_unloading);
      if (static_cast<double>(report.events.used) > 0.3 * n_forward)
        report.warnings.push_back(
            fmt::format("{:.0f} % of the increments hold an event: events in one increment are not "
                        "told apart, use smaller increments",
                        100.0 * static_cast<double>(report.events.used) / n_forward));
      if (report.events.in_table == 0)
        report.warnings.push_back("no event was found: the database is empty");
      if (report.n_clamped > 0)
        report.warnings.push_back(
            fmt::format("{} increments lie outside the given grid range and count in its rim",
                        report.n_clamped));
    }
  } // namespace

  Curve curve_of(const Trajectory &trajectory, const database::EventDatabase &database)
  {
    const auto elasticity = database::harvested_elasticity(database, trajectory.atomic_volume());
    return {trajectory.info.label, trajectory.info.glass, trajectory.strain, trajectory.tau,
            x1_of(trajectory, *elasticity, database.u0)};
  }

  Harvest harvest(const std::vector<Trajectory> &trajectories, const HarvestSettings &settings)
  {
    settings.check();
    check(trajectories);

    Harvest result;
    database::EventDatabase &database = result.database;
    HarvestReport &report = result.report;

    const ElasticityHarvest elastic = harvest_elasticity(trajectories, settings);

    database.material = settings.material;
    database.program_version = program_version;
    database.settings = settings.as_text();
    database.u0 = elastic.u0.value;
    database.elasticity_source = name(settings.elasticity);
    database.elasticity = elastic.fitted;
    database.elasticity_table = elastic.model.table;
    database.minimum_events = settings.minimum_events;
    database.axes = make_axes(trajectories, elastic, settings);
    database.events.x.resize(1);
    database.events.dx.resize(1);

    const double n_runs = static_cast<double>(trajectories.size());
    for (std::size_t s = 0; s < trajectories.size(); ++s)
    {
      database.n_atoms += trajectories[s].info.n_atoms / n_runs;
      database.volume += trajectories[s].info.volume / n_runs;
      database.samples.push_back(sample_of(trajectories[s], elastic.increments[s]));
    }
    database.strain_increment = median_increment(elastic.increments);

    const database::StateGrid grid(database.axes);
    StateStatistics statistics(grid);
    std::vector<Flags> events;
    for (std::size_t s = 0; s < trajectories.size(); ++s)
    {
      events.push_back(
          find_events(elastic.increments[s], settings.event_definition, elastic.floors));
      tabulate(trajectories[s], elastic.increments[s], events[s], static_cast<std::uint32_t>(s),
               settings.merge_consecutive, grid, statistics, database.events, database.visits,
               report);
      count_events(trajectories[s], elastic.increments[s], events[s], elastic.floors, report);
    }
    database.exposure = statistics.exposure();
    database.n_increments = statistics.n_increments();
    database.n_events = statistics.n_events();
    database.rate = statistics.rate();

    const std::vector<std::size_t> glass = glass_numbers(trajectories);
    report.n_runs = trajectories.size();
    report.n_glasses = *std::max_element(glass.begin(), glass.end()) + 1;
    report.strain_increment = database.strain_increment;
    report.definition = settings.event_definition;
    report.events.in_table = database.events.size();
    report.floors = elastic.floors;
    report.elasticity_source = settings.elasticity;
    report.elasticity = elastic.fitted;
    report.table = elastic.model.table;
    report.u0 = elastic.u0;
    report.first_g0 = elastic.first_g0;
    report.first_u_a = elastic.first_u_a;
    report.branch_spread = elastic.branch_spread;
    report.branch_bias = elastic.branch_bias;
    report.n_bins = grid.n_bins();
    report.n_visited = statistics.n_visited();
    report.n_full = statistics.n_with_events(settings.minimum_events);
    report.n_pooled = report.n_visited - report.n_full;
    report.minimum_events = settings.minimum_events;
    report.n_bootstrap = report.n_glasses > 1 ? settings.n_bootstrap : 0;
    report.warnings = elastic.warnings;
    for (std::size_t k = 0; k < 2; ++k)
    {
      report.tau_range[k] = k == 0 ? database.axes[0].edges.front() : database.axes[0].edges.back();
      report.x1_range[k] = k == 0 ? database.axes[1].edges.front() : database.axes[1].edges.back();
    }
    measure_drift(trajectories, elastic.increments, events, report);
    describe_labels(trajectories, database, report);
    warn(elastic.increments, report);
    warn_of_events(report);

    report.estimator =
        apply_estimator(database, settings.estimator,
                        report.n_glasses > 1 ? settings.n_bootstrap : 0, settings.seed);
    report.warnings.insert(report.warnings.end(), report.estimator.warnings.begin(),
                           report.estimator.warnings.end());

    database::check(database);
    return result;
  }
} // namespace seem::statistics
