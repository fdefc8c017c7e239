// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_DATABASE_COMMAND_H
#define SEEM_COMMANDS_DATABASE_COMMAND_H

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI
{
  class App;
}

namespace seem::commands
{
  /// What `seem database merge|bootstrap|select|compare` was asked.
  struct DatabaseRequest
  {
    std::filesystem::path output;              ///< database to write; not of compare
    std::vector<std::filesystem::path> inputs; ///< databases to read
    std::vector<std::string> labels;           ///< of select
    std::vector<std::string> glasses;          ///< of select
    std::uint64_t seed = 1;                    ///< of bootstrap
    bool json = false;                         ///< of compare: JSON in the place of text
    bool overwrite = false;
  };

  /**
   * `seem database merge`: write the database of all runs of the inputs, database::merge(), with
   * smoothing and memory fitted anew, statistics::renew_estimator().
   * @return exit status
   * @throws InputError if the output exists and overwrite is false, naming the files
   */
  int merge_databases(const DatabaseRequest &request);

  /// `seem database bootstrap`: write statistics::bootstrap_with_memory() of the input; throws as
  /// merge_databases().
  int bootstrap_database(const DatabaseRequest &request);

  /// `seem database select`: write database::select() of the input with smoothing and memory fitted
  /// anew; throws as merge_databases().
  int select_from_database(const DatabaseRequest &request);

  /// `seem database compare`: print database::compare() of the two inputs.
  int compare_databases(const DatabaseRequest &request);

  /**
   * Add `database` and its subcommands to a program.
   * @param[in] accept  is called with the work that the user asked for
   */
  void add_database_commands(CLI::App &app,
                             const std::function<void(std::function<int()>)> &accept);
} // namespace seem::commands

#endif
