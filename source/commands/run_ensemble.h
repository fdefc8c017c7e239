// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_RUN_ENSEMBLE_H
#define SEEM_SOURCE_COMMANDS_RUN_ENSEMBLE_H

#include <seem/commands/command_line.h>
#include <seem/commands/run_command.h>

#include <mpi.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace seem::commands
{
  /// A member of an ensemble of runs.
  struct RunMember
  {
    CommandLine command_line; ///< with its seed and output directory
    MPI_Comm communicator;    ///< of the ranks that run it
  };

  /**
   * Run N members with the seeds Seed, Seed + 1, ... in the directories seed_<seed> of the output,
   * each on a group of "Ensemble/Ranks per run" ranks; a group takes the next member when it is
   * done. What members print beside the first group goes to seed_<seed>.log. A member that fails
   * leaves the others alone; in the end all ranks throw. With --restart, members go on from their
   * checkpoints, and those without one begin.
   *
   * Then rank 0 writes ensemble.csv: on a uniform grid of the pseudo-time, as far as all members
   * went, mean, standard deviation and quantiles over the members of columns of history.csv, linear
   * between steps; and draws it. All ranks call it.
   *
   * @param[in] run_member  runs one; its exit status
   * @return exit status: the largest of the members
   * @throws InputError if the ranks do not make groups, Error if members failed
   */
  int run_ensemble(const CommandLine &command_line, const Parameters &parameters,
                   const RunParameters &run, MPI_Comm communicator,
                   const std::function<int(const RunMember &)> &run_member);

  /// Write the table of an ensemble from the histories of its members.
  /// @throws InputError if a history is missing or has less than two rows
  void write_ensemble(const std::filesystem::path &file,
                      const std::vector<std::filesystem::path> &histories);
} // namespace seem::commands

#endif
