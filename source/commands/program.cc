// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/command_table.h>
#include <seem/commands/database_command.h>
#include <seem/commands/info_command.h>
#include <seem/commands/program.h>
#include <seem/core/version.h>

#include <deal.II/base/mpi.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <thread>
#include <utility>

namespace seem::commands
{
  namespace
  {
    /// What the command line asks for.
    struct Request
    {
      std::function<int()> work;
      bool parallel = false; ///< MPI is needed
    };

    /// How many processes of us a launcher has started, and which one this is.
    struct Launch
    {
      long rank = 0;
      long n_ranks = 1;
    };

    /**
     * What the launchers of Open MPI, MPICH, Intel MPI and Slurm tell their processes. Commands
     * that run in one process ask here, so that they work where MPI cannot start.
     */
    Launch detect_launch()
    {
      const auto number = [](const char *name, const long otherwise) {
        const char *value = std::getenv(name);
        return value == nullptr ? otherwise : std::strtol(value, nullptr, 10);
      };
      for (const auto &[rank, size] :
           {std::pair("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
            std::pair("PMI_RANK", "PMI_SIZE"), std::pair("PMIX_RANK", "SLURM_STEP_NUM_TASKS")})
        if (std::getenv(rank) != nullptr && number(size, 1) > 1)
          return {number(rank, 0), number(size, 1)};
      return {};
    }

    /// How long a failing rank waits for the others to fail likewise.
    constexpr std::chrono::seconds patience(2);

    /// Wait for all ranks to come here, too; false if they did not in time.
    bool all_ranks_failed()
    {
      MPI_Request barrier;
      MPI_Ibarrier(MPI_COMM_WORLD, &barrier);
      int done = 0;
      for (const auto end = std::chrono::steady_clock::now() + patience;
           done == 0 && std::chrono::steady_clock::now() < end;)
      {
        MPI_Test(&barrier, &done, MPI_STATUS_IGNORE);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      return done != 0;
    }

    /**
     * Report an exception. Where several ranks run: if all of them failed (wrong input is seen by
     * all) rank 0 speaks and all end in peace; else the failing rank speaks and ends all others,
     * which would wait for it for ever.
     */
    int fail(const std::string &message, const unsigned int rank, const unsigned int n_ranks)
    {
      std::fflush(stdout);
      if (n_ranks == 1)
      {
        fmt::print(stderr, "seem: error: {}\n", message);
        return 1;
      }
      if (rank == 0)
        fmt::print(stderr, "seem: error: {}\n", message);
      if (all_ranks_failed())
        return 1;
      if (rank != 0)
        fmt::print(stderr, "seem: error: rank {}: {}\n", rank, message);
      std::fflush(stderr);
      MPI_Abort(MPI_COMM_WORLD, 1);
      return 1;
    }

    int run_guarded(const Request &request, const unsigned int rank, const unsigned int n_ranks)
    {
      try
      {
        return request.work();
      }
      catch (const Error &error)
      {
        return fail(error.what(), rank, n_ranks);
      }
      catch (const std::bad_alloc &)
      {
        return fail("out of memory", rank, n_ranks);
      }
      catch (const std::exception &error)
      {
        return fail(fmt::format("unexpected: {}", error.what()), rank, n_ranks);
      }
      catch (...)
      {
        return fail("unexpected: unknown exception", rank, n_ranks);
      }
    }

    const Command &command_named(const std::string &name)
    {
      std::vector<std::string> names;
      for (const Command &command : command_table())
      {
        if (command.name == name)
          return command;
        names.emplace_back(command.name);
      }
      throw InputError(fmt::format("no command \"{}\" with parameters: did you mean \"{}\"? There "
                                   "are {}",
                                   name, nearest(name, names), fmt::join(names, ", ")));
    }

    void add_commands(CLI::App &app, CommandLine &line, Request &request)
    {
      for (const Command &command : command_table())
      {
        CLI::App *sub = app.add_subcommand(command.name, command.description);
        CLI::Option *file = sub->add_option("FILE", line.parameter_file, "Parameter file (.prm)");
        if (command.replay == nullptr)
          file->required();
        else
          sub->add_option(
                 "--replay", line.replay_file,
                 "Instead of FILE: repeat the update that ended a run of seem run, kept in "
                 "replay.h5; status 0 if it fails again as it did")
              ->type_name("FILE")
              ->excludes(file);
        sub->add_option("--set", line.assignments,
                        "Override a parameter: \"Section/Key=value\"; may be repeated. Relative "
                        "paths in it start at the current directory")
            ->type_name("ASSIGNMENT")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        sub->add_option("--output", line.output, "Output directory")->type_name("DIR");
        sub->add_flag("--overwrite", line.overwrite,
                      "Use an output directory that is not empty; files in it are replaced");
        if (std::string(command.name) == "harvest")
          sub->add_flag("--check", line.check,
                        "Read the runs and say what is in each or wrong with it; write nothing");
        if (std::string(command.name) == "run")
        {
          sub->add_flag("--validate", line.validate,
                        "Build everything (parameters, database, mesh, load, law, states), solve "
                        "nothing, and report all problems at once: status 1 if there are any");
          sub->add_flag("--restart", line.restart,
                        "Go on from the checkpoint in the output directory, on any number of "
                        "ranks, and with its files");
          sub->add_flag("--check-mesh", line.check_mesh,
                        "Say what the mesh of the specimen is like (ids, volumes against the "
                        "representative one, worst cell); solve nothing");
        }
        if (std::string(command.name) == "avalanches")
          file->description("avalanches.csv of a run, or a parameter file that names it");
        if (std::string(command.name) == "figures")
        {
          file->description("Event database, or a parameter file that names one");
          sub->add_option("--runs", line.runs_manifest,
                          "Manifest of the atomistic runs, laid out as at the harvest: the same as "
                          "--set \"Runs/Manifest=MANIFEST\"")
              ->type_name("MANIFEST");
        }
        sub->footer(fmt::format("All parameters: seem parameters {}", command.name));
        sub->callback([&command, &line, &request] {
          if (!line.replay_file.empty())
          {
            request = {[&command, &line] { return command.replay(line.replay_file); }};
            return;
          }
          if (line.parameter_file.empty())
            throw CLI::RequiredError("FILE");
          request = {[&command, &line] { return command.run(line); }, command.parallel};
        });
      }
    }

    /// Read the command line. @return exit status if there is nothing more to do
    std::optional<int> read_command_line(int argc, char **argv, CommandLine &line, Request &request)
    {
      CLI::App app("Stochastic evolution elasto-plastic modelling of metallic glasses", "seem");
      app.set_version_flag("--version", fmt::format("seem {}", program_version));
      app.require_subcommand(1);
      app.failure_message([](const CLI::App *failed, const CLI::Error &error) {
        return fmt::format("seem: error: {}\nRun with --help for more information.\n", error.what(),
                           failed->get_name());
      });

      add_commands(app, line, request);

      static std::filesystem::path info_file;
      CLI::App *info = app.add_subcommand("info", "Say what is in a file that seem wrote");
      info->add_option(
              "FILE", info_file,
              "Event database, point.h5, history.h5, events.h5, replay.h5, a table (.csv), "
              "report.json, validation.json, timings.json or fields.pvd")
          ->required();
      info->callback([&request] { request = {[] { return info_command(info_file); }}; });

      add_database_commands(app,
                            [&request](std::function<int()> work) { request = {std::move(work)}; });

      static std::string command_name;
      static ParameterFormat format = ParameterFormat::prm;
      CLI::App *parameters =
          app.add_subcommand("parameters", "Print all parameters of a command with their defaults");
      parameters->add_option("COMMAND", command_name, "Name of the command")->required();
      parameters->add_option("--format", format, "prm, json or markdown")
          ->type_name("FORMAT")
          ->transform(CLI::CheckedTransformer(
              std::map<std::string, ParameterFormat>{{"prm", ParameterFormat::prm},
                                                     {"json", ParameterFormat::json},
                                                     {"markdown", ParameterFormat::markdown}},
              CLI::ignore_case));
      parameters->callback([&request] {
        request = {[] {
          fmt::print("{}", Parameters(command_named(command_name).declare).print(format));
          return 0;
        }};
      });

      if (argc > 1 && argv[1][0] != '-')
      {
        std::vector<std::string> names;
        for (const CLI::App *sub : app.get_subcommands({}))
          names.push_back(sub->get_name());
        if (std::find(names.begin(), names.end(), argv[1]) == names.end())
          return fail(fmt::format("no command \"{}\": did you mean \"{}\"? There are {}", argv[1],
                                  nearest(argv[1], names), fmt::join(names, ", ")),
                      0, 1);
      }
      try
      {
        app.parse(argc, argv);
      }
      catch (const CLI::ParseError &error)
      {
        return app.exit(error);
      }
      return {};
    }
  } // namespace

  int run_program(int argc, char **argv)
  {
    CommandLine line;
    Request request;
    if (const std::optional<int> status = read_command_line(argc, argv, line, request))
      return *status;
    if (!request.parallel)
    {
      const Launch launch = detect_launch();
      if (launch.n_ranks == 1)
        return run_guarded(request, 0, 1);
      if (launch.rank == 0)
        fmt::print(stderr,
                   "seem: error: this command runs in one process, but {} were started: leave out "
                   "mpirun or srun (only \"seem run\" is parallel)\n",
                   launch.n_ranks);
      return 1;
    }

    const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
    const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
    const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
    return run_guarded(request, rank, n_ranks);
  }
} // namespace seem::commands
