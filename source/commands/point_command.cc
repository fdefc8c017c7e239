// SPDX-License-Identifier: LGPL-2.1-or-later
#include "point_components.h"
#include "point_results.h"
#include "text_file.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/path_progress.h>
#include <seem/commands/point_command.h>
#include <seem/core/exceptions.h>
#include <seem/database/material.h>
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

    std::size_t n_wanted(const PointParameters &parameters,
                         const std::vector<Preparation> &preparations)
    {
      return static_cast<std::size_t>(
          std::count_if(preparations.begin(), preparations.end(),
                        [&](const Preparation &p) { return is_wanted(parameters, p.label); }));
    }

    /// Where points of several volumes draw the state of each; nothing for other points.
    law::InitialState volume_initial(const Preparation &preparation,
                                     const PointParameters &parameters)
    {
      if (!parameters.sub_volumes || parameters.initial_states != InitialStates::drawn)
        return {};
      return [&preparation, seed = parameters.seed](const PointKey &key) {
        return draw_initial_state(preparation.states, seed, key);
      };
    }

    std::shared_ptr<const law::MaterialLaw> point_law(const database::EventDatabase &database,
                                                      const PointParameters &parameters)
    {
      return make_law(parameters.material, database,
                      parameters.sub_volumes ? largest_number_of_volumes(parameters.volume_ratio)
                                             : 0);
    }

    std::vector<LabelledEnsemble> run_ensembles(const database::EventDatabase &database,
                                                const std::vector<Preparation> &preparations,
                                                const PointParameters &parameters)
    {
      PathProgress progress(parameters.n_paths * n_wanted(parameters, preparations) *
                            (parameters.event_driven + parameters.bernoulli));
      const std::shared_ptr<const law::MaterialLaw> law = point_law(database, parameters);
      const law::BernoulliIntegrator bernoulli(
          database::make_elasticity(database, parameters.material.elasticity),
          database::make_event_source(database), parameters.seed);

      PointEnsembleSettings settings;
      settings.strain = strain_grid(parameters.final_strain, parameters.output_increment);
      settings.volume_ratio = parameters.volume_ratio;
      settings.quadrature_point = parameters.quadrature_point;
      settings.bernoulli_increment = parameters.bernoulli_increment;
      settings.on_path = [&] { progress.advance(); };
      settings.single_volume =
          !parameters.sub_volumes || largest_number_of_volumes(parameters.volume_ratio) == 1;

      std::vector<LabelledEnsemble> ensembles;
      for (std::size_t k = 0; k < preparations.size(); ++k)
      {
        const Preparation &preparation = preparations[k];
        if (!is_wanted(parameters, preparation.label))
          continue;
        settings.first_replica = parameters.first_replica + k * parameters.n_paths;
        const std::vector<State> initial =
            initial_states(preparation, parameters, settings.first_replica);
        settings.volume_initial = volume_initial(preparation, parameters);
        if (parameters.event_driven)
          ensembles.push_back(
              {"model", preparation.label, run_point_ensemble(*law, initial, settings)});
        if (parameters.bernoulli)
          ensembles.push_back({"bernoulli", preparation.label,
                               run_bernoulli_ensemble(bernoulli, initial, settings)});
      }
      return ensembles;
    }

    std::vector<LabelledComponents> run_components(const law::MaterialLaw &law,
                                                   const std::vector<Preparation> &preparations,
                                                   const PointParameters &parameters)
    {
      PathProgress progress(parameters.n_paths * n_wanted(parameters, preparations));
      ComponentEnsembleSettings settings;
      settings.volume_ratio = parameters.volume_ratio;
      settings.quadrature_point = parameters.quadrature_point;
      settings.on_path = [&] { progress.advance(); };

      std::vector<LabelledComponents> ensembles;
      for (std::size_t k = 0; k < preparations.size(); ++k)
      {
        if (!is_wanted(parameters, preparations[k].label))
          continue;
        settings.first_replica = parameters.first_replica + k * parameters.n_paths;
        settings.volume_initial = volume_initial(preparations[k], parameters);
        ensembles.push_back(
            {preparations[k].label,
             run_component_ensemble(
                 law, parameters.loading,
                 initial_states(preparations[k], parameters, settings.first_replica), settings)});
      }
      return ensembles;
    }

    void write_components(const OutputGuard &output,
                          const std::vector<LabelledComponents> &ensembles,
                          const PointParameters &parameters,
                          const database::EventDatabase &database,
                          const PointProvenance &provenance)
    {
      write_component_mean(output / "mean.csv", ensembles);
      write_component_paths(output / "paths.csv", ensembles, parameters.n_shown_paths);
      write_grid(output / "grid.csv", database);
      write_component_summary(output / "summary.csv", ensembles);
      write_component_file(output / "point.h5", ensembles, provenance);
      for (const std::string &notice : component_notices(ensembles))
        fmt::print(stderr, "seem: notice: {}\n", notice);
      fmt::print("{}\nResults: {}\n", component_text(ensembles), output.path().string());
      std::fflush(stdout);
    }

    void draw(const std::string &script, const OutputGuard &output)
    {
      if (const std::string warning = draw_figures(script, output.path()); !warning.empty())
        fmt::print(stderr, "seem: warning: {}\n", warning);
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
    {
      State initial = point_parameters.initial;
      database::fill_memory(database, initial);
      preparations = {{"constant", 0.0, {initial}}};
    }
    if (preparations.empty())
      throw InputError(fmt::format("{}: the database names no samples to begin from; set "
                                   "\"Ensemble/Initial state\" to constant",
                                   point_parameters.database_file.string()));
    check_labels(parameters, point_parameters.labels, preparations);
    const OutputGuard output(output_directory(command_line, parameters), command_line.overwrite);
    const PointProvenance provenance = {point_parameters.database_file,
                                        io::file_checksum(point_parameters.database_file),
                                        parameters.as_text()};

    if (point_parameters.loading.kind == LoadingKind::components)
    {
      const auto law = point_law(database, point_parameters);
      write_components(output, run_components(*law, preparations, point_parameters),
                       point_parameters, database, provenance);
      if (point_parameters.figures)
        draw("point_components.py", output);
      return 0;
    }

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
    write_point_file(output / "point.h5", results, provenance);
    fmt::print("{}\nResults: {}\n", comparison_text(results.comparisons), output.path().string());
    std::fflush(stdout);

    if (point_parameters.figures)
      draw("point.py", output);
    return 0;
  }
} // namespace seem::commands
