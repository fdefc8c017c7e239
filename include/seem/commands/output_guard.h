// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_OUTPUT_GUARD_H
#define SEEM_COMMANDS_OUTPUT_GUARD_H

#include <seem/commands/command_line.h>
#include <seem/commands/parameters.h>

#include <filesystem>

namespace seem::commands
{
  /**
   * The output directory of a command. It is made and tried at once, before the work, so that a
   * wrong name costs no hours; if the work fails, directories that were made for it and are still
   * empty go away again.
   */
  class OutputGuard
  {
  public:
    /// @throws InputError as io::prepare_output_directory() does
    OutputGuard(const std::filesystem::path &directory, const bool overwrite);

    OutputGuard(const OutputGuard &) = delete;
    OutputGuard &operator=(const OutputGuard &) = delete;
    ~OutputGuard();

    const std::filesystem::path &path() const
    {
      return directory;
    }

    std::filesystem::path operator/(const std::string &name) const
    {
      return directory / name;
    }

  private:
    std::filesystem::path directory;
    std::filesystem::path first_made; ///< outermost directory that was not there before; or empty
  };

  /**
   * The output directory of a run: `--output` if it was given, else the parameter "Output
   * directory".
   * @throws InputError if there is neither
   */
  std::filesystem::path output_directory(const CommandLine &command_line,
                                         const Parameters &parameters);
} // namespace seem::commands

#endif
