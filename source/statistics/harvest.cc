// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_tally.h"

#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/elasticity_harvest.h>
#include <seem/statistics/harvest.h>
#include <seem/statistics/ordered_work.h>
#include <seem/statistics/quantiles.h>
#include <seem/statistics/run_survey.h>
#include <seem/statistics/state_statistics.h>
#include <seem/statistics/trajectory_check.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

namespace seem::statistics
{
  namespace
  {
    /// The strain grid of the curves of each label; labels whose runs share no strain have none.
    using StrainGrids = std::map<std::string, std::vector<double>>;

    /// Increments begun in one state bin by one run.
    struct Visits
    {
      std::uint32_t bin;
      std::uint32_t n_increments;
    };

    /// Walks over the runs three times and fills in the harvest.
    class Harvester
    {
    public:
      Harvester(const RunSource &runs, const HarvestSettings &settings,
                const HarvestExecution &execution)
          : runs(runs), settings(settings), execution(execution), glass(glass_numbers(runs))
      {
      }

      Harvest harvest();

    private:
      void survey_runs();
      std::vector<database::Axis> make_axes() const;
      void make_strain_grids();
      void describe_database(std::vector<database::Axis> axes);
      void tally_runs();
      void add(std::size_t i, RunTally tally, StateStatistics &statistics);
      void add_events(std::size_t i, const database::EventTable &events);
      void describe();
      void describe_labels();
      void describe_events();
      void warn_of_events();

      const RunSource &runs;
      const HarvestSettings &settings;
      const HarvestExecution &execution;
      const std::vector<std::size_t> glass; ///< [n_runs]

      std::vector<RunSurvey> surveys; ///< [n_runs]
      ElasticityHarvest elastic;
      StrainGrids strain_grids;
      std::vector<std::string> label_warnings;
      std::map<std::string, std::vector<Curve>> curves; ///< by label
      std::map<std::string, double> initial_x1;         ///< sum over the runs of a label
      std::unique_ptr<AftershockCounts> aftershocks;
      std::vector<DirectedRun> directed;       ///< [n_runs]
      std::vector<std::vector<Visits>> visits; ///< [n_runs]
      Drift drift;
      bool uneven = false;
      Harvest result;
    };

    void Harvester::survey_runs()
    {
      if (runs.size() == 0)
        throw InputError("no samples: at least one run is needed");
      ordered_work(
          runs.size(), execution.n_threads,
          [&](const std::size_t i) {
            const RunSurvey found = runs.survey(i);
            check(runs.info(i), found.work_ratio, runs.info(0));
            return found;
          },
          [&](const std::size_t i, const RunSurvey &found) {
            surveys.push_back(found);
            execution.report("checking the runs", i + 1, runs.size());
          });
    }

    std::vector<database::Axis> Harvester::make_axes() const
    {
      Range tau, x1;
      for (const RunSurvey &survey : surveys)
        tau.add(survey.tau);
      if (!(tau.high > tau.low))
        throw InputError("no increment begins at tau >= 0: check the sign of the stress");
      // Loading runs through zero stress: the grid begins there, not at the first row above it.
      if (tau.low < (tau.high - tau.low) / static_cast<double>(settings.n_bins[0]))
        tau.low = 0.0;
      if (settings.tau_range)
        tau = {(*settings.tau_range)[0], (*settings.tau_range)[1]};

      if (settings.x1_range)
        x1 = {(*settings.x1_range)[0], (*settings.x1_range)[1]};
      else
      {
        std::mutex mutex; // of x1
        ordered_work(
            runs.size(), execution.n_threads,
            [&](const std::size_t i) {
              const SampleInfo &info = runs.info(i);
              const auto elasticity = elastic.model.elasticity(info.volume / info.n_atoms);
              const std::vector<Range> bounds =
                  x1_bounds(surveys[i], *elasticity, elastic.u0.value);
              const Range known = [&] {
                const std::lock_guard<std::mutex> lock(mutex);
                return x1;
              }();
              // Most runs lie within those before them, and need not be loaded.
              const bool inside = std::all_of(bounds.begin(), bounds.end(),
                                              [&](const Range &b) { return known.holds(b); });
              return inside ? Range()
                            : x1_range(*runs.load(i), bounds, *elasticity, elastic.u0.value, known);
            },
            [&](const std::size_t i, const Range &range) {
              {
                const std::lock_guard<std::mutex> lock(mutex);
                x1.add(range);
              }
              execution.report("finding the range of X1", i + 1, runs.size());
            });
        // X1 of a run without events is constant: give it a bin of some width.
        constexpr double smallest_width = 1e-9; // eV per atom
        if (x1.high - x1.low < smallest_width)
          x1 = {x1.low - smallest_width, x1.high + smallest_width};
      }
      return {database::uniform_axis("tau", "GPa", tau.low, tau.high, settings.n_bins[0]),
              database::uniform_axis("X1", "eV", x1.low, x1.high, settings.n_bins[1])};
    }

    void Harvester::make_strain_grids()
    {
      std::map<std::string, std::vector<Curve>> ends;
      for (std::size_t i = 0; i < runs.size(); ++i)
      {
        Curve curve;
        curve.label = runs.info(i).label;
        curve.strain = {surveys[i].first_strain, surveys[i].last_strain};
        curve.tau = {0.0, 0.0};
        ends[curve.label].push_back(std::move(curve));
      }
      for (const auto &[label, group] : ends)
        try
        {
          strain_grids[label] = common_strains(group);
        }
        catch (const InputError &error)
        {
          label_warnings.push_back(error.what());
        }
    }

    void Harvester::describe_database(std::vector<database::Axis> axes)
    {
      database::EventDatabase &database = result.database;
      database.material = settings.material;
      database.program_version = program_version;
      database.settings = settings.as_text();
      // What decided over the events, so that other runs can be judged alike.
      database.settings["energy floor in force"] = fmt::format("{}", elastic.floors.energy.floor);
      database.settings["deficit floor in force"] = fmt::format("{}", elastic.floors.deficit.floor);
      database.u0 = elastic.u0.value;
      database.elasticity_source = name(settings.elasticity);
      database.elasticity = elastic.fitted;
      database.elasticity_table = elastic.model.table;
      database.minimum_events = settings.minimum_events;
      database.strain_increment = elastic.strain_increment;
      database.axes = std::move(axes);
      database.events.x.resize(1);
      database.events.dx.resize(1);
      const double n_runs = static_cast<double>(runs.size());
      for (std::size_t i = 0; i < runs.size(); ++i)
      {
        database.n_atoms += runs.info(i).n_atoms / n_runs;
        database.volume += runs.info(i).volume / n_runs;
      }
    }

    void Harvester::tally_runs()
    {
      const database::StateGrid grid(result.database.axes);
      const TallySettings tally_settings = {settings.event_definition, settings.merge_consecutive,
                                            elastic.floors, elastic.u0.value,
                                            elastic.strain_increment};
      StateStatistics statistics(grid);
      aftershocks = std::make_unique<AftershockCounts>(grid.n_bins());
      const std::vector<double> no_strains;
      ordered_work(
          runs.size(), execution.n_threads,
          [&](const std::size_t i) {
            const auto strains = strain_grids.find(runs.info(i).label);
            std::shared_ptr<const Trajectory> run = runs.load(i);
            const auto elasticity = elastic.model.elasticity(run->atomic_volume());
            return tally(std::move(run), *elasticity, grid, tally_settings,
                         strains == strain_grids.end() ? no_strains : strains->second);
          },
          [&](const std::size_t i, RunTally tally) {
            add(i, std::move(tally), statistics);
            execution.report("collecting the events", i + 1, runs.size());
          });

      database::EventDatabase &database = result.database;
      HarvestReport &report = result.report;
      database.exposure = statistics.exposure();
      database.n_increments = statistics.n_increments();
      database.n_events = statistics.n_events();
      database.rate = statistics.rate();
      report.n_bins = grid.n_bins();
      report.n_visited = statistics.n_visited();
      report.n_full = statistics.n_with_events(settings.minimum_events);
      report.n_pooled = report.n_visited - report.n_full;
    }

    void Harvester::add(const std::size_t i, RunTally tally, StateStatistics &statistics)
    {
      HarvestReport &report = result.report;
      visits.emplace_back();
      for (const RunTally::Visit &visit : tally.visits)
      {
        statistics.add(visit.bin, visit.n_increments, visit.exposure, visit.n_events);
        aftershocks->add(visit.bin, visit.by_lag);
        visits.back().push_back({visit.bin, visit.n_increments});
        database::VisitTable &table = result.database.visits;
        table.sample.push_back(static_cast<std::uint32_t>(i));
        table.bin.push_back(visit.bin);
        table.exposure.push_back(visit.exposure);
        table.n_increments.push_back(visit.n_increments);
      }

      add_events(i, tally.events);
      report.n_increments += tally.n_increments;
      report.n_unloading += tally.n_unloading;
      report.n_unloading_events += tally.n_unloading_events;
      report.n_violating += tally.n_violating;
      report.n_clamped += tally.n_clamped;
      report.events += tally.counts;
      drift += tally.drift;
      uneven = uneven || tally.uneven;

      DirectedRun run;
      run.glass = glass[i];
      run.direction = runs.info(i).direction;
      run.n_events = static_cast<double>(tally.counts.used);
      run.mean_stress = std::accumulate(tally.curve.tau.begin(), tally.curve.tau.end(), 0.0) /
                        static_cast<double>(std::max<std::size_t>(1, tally.curve.tau.size()));
      directed.push_back(std::move(run));

      initial_x1[tally.sample.label] += tally.sample.initial.x[0];
      result.database.samples.push_back(std::move(tally.sample));
      curves[tally.curve.label].push_back(std::move(tally.curve));
    }

    void Harvester::add_events(const std::size_t i, const database::EventTable &events)
    {
      database::EventTable &all = result.database.events;
      const auto append = [](std::vector<double> &to, const std::vector<double> &from) {
        to.insert(to.end(), from.begin(), from.end());
      };
      append(all.tau, events.tau);
      append(all.x[0], events.x[0]);
      append(all.dtau, events.dtau);
      append(all.dx[0], events.dx[0]);
      append(all.net_dtau, events.net_dtau);
      append(all.strain, events.strain);
      append(all.plastic_strain, events.plastic_strain);
      append(all.heat, events.heat);
      all.sample.resize(all.tau.size(), static_cast<std::uint32_t>(i));
    }

    void Harvester::describe_labels()
    {
      HarvestReport &report = result.report;
      report.warnings.insert(report.warnings.end(), label_warnings.begin(), label_warnings.end());
      for (const auto &[label, group] : curves)
      {
        if (strain_grids.count(label) > 0)
          report.labels[label] = figures(group);
        report.initial_x1[label] = initial_x1[label] / static_cast<double>(group.size());
      }
    }

    void Harvester::describe_events()
    {
      const database::EventTable &events = result.database.events;
      HarvestReport &report = result.report;
      report.event_figures = {distribution_of(events.dtau), distribution_of(events.dx[0]),
                              distribution_of(events.plastic_strain), distribution_of(events.heat)};
      report.n_negative_plastic = static_cast<std::size_t>(
          std::count_if(events.plastic_strain.begin(), events.plastic_strain.end(),
                        [](const double strain) { return strain < 0.0; }));
      report.aftershocks = aftershocks->ratios();

      std::vector<double> share(result.database.n_bins());
      for (std::size_t bin = 0; bin < share.size(); ++bin)
        share[bin] = aftershocks->share(bin);
      for (std::size_t i = 0; i < directed.size(); ++i)
        for (const Visits &visit : visits[i])
          directed[i].n_expected += share[visit.bin] * static_cast<double>(visit.n_increments);
      report.isotropy = test_isotropy(directed);
      for (const std::string &warning : report.isotropy.contradictions())
        report.warnings.push_back(warning);
    }

    void Harvester::warn_of_events()
    {
      HarvestReport &report = result.report;
      const double n_forward = static_cast<double>(report.n_increments - report.n_unloading);
      if (uneven)
        report.warnings.push_back(
            "the strain increments are not equal; rates use the mean increment of each bin");
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

    void Harvester::describe()
    {
      const database::EventDatabase &database = result.database;
      HarvestReport &report = result.report;
      report.n_runs = runs.size();
      report.n_glasses = *std::max_element(glass.begin(), glass.end()) + 1;
      report.n_fit_runs = elastic.n_fit_runs;
      report.n_fit_rows = elastic.n_fit_rows;
      report.n_fit_glasses = elastic.n_fit_glasses;
      report.strain_increment = database.strain_increment;
      report.definition = settings.event_definition;
      report.events.in_table = database.events.size();
      report.floors = elastic.floors;
      report.elasticity_source = settings.elasticity;
      report.elasticity = elastic.fitted;
      report.intervals = elastic.intervals;
      report.table = elastic.model.table;
      report.u0 = elastic.u0;
      report.first_g0 = elastic.first_g0;
      report.first_u_a = elastic.first_u_a;
      report.branches = elastic.branches;
      report.minimum_events = settings.minimum_events;
      report.n_bootstrap = report.n_fit_glasses > 1 ? settings.n_bootstrap : 0;
      report.warnings = elastic.warnings;
      for (std::size_t k = 0; k < 2; ++k)
      {
        report.tau_range[k] =
            k == 0 ? database.axes[0].edges.front() : database.axes[0].edges.back();
        report.x1_range[k] =
            k == 0 ? database.axes[1].edges.front() : database.axes[1].edges.back();
      }
      report.drift = drift.per_strain();
      describe_labels();
      describe_events();
      warn_of_events();
    }

    Harvest Harvester::harvest()
    {
      survey_runs();
      std::vector<InitialRow> initial;
      for (const RunSurvey &survey : surveys)
        initial.push_back(survey.initial);
      elastic = harvest_elasticity(runs, initial, settings, execution);
      describe_database(make_axes());
      make_strain_grids();
      tally_runs();
      describe();
      HarvestReport &report = result.report;
      report.estimator =
          apply_estimator(result.database, settings.estimator,
                          report.n_glasses > 1 ? settings.n_bootstrap : 0, settings.seed);
      report.warnings.insert(report.warnings.end(), report.estimator.warnings.begin(),
                             report.estimator.warnings.end());
      database::check(result.database);
      return std::move(result);
    }
  } // namespace

  Curve curve_of(const Trajectory &trajectory, const database::EventDatabase &database)
  {
    const auto elasticity = database::harvested_elasticity(database, trajectory.atomic_volume());
    return {trajectory.info.label, trajectory.info.glass, trajectory.strain, trajectory.tau,
            x1_of(trajectory, *elasticity, database.u0)};
  }

  Harvest harvest(const RunSource &runs, const HarvestSettings &settings,
                  const HarvestExecution &execution)
  {
    settings.check();
    return Harvester(runs, settings, execution).harvest();
  }

  Harvest harvest(const std::vector<Trajectory> &trajectories, const HarvestSettings &settings)
  {
    return harvest(RunsInMemory(trajectories), settings, HarvestExecution());
  }
} // namespace seem::statistics
