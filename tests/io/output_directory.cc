// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/output_directory.h>

#include <unistd.h>

namespace seem::io
{
  namespace
  {
    using OutputDirectoryTest = IoTest;

    TEST_F(OutputDirectoryTest, IsCreatedWithItsParentsAndLeftEmpty)
    {
      prepare_output_directory(directory / "a" / "b", false);
      EXPECT_TRUE(std::filesystem::is_empty(directory / "a" / "b"));
      prepare_output_directory(directory / "a" / "b", false); // empty: fine
    }

    TEST_F(OutputDirectoryTest, ThatIsNotEmptyNeedsOverwriteAndKeepsItsFiles)
    {
      write("history.csv", "x");
      expect_input_error([&]() { prepare_output_directory(directory, false); },
                         {directory.string(), "not empty", "history.csv", "--overwrite"});
      prepare_output_directory(directory, true);
      EXPECT_EQ(listing(), std::vector<std::string>{"history.csv"});
    }

    TEST_F(OutputDirectoryTest, ThatIsAFileIsAnErrorAlsoWithOverwrite)
    {
      const auto path = write("out", "x");
      expect_input_error([&]() { prepare_output_directory(path, true); },
                         {path.string(), "is a file, expected a directory"});
    }

    TEST_F(OutputDirectoryTest, BelowAFileIsAnErrorThatNamesTheFile)
    {
      const auto path = write("out", "x");
      expect_input_error([&]() { prepare_output_directory(path / "a" / "b", true); },
                         {(path / "a" / "b").string(), "cannot be created",
                          path.string() + " is not a directory"});
    }

    TEST_F(OutputDirectoryTest, ThatCannotBeWrittenToIsAnErrorWithTheCause)
    {
      // Nobody creates files in /proc, not even root.
      if (!std::filesystem::is_directory("/proc/self"))
        GTEST_SKIP() << "no /proc here";
      expect_input_error([&]() { prepare_output_directory("/proc/self", true); },
                         {"/proc/self", "cannot be written to: "});
      expect_input_error([&]() { prepare_output_directory("/proc/self/out", true); },
                         {"/proc/self/out", "cannot be created: "});
    }

    TEST_F(OutputDirectoryTest, WithoutANameIsAnError)
    {
      expect_input_error([&]() { prepare_output_directory("", true); }, {"empty"});
    }
  } // namespace
} // namespace seem::io
