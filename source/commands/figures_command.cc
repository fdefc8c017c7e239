// SPDX-License-Identifier: LGPL-2.1-or-later
#include "figure_tables.h"

#include <seem/commands/figures.h>
#include <seem/commands/figures_command.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/path_progress.h>
#include <seem/commands/point_ensemble.h>
#include <seem/commands/run_storage.h>
#include <seem/database/material.h>
#include <seem/io/database_file.h>
#include <seem/statistics/harvest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

namespace seem::commands
{
  namespace
  {
    using database::EventDatabase;
    using database::Sample;

    /// A curve on the strains of the model, as far as it reaches.
    statistics::Curve on_grid(const statistics::Curve &curve, const std::vector<double> &grid)
    {
      statistics::Curve result = {curve.label, curve.glass, {}, {}, {}};
      for (const double strain : grid)
        if (strain >= curve.strain.front() && strain <= curve.strain.back() * (1.0 + 1e-9))
        {
          result.strain.push_back(strain);
          result.tau.push_back(statistics::interpolate(curve.strain, curve.tau, strain));
          result.x1.push_back(statistics::interpolate(curve.strain, curve.x1, strain));
        }
      return result;
    }

    /// The model: paths of the law that `seem point` uses unless told otherwise.
    class Model
    {
    public:
      Model(const EventDatabase &database, const FiguresParameters &parameters)
      {
        law::SeemLawParameters law_parameters;
        law_parameters.bulk_modulus = 1.0; // does nothing in simple shear
        law_parameters.seed = parameters.seed;
        law_parameters.energy_bound = law::EnergyBound::clip;
        law = database::make_seem_law(database, law_parameters);
        settings.strain = strain_grid(parameters.final_strain, parameters.output_increment);
      }

      const std::vector<double> &strain() const
      {
        return settings.strain;
      }

      /// @p n paths begun at @p initial in turn, with random numbers that no other paths have.
      std::vector<statistics::Curve> paths(const std::vector<const Sample *> &initial,
                                           const std::size_t n, PathProgress &progress)
      {
        std::vector<State> states;
        for (std::size_t i = 0; i < n; ++i)
          states.push_back(initial[i % initial.size()]->initial);
        settings.on_path = [&] { progress.advance(); };
        const PointEnsemble ensemble = run_point_ensemble(*law, states, settings);
        settings.first_replica += n;

        std::vector<statistics::Curve> curves;
        for (std::size_t i = 0; i < n; ++i)
          curves.push_back(
              {initial.front()->label, "", ensemble.strain, ensemble.tau[i], ensemble.x1[i]});
        return curves;
      }

    private:
      std::shared_ptr<const law::MaterialLaw> law;
      PointEnsembleSettings settings;
    };

    /// The samples of a database by label, slowest cooled first.
    std::vector<std::vector<const Sample *>> preparations_of(const EventDatabase &database)
    {
      std::vector<std::vector<const Sample *>> preparations;
      for (const Sample &sample : database.samples)
      {
        auto found =
            std::find_if(preparations.begin(), preparations.end(), [&](const auto &samples) {
              return samples.front()->label == sample.label;
            });
        if (found == preparations.end())
          found = preparations.insert(found, std::vector<const Sample *>());
        found->push_back(&sample);
      }
      std::stable_sort(preparations.begin(), preparations.end(), [](const auto &a, const auto &b) {
        return a.front()->cooling_rate < b.front()->cooling_rate;
      });
      return preparations;
    }

    /// The sample of the run that is drawn alone.
    const Sample &chosen_sample(const EventDatabase &database, const Parameters &parameters)
    {
      const std::string name = parameters.text("Run");
      if (name.empty())
        return database.samples.front();
      std::vector<std::string> names;
      for (const Sample &sample : database.samples)
      {
        if (sample.name == name)
          return sample;
        names.push_back(sample.name);
      }
      throw parameters.error("Run",
                             fmt::format("the database has no sample of this name: did you mean "
                                         "\"{}\"?",
                                         nearest(name, names)));
    }

    /// The strains at which the events of a sample begin.
    std::vector<double> event_strains(const EventDatabase &database, const Sample &sample)
    {
      const auto number = static_cast<std::uint32_t>(&sample - database.samples.data());
      std::vector<double> strains;
      for (std::size_t i = 0; i < database.events.size(); ++i)
        if (database.events.sample[i] == number)
          strains.push_back(database.events.strain[i]);
      return strains;
    }

    /// Draws figures one after the other, tells of those that cannot be drawn.
    class FigureMaker
    {
    public:
      FigureMaker(const EventDatabase &database, const Parameters &parameters,
                  const std::filesystem::path &directory)
          : database(database), parameters(FiguresParameters::parse(parameters)),
            directory(directory), model(database, this->parameters)
      {
        if (database.samples.empty())
          missing("figures 1, 3a, 4, 5", "the database names no samples to begin from");
        else
          sample = &chosen_sample(database, parameters);
        if (!this->parameters.runs.manifest.empty())
          runs = store_atomistic_runs(this->parameters.runs, "", this->parameters.n_threads);
        else
          missing("figures 1, 4, S1, and the runs in 3a and 5",
                  "no atomistic runs were given (--runs MANIFEST)");
      }

      void maps()
      {
        const database::BinMeans means = database::bin_means(database);
        const database::FlowMap map = database::flow_map(database);
        const std::vector<database::FixedPoint> points = database::fixed_points(map);
        write_figure_2(directory, database, means, map, points);
        for (const database::FixedPoint &point : points)
          fmt::print("Fixed point of the mean flow: tau {:.4f} GPa, X1 {:.4f} meV, {}\n", point.tau,
                     1e3 * point.x1, point.attracting ? "attracting" : "not attracting");
        if (points.empty())
          fmt::print(stderr, "seem: note: the mean flow has no fixed point where the runs were\n");

        const std::size_t bin = means.fullest();
        std::size_t n_bins = parameters.histogram_bins;
        if (n_bins == 0)
          n_bins = static_cast<std::size_t>(
              std::clamp(std::sqrt(2.0 * means.n_events[bin]), 10.0, 40.0));
        const database::JumpHistogram histogram = database::jump_histogram(database, bin, n_bins);
        write_figure_3b(directory, database, bin, histogram);
        fmt::print("Fullest bin: {} events, {} of them ageing, {} gaining energy\n",
                   histogram.n_events, histogram.n_ageing, histogram.n_gaining);
      }

      void single_run()
      {
        if (sample == nullptr)
          return;
        PathProgress progress(1);
        std::vector<FigurePath> paths = {
            {"model", sample->name, model.paths({sample}, 1, progress).front()}};
        if (runs)
        {
          if (const std::optional<std::size_t> i = find_run())
          {
            const auto run = runs->load(*i);
            const statistics::Curve curve = statistics::curve_of(*run, database);
            write_figure_1(directory, *run, curve, event_strains(database, *sample));
            paths.push_back({"aqs", sample->name, on_grid(curve, model.strain())});
            write_figure_paths(directory / "figure_4.csv", paths);
          }
          else
            missing("figures 1 and 4, and the run in 3a",
                    fmt::format("the manifest has no run \"{}\"", sample->name));
        }
        write_figure_paths(directory / "figure_3a.csv", paths);
      }

      void preparations()
      {
        if (sample == nullptr)
          return;
        statistics::CurveSettings settings;
        settings.spacing = parameters.output_increment;
        settings.end_strain = parameters.final_strain;
        const auto groups = preparations_of(database);
        PathProgress progress(groups.size() * parameters.n_paths);
        std::map<std::string, std::vector<statistics::Curve>> aqs;
        if (runs)
          for (std::size_t i = 0; i < runs->size(); ++i)
            aqs[runs->info(i).label].push_back(
                on_grid(statistics::curve_of(*runs->load(i), database), model.strain()));

        std::vector<FigureMean> means;
        for (const auto &samples : groups)
        {
          const double rate = samples.front()->cooling_rate;
          means.push_back({"model", rate,
                           statistics::mean_curve(
                               model.paths(samples, parameters.n_paths, progress), settings)});
          if (const auto found = aqs.find(samples.front()->label); found != aqs.end())
            means.push_back({"aqs", rate, statistics::mean_curve(found->second, settings)});
        }
        write_figure_5(directory, means);
      }

      void calibration()
      {
        if (runs)
          write_figure_s1(
              directory, database,
              statistics::calibrate_elasticity(*runs, database, parameters.first_strain));
      }

    private:
      static void missing(const std::string &what, const std::string &why)
      {
        fmt::print(stderr, "seem: note: not drawn: {}: {}\n", what, why);
      }

      /// The run that the sample is, by its bytes or its name.
      std::optional<std::size_t> find_run() const
      {
        for (std::size_t i = 0; i < runs->size(); ++i)
          if (!sample->checksum.empty() && runs->info(i).checksum == sample->checksum)
            return i;
        for (std::size_t i = 0; i < runs->size(); ++i)
          if (runs->info(i).name == sample->name)
            return i;
        return {};
      }

      const EventDatabase &database;
      FiguresParameters parameters;
      std::filesystem::path directory;
      Model model;
      const Sample *sample = nullptr;
      std::unique_ptr<const statistics::RunSource> runs;
    };
  } // namespace

  int figures_command(const CommandLine &command_line)
  {
    const Parameters parameters = load_figures_parameters(command_line);
    const FiguresParameters figures_parameters = FiguresParameters::parse(parameters);
    const EventDatabase database = io::read_database(figures_parameters.database_file);
    const OutputGuard output(output_directory(command_line, parameters), command_line.overwrite);

    FigureMaker maker(database, parameters, output.path());
    maker.maps();
    maker.single_run();
    maker.preparations();
    maker.calibration();
    fmt::print("Figures: {}\n", output.path().string());
    std::fflush(stdout);
    if (!figures_parameters.figures)
      return 0;
    if (const std::string warning = draw_figures("paper.py", output.path()); !warning.empty())
    {
      fmt::print(stderr, "seem: error: {}\n", warning);
      return 1;
    }
    return 0;
  }
} // namespace seem::commands
