// SPDX-License-Identifier: LGPL-2.1-or-later
// Logs are read by seem/io/table_reader.h.
#include "io_test.h"

#include <seem/io/table_reader.h>

namespace seem::io
{
  namespace
  {
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;
    using ::testing::IsEmpty;

    const std::string loop = "Loop time of 0.5 on 1 procs for 9 steps with 4 atoms\n\n"
                             "Minimization stats:\n  Stopping criterion = energy tolerance\n";

    std::string table(const std::string &rows)
    {
      return "Per MPI rank memory allocation (min/avg/max) = 5.7 | 5.7 | 5.7 Mbytes\n"
             "   Step          v_strain        PotEng         Pxy      \n" +
             rows;
    }

    class LammpsLogTest : public IoTest
    {
    protected:
      LammpsLogTest()
      {
        info.n_atoms = 4;
        info.volume = 64;
        format.strain_column = "v_strain";
        format.energy_column = "PotEng";
        format.stress_column = "Pxy";
        format.stress_unit = "bar";
        format.stress_sign = -1.0;
      }

      statistics::Trajectory load(const std::string &content)
      {
        notices.clear();
        return read_trajectory(write("log.lammps", content), info, format, &notices);
      }

      void expect_bad(const std::string &content, const std::initializer_list<std::string> &parts)
      {
        expect_input_error([&]() { load(content); }, parts);
      }

      statistics::SampleInfo info;
      TableFormat format;
      std::vector<std::string> notices;

      const std::string start = "LAMMPS (29 Sep 2021 - Update 2)\nunits metal\n"
                                "thermo_style custom step v_strain pe pxy\nminimize 0 1e-4 9 9\n";
      const std::string first = table("0 0 -19 500\n9 0 -20.000001 -10000\n") + loop;
      const std::string second = "variable i loop 3\nchange_box all xy delta 0.004\n"
                                 "WARNING: Triclinic box skew is large (../domain.cpp:194)\n" +
                                 table("9 0.0001 -19 700\nWARNING: Inconsistent image flags\n"
                                       "12 0.0001 -19.5 600\n20 0.0001 -20.000002 -20000\n") +
                                 loop;
      const std::string third = table("20 0.0002 -19 800\n31 0.0002 -20.000004 -30000\n") + loop +
                                "Total wall time: 0:00\n";
    };

    TEST_F(LammpsLogTest, OnlyTheLastRowOfEachTableCounts)
    {
      const auto run = load(start + first + second + third);
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.0001, 0.0002));
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0)); // -(-10000 bar) = 1 GPa
      EXPECT_THAT(run.energy, ElementsAre(-20.000001 / 4, -20.000002 / 4, -20.000004 / 4));
      ASSERT_EQ(notices.size(), 1u);
      EXPECT_THAT(notices[0],
                  HasSubstr("1 WARNING line inside thermo tables, the first on line 19"));
    }

    TEST_F(LammpsLogTest, IsRecognisedByItsFirstLineOrItsNameOrByOption)
    {
      const std::string log = first + second + third;
      EXPECT_EQ(read_trajectory(write("run.txt", "\n" + start + log), info, format).n_rows(), 3u);
      EXPECT_EQ(read_trajectory(write("a.log", log), info, format).n_rows(), 3u);
      EXPECT_EQ(read_trajectory(write_gzip("log.1.gz", log), info, format).n_rows(), 3u);
      EXPECT_THROW(read_trajectory(write("run.txt", log), info, format), InputError);
      format.layout = FileLayout::lammps_log;
      EXPECT_EQ(read_trajectory(write("run.txt", log), info, format).n_rows(), 3u);
    }

    TEST_F(LammpsLogTest, TablesBeginWithTheMemoryLineOrWithStep)
    {
      std::string log = start + first + second + third;
      for (std::size_t at; (at = log.find("Per MPI")) != std::string::npos;)
        log.erase(at, log.find('\n', at) + 1 - at);
      EXPECT_EQ(load(log).n_rows(), 3u);

      log = start + first + second + third;
      for (std::size_t at; (at = log.find("   Step ")) != std::string::npos;)
        log.replace(at, 8, "   Count ");
      EXPECT_EQ(load(log).n_rows(), 3u);
    }

    TEST_F(LammpsLogTest, PrintedLinesThatBeginWithStepAreNoTables)
    {
      EXPECT_EQ(load(start + first + "Step 2 of 3\n" + second + third).n_rows(), 3u);
    }

    TEST_F(LammpsLogTest, TablesOfThePreparationAreSkippedAndOfEqualStrainsTheLastCounts)
    {
      const std::string melt = "run 9\nPer MPI rank memory allocation (min/avg/max) = 5 | 5 | 5 M\n"
                               "Step Temp Press\n0 2500 1\n9 2500 2\n" +
                               loop;
      const auto run =
          load(start + melt + melt + table("0 0 -19.7 9\n") + loop + first + second + third);
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.0001, 0.0002));
      EXPECT_EQ(run.tau[0], 1.0);
      ASSERT_EQ(notices.size(), 3u);
      EXPECT_THAT(notices[0], HasSubstr("2 of 6 thermo tables skipped"));
      EXPECT_THAT(notices[0], HasSubstr("'v_strain', 'PotEng', 'Pxy'"));
      EXPECT_THAT(notices[1], HasSubstr("1 of 6 thermo tables repeat the strain"));
    }

    TEST_F(LammpsLogTest, ATableWithoutItsEndIsAnErrorOrLeftOutOnRequest)
    {
      const std::string cut = start + first + second + third + table("31 0.0003 -19 0\n40 0.00");
      expect_bad(cut, {"log.lammps:36", "no 'Loop time' at its end", "Unfinished logs"});
      format.accept_unfinished = true;
      EXPECT_EQ(load(cut).n_rows(), 3u);
      ASSERT_EQ(notices.size(), 2u);
      EXPECT_THAT(notices[0], HasSubstr("1 thermo table without 'Loop time' left out"));
    }

    TEST_F(LammpsLogTest, TextBetweenTheRowsIsSkippedAndNoticed)
    {
      const auto run = load(start + first + second +
                            table("20 0.0002 -19 800\ncolvars: step 20\n"
                                  "31 0.0002 -20.000004 -30000\n! 2 0.1 3 4\n") +
                            loop);
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
      ASSERT_EQ(notices.size(), 2u);
      EXPECT_THAT(notices[1], HasSubstr("2 lines without numbers"));
    }

    TEST_F(LammpsLogTest, ThermoStyleYamlIsRead)
    {
      std::string log = start;
      for (int i = 0; i < 3; ++i)
        log += "Per MPI rank memory allocation (min/avg/max) = 5 | 5 | 5 Mbytes\n---\n"
               "keywords: ['Step', 'v_strain', 'PotEng', 'Pxy', ]\ndata:\n"
               "  - [0, 0.0001, -19, 700, ]\n  - [9, " +
               std::to_string(0.1 * i) + ", -20.000001, " + std::to_string(-10000 * (i + 1)) +
               ", ]\n...\n" + loop;
      const auto run = load(log);
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.1, 0.2));
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
    }

    TEST_F(LammpsLogTest, PrintedRowsWithAPrefixAreReadAndEchoedCommandsAreNot)
    {
      format.row_prefix = "!";
      format.strain_column = "2";
      format.stress_column = "3";
      format.energy_column = "4";
      std::string log = start + "print \"! $i ${strain} ${stress} ${pe}\"\n! $i ${a} ${b} ${c}\n";
      for (int i = 0; i < 3; ++i)
        log += first + "print \"! 1 0 0 0\"\n! " + std::to_string(i) + " " +
               std::to_string(0.1 * i) + " " + std::to_string(-10000 * (i + 1)) + " -20.000001\n";
      const auto run = load(log);
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.1, 0.2));
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
      expect_bad(log + "ERROR: Lost atoms (../thermo.cpp:9)\n", {"LAMMPS stopped here"});
      expect_bad(log + "! 3 0.3 -40", {"found 3 columns, expected 4"});
      expect_bad(log + "! 3 0.3 -400 -20.0", {"cut off here"});
    }

    TEST_F(LammpsLogTest, AnErrorLineOfLammpsIsAnError)
    {
      expect_bad(start + first + second + third +
                     "ERROR on proc 0: Triclinic box skew is too large (../domain.cpp:189)\n"
                     "Last command: change_box all xy delta 0.1\n",
                 {"log.lammps:35", "LAMMPS stopped here",
                  "'ERROR on proc 0: Triclinic box skew is too large (../domain.cpp:189)'"});
    }

    TEST_F(LammpsLogTest, ADamagedLastRowIsAnErrorNotReplacedByTheOneBefore)
    {
      expect_bad(start + first + table("0 0.1 -20 1\n9 0.1 -20\n") + loop,
                 {"log.lammps:16", "last row", "has 3 columns, expected 4", "line 14"});
      expect_bad(start + first + table("9 0.1 -20 nan\n") + loop,
                 {"log.lammps:15", "'Pxy'", "found 'nan'"});
      expect_bad(start + first + table("") + loop, {"log.lammps:14", "no rows"});
    }

    TEST_F(LammpsLogTest, UnknownColumnsListThoseOfTheTables)
    {
      format.stress_column = "pxy";
      expect_bad(start + first + second + third,
                 {"log.lammps", "no column 'pxy'", "'Step', 'v_strain', 'PotEng', 'Pxy'"});
    }

    TEST_F(LammpsLogTest, WithoutTablesItIsAnErrorThatNamesOtherThermoStyles)
    {
      expect_bad(start, {"log.lammps", "no thermo table", "4 lines"});
      expect_bad(start +
                     "Per MPI rank memory allocation (min/avg/max) = 5 | 5 | 5 Mbytes\n"
                     "------------ Step              0 ----- CPU =            0 (sec) ----\n"
                     "TotEng   =      -20 KinEng   =  0 Temp =  0\n" +
                     loop,
                 {"thermo_style multi cannot hold the strain", "custom"});
      expect_bad(start + "---\nkeywords: ['Step', 'Temp', ]\ndata:\n  - [0, 1, ]\n...\n" + loop,
                 {"no column", "'Step', 'Temp'"});
    }

    TEST_F(LammpsLogTest, ASawToothOfTheTiltIsAnErrorWithLineAndValues)
    {
      expect_bad(start + first + third + second, {"log.lammps", "strain 0.0001 follows 0.0002"});
    }

    TEST_F(LammpsLogTest, TheDefaultDigitsOfLammpsAreNoticedAsTooFew)
    {
      load(start + table("0 0 -20.0 1\n") + loop + table("0 0.1 -20.1 1\n") + loop +
           table("0 0.2 -20.123 1\n") + loop);
      ASSERT_EQ(notices.size(), 1u);
      EXPECT_THAT(notices[0], HasSubstr("thermo_modify format float %.12g"));
    }
  } // namespace
} // namespace seem::io
