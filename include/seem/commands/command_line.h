// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_COMMAND_LINE_H
#define SEEM_COMMANDS_COMMAND_LINE_H

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace seem::commands
{
  /// What the user wrote after the name of a command that takes a parameter file.
  struct CommandLine
  {
    std::filesystem::path parameter_file;
    std::vector<std::string> assignments;        ///< `--set "Section/Key=value"`, in order
    std::optional<std::filesystem::path> output; ///< `--output DIR`, relative to where we are
    bool overwrite = false;                      ///< `--overwrite`
    bool restart = false;                        ///< `--restart` of run: from the checkpoint
    bool check = false;                          ///< `--check` of harvest: read only
    bool check_mesh = false;                     ///< `--check-mesh` of run: report on the mesh only
    bool validate = false;                       ///< `--validate` of run: build, do not solve
    std::filesystem::path replay_file;           ///< `--replay FILE`, instead of parameters
    std::filesystem::path runs_manifest;         ///< `--runs MANIFEST` of figures
  };
} // namespace seem::commands

#endif
