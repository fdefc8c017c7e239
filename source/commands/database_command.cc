// SPDX-License-Identifier: LGPL-2.1-or-later
#include "database_comparison.h"

#include <seem/commands/database_command.h>
#include <seem/core/exceptions.h>
#include <seem/database/comparison.h>
#include <seem/database/merge.h>
#include <seem/database/subset.h>
#include <seem/io/database_file.h>
#include <seem/statistics/renew_estimator.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <set>

namespace seem::commands
{
  namespace
  {
    void require_free(const DatabaseRequest &request)
    {
      if (std::filesystem::exists(request.output) && !request.overwrite)
        throw InputError(fmt::format("{} exists: choose another name or replace it with "
                                     "--overwrite",
                                     request.output.string()));
      const std::filesystem::path directory = request.output.parent_path();
      if (!directory.empty() && !std::filesystem::is_directory(directory))
        throw InputError(fmt::format("{}: the directory {} does not exist", request.output.string(),
                                     directory.string()));
    }

    /// Name the files in the message of an error about their content.
    template <typename Work>
    auto with_files(const std::vector<std::filesystem::path> &files, const Work &work)
    {
      try
      {
        return work();
      }
      catch (const InputError &error)
      {
        std::vector<std::string> names;
        for (const std::filesystem::path &file : files)
          names.push_back(file.string());
        throw InputError(fmt::format("{}: {}", fmt::join(names, ", "), error.what()));
      }
    }

    /// Write the database and say what is in it.
    int write(const DatabaseRequest &request, const database::EventDatabase &database,
              const statistics::EstimatorReport &estimator = {})
    {
      io::write_database(request.output, database);
      std::set<std::pair<std::string, std::string>> glasses;
      for (const database::Sample &sample : database.samples)
        glasses.insert(database::glass_of(sample));
      for (const std::string &warning : estimator.warnings)
        fmt::print("Warning: {}\n", warning);
      fmt::print("{}: {} runs of {} glasses, {} events\n", request.output.string(),
                 database.samples.size(), glasses.size(), database.events.size());
      return 0;
    }

    /// Write the database with smoothing and memory fitted to the runs that it has now.
    int write_renewed(const DatabaseRequest &request, database::EventDatabase database)
    {
      const statistics::EstimatorReport estimator =
          with_files(request.inputs, [&] { return statistics::renew_estimator(database); });
      const int status = write(request, database, estimator);
      fmt::print("{}", estimator.text());
      return status;
    }
  } // namespace

  int merge_databases(const DatabaseRequest &request)
  {
    require_free(request);
    database::EventDatabase merged = io::read_database(request.inputs.front());
    for (std::size_t i = 1; i < request.inputs.size(); ++i)
    {
      const database::EventDatabase next = io::read_database(request.inputs[i]);
      merged = with_files({request.inputs.front(), request.inputs[i]},
                          [&] { return database::merge(merged, next); });
    }
    return write_renewed(request, std::move(merged));
  }

  int bootstrap_database(const DatabaseRequest &request)
  {
    require_free(request);
    const database::EventDatabase database = io::read_database(request.inputs.front());
    return write(request, with_files(request.inputs, [&] {
                   return statistics::bootstrap_with_memory(database, request.seed);
                 }));
  }

  int select_from_database(const DatabaseRequest &request)
  {
    require_free(request);
    const database::EventDatabase database = io::read_database(request.inputs.front());
    return write_renewed(request, with_files(request.inputs, [&] {
                           return database::select(database, request.labels, request.glasses);
                         }));
  }

  int compare_databases(const DatabaseRequest &request)
  {
    const database::EventDatabase a = io::read_database(request.inputs.at(0)),
                                  b = io::read_database(request.inputs.at(1));
    const database::Comparison comparison = database::compare(a, b);
    if (request.json)
      fmt::print("{}\n", comparison_json(request.inputs[0], request.inputs[1], comparison));
    else
      fmt::print("first:  {}\nsecond: {}\n{}", request.inputs[0].string(),
                 request.inputs[1].string(), comparison_text(comparison));
    return 0;
  }

  void add_database_commands(CLI::App &app, const std::function<void(std::function<int()>)> &accept)
  {
    const auto request = std::make_shared<DatabaseRequest>(); // lives in the callbacks
    CLI::App *group =
        app.add_subcommand("database", "Merge, resample, select from or compare event databases");
    group->require_subcommand(1);

    const auto add = [&](const char *name, const char *description,
                         int (*work)(const DatabaseRequest &), const bool writes) {
      CLI::App *sub = group->add_subcommand(name, description);
      if (writes)
      {
        sub->add_option("OUT", request->output, "Database to write")->required();
        sub->add_flag("--overwrite", request->overwrite, "Replace OUT if it exists");
      }
      sub->callback(
          [request, accept, work] { accept([request, work] { return work(*request); }); });
      return sub;
    };

    add("merge", "Write one database of the runs of several, which share elasticity and grid",
        merge_databases, true)
        ->add_option("DATABASE", request->inputs, "Databases to merge, two or more")
        ->required()
        ->expected(2, -1);

    CLI::App *bootstrap =
        add("bootstrap", "Write a resample by whole glasses, for the scatter of the statistics",
            bootstrap_database, true);
    bootstrap->add_option("DATABASE", request->inputs, "Database to resample")
        ->required()
        ->expected(1);
    bootstrap->add_option("--seed", request->seed, "Another seed gives another resample")
        ->type_name("NUMBER")
        ->capture_default_str();

    CLI::App *select =
        add("select", "Write the database of some labels or glasses", select_from_database, true);
    select->add_option("DATABASE", request->inputs, "Database to select from")
        ->required()
        ->expected(1);
    const auto add_names = [&](const char *option, std::vector<std::string> &names,
                               const char *description) {
      select->add_option(option, names, description)
          ->type_name("NAME")
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    add_names("--label", request->labels, "Label to keep; may be repeated");
    add_names("--glass", request->glasses, "Glass to keep; may be repeated");

    CLI::App *compare = add("compare", "Say how two databases differ, in standard errors",
                            compare_databases, false);
    compare->add_option("DATABASE", request->inputs, "The two databases")->required()->expected(2);
    compare->add_flag("--json", request->json, "Print JSON, with every bin");
  }
} // namespace seem::commands
