// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/figures.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char **environ;

namespace seem::commands
{
  namespace
  {
    std::string environment(const char *name)
    {
      const char *value = std::getenv(name);
      return value == nullptr ? "" : value;
    }

    /// The first directory that has @p script, or nothing; those looked at are appended to @p
    /// tried.
    std::filesystem::path find_script(const std::string &script, std::vector<std::string> &tried)
    {
      std::vector<std::filesystem::path> directories;
      std::error_code error;
      if (const std::string given = environment("SEEM_FIGURES_DIR"); !given.empty())
        directories.emplace_back(given);
      const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
      if (!error)
        directories.push_back(program.parent_path().parent_path() / "share" / "seem" / "figures");
      directories.emplace_back(SEEM_INSTALL_DATA_DIR "/figures");
      directories.emplace_back(SEEM_SOURCE_DIR "/tools/figures");
      for (const std::filesystem::path &directory : directories)
      {
        if (std::filesystem::is_regular_file(directory / script, error))
          return directory / script;
        tried.push_back(directory.string());
      }
      return {};
    }

    /// A Python that can draw, or nothing.
    std::string find_python()
    {
      for (const std::string &python :
           {environment("SEEM_PYTHON"), std::string("python3"), std::string("/usr/bin/python3")})
        if (!python.empty() &&
            run_process({python, "-c", "import matplotlib, numpy"}).exit_status == 0)
          return python;
      return {};
    }
  } // namespace

  ProcessResult run_process(const std::vector<std::string> &arguments)
  {
    ProcessResult result;
    std::array<int, 2> pipe_ends;
    if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
      return result;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);

    std::vector<char *> argv;
    for (const std::string &argument : arguments)
      argv.push_back(const_cast<char *>(argument.c_str()));
    argv.push_back(nullptr);

    pid_t child = 0;
    result.started =
        posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);

    std::array<char, 4096> buffer;
    while (result.started)
    {
      const ssize_t n = read(pipe_ends[0], buffer.data(), buffer.size());
      if (n > 0)
        result.output.append(buffer.data(), static_cast<std::size_t>(n));
      else if (n == 0 || errno != EINTR)
        break;
    }
    close(pipe_ends[0]);

    if (result.started)
    {
      int status = 0;
      while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
          return result;
      result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return result;
  }

  std::string draw_figures(const std::string &script, const std::filesystem::path &directory)
  {
    std::vector<std::string> tried;
    const std::filesystem::path path = find_script(script, tried);
    if (path.empty())
      return fmt::format("no figures: {} is in none of {}; set SEEM_FIGURES_DIR to the directory "
                         "that has it",
                         script, fmt::join(tried, ", "));
    const std::string python = find_python();
    if (python.empty())
      return fmt::format("no figures: found no python3 with matplotlib and numpy. Install them (on "
                         "Debian: apt-get install python3-matplotlib) or set SEEM_PYTHON, then: "
                         "python3 {} {}",
                         path.string(), directory.string());
    const ProcessResult result = run_process({python, path.string(), directory.string()});
    if (result.exit_status == 0)
      return {};
    return fmt::format("no figures: {} {} {} ended with status {}:\n{}", python, path.string(),
                       directory.string(), result.exit_status, result.output);
  }
} // namespace seem::commands
