// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_cost.h"

#include <seem/core/version.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/utilities.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace seem::commands
{
  namespace mpi = dealii::Utilities::MPI;

  namespace
  {
    /// Share of the wall time that a run on cores of its own keeps them busy.
    constexpr double notable_use = 0.7;

  } // namespace

  double process_seconds()
  {
    double sum = 0.0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN})
    {
      rusage usage = {};
      getrusage(who, &usage);
      for (const timeval &t : {usage.ru_utime, usage.ru_stime})
        sum += static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    }
    return sum;
  }

  double RunClock::processor_seconds() const
  {
    return process_seconds() - processor_start;
  }

  ProcessMemory process_memory()
  {
    dealii::Utilities::System::MemoryStats stats;
    dealii::Utilities::System::get_memory_stats(stats);
    constexpr double kilobytes = 1.024e-3; // of 1024 bytes, in MB
    return {stats.VmRSS * kilobytes, stats.VmHWM * kilobytes};
  }

  RunCost make_run_cost(const RunClock &clock, const solver::SolverEffort &effort,
                        const MPI_Comm communicator)
  {
    RunCost cost;
    cost.n_ranks = mpi::n_mpi_processes(communicator);
    cost.effort = effort;

    struct Measured
    {
      const char *key, *name;
      double seconds;
    };
    std::vector<Measured> measured = {
        {"set_up", "set-up", clock.seconds(RunClock::set_up)},
        {"law", "law and statistics", effort.law_seconds},
        {"strains_forces", "strains and forces", effort.strain_seconds},
        {"linear_solves", "linear solves", effort.linear_seconds},
        {"preconditioners", "preconditioners", effort.setup_seconds},
        {"output", "output", clock.seconds(RunClock::output)},
        {"comparison", "point model, figures", clock.seconds(RunClock::comparison)},
        {"rest", "rest", clock.seconds()}};
    const double whole = measured.back().seconds;
    for (std::size_t i = 0; i + 1 < measured.size(); ++i)
      measured.back().seconds -= measured[i].seconds;

    const mpi::MinMaxAvg wall = mpi::min_max_avg(whole, communicator);
    cost.wall = wall.max;
    cost.processor = mpi::sum(clock.processor_seconds(), communicator);
    for (const Measured &m : measured)
    {
      const mpi::MinMaxAvg s = mpi::min_max_avg(m.seconds, communicator);
      cost.parts.push_back({m.key, m.name, s.min, s.avg, s.max, s.avg / wall.avg});
    }
    const mpi::MinMaxAvg memory = mpi::min_max_avg(process_memory().peak, communicator);
    cost.memory = memory.sum;
    cost.largest_memory = memory.max;
    return cost;
  }

  std::string RunCost::text() const
  {
    std::string result = fmt::format("where the time went: {:.1f} s on {} rank{}\n", wall, n_ranks,
                                     n_ranks == 1 ? "" : "s");
    const bool one = n_ranks == 1;
    result += one ? fmt::format("  {:<22} {:>9} {:>8}\n", "", "time [s]", "share")
                  : fmt::format("  {:<22} {:>9} {:>9} {:>9} {:>8}\n", "", "least [s]", "mean [s]",
                                "most [s]", "share");
    for (const Part &part : parts)
      result += one ? fmt::format("  {:<22} {:>9.2f} {:>6.1f} %\n", part.name, part.mean,
                                  100.0 * part.share)
                    : fmt::format("  {:<22} {:>9.2f} {:>9.2f} {:>9.2f} {:>6.1f} %\n", part.name,
                                  part.min, part.mean, part.max, 100.0 * part.share);
    const auto per = [&](const unsigned long n, const double scale, const char *unit) {
      return n == 0 ? std::string("-") : fmt::format("{:.3g} {}", scale * wall / n, unit);
    };
    result +=
        fmt::format("  per step {}, per pass {}, per event {}; {} Newton steps, {} linear "
                    "steps, {} preconditioners\n",
                    per(n_steps, 1.0, "s"), per(n_passes, 1e3, "ms"), per(n_events, 1e6, "us"),
                    effort.n_newton_steps, effort.n_linear_steps, effort.n_preconditioners);
    result += fmt::format("  processor time {:.1f} s of {:.1f} s{}\n", processor, wall * n_ranks,
                          processor < notable_use * wall * n_ranks
                              ? ": the cores were shared, the times above are not those of an idle "
                                "machine"
                              : "");
    result += one ? fmt::format("  peak memory {:.0f} MB\n", memory)
                  : fmt::format("  peak memory {:.0f} MB in all, {:.0f} MB on the largest rank\n",
                                memory, largest_memory);
    return result;
  }

  std::string RunCost::json() const
  {
    nlohmann::ordered_json json;
    json["kind"] = "run timings";
    json["schema_version"] = 1;
    json["program_version"] = program_version;
    json["n_ranks"] = n_ranks;
    json["wall_s"] = wall;
    json["processor_s"] = processor;
    for (const Part &part : parts)
      json["parts"][part.key] = {
          {"min_s", part.min}, {"mean_s", part.mean}, {"max_s", part.max}, {"share", part.share}};
    json["n_steps"] = n_steps;
    json["n_passes"] = n_passes;
    json["n_events"] = n_events;
    json["n_newton_steps"] = effort.n_newton_steps;
    json["n_linear_steps"] = effort.n_linear_steps;
    json["n_preconditioners"] = effort.n_preconditioners;
    const auto per = [&](const unsigned long n) {
      return n == 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(wall / n);
    };
    json["s_per_step"] = per(n_steps);
    json["s_per_pass"] = per(n_passes);
    json["s_per_event"] = per(n_events);
    json["peak_memory_MB"] = memory;
    json["peak_memory_of_largest_rank_MB"] = largest_memory;
    return json.dump(2) + "\n";
  }
} // namespace seem::commands
