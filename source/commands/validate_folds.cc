// SPDX-License-Identifier: LGPL-2.1-or-later
#include "validate_folds.h"

#include <seem/commands/path_progress.h>
#include <seem/commands/point_ensemble.h>
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/database/material.h>
#include <seem/statistics/harvest.h>
#include <seem/statistics/validation_path.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace seem::commands
{
  namespace
  {
    /// Model paths that begin like one run.
    void predict(const statistics::Trajectory &run, const std::size_t run_number,
                 const law::MaterialLaw &law, const law::Elasticity &elasticity,
                 const database::EventDatabase &database, const ValidateParameters &parameters,
                 FoldResult &result)
    {
      const double first = run.strain.front();
      PointEnsembleSettings settings;
      settings.strain = strain_grid(run.strain.back() - first, parameters.output_increment);
      settings.first_replica = run_number * parameters.n_paths;
      std::vector<statistics::PathEvents> events(parameters.n_paths);
      const double cell_energy = database.volume / units::GPa_per_eV_per_A3;
      settings.on_event = [&](const std::size_t path, const double strain,
                              const law::EventRecord &event) {
        statistics::PathEvents &list = events[path];
        list.strain.push_back(first + strain);
        list.tau.push_back(event.before.tau);
        list.x1.push_back(event.before.x[0]);
        list.dtau.push_back(event.jump.dtau);
        list.heat.push_back(event.heat * cell_energy);
        list.plastic_strain.push_back(event.plastic_shear);
      };
      PointEnsemble ensemble = run_point_ensemble(
          law, std::vector<State>(parameters.n_paths, statistics::initial_state_of(run, database)),
          settings);
      result.activity += ensemble.activity;

      for (double &strain : settings.strain)
        strain += first;
      for (std::size_t k = 0; k < parameters.n_paths; ++k)
      {
        statistics::ValidationPath path;
        path.label = run.info.label;
        path.run = run.info.name;
        path.replica = k;
        path.cooling_rate = run.info.cooling_rate;
        path.strain = settings.strain;
        path.tau = std::move(ensemble.tau[k]);
        path.x1 = std::move(ensemble.x1[k]);
        for (std::size_t i = 0; i < path.strain.size(); ++i)
          path.u.push_back(database.u0 + path.x1[i] +
                           elasticity.elastic_energy(path.tau[i], path.x1[i]));
        path.events = std::move(events[k]);
        result.model.push_back(std::move(path));
      }
    }

    void run_fold(const std::vector<statistics::Trajectory> &trajectories,
                  const ValidateParameters &parameters, FoldResult &result)
    {
      std::vector<statistics::Trajectory> training;
      for (const std::size_t run : result.fold.training)
        training.push_back(trajectories[run]);
      statistics::Harvest harvest = statistics::harvest(training, parameters.harvest);
      const auto law =
          database::make_seem_law(harvest.database, parameters.law, parameters.elasticity);
      const auto elasticity = database::make_elasticity(harvest.database, parameters.elasticity);
      for (const std::size_t run : result.fold.held_out)
      {
        result.runs.push_back(
            statistics::held_out_path(trajectories[run], harvest, parameters.harvest));
        predict(trajectories[run], run, *law, *elasticity, harvest.database, parameters, result);
      }
      result.report = std::move(harvest.report);
    }

    /// Reference energies are fitted, so each fold has its own; count from the lowest of them.
    void count_from_one_zero(std::vector<FoldResult> &results)
    {
      double zero = results.front().report.u0.value;
      for (const FoldResult &result : results)
        zero = std::min(zero, result.report.u0.value);
      for (FoldResult &result : results)
        for (std::vector<statistics::ValidationPath> *paths : {&result.runs, &result.model})
          for (statistics::ValidationPath &path : *paths)
            statistics::count_energy_from(zero, result.report.u0.value, path);
    }

    std::string description(const FoldResult &result)
    {
      return result.hold_out == statistics::HoldOut::none
                 ? std::string("harvest of all runs")
                 : fmt::format("harvest without {} {}", statistics::name(result.hold_out),
                               result.fold.name);
    }
  } // namespace

  std::vector<FoldResult> run_folds(const std::vector<statistics::Trajectory> &trajectories,
                                    const ValidateParameters &parameters)
  {
    std::vector<FoldResult> results;
    for (const statistics::HoldOut hold_out : parameters.hold_out)
      for (statistics::Fold &fold :
           statistics::make_folds(trajectories, hold_out, parameters.n_folds))
      {
        results.emplace_back();
        results.back().hold_out = hold_out;
        results.back().fold = std::move(fold);
      }

    PathProgress progress(results.size(), -1.0, "fold");
    std::mutex mutex;
    std::atomic<std::size_t> next(0);
    std::vector<std::exception_ptr> errors(results.size());
    const auto work = [&] {
      for (std::size_t k = next++; k < results.size(); k = next++)
      {
        try
        {
          run_fold(trajectories, parameters, results[k]);
        }
        catch (const InputError &error)
        {
          errors[k] = std::make_exception_ptr(
              InputError(fmt::format("{}: {}", description(results[k]), error.what())));
        }
        catch (...)
        {
          errors[k] = std::current_exception();
        }
        if (errors[k])
        {
          next = results.size();
          continue;
        }
        const std::lock_guard<std::mutex> lock(mutex);
        progress.advance();
      }
    };
    std::vector<std::thread> threads;
    for (unsigned int i = 1; i < std::min<std::size_t>(parameters.n_threads, results.size()); ++i)
      threads.emplace_back(work);
    work();
    for (std::thread &thread : threads)
      thread.join();
    for (const std::exception_ptr &error : errors)
      if (error)
        std::rethrow_exception(error);
    count_from_one_zero(results);
    return results;
  }
} // namespace seem::commands
