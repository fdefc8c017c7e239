// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/number_table.h>

using namespace seem;
using namespace seem::io;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{
  class NumberTableTest : public IoTest
  {
  protected:
    std::string message(const std::string &content) const
    {
      const std::filesystem::path path = write("x.csv", content);
      try
      {
        read_number_table(path);
      }
      catch (const InputError &error)
      {
        return error.what();
      }
      return "no error";
    }
  };
} // namespace

TEST_F(NumberTableTest, ReadsCommasAndBlanksWithComments)
{
  for (const char *content : {"# made by hand\nt, eps_xx\n\n0,0\n0.5,-1e-2 # here\n1,0.25\n",
                              "t eps_xx\n0 0\n\t0.5 -0.01\n# no\n1 +0.25\n"})
  {
    const NumberTable table = read_number_table(write("x.csv", content));
    EXPECT_THAT(table.names, ElementsAre("t", "eps_xx"));
    EXPECT_THAT(table.columns[0], ElementsAre(0.0, 0.5, 1.0));
    EXPECT_THAT(table.columns[1], ElementsAre(0.0, -0.01, 0.25));
    EXPECT_EQ(table.line.size(), 3u);
  }
  EXPECT_THAT(read_number_table(write_gzip("x.gz", "a,b\n\n1,2\n")).line, ElementsAre(3));
}

TEST_F(NumberTableTest, AColumnIsFoundByItsNameOrTheOnesThereAreNamed)
{
  const NumberTable table = read_number_table(write("x.csv", "t,a\n0,1\n2,3\n"));
  EXPECT_THAT(table.column("t"), ElementsAre(0.0, 2.0));
  EXPECT_THAT(table.column("a"), ElementsAre(1.0, 3.0));
  expect_input_error([&]() { table.column("b"); },
                     {"x.csv: no column 'b'; columns found: 't', 'a'"});
  expect_input_error([&]() { table.column("b", "a history"); }, {"'t', 'a'; expected a history"});
}

TEST_F(NumberTableTest, WhatIsWrongIsNamedWithItsLine)
{
  EXPECT_THAT(message(""), HasSubstr("x.csv: empty"));
  EXPECT_THAT(message("# t\n"), HasSubstr("x.csv: empty"));
  EXPECT_THAT(message("t,a\n"), HasSubstr("x.csv: a header but no rows"));
  EXPECT_THAT(message("0,1\n"), HasSubstr("x.csv:1: found the number '0'"));
  EXPECT_THAT(message("t,t\n0,1\n"), HasSubstr("x.csv:1: column 't' is there twice"));
  EXPECT_THAT(message("t,a\n0,1\n\n1\n"), HasSubstr("x.csv:4: found 1 columns, expected 2"));
  EXPECT_THAT(message("t,a\n0,x\n"), HasSubstr("x.csv:2: column 'a': found 'x'"));
  EXPECT_THAT(message("t,a\n0,nan\n"), HasSubstr("x.csv:2: column 'a': found 'nan'"));
}
