// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/manifest.h>

namespace seem::io
{
  namespace
  {
    const std::string header = "file,atoms,volume_A3,label,cooling_rate_K_per_s,quench,direction\n";

    class ManifestTest : public IoTest
    {
    protected:
      ManifestTest()
      {
        write("a.txt", "");
        write("b.txt", "");
      }

      void expect_bad(const std::string &content,
                      const std::initializer_list<std::string> &parts) const
      {
        const auto path = write("m.csv", content);
        expect_input_error([&]() { read_manifest(path); }, parts);
      }
    };

    TEST_F(ManifestTest, GivesEveryColumnOfEveryRun)
    {
      const auto entries = read_manifest(write(
          "m.csv", header + "a.txt,4000,64780.5,q10,1.024e13,1,+xy\nb.txt,500,8000,q8,0,2,-yz\n"));
      ASSERT_EQ(entries.size(), 2u);
      EXPECT_EQ(entries[0].path, directory / "a.txt");
      EXPECT_EQ(entries[0].line, 2u);
      EXPECT_EQ(entries[0].info.name, "a.txt");
      EXPECT_EQ(entries[0].info.label, "q10");
      EXPECT_EQ(entries[0].info.glass, "q10/1");
      EXPECT_EQ(entries[0].info.direction, "+xy");
      EXPECT_EQ(entries[0].info.n_atoms, 4000.0);
      EXPECT_EQ(entries[0].info.volume, 64780.5);
      EXPECT_EQ(entries[0].info.cooling_rate, 1.024e13);
      EXPECT_EQ(entries[1].info.glass, "q8/2");
      EXPECT_EQ(entries[1].info.direction, "-yz");
      EXPECT_EQ(entries[1].info.cooling_rate, 0.0);
    }

    TEST_F(ManifestTest, SkipsCommentsAndBlankLinesAndIgnoresOrderAndFurtherColumns)
    {
      const auto entries =
          read_manifest(write("m.csv", "\xEF\xBB\xBF# runs of May\r\n\r\n"
                                       "label, who ,cooling_rate_K_per_s,volume_A3,atoms,file\r\n"
                                       "# a comment, with commas\r\n"
                                       "q1,\"Ann, Bob\",1e10,1000, 60 ,\"a.txt\"\r\n"));
      ASSERT_EQ(entries.size(), 1u);
      EXPECT_EQ(entries[0].line, 5u);
      EXPECT_EQ(entries[0].info.name, "a.txt");
      EXPECT_EQ(entries[0].info.n_atoms, 60.0);
      EXPECT_EQ(entries[0].info.label, "q1");
    }

    TEST_F(ManifestTest, WithoutAGlassColumnEveryFileIsItsOwnGlass)
    {
      const auto entries =
          read_manifest(write("m.csv", "file,atoms,volume_A3,label,cooling_rate_K_per_s\n"
                                       "a.txt,1,1,q,1\nb.txt,1,1,q,1\n"));
      EXPECT_EQ(entries[0].info.glass, "a.txt");
      EXPECT_EQ(entries[1].info.glass, "b.txt");
    }

    TEST_F(ManifestTest, TheSameQuenchNumberOfTwoLabelsIsTwoGlassesAndGlassGoesBeforeQuench)
    {
      const auto entries = read_manifest(
          write("m.csv", "file,atoms,volume_A3,label,cooling_rate_K_per_s,quench,glass\n"
                         "a.txt,1,1,q1,1,1,A\nb.txt,1,1,q2,1,1,A\n"));
      EXPECT_EQ(entries[0].info.glass, "q1/A");
      EXPECT_EQ(entries[1].info.glass, "q2/A");
    }

    TEST_F(ManifestTest, AMissingColumnIsNamedAndThoseFoundAreListed)
    {
      expect_bad("file,atoms,volume,label\na.txt,1,1,q\n",
                 {"m.csv:1", "'volume_A3', 'cooling_rate_K_per_s'",
                  "found: 'file', 'atoms', 'volume', 'label'", "into the manifest"});
    }

    TEST_F(ManifestTest, ARepeatedColumnIsAnError)
    {
      expect_bad("file,atoms,atoms,volume_A3,label,cooling_rate_K_per_s\n",
                 {"m.csv:1", "column 'atoms' is there twice"});
    }

    TEST_F(ManifestTest, TooFewAndTooManyColumnsNameTheLineAndBothCounts)
    {
      expect_bad(header + "a.txt,1,1,q,1,1,+xy\n\nb.txt,4000,64780\n",
                 {"m.csv:4", "found 3 columns, expected 7"});
      expect_bad(header + "a.txt,1,1,q,1,1,+xy,8\n", {"m.csv:2", "found 8 columns, expected 7"});
    }

    TEST_F(ManifestTest, AnythingButAPositiveWholeNumberOfAtomsIsAnError)
    {
      for (const std::string bad : {"many", "0", "-4", "10.5", "nan", "1e999", ""})
        expect_bad(header + "a.txt," + bad + ",1,q,1,1,+xy\n",
                   {"m.csv:2", "column 'atoms'", "found '" + bad + "'",
                    "expected a positive whole number of atoms"});
    }

    TEST_F(ManifestTest, AnythingButAPositiveVolumeIsAnError)
    {
      for (const std::string bad : {"40x40", "0", "-1", "inf"})
        expect_bad(header + "a.txt,1," + bad + ",q,1,1,+xy\n",
                   {"m.csv:2", "column 'volume_A3'", "found '" + bad + "'",
                    "expected a positive volume in cubic Angstrom"});
    }

    TEST_F(ManifestTest, ANegativeCoolingRateIsAnErrorAndNoneIsWrittenAsZero)
    {
      for (const std::string bad : {"-1", "fast", ""})
        expect_bad(header + "a.txt,1,1,q," + bad + ",1,+xy\n",
                   {"m.csv:2", "column 'cooling_rate_K_per_s'", "or 0 if it is not known"});
    }

    TEST_F(ManifestTest, EmptyWordsAreErrors)
    {
      expect_bad(header + ",1,1,q,1,1,+xy\n", {"m.csv:2", "column 'file'"});
      expect_bad(header + "a.txt,1,1,,1,1,+xy\n", {"m.csv:2", "column 'label'"});
      expect_bad(header + "a.txt,1,1,q,1,,+xy\n", {"m.csv:2", "column 'quench'"});
    }

    TEST_F(ManifestTest, TheSameFileTwiceIsAnErrorAlsoUnderAnotherName)
    {
      expect_bad(header + "a.txt,1,1,q,1,1,+xy\n./b.txt,1,1,q,1,1,+xy\n../" +
                     directory.filename().string() + "/a.txt,1,1,q,1,2,+xy\n",
                 {"m.csv:4", "a.txt", "already on line 2"});
    }

    TEST_F(ManifestTest, WildcardsGiveOneRunForEachMatch)
    {
      std::filesystem::create_directory(directory / "x[1]");
      for (const std::string name : {"x[1]/r2.aqs", "x[1]/r1.aqs", "x[1]/r3.log"})
        write(name, "");
      const auto path = write("x[1]/m.csv", header + "r?.aqs,4,64,q,1,7,+xy\n");
      const auto entries = read_manifest(path);
      ASSERT_EQ(entries.size(), 2u);
      EXPECT_EQ(entries[0].info.name, "r1.aqs");
      EXPECT_EQ(entries[0].path, directory / "x[1]/r1.aqs");
      EXPECT_EQ(entries[1].info.name, "r2.aqs");
      EXPECT_EQ(entries[1].info.glass, "q/7");
      EXPECT_EQ(entries[1].info.n_atoms, 4.0);

      const auto own = read_manifest(write("m.csv", "file,atoms,volume_A3,label,"
                                                    "cooling_rate_K_per_s\n[ab].txt,1,1,q,1\n"));
      ASSERT_EQ(own.size(), 2u);
      EXPECT_EQ(own[1].info.glass, "b.txt");
      expect_bad(header + "a.txt,1,1,q,1,1,+xy\n*.txt,1,1,q,1,1,+xy\n",
                 {"m.csv:3", "a.txt", "already on line 2"});
      expect_bad(header + "*.none,1,1,q,1,1,+xy\n", {"m.csv:2", "no file '*.none'"});
    }

    TEST_F(ManifestTest, SignsAndColumnsOfALineGoBeforeTheCommonOnes)
    {
      const auto entries = read_manifest(
          write("m.csv", "file,atoms,volume_A3,label,cooling_rate_K_per_s,stress_sign,strain_sign,"
                         "strain_column,energy_column,stress_column\n"
                         "a.txt,1,1,q,1,-1,1,xz,e,pxz\nb.txt,1,1,q,1,,-1,,,\n"));
      TableFormat common;
      common.stress_column = "pxy";
      const TableFormat a = entries[0].format(common), b = entries[1].format(common);
      EXPECT_EQ(a.stress_sign, -1.0);
      EXPECT_EQ(a.strain_sign, 1.0);
      EXPECT_EQ(a.strain_column + a.energy_column + a.stress_column, "xzepxz");
      EXPECT_EQ(b.stress_sign, 1.0);
      EXPECT_EQ(b.strain_sign, -1.0);
      EXPECT_EQ(b.stress_column, "pxy");
      expect_bad("file,atoms,volume_A3,label,cooling_rate_K_per_s,stress_sign\na.txt,1,1,q,1,2\n",
                 {"m.csv:2", "'stress_sign'", "expected 1 or -1"});
    }

    TEST_F(ManifestTest, AMissingFileIsNamedWithTheFullPathExpected)
    {
      expect_bad(header + "runs/c.txt,1,1,q,1,1,+xy\n",
                 {"m.csv:2", "'runs/c.txt'", (directory / "runs/c.txt").string(),
                  "directory of the manifest"});
    }

    TEST_F(ManifestTest, AnEmptyManifestIsAnError)
    {
      expect_bad("", {"m.csv", "is empty", "volume_A3"});
      expect_bad("# nothing\n\n", {"m.csv", "is empty"});
      expect_bad(header, {"m.csv", "no runs after the header"});
    }

    TEST_F(ManifestTest, AnOpenQuoteIsAnError)
    {
      expect_bad(header + "\"a.txt,1,1,q,1,1,+xy\n", {"m.csv:2", "quote"});
    }

    TEST_F(ManifestTest, AMissingManifestAndADirectoryAreErrors)
    {
      expect_input_error([&]() { read_manifest(directory / "no.csv"); },
                         {"no.csv", "No such file"});
      expect_input_error([&]() { read_manifest(directory); }, {"is a directory"});
    }

    TEST(ShippedManifest, ReadsWithAllItsRuns)
    {
      const auto entries = read_manifest(SEEM_SOURCE_DIR "/data/cu64zr36/manifest.csv");
      ASSERT_EQ(entries.size(), 13u);
      EXPECT_EQ(entries[1].info.glass, entries[0].info.glass); // one glass in two directions
      EXPECT_NE(entries[3].info.glass, entries[0].info.glass);
    }
  } // namespace
} // namespace seem::io
