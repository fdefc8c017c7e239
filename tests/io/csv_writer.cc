// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/csv_writer.h>

#include <cmath>
#include <limits>

namespace seem::io
{
  namespace
  {
    using Mode = CsvWriter::Mode;

    class CsvWriterTest : public IoTest
    {
    protected:
      const std::vector<std::string> columns = {"strain", "tau_GPa", "note"};
    };

    TEST_F(CsvWriterTest, WritesHeaderAndRowsOfAllTypes)
    {
      CsvWriter writer(directory / "a.csv", columns);
      writer.row(0.1, -1, "plain");
      writer.row(std::size_t(7), 2.0f, std::string("text"));
      writer.row(std::numeric_limits<std::uint64_t>::max(), true, "");
      EXPECT_EQ(writer.n_rows(), 3u);
      writer.close();
      EXPECT_EQ(read(directory / "a.csv"),
                "strain,tau_GPa,note\n0.1,-1,plain\n7,2,text\n18446744073709551615,1,\n");
    }

    TEST_F(CsvWriterTest, DoublesReadBackToTheSameBits)
    {
      const std::vector<double> values = {
          1.0 / 3.0,           -0.0,          5e-324, std::numeric_limits<double>::max(), 1e-4,
          123456789.123456789, std::sqrt(2.0)};
      CsvWriter writer(directory / "a.csv", {"x"});
      for (const double value : values)
        writer.row(value);
      writer.close();
      std::ifstream input(directory / "a.csv");
      std::string line;
      std::getline(input, line);
      for (const double value : values)
      {
        std::getline(input, line);
        const double back = std::strtod(line.c_str(), nullptr);
        EXPECT_EQ(back, value) << line;
        EXPECT_EQ(std::signbit(back), std::signbit(value));
      }
    }

    TEST_F(CsvWriterTest, StringsAreQuotedAsInRfc4180)
    {
      CsvWriter writer(directory / "a.csv", {"x, y", "b"});
      writer.row("say \"no\"", "two\nlines");
      writer.row(" blank ", "fine");
      writer.close();
      EXPECT_EQ(read(directory / "a.csv"),
                "\"x, y\",b\n\"say \"\"no\"\"\",\"two\nlines\"\n\" blank \",fine\n");
    }

    TEST_F(CsvWriterTest, AWholeFileAppearsOnlyAtCloseAndReplacesTheOldOne)
    {
      write("a.csv", "old");
      CsvWriter writer(directory / "a.csv", columns);
      writer.row(1, 2, 3);
      writer.flush();
      EXPECT_EQ(read(directory / "a.csv"), "old");
      writer.close();
      EXPECT_EQ(read(directory / "a.csv"), "strain,tau_GPa,note\n1,2,3\n");
      EXPECT_EQ(listing(), std::vector<std::string>{"a.csv"});
    }

    TEST_F(CsvWriterTest, WithoutCloseAWholeFileLeavesNothingAndTheOldOneAsItWas)
    {
      write("a.csv", "old");
      {
        CsvWriter writer(directory / "a.csv", columns);
        writer.row(1, 2, 3);
        writer.flush();
        EXPECT_EQ(listing().size(), 2u);
      }
      EXPECT_EQ(read(directory / "a.csv"), "old");
      EXPECT_EQ(listing(), std::vector<std::string>{"a.csv"});
    }

    TEST_F(CsvWriterTest, AGrowingFileShowsItsRowsAfterEachFlushAndKeepsThemWithoutClose)
    {
      {
        CsvWriter writer(directory / "a.csv", {"n"}, Mode::growing);
        EXPECT_EQ(read(directory / "a.csv"), "n\n");
        writer.row(1);
        writer.flush();
        EXPECT_EQ(read(directory / "a.csv"), "n\n1\n");
        writer.row(2);
      }
      EXPECT_EQ(read(directory / "a.csv"), "n\n1\n2\n");
    }

    TEST_F(CsvWriterTest, ResumeDropsTheRowsAfterTheCheckpointAndWritesOn)
    {
      const auto path = write("a.csv", "n,x\n1,0.5\n2,0.25\n3,0.1\n4,");
      {
        CsvWriter writer = CsvWriter::resume(path, {"n", "x"}, 2);
        EXPECT_EQ(writer.n_rows(), 2u);
        writer.row(3, 0.125);
        writer.close();
      }
      EXPECT_EQ(read(path), "n,x\n1,0.5\n2,0.25\n3,0.125\n");
    }

    TEST_F(CsvWriterTest, ResumeRefusesAnotherHeaderFewerRowsAndARowCutOff)
    {
      const auto path = write("a.csv", "n,x\n1,0.5\n2,0.2");
      expect_input_error(
          [&]() {
            CsvWriter::resume(path, {"n", "y"}, 1);
          },
          {"a.csv:1", "'n,x'", "'n,y'"});
      expect_input_error(
          [&]() {
            CsvWriter::resume(path, {"n", "x"}, 3);
          },
          {"a.csv", "found 2 rows", "at least 3"});
      expect_input_error(
          [&]() {
            CsvWriter::resume(path, {"n", "x"}, 2);
          },
          {"a.csv", "last row is cut off"});
      expect_input_error([&]() { CsvWriter::resume(directory / "no.csv", {"n"}, 0); }, {"no.csv"});
      EXPECT_EQ(read(path), "n,x\n1,0.5\n2,0.2"); // nothing was touched
    }

    TEST_F(CsvWriterTest, AWrongNumberOfValuesIsAnErrorAndTheRowIsNotWritten)
    {
      CsvWriter writer(directory / "a.csv", columns);
      writer.row(1, 2, 3);
      expect_error<Error>([&]() { writer.row(1, 2); }, {"a.csv", "row 2 has 2 values, expected 3"});
      expect_error<Error>([&]() { writer.row(std::vector<double>(4)); }, {"4 values"});
      writer.row(std::vector<double>{4, 5, 6});
      writer.close();
      EXPECT_EQ(read(directory / "a.csv"), "strain,tau_GPa,note\n1,2,3\n4,5,6\n");
    }

    TEST_F(CsvWriterTest, ErrorsNameThePath)
    {
      write("file", "");
      expect_input_error([&]() { CsvWriter(directory / "no" / "a.csv", columns); },
                         {"no/a.csv", "is not a directory"});
      expect_input_error([&]() { CsvWriter(directory / "file" / "a.csv", columns, Mode::growing); },
                         {"file/a.csv", "is not a directory"});
      expect_input_error([&]() { CsvWriter(directory, columns); }, {"is a directory"});
      expect_input_error([&]() { CsvWriter(directory / "a.csv", {}); },
                         {"a.csv", "at least one column"});
      EXPECT_EQ(listing(), std::vector<std::string>{"file"});
    }

    TEST_F(CsvWriterTest, AFullDiskIsAnError)
    {
      if (!std::filesystem::exists("/dev/full"))
        GTEST_SKIP() << "no /dev/full here";
      expect_error<Error>([&]() { CsvWriter("/dev/full", columns, Mode::growing); },
                          {"/dev/full", "No space left"});
    }
  } // namespace
} // namespace seem::io
