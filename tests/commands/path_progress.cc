// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/path_progress.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

using seem::commands::PathProgress;
using ::testing::HasSubstr;

namespace
{
  /// What goes to standard error, no terminal, while 40 paths pass.
  std::string shown(const double quiet_seconds)
  {
    ::testing::internal::CaptureStderr();
    PathProgress progress(40, quiet_seconds);
    for (int i = 0; i < 40; ++i)
      progress.advance();
    return ::testing::internal::GetCapturedStderr();
  }
} // namespace

TEST(PathProgress, ShortEnsemblesAreQuiet)
{
  EXPECT_EQ(shown(20.0), "");
  EXPECT_EQ(shown(-1.0), "");
}

TEST(PathProgress, LongOnesShowOneLineForEachTenthWithTheTimeLeft)
{
  const std::string text = shown(0.0);
  EXPECT_THAT(text, HasSubstr("path 1 of 40  elapsed 0 s  left 0 s"));
  EXPECT_THAT(text, HasSubstr("path 40 of 40"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
}
