// SPDX-License-Identifier: LGPL-2.1-or-later
#include "point_results.h"
#include "text_file.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/point_command.h>
#include <seem/core/exceptions.h>
#include <seem/database/grid_event_source.h>
#include <seem/io/database_file.h>
#include <seem/statistics/harvest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace seem::commands
{
  namespace
  {
    /// A preparation and the initial states of its samples.
    struct Preparation
    {
      std::string label;
      double cooling_rate;
      std::vector<State> states;
    };

    /// The preparations of a database, slowest cooled first.
    std::vector<Preparation> preparations_of(const database::EventDatabase &database)
    {
      std::vector<Preparation> preparations;
      for (const database::Sample &sample : database.samples)
      {
        auto found = std::find_if(preparations.begin(), preparations.end(),
                                  [&](const Preparation &p) { return p.label == sample.label; });
        if (found == preparations.end())
          found = preparations.insert(found, {sample.label, sample.cooling_rate, {}});
        found->states.push_back(sample.initial);
      }
      std::stable_sort(preparations.begin(), preparations.end(),
                       [](const Preparation &a, const Preparation &b) {
                         return a.cooling_rate < b.cooling_rate;
                       });
      return preparations;
    }

    std::vector<State> initial_states(const Preparation &preparation,
                                      const PointParameters &parameters,
                                      const std::uint64_t first_replica)
    {
      std::vector<State> states;
      for (std::size_t i = 0; i < parameters.n_paths; ++i)
        if (parameters.initial_states == InitialStates::drawn)
          states.push_back(draw_initial_state(preparation.states, parameters.seed,
                                              {first_replica + i, parameters.quadrature_point}));
        else
          states.push_back(preparation.states[i % preparation.states.size()]);
      return states;
    }

    void check_labels(const Parameters &parameters, const std::vector<std::string> &labels,
                      const std::vector<Preparation> &preparations)
    {
      std::vector<std::string> known;
      for (const Preparation &preparation : preparations)
        known.push_back(preparation.label);
      for (const std::string &label : labels)
        if (std::find(known.begin(), known.end(), label) == known.end())
          throw parameters.error("Ensemble/Labels",
                                 fmt::format("the database has no samples labelled \"{}\"; it has "
                                             "{}",
                                             label, fmt::join(known, ", ")));
    }

    bool is_wanted(const PointParameters &parameters, const std::string &label)
    {
      return parameters.labels.empty() ||
             std::find(parameters.labels.begin(), parameters.labels.end(), label) !=
                 parameters.labels.end();
    }

    std::vector<LabelledEnsemble> run_ensembles(const database::EventDatabase &database,
                                                const std::vector<Preparation> &preparations,
                                                const PointParameters &parameters)
    {
      const auto elasticity = make_elasticity(database, parameters.material.linear);
      const auto source = std::make_shared<const database::GridEventSource>(database);
      const std::shared_ptr<const law::MaterialLaw> law =
          make_law(parameters.material, database,
                   parameters.sub_volumes ? largest_number_of_volumes(parameters.volume_ratio) : 0);
      const law::BernoulliIntegrator bernoulli(elasticity, source, parameters.seed);

      PointEnsembleSettings settings;
      settings.strain = strain_grid(parameters.final_strain, parameters.output_increment);
      settings.volume_ratio = parameters.volume_ratio;
      settings.quadrature_point = parameters.quadrature_point;
      settings.bernoulli_increment = parameters.bernoulli_increment;

      std::vector<LabelledEnsemble> ensembles;
      for (std::size_t k = 0; k < preparations.size(); ++k)
      {
        const Preparation &preparation = preparations[k];
        if (!is_wanted(parameters, preparation.label))
          continue;
        settings.first_replica = parameters.first_replica + k * parameters.n_paths;
        const std::vector<State> initial =
            initial_states(preparation, parameters, settings.first_replica);
        if (parameters.sub_volumes && parameters.initial_states == InitialStates::drawn)
          settings.volume_initial = [&](const PointKey &key) {
            return draw_initial_state(preparation.states, parameters.seed, key);
          };
        if (parameters.event_driven)
          ensembles.push_back(
              {"model", preparation.label, run_point_ensemble(*law, initial, settings)});
        if (parameters.bernoulli)
          ensembles.push_back({"bernoulli", preparation.label,
                               run_bernoulli_ensemble(bernoulli, initial, settings)});
      }
      return ensembles;
    }
  } // namespace

  int point_command(const CommandLine &command_line)
  {
    const Parameters parameters = Parameters::load(
        PointParameters::declare, command_line.parameter_file, command_line.assignments);
    const PointParameters point_parameters = PointParameters::parse(parameters);
    const database::EventDatabase database = io::read_database(point_parameters.database_file);

    std::vector<Preparation> preparations = preparations_of(database);
    if (point_parameters.initial_states == InitialStates::constant)
      preparations = {{"constant", 0.0, {point_parameters.initial}}};
    if (preparations.empty())
      throw InputError(fmt::format("{}: the database names no samples to begin from; set "
                                   "\"Ensemble/Initial state\" to constant",
                                   point_parameters.database_file.string()));
    check_labels(parameters, point_parameters.labels, preparations);
    const OutputGuard output(output_directory(command_line, parameters), command_line.overwrite);

    PointResults results;
    if (!point_parameters.runs.manifest.empty())
      for (const statistics::Trajectory &trajectory : read_atomistic_runs(point_parameters.runs))
      {
        if (!is_wanted(point_parameters, trajectory.info.label))
          continue;
        results.aqs.push_back(statistics::curve_of(trajectory, database));
        results.aqs_names.push_back(trajectory.info.name);
      }
    results.ensembles = run_ensembles(database, preparations, point_parameters);
    results.comparisons = compare(results.ensembles, results.aqs, database);

    write_mean(output / "mean.csv", results);
    write_paths(output / "paths.csv", results, point_parameters.n_shown_paths);
    write_grid(output / "grid.csv", database);
    write_summary(output / "summary.csv", results.comparisons);
    write_point_file(output / "point.h5", results,
                     {point_parameters.database_file,
                      io::file_checksum(point_parameters.database_file), parameters.as_text()});
    fmt::print("{}\nResults: {}\n", comparison_text(results.comparisons), output.path().string());
    std::fflush(stdout);

    if (point_parameters.figures)
      if (const std::string warning = draw_figures("point.py", output.path()); !warning.empty())
        fmt::print(stderr, "seem: warning: {}\n", warning);
    return 0;
  }
} // namespace seem::commands
