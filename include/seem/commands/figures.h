// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_FIGURES_H
#define SEEM_COMMANDS_FIGURES_H

#include <filesystem>
#include <string>
#include <vector>

namespace seem::commands
{
  /// How a program ended that was run.
  struct ProcessResult
  {
    bool started = false; ///< false: there is no such program
    int exit_status = -1; ///< 128 + number if a signal ended it
    std::string output;   ///< standard output and standard error together
  };

  /**
   * Run a program and wait for it; no shell is involved.
   * @param[in] arguments  the program, looked up on PATH, and its arguments
   */
  ProcessResult run_process(const std::vector<std::string> &arguments);

  /**
   * Draw the figures of a directory with output: runs `python3 <figures>/<script> <directory>`.
   *
   * The scripts are taken from the first of these that has @p script: the environment variable
   * SEEM_FIGURES_DIR, share/seem/figures beside the program's bin/, the same where seem was to be
   * installed, the source tree it was built from. Python is $SEEM_PYTHON, else python3 on PATH,
   * else /usr/bin/python3: the first that has matplotlib and numpy.
   *
   * Figures can be drawn again at any time, so whatever goes wrong is a warning.
   *
   * @return a warning with its cure for the user, empty if all went well
   */
  std::string draw_figures(const std::string &script, const std::filesystem::path &directory);
} // namespace seem::commands

#endif
