// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/hdf5_file.h>
#include <seem/io/hdf5_table.h>

namespace seem::io
{
  namespace
  {
    class Hdf5TableTest : public IoTest
    {
    protected:
      const std::filesystem::path path = directory / "history.h5";
      const std::vector<std::string> columns = {"step", "stress_xy_GPa", "x1_eV"};
    };

    TEST_F(Hdf5TableTest, ReadsBackColumnsWithTheirTypeAndUnit)
    {
      {
        Hdf5Table table(path, columns, "run history", "what it is");
        table.row(1u, 0.5, 1e-3);
        table.flush();
        table.row(2u, 1.0 / 3.0, -2e-3);
        table.row(4294967295u, 0.0, 0.0);
        EXPECT_EQ(table.n_rows(), 3u);
      }
      const Hdf5Reader file(path);
      EXPECT_EQ(file.string_attribute("/", "kind"), "run history");
      EXPECT_EQ(file.integers("/step"), (std::vector<std::uint32_t>{1, 2, 4294967295u}));
      EXPECT_EQ(file.doubles("/stress_xy_GPa"), (std::vector<double>{0.5, 1.0 / 3.0, 0.0}));
      EXPECT_EQ(file.doubles("/x1_eV"), (std::vector<double>{1e-3, -2e-3, 0.0}));
      EXPECT_EQ(file.string_attribute("/step", "unit"), "1");
      EXPECT_EQ(file.string_attribute("/stress_xy_GPa", "unit"), "GPa");
      EXPECT_EQ(file.string_attribute("/x1_eV", "unit"), "eV");
    }

    TEST_F(Hdf5TableTest, ManyRowsInManyPiecesComeBackInOrder)
    {
      {
        Hdf5Table table(path, {"a"}, "k", "d");
        for (int i = 0; i < 5000; ++i)
        {
          table.row(0.5 * i);
          if (i % 7 == 0)
            table.flush();
        }
      }
      const std::vector<double> a = Hdf5Reader(path).doubles("/a");
      ASSERT_EQ(a.size(), 5000u);
      for (int i = 0; i < 5000; ++i)
        ASSERT_EQ(a[i], 0.5 * i);
    }

    TEST_F(Hdf5TableTest, FlushedRowsAreInTheFileWhileTheWriterLives)
    {
      Hdf5Table table(path, columns, "k", "d");
      table.row(7u, 1.5, 2.5);
      table.flush();
      // What a killed process leaves behind.
      const std::filesystem::path copy = directory / "copy.h5";
      std::filesystem::copy_file(path, copy);
      EXPECT_EQ(Hdf5Reader(copy).doubles("/stress_xy_GPa"), std::vector<double>{1.5});
    }

    TEST_F(Hdf5TableTest, ResumesAfterTheRowsToKeep)
    {
      {
        Hdf5Table table(path, columns, "k", "d");
        for (unsigned int i = 0; i < 4; ++i)
          table.row(i, 0.1 * i, 0.2 * i);
      }
      {
        Hdf5Table table = Hdf5Table::resume(path, columns, 2);
        EXPECT_EQ(table.n_rows(), 2u);
        table.row(9u, 0.9, 1.8);
      }
      EXPECT_EQ(Hdf5Reader(path).integers("/step"), (std::vector<std::uint32_t>{0, 1, 9}));
      EXPECT_EQ(Hdf5Reader(path).doubles("/x1_eV"), (std::vector<double>{0.0, 0.2, 1.8}));
      expect_input_error([&] { Hdf5Table::resume(path, columns, 4); },
                         {"history.h5", "3 rows", "at least 4"});
      expect_input_error([&] { Hdf5Table::resume(path, {"step"}, 1); },
                         {"history.h5", "3 columns, expected 1"});
      expect_input_error(
          [&] {
            Hdf5Table::resume(path, {"step", "x1_eV", "tau_GPa"}, 1);
          },
          {"history.h5", "no column tau_GPa"});
      expect_input_error([&] { Hdf5Table::resume(directory / "none.h5", columns, 0); },
                         {"none.h5"});
    }

    TEST_F(Hdf5TableTest, ARowOfAnotherLengthIsAnErrorThatNamesTheFile)
    {
      Hdf5Table table(path, columns, "k", "d");
      expect_error<Error>([&] { table.row(1, 2.0); }, {"history.h5", "2 values for 3 columns"});
      expect_input_error([&] { Hdf5Table(directory / "no/a.h5", columns, "k", "d"); }, {"no/a.h5"});
    }

    TEST(UnitOfColumn, IsTheEndingOfItsName)
    {
      EXPECT_EQ(unit_of_column("moment_z_nN_nm"), "nN nm");
      EXPECT_EQ(unit_of_column("force_x_nN"), "nN");
      EXPECT_EQ(unit_of_column("x_nm"), "nm");
      EXPECT_EQ(unit_of_column("law_s"), "s");
      EXPECT_EQ(unit_of_column("n_passes"), "1");
      EXPECT_EQ(unit_of_column("_s"), "1");
    }
  } // namespace
} // namespace seem::io
