// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_COST_H
#define SEEM_COMMANDS_RUN_COST_H

#include <seem/solver/equilibrium.h>

#include <mpi.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Processor time of this process and of those it has started (figures), in user and system mode,
  /// since it began [s].
  double process_seconds();

  /// Wall time of this rank since the start of a run, and of its parts that are not of the solver.
  class RunClock
  {
  public:
    enum Part
    {
      set_up,     ///< mesh, body, law, states
      output,     ///< tables, fields, event log
      comparison, ///< point model beside the run, figures
      n_parts
    };

    /// Adds the time of its life to a part.
    class Scope
    {
    public:
      Scope(RunClock &clock, const Part part) : clock(clock), part(part)
      {
      }

      Scope(const Scope &) = delete;
      Scope &operator=(const Scope &) = delete;

      ~Scope()
      {
        clock.parts[part] += seconds_since_start();
      }

    private:
      double seconds_since_start() const
      {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      }

      RunClock &clock;
      Part part;
      std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    };

    /// Processor time of this process, and of those it started, since the clock was made [s].
    double processor_seconds() const;

    double seconds() const
    {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

    double seconds(const Part part) const
    {
      return parts[part];
    }

  private:
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    double processor_start = process_seconds();
    std::array<double, n_parts> parts = {};
  };

  /// Where the time and the memory of a run went.
  struct RunCost
  {
    struct Part
    {
      std::string key;                         ///< for programs
      std::string name;                        ///< for people
      double min = 0.0, mean = 0.0, max = 0.0; ///< over the ranks [s]
      double share = 0.0;                      ///< of the mean in the mean of the whole [-]
    };

    unsigned int n_ranks = 1;
    double wall = 0.0;       ///< of the slowest rank [s]
    double processor = 0.0;  ///< RunClock::processor_seconds(), summed over the ranks [s]
    std::vector<Part> parts; ///< they add up to the whole; the last one is the rest
    unsigned long n_steps = 0, n_passes = 0, n_events = 0;
    solver::SolverEffort effort; ///< counts; the times are those of rank 0
    double memory = 0.0;         ///< peak resident set, summed over the ranks [MB]
    double largest_memory = 0.0; ///< of the rank that took most [MB]

    /// A table with shares, cost per pass and per event, and memory.
    std::string text() const;

    /// The same for programs, as JSON.
    std::string json() const;
  };

  /// Resident memory of this process now and at its peak [MB].
  struct ProcessMemory
  {
    double now, peak;
  };
  ProcessMemory process_memory();

  /// Collect the cost of a run; all ranks call it and all get it.
  RunCost make_run_cost(const RunClock &clock, const solver::SolverEffort &effort,
                        MPI_Comm communicator);
} // namespace seem::commands

#endif
