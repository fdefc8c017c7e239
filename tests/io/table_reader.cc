// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table_reader_test.h"

#include <seem/io/manifest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace seem::io
{
  namespace
  {
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;
    using ::testing::IsEmpty;

    TEST_F(TableReaderTest, GivesStrainStressAndEnergyPerAtomAndTheInfo)
    {
      const auto run = load(good);
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.0001, 0.0002));
      EXPECT_THAT(run.tau, ElementsAre(0.5, 1.0, 1.5));
      EXPECT_THAT(run.energy, ElementsAre(-20.000001 / 4, -20.000002 / 4, -20.000004 / 4));
      EXPECT_EQ(run.info.name, "run");
      EXPECT_EQ(run.atomic_volume(), 16.0);
    }

    TEST_F(TableReaderTest, CommasBlanksTabsAndCarriageReturnsMakeNoDifference)
    {
      const auto blank = load(good);
      for (const std::string text :
           {"strain,pe_eV,tau_GPa\n0,-20.000001,.5\n0.0001,-20.000002,1\n0.0002,-20.000004,1.5",
            "# strain, pe_eV, tau_GPa\r\n0 , -20.000001,\t0.5\r\n"
            "1e-4,-20.000002,1.0\r\n\r\n2E-4,-20.000004,1.5\r\n",
            "strain\tpe_eV\ttau_GPa\n0\t-20.000001\t0.5\n"
            "0.0001\t-20.000002\t1 # inline\n#\n0.0002\t-20.000004\t1.5\n"})
      {
        const auto other = load(text);
        EXPECT_EQ(other.strain, blank.strain);
        EXPECT_EQ(other.tau, blank.tau);
        EXPECT_EQ(other.energy, blank.energy);
      }
    }

    TEST_F(TableReaderTest, ColumnsAreFoundByNameInAnyOrderAmongOthers)
    {
      format.strain_column = "gamma";
      format.energy_column = "U";
      format.stress_column = "s";
      const auto run = load("# s junk gamma U\n1 a 0 -20\n2 b 0.1 -20\n3 - 0.2 -20.000001\n");
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.1, 0.2));
    }

    TEST_F(TableReaderTest, TheLastCommentWithOneWordPerColumnAndTheColumnsAskedForNamesThem)
    {
      const auto run =
          load("# pe_eV tau_GPa strain\n# strain pe_eV tau_GPa\n# written by hand\n# twice\n"
               "0 -20 1\n0.1 -20 2\n0.2 -20.000001 3\n");
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
    }

    TEST_F(TableReaderTest, WithoutAHeaderColumnsGoByNumber)
    {
      format.strain_column = "3";
      format.energy_column = "1";
      format.stress_column = "2";
      const auto run = load("-20 1 0\n-20 2 0.1\n-20.000001 3 0.2\n");
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.1, 0.2));
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
      format.stress_column = "4";
      expect_bad("-20 1 0\n-20 2 0.1\n-20.000001 3 0.2\n",
                 {"run.txt:1", "no column '4'", "3 columns has no header", "1 to 3"});
      format.stress_column = "tau";
      expect_bad("-20 1 0\n-20 2 0.1\n", {"no column 'tau'", "give the columns by number"});
    }

    TEST_F(TableReaderTest, TheStrainMayBeARatioOfTwoColumns)
    {
      format.strain_column = "Xy/Ly";
      const std::string header = "# Xy Ly pe_eV tau_GPa\n";
      EXPECT_THAT(load(header + "0 40 -20 1\n10 40 -20 2\n20 40 -20.000001 3\n").strain,
                  ElementsAre(0.0, 0.25, 0.5));
      expect_bad(header + "0 0 -20 1\n", {"run.txt:2", "'Xy/Ly'", "positive"});
      format.strain_column = "Xy/Lz";
      expect_bad(header + "0 40 -20 1\n", {"no column 'Xy/Lz'", "found: 'Xy', 'Ly'"});
    }

    TEST_F(TableReaderTest, StressUnitsAndSignAreApplied)
    {
      format.stress_unit = "bar";
      format.stress_sign = -1.0;
      const auto run = load(good);
      EXPECT_DOUBLE_EQ(run.tau[0], -0.5e-4);
      EXPECT_DOUBLE_EQ(run.tau[2], -1.5e-4);
      EXPECT_EQ(stress_unit_in_GPa("GPa"), 1.0);
      EXPECT_EQ(stress_unit_in_GPa("MPa"), 1e-3);
      EXPECT_EQ(stress_unit_in_GPa("kbar"), 0.1);
      EXPECT_EQ(stress_unit_in_GPa("eV/A3"), 160.21766208);
      EXPECT_EQ(stress_unit_in_GPa("0.25"), 0.25);
      expect_input_error([]() { stress_unit_in_GPa("psi"); }, {"'psi'", "GPa, MPa, kbar, bar"});
      expect_input_error([]() { stress_unit_in_GPa("-1"); }, {"'-1'", "positive"});
      format.stress_sign = 2.0;
      expect_bad(good, {"run.txt", "sign", "2", "expected 1 or -1"});
    }

    TEST_F(TableReaderTest, WhatOverflowsInARatioOrAUnitIsNamed)
    {
      format.strain_column = "d/edge";
      const std::string end = "# d edge pe_eV tau_GPa\n0 1 -20 1e200\n1 1 -20.1 2\n";
      expect_bad(end + "1e10 1e-300 -20.2 3\n", {"run.txt:4", "strain", "inf", "finite"});
      format.stress_unit = "1e200";
      expect_bad(end + "2 1 -20.2 3\n", {"run.txt:2", "stress", "inf", "finite"});
    }

    TEST_F(TableReaderTest, PrintedLinesAmongOthersAreTakenByTheirPrefix)
    {
      format.row_prefix = "!";
      format.strain_column = "2";
      format.energy_column = "4";
      format.stress_column = "3";
      const auto run = load("LAMMPS (1 Jan)\nprint \"! 4 $e\"\n! 4 0 1 -20\nnoise\n"
                            "! 4 0.1 2 -20\n  ! 9 9\n! 4 0.2 3 -20.000001\n");
      EXPECT_THAT(run.strain, ElementsAre(0.0, 0.1, 0.2));
      EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
    }

    TEST_F(TableReaderTest, EveryNumberIsTheNearestDouble)
    {
      std::mt19937_64 generator(1);
      std::vector<std::string> numbers = {"0",
                                          "-0.0",
                                          "1.",
                                          ".5",
                                          "-.25",
                                          "9007199254740992",
                                          "9007199254740993",
                                          "9007199254740992.5",
                                          "123456789012345678",
                                          "1234567890123456789",
                                          "0.00000000000000000000000012345",
                                          "1e-300",
                                          "1.5E+3",
                                          "99999999",
                                          "100000000",
                                          "12345678.12345678"};
      while (numbers.size() < 20000)
      {
        const std::size_t whole = generator() % 11, fraction = generator() % 13;
        std::string number = generator() % 2 == 0 ? "-" : "";
        for (std::size_t i = 0; i < whole; ++i)
          number += static_cast<char>('0' + generator() % 10);
        if (fraction > 0)
          number += '.';
        for (std::size_t i = 0; i < fraction; ++i)
          number += static_cast<char>('0' + generator() % 10);
        if (whole + fraction > 0)
          numbers.push_back(number);
      }
      for (const char separator : {' ', ',', '\t'})
      {
        std::string text;
        for (std::size_t i = 0; i < numbers.size(); ++i)
          text += std::to_string(i) + separator + numbers[i] + separator + "-20.5\n";
        format.strain_column = "1";
        format.stress_column = "2";
        format.energy_column = "3";
        const auto run = load(text);
        ASSERT_EQ(run.n_rows(), numbers.size());
        for (std::size_t i = 0; i < numbers.size(); ++i)
        {
          const double nearest = std::strtod(numbers[i].c_str(), nullptr);
          ASSERT_EQ(run.tau[i], nearest) << numbers[i];
          ASSERT_EQ(std::signbit(run.tau[i]), std::signbit(nearest)) << numbers[i];
        }
      }
    }

    TEST_F(TableReaderTest, ANumberWithSomethingBehindItIsNone)
    {
      for (const std::string bad : {"1x", "12345678x", "1234567:", "1/", "--1", "1.2.3", "-", ".",
                                    "1-", "0x10", "1e", "12345678.1234567a"})
        expect_bad("0 -20 1\n1 -20 " + bad + "\n2 -20 1\n", {"run.txt"});
    }

    TEST_F(TableReaderTest, ABinaryFileAndAnEndlessLineAreErrors)
    {
      expect_bad(std::string("ab\0cd\n", 6), {"run.txt:1", "text file"});
      expect_bad(std::string(3 << 20, '1'), {"run.txt: line 1 is longer", "text file"});
    }

    TEST_F(TableReaderTest, NotANumberIsNamedWithLineAndColumn)
    {
      for (const std::string bad :
           {"nan", "-nan", "inf", "1.0.0", "abc", "0x10", "--1", "+-1", "1e999"})
        expect_bad("# strain pe_eV tau_GPa\n0 -20 1\n0.1 -20 " + bad + "\n0.2 -20 3\n",
                   {"run.txt:3", "'tau_GPa'", "found '" + bad + "'", "expected a"});
      expect_bad("strain,pe_eV,tau_GPa\n0,-20,1\n0.1,,2\n", {"run.txt:3", "'pe_eV'", "found ''"});
    }

    TEST_F(TableReaderTest, AStrainThatDoesNotGrowIsNamedWithBothValuesAndLines)
    {
      const std::string header = "# strain pe_eV tau_GPa\n";
      expect_bad(header + "0 -20 1\n0.2 -20 2\n\n0.1 -20 3\n",
                 {"run.txt:5", "strain 0.1 follows 0.2 of line 3"});
      expect_bad(header + "0 -20 1\n0.2 -20 2\n0.2 -20 3\n",
                 {"run.txt:4", "strain 0.2 follows 0.2 of line 3"});
    }

    TEST_F(TableReaderTest, AWrongNumberOfColumnsIsNamedWithBothCounts)
    {
      expect_bad("# strain pe_eV tau_GPa\n0 -20 1\n0.1 -20\n",
                 {"run.txt:3", "found 2 columns, expected 3 as on line 2"});
      expect_bad("# strain pe_eV tau_GPa\n0 -20 1\n0.1 -20 1 2\n",
                 {"run.txt:3", "found 4 columns, expected 3"});
      expect_bad("strain pe_eV tau_GPa\n0 -20 1 7\n",
                 {"run.txt:2", "found 4 columns, expected 3 as in the header on line 1"});
    }

    TEST_F(TableReaderTest, AnUnknownColumnListsThoseFound)
    {
      format.stress_column = "tau";
      expect_bad(good, {"run.txt:3", "no column 'tau'", "'strain', 'pe_eV', 'tau_GPa'"});
    }

    TEST_F(TableReaderTest, FewerThanThreeRowsAreAnError)
    {
      expect_bad("# strain pe_eV tau_GPa\n0 -20 1\n0.1 -20 2\n",
                 {"run.txt", "found 2 rows, expected at least 3"});
      expect_bad("", {"run.txt", "found 0 rows"});
    }

    TEST_F(TableReaderTest, EnergyPerAtomTakenForTotalAndTheReverseNameTheCure)
    {
      info.n_atoms = 4000;
      format.energy_kind = EnergyKind::per_atom;
      expect_bad("# strain pe_eV tau_GPa\n0 -17694 1\n0.1 -17693 2\n0.2 -17692 3\n",
                 {"run.txt:2", "'pe_eV'", "found -17694", "-17694 eV per atom",
                  "set the energy kind to total"});
      format.energy_kind = EnergyKind::total;
      expect_bad(
          "# strain pe_eV tau_GPa\n0 -4.4 1\n0.1 -4.4 2\n0.2 -4.4 3\n",
          {"run.txt:2", "found -4.4", "-0.0011 eV per atom", "set the energy kind to per atom"});
      expect_bad("# strain pe_eV tau_GPa\n0 -17694 1\n0.1 0 2\n0.2 -17694 3\n",
                 {"run.txt:3", "found 0", "check the column"});
    }

    TEST_F(TableReaderTest, EnergyPerAtomIsKeptAsItIs)
    {
      format.energy_kind = EnergyKind::per_atom;
      EXPECT_THAT(load(good).energy, ElementsAre(-20.000001, -20.000002, -20.000004));
    }

    TEST_F(TableReaderTest, TooFewDigitsOfTheEnergyAreNoticed)
    {
      std::vector<std::string> notices;
      info.n_atoms = 4000;
      const auto coarse = write("a", "# strain pe_eV tau_GPa\n0 -17694.783 1\n0.1 -17694.78 2\n"
                                     "0.2 -17694.7 3\n");
      read_trajectory(coarse, info, format, &notices);
      ASSERT_EQ(notices.size(), 1u);
      EXPECT_THAT(notices[0], HasSubstr("'pe_eV' is printed in steps of 0.001 eV"));

      notices.clear();
      const auto fine = write("b", "# strain pe_eV tau_GPa\n0 -1.769478312e+04 1\n0.1 -17694.7 2\n"
                                   "0.2 -17694.7 3\n");
      read_trajectory(fine, info, format, &notices);
      EXPECT_THAT(notices, IsEmpty()); // nine digits and a factor 1e4: steps of 1e-5

      const auto short_of_one =
          write("d", "# strain pe_eV tau_GPa\n0 -1.76947831e+04 1\n0.1 -1.7e4 2\n0.2 -1.7E+04 3\n");
      read_trajectory(short_of_one, info, format, &notices);
      ASSERT_EQ(notices.size(), 1u); // one digit less: steps of 1e-4
      notices.clear();

      format.energy_kind = EnergyKind::per_atom; // seven decimals of 4000 atoms: steps of 4e-4
      const auto per_atom =
          write("c", "# strain pe_eV tau_GPa\n0 -4.4236957 1\n0.1 -4.4 2\n0.2 -4.4 3\n");
      read_trajectory(per_atom, info, format, &notices);
      ASSERT_EQ(notices.size(), 1u);
      EXPECT_THAT(notices[0], HasSubstr("0.0004 eV of the whole cell"));
    }

    TEST_F(TableReaderTest, LinesAcrossTheReadBufferAreWhole)
    {
      // Rows of many lengths, many buffers long.
      std::mt19937 random(1);
      std::string text = "# strain pe_eV tau_GPa\n";
      std::vector<double> tau;
      for (int i = 0; i < 30000; ++i)
      {
        tau.push_back(static_cast<double>(random()) * 1e-9);
        char row[120];
        std::snprintf(row, sizeof row, "%.5f -20.000001 %.*g\n", i * 1e-5, 17, tau.back());
        text += row;
      }
      EXPECT_EQ(load(text).tau, tau);
      EXPECT_EQ(read_trajectory(write_gzip("z", text), info, format).tau, tau);
    }

    TEST_F(TableReaderTest, UnitsOfEnergyAreApplied)
    {
      // 1 kcal/mol = 0.0433641 eV (CODATA); -20 per cell of 4 atoms.
      format.energy_unit = "kcal/mol";
      EXPECT_NEAR(load(good).energy[0], -20.000001 / 4 * 0.0433641043, 1e-9);
      format.energy_unit = "kJ/mol";
      EXPECT_NEAR(load(good).energy[0], -20.000001 / 4 * 0.0103642697, 1e-9);
      format.energy_unit = "0.5";
      EXPECT_DOUBLE_EQ(load(good).energy[0], -20.000001 / 8);
      format.energy_unit = "Ry";
      expect_bad(good, {"'Ry'", "eV, kcal/mol"});
    }

    TEST_F(TableReaderTest, TotalOrPerAtomCanBeToldByMagnitudeUnlessBothFit)
    {
      format.energy_kind = EnergyKind::automatic;
      expect_bad(good, {"'pe_eV'", "of 4 atoms or of one", "say total or per atom"});
      info.n_atoms = 4000;
      const std::string header = "# strain pe_eV tau_GPa\n";
      EXPECT_EQ(load(header + "0 -17600 1\n0.1 -17600 2\n0.2 -17600 3\n").energy[0], -4.4);
      EXPECT_EQ(load(header + "0 -4.4 1\n0.1 -4.4 2\n0.2 -4.4 3\n").energy[0], -4.4);
    }

    TEST_F(TableReaderTest, ARunTowardsNegativeStrainsNeedsItsSign)
    {
      const std::string text = "# strain pe_eV tau_GPa\n0 -20 1\n-0.1 -20 2\n-0.2 -20.000001 3\n";
      expect_bad(text, {"run.txt:3", "signs of strain and stress to -1"});
      format.strain_sign = format.stress_sign = -1;
      EXPECT_THAT(load(text).strain, ElementsAre(0.0, 0.1, 0.2));
      EXPECT_THAT(load(text).tau, ElementsAre(-1.0, -2.0, -3.0));
      format.strain_sign = 0.5;
      expect_bad(text, {"sign of the strain", "expected 1 or -1"});
    }

    TEST_F(TableReaderTest, TheStrainOfAFlippedCellIsUnwrapped)
    {
      const std::string header = "# strain pe_eV tau_GPa\n";
      // Three cells of shear with the tilt kept between -0.5 and 0.5.
      std::string text = header;
      for (int i = 0; i < 30; ++i)
        text += std::to_string(0.1 * i - std::floor(0.1 * i + 0.45)) + " -20.00000" +
                std::to_string(i % 3) + " " + std::to_string(0.1 * (i % 4)) + "\n";
      std::vector<std::string> notices;
      const auto run = read_trajectory(write("run.txt", text), info, format, &notices);
      for (int i = 0; i < 30; ++i)
        EXPECT_NEAR(run.strain[static_cast<std::size_t>(i)], 0.1 * i, 1e-12);
      ASSERT_EQ(notices.size(), 3u);
      EXPECT_THAT(notices[0], HasSubstr("run.txt:8: the strain jumps from 0.5 back to -0.4"));
      EXPECT_THAT(notices[0], HasSubstr("1 added"));

      format.unwrapping = StrainUnwrapping::never;
      expect_bad(text, {"run.txt:8", "strain -0.4 follows 0.5"});
    }

    TEST_F(TableReaderTest, AJumpOfStrainIsNotUnwrappedIfItIsSmallOrEnergyOrStressJump)
    {
      const std::string begin = "# strain pe_eV tau_GPa\n0 -20 1\n0.3 -20.1 1.1\n0.6 -20 1\n";
      expect_bad(begin + "-0.1 -20.5 1\n", {"run.txt:5", "follows 0.6"});
      expect_bad(begin + "-0.1 -20 1.5\n", {"run.txt:5", "follows 0.6"});
      expect_bad(begin + "0.5 -20 1\n", {"run.txt:5", "follows 0.6"});
      format.unwrapping = StrainUnwrapping::always;
      EXPECT_DOUBLE_EQ(load(begin + "0.5 -20 1\n").strain[3], 0.9);
      expect_bad(begin + "0.6 -20 1\n", {"run.txt:5", "strain 0.6 follows 0.6"});
      expect_bad(begin + "0.5 -20.5 1\n", {"run.txt:5"});
    }

    TEST_F(TableReaderTest, TheSameRunTwiceIsRefusedAlsoIfCompressed)
    {
      const auto named = [&](const std::string &name, const std::filesystem::path &path) {
        info.name = name;
        return read_trajectory(path, info, format);
      };
      const auto a = named("a", write("a", good)), b = named("b", write("b", good)),
                 c = named("c", write_gzip("c", good));
      auto d = named("d", write("d", good + "0.0003 -20 2\n"));
      EXPECT_NO_THROW(refuse_repeated_runs({a, d}));
      expect_input_error([&]() { refuse_repeated_runs({d, a, b}); }, {"a and b", "checksums"});
      expect_input_error([&]() { refuse_repeated_runs({a, d, c}); }, {"a and c", "equal rows"});
    }

    TEST(ShippedRuns, ReadWithTheDefaultFormatAndWithoutNotices)
    {
      const std::string folder = SEEM_SOURCE_DIR "/data/cu64zr36/";
      std::vector<std::string> notices;
      for (const ManifestEntry &entry : read_manifest(folder + "manifest.csv"))
      {
        const auto run = read_trajectory(entry.path, entry.info, {}, &notices);
        EXPECT_TRUE(run.n_rows() == 3001 || run.n_rows() == 5001) << run.n_rows();
        EXPECT_EQ(run.strain.front(), 0.0);
        EXPECT_NEAR(run.energy.front(), -4.42, 0.02);                      // eV per atom
        EXPECT_LT(*std::max_element(run.tau.begin(), run.tau.end()), 3.0); // GPa
      }
      EXPECT_THAT(notices, IsEmpty());
    }
  } // namespace
} // namespace seem::io
