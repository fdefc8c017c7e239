// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_ensemble.h"

#include <seem/commands/checkpoint.h>
#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/core/exceptions.h>
#include <seem/io/csv_writer.h>
#include <seem/io/number_table.h>
#include <seem/solver/collective.h>
#include <seem/statistics/quantiles.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

namespace seem::commands
{
  namespace mpi = dealii::Utilities::MPI;

  namespace
  {
    /// Columns of history.csv in the table of an ensemble.
    constexpr std::array<const char *, 6> quantities = {{"strain", "stress_GPa", "mean_tau_GPa",
                                                         "mean_x1_eV", "mean_plastic_strain",
                                                         "n_events_total"}};
    const std::vector<double> probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};
    constexpr unsigned int n_intervals = 200;

    /// While it lives, what this process prints goes to a file.
    class PrintsTo
    {
    public:
      explicit PrintsTo(const std::filesystem::path &file)
      {
        std::fflush(nullptr);
        const int target = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
        if (target < 0)
          throw InputError(fmt::format("{}: cannot be written", file.string()));
        out = dup(STDOUT_FILENO);
        err = dup(STDERR_FILENO);
        dup2(target, STDOUT_FILENO);
        dup2(target, STDERR_FILENO);
        close(target);
      }

      PrintsTo(const PrintsTo &) = delete;
      PrintsTo &operator=(const PrintsTo &) = delete;

      ~PrintsTo()
      {
        std::fflush(nullptr);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        close(out);
        close(err);
      }

    private:
      int out, err;
    };

    /// Column @p name of a history over the pseudo-time, at the times of @p grid.
    std::vector<double> interpolated(const io::NumberTable &table, const std::string &name,
                                     const std::vector<double> &grid)
    {
      const std::vector<double> &time = table.column("time"), &values = table.column(name);
      std::vector<double> result;
      for (const double t : grid)
      {
        const auto after = std::upper_bound(time.begin() + 1, time.end() - 1, t);
        const auto i = static_cast<std::size_t>(after - time.begin());
        const double share = (t - time[i - 1]) / (time[i] - time[i - 1]);
        result.push_back(values[i - 1] + std::clamp(share, 0.0, 1.0) * (values[i] - values[i - 1]));
      }
      return result;
    }

    std::string member_name(const std::uint64_t seed)
    {
      return fmt::format("seed_{}", seed);
    }
  } // namespace

  void EnsembleParameters::declare(dealii::ParameterHandler &prm)
  {
    namespace patterns = dealii::Patterns;
    prm.enter_subsection("Ensemble");
    prm.declare_entry("Runs", "1", patterns::Integer(1),
                      "Runs with the seeds Seed, Seed + 1, ..., in directories seed_<seed> of the "
                      "output; with more than one also ensemble.csv and a figure: mean and "
                      "quantiles over them [-].");
    prm.declare_entry("Ranks per run", "1", patterns::Integer(1),
                      "The ranks are shared out in groups of so many, which take one run after the "
                      "other [-].");
    prm.leave_subsection();
  }

  EnsembleParameters EnsembleParameters::parse(const Parameters &parameters)
  {
    EnsembleParameters result;
    result.n_runs = static_cast<unsigned int>(parameters.integer("Ensemble/Runs"));
    result.n_ranks = static_cast<unsigned int>(parameters.integer("Ensemble/Ranks per run"));
    if (result.n_runs == 1 && result.n_ranks != 1)
      throw parameters.error("Ensemble/Ranks per run",
                             "is only used if \"Ensemble/Runs\" is greater than 1");
    return result;
  }

  void write_ensemble(const std::filesystem::path &file,
                      const std::vector<std::filesystem::path> &histories)
  {
    std::vector<io::NumberTable> tables;
    double begin = -std::numeric_limits<double>::infinity(), end = -begin;
    for (const std::filesystem::path &history : histories)
    {
      tables.push_back(io::read_number_table(history, io::NonFinite::kept));
      const io::NumberTable &table = tables.back();
      const std::vector<double> &time = table.column("time", "the history of a run");
      if (time.size() < 2)
        throw InputError(
            fmt::format("{}: no history of a run with at least two steps", history.string()));
      begin = std::max(begin, time.front());
      end = std::min(end, time.back());
    }
    std::vector<double> grid;
    for (unsigned int i = 0; i <= n_intervals; ++i)
      grid.push_back(begin + (end - begin) * i / n_intervals);

    std::vector<std::string> columns = {"time"};
    std::vector<std::vector<std::vector<double>>> values; // [quantity][member][time]
    for (const std::string name : quantities)
    {
      const auto unit = name.rfind('_');
      const bool has_unit =
          unit != std::string::npos && (name.substr(unit) == "_GPa" || name.substr(unit) == "_eV");
      const std::string stem = has_unit ? name.substr(0, unit) : name,
                        ending = has_unit ? name.substr(unit) : "";
      for (const char *what : {"mean", "std", "q05", "q25", "q50", "q75", "q95"})
        columns.push_back(stem + "_" + what + ending);
      values.emplace_back();
      for (const io::NumberTable &table : tables)
        values.back().push_back(interpolated(table, name, grid));
    }
    columns.emplace_back("n");

    io::CsvWriter csv(file, columns);
    const auto n = static_cast<double>(tables.size());
    for (std::size_t i = 0; i < grid.size(); ++i)
    {
      std::vector<double> row = {grid[i]};
      for (const auto &of_quantity : values)
      {
        std::vector<double> sample;
        for (const std::vector<double> &of_member : of_quantity)
          sample.push_back(of_member[i]);
        double mean = 0.0, square = 0.0;
        for (const double x : sample)
          mean += x / n;
        for (const double x : sample)
          square += (x - mean) * (x - mean);
        row.push_back(mean);
        row.push_back(n > 1 ? std::sqrt(square / (n - 1.0)) : 0.0);
        const std::vector<double> q = statistics::quantiles(sample, probabilities);
        row.insert(row.end(), q.begin(), q.end());
      }
      row.push_back(n);
      csv.row(row);
    }
    csv.close();
  }

  int run_ensemble(const CommandLine &command_line, const Parameters &parameters,
                   const RunParameters &run, const MPI_Comm communicator,
                   const std::function<int(const RunMember &)> &run_member)
  {
    const unsigned int rank = mpi::this_mpi_process(communicator),
                       n_ranks = mpi::n_mpi_processes(communicator),
                       group_size = run.ensemble.n_ranks, n_groups = n_ranks / group_size;
    if (n_ranks % group_size != 0)
      throw parameters.error(
          "Ensemble/Ranks per run",
          fmt::format("the {} ranks cannot be shared out in groups of {}", n_ranks, group_size));
    const std::filesystem::path directory = output_directory(command_line, parameters);
    std::optional<OutputGuard> guard;
    solver::run_collectively(communicator, [&] {
      if (rank == 0)
        guard.emplace(directory, command_line.overwrite || command_line.restart);
    });

    const unsigned int group = rank / group_size;
    MPI_Comm of_group;
    MPI_Comm_split(communicator, static_cast<int>(group), static_cast<int>(rank), &of_group);
    const bool leads = mpi::this_mpi_process(of_group) == 0;

    int status = 0;
    std::string failures;
    std::vector<std::filesystem::path> histories;
    for (unsigned int i = 0; i < run.ensemble.n_runs; ++i)
    {
      const std::uint64_t seed = run.seed + i;
      histories.push_back(directory / member_name(seed) / "history.csv");
      if (i % n_groups != group || status != 0)
        continue;
      RunMember member{command_line, of_group};
      member.command_line.output = directory / member_name(seed);
      member.command_line.assignments.push_back(fmt::format("Seed={}", seed));
      if (command_line.restart)
      {
        const bool begun = CheckpointDirectory(*member.command_line.output / "checkpoint").exists();
        member.command_line.restart = begun;
        member.command_line.overwrite = !begun;
      }
      if (rank == 0)
        fmt::print(stderr, "seem: run {} of {}, seed {}\n", i + 1, run.ensemble.n_runs, seed);
      try
      {
        std::optional<PrintsTo> log;
        if (leads && group != 0)
          log.emplace(directory / (member_name(seed) + ".log"));
        status = run_member(member);
      }
      catch (const Error &error)
      {
        failures += fmt::format("{}seed {}: {}", failures.empty() ? "" : "\n", seed, error.what());
      }
    }
    MPI_Comm_free(&of_group);

    // Every group may have failures to tell.
    const std::vector<std::string> of_ranks =
        mpi::gather(communicator, leads ? failures : std::string());
    solver::run_collectively(communicator, [&] {
      std::string all;
      for (const std::string &of_rank : of_ranks) // empty but on the first rank
        if (!of_rank.empty())
          all += (all.empty() ? "" : "\n") + of_rank;
      if (!all.empty())
        throw Error(all);
    });
    status = mpi::max(status, communicator);
    if (status != 0)
      return status;
    solver::run_collectively(communicator, [&] {
      if (rank != 0)
        return;
      write_ensemble(directory / "ensemble.csv", histories);
      const std::string warning =
          run.output.figures ? draw_figures("ensemble.py", directory) : std::string();
      if (!warning.empty())
        fmt::print(stderr, "seem: warning: {}\n", warning);
      fmt::print("{} runs in {}: ensemble.csv{}\n", run.ensemble.n_runs, directory.string(),
                 run.output.figures ? ", ensemble.png" : "");
    });
    return 0;
  }
} // namespace seem::commands
