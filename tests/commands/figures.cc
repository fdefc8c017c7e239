// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  /// Sets an environment variable for one test.
  class Environment
  {
  public:
    Environment(const char *name, const std::string &value) : name(name)
    {
      if (const char *before = std::getenv(name))
        old = before;
      setenv(name, value.c_str(), 1);
    }

    ~Environment()
    {
      if (old.empty())
        unsetenv(name);
      else
        setenv(name, old.c_str(), 1);
    }

  private:
    const char *name;
    std::string old;
  };

  class FiguresTest : public CommandsTest
  {
  };

  class OutputGuardTest : public CommandsTest
  {
  };
} // namespace

TEST_F(FiguresTest, AProcessGetsItsArgumentsAsTheyAre)
{
  const ProcessResult result = run_process({"printf", "%s|", "a b", "$HOME", "'; false"});
  EXPECT_TRUE(result.started);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output, "a b|$HOME|'; false|");
}

TEST_F(FiguresTest, TheEndOfAProcessIsReported)
{
  EXPECT_EQ(run_process({"sh", "-c", "echo out; echo err >&2; exit 3"}).exit_status, 3);
  EXPECT_EQ(run_process({"sh", "-c", "echo out; echo err >&2; exit 3"}).output, "out\nerr\n");
  EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}).exit_status, 137);
  EXPECT_FALSE(run_process({"/no/such/program"}).started);
  EXPECT_NE(run_process({"/no/such/program"}).exit_status, 0);
}

TEST_F(FiguresTest, AProcessMayWriteMoreThanAPipeHolds)
{
  EXPECT_EQ(run_process({"head", "-c", "300000", "/dev/zero"}).output.size(), 300000u);
}

TEST_F(FiguresTest, TheScriptIsCalledWithTheDirectory)
{
  // A python that can do anything, and tells what it was asked for.
  const auto python =
      write("python", "#!/bin/sh\nif [ \"$1\" != -c ]; then echo \"$2\" > \"$2/seen\"; fi\n");
  std::filesystem::permissions(python, std::filesystem::perms::owner_all);
  write("scripts/some.py", "");
  std::filesystem::create_directory(directory / "out put");
  const Environment scripts("SEEM_FIGURES_DIR", (directory / "scripts").string());
  const Environment program("SEEM_PYTHON", python.string());
  EXPECT_EQ(draw_figures("some.py", directory / "out put"), "");
  EXPECT_EQ(read(directory / "out put" / "seen"), (directory / "out put").string() + "\n");
}

TEST_F(FiguresTest, WhatGoesWrongIsAWarningWithItsCure)
{
  EXPECT_THAT(draw_figures("nothing.py", directory),
              HasSubstr("set SEEM_FIGURES_DIR to the directory that has it"));

  const auto python =
      write("python", "#!/bin/sh\nif [ \"$1\" = -c ]; then exit 0; fi\necho no file\nexit 4\n");
  std::filesystem::permissions(python, std::filesystem::perms::owner_all);
  write("scripts/some.py", "");
  const Environment scripts("SEEM_FIGURES_DIR", (directory / "scripts").string());
  const Environment program("SEEM_PYTHON", python.string());
  const std::string warning = draw_figures("some.py", directory);
  EXPECT_THAT(warning, HasSubstr("ended with status 4"));
  EXPECT_THAT(warning, HasSubstr("no file"));
}

TEST_F(FiguresTest, TheScriptsOfTheSourceTreeAreFound)
{
  const auto python =
      write("python", "#!/bin/sh\nif [ \"$1\" != -c ]; then echo \"$1\" > \"$2/seen\"; fi\n");
  std::filesystem::permissions(python, std::filesystem::perms::owner_all);
  const Environment program("SEEM_PYTHON", python.string());
  EXPECT_EQ(draw_figures("point.py", directory), "");
  EXPECT_THAT(read(directory / "seen"), HasSubstr("figures/point.py"));
}

TEST_F(OutputGuardTest, DirectoriesMadeInVainGoAwayAgain)
{
  {
    const OutputGuard output(directory / "a" / "b", false);
    EXPECT_TRUE(std::filesystem::is_directory(output.path()));
  }
  EXPECT_FALSE(std::filesystem::exists(directory / "a"));
  EXPECT_TRUE(std::filesystem::exists(directory));
}

TEST_F(OutputGuardTest, WhatHoldsAFileStays)
{
  {
    const OutputGuard output(directory / "a" / "b", false);
    write("a/b/file", "x");
  }
  EXPECT_TRUE(std::filesystem::exists(directory / "a" / "b" / "file"));
}

TEST_F(OutputGuardTest, WhatWasThereBeforeStays)
{
  std::filesystem::create_directory(directory / "old");
  {
    const OutputGuard output(directory / "old", false);
  }
  EXPECT_TRUE(std::filesystem::exists(directory / "old"));
}

TEST_F(OutputGuardTest, AFullDirectoryNeedsOverwrite)
{
  write("old/file", "x");
  EXPECT_THAT(message_of([&] { OutputGuard(directory / "old", false); }), HasSubstr("--overwrite"));
  OutputGuard(directory / "old", true);
  EXPECT_EQ(read(directory / "old" / "file"), "x");
}
