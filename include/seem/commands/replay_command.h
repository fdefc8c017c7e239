// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_REPLAY_COMMAND_H
#define SEEM_COMMANDS_REPLAY_COMMAND_H

#include <seem/commands/run_command.h>
#include <seem/io/replay_file.h>
#include <seem/solver/material_points.h>

#include <filesystem>
#include <string>

namespace seem::commands
{
  /**
   * The replay file's content for an update that ended a run.
   * @param[in] parameters  of `seem run`
   * @param[in] n_volumes   as given to make_law()
   * @param[in] law         of the specimen outside its regions
   * @throws InputError if the database cannot be read any more
   */
  io::Replay make_replay(const Parameters &parameters, const RunParameters &run,
                         const std::size_t n_volumes, const law::MaterialLaw &law,
                         const solver::FailedUpdate &failed);

  /// What is in a replay file, for `seem info`. @throws InputError as io::read_replay()
  std::string replay_summary(const std::filesystem::path &path);

  /**
   * `seem point --replay FILE`: rebuild the law of a failed run, repeat the update that ended it
   * and print the state before and after, the events, and how it ends now.
   * @return exit status: 0 if the update fails as it did in the run
   * @throws InputError if the file cannot be used, or the database has gone or is another one
   */
  int replay_command(const std::filesystem::path &path);
} // namespace seem::commands

#endif
