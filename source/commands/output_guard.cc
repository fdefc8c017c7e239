// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/output_guard.h>

#include <seem/io/output_directory.h>

#include <system_error>

namespace seem::commands
{
  namespace
  {
    /// Outermost directory of @p path that does not exist; empty if all do.
    std::filesystem::path outermost_missing(const std::filesystem::path &path)
    {
      std::filesystem::path missing;
      std::error_code error;
      for (std::filesystem::path p = std::filesystem::absolute(path, error).lexically_normal();
           !p.empty() && !std::filesystem::exists(p, error) && !error; p = p.parent_path())
        missing = p;
      return missing;
    }

    /// Remove @p directory if it holds nothing but empty directories.
    void remove_empty(const std::filesystem::path &directory)
    {
      std::error_code error;
      for (const auto &entry : std::filesystem::directory_iterator(directory, error))
        if (entry.is_directory(error) && !entry.is_symlink(error))
          remove_empty(entry.path());
      std::filesystem::remove(directory, error); // fails if something is in it
    }
  } // namespace

  OutputGuard::OutputGuard(const std::filesystem::path &directory, const bool overwrite)
      : directory(directory), first_made(outermost_missing(directory))
  {
    try
    {
      io::prepare_output_directory(directory, overwrite);
    }
    catch (...)
    {
      if (!first_made.empty())
        remove_empty(first_made);
      throw;
    }
  }

  OutputGuard::~OutputGuard()
  {
    if (!first_made.empty())
      remove_empty(first_made);
  }

  std::filesystem::path output_directory(const CommandLine &command_line,
                                         const Parameters &parameters)
  {
    if (command_line.output)
      return *command_line.output;
    const std::filesystem::path directory = parameters.file("Output directory");
    if (directory.empty())
      throw parameters.error("Output directory", "expected the name of a directory, here or with "
                                                 "--output");
    return directory;
  }
} // namespace seem::commands
