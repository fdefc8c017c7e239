// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs in HDF5 and NumPy files are read by seem/io/table_reader.h.
#include "io_test.h"

#include <seem/io/hdf5_file.h>
#include <seem/io/table_reader.h>

#include <cstring>
#include <zip.h>

namespace seem::io
{
  namespace
  {
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;

    /// A .npy file, version 1, with the header given and numbers as they are in memory.
    template <typename Number>
    std::string npy(std::string header, const std::vector<Number> &numbers)
    {
      header += '\n';
      std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
      bytes += static_cast<char>(header.size() % 256);
      bytes += static_cast<char>(header.size() / 256);
      bytes += header;
      const std::size_t size = bytes.size();
      bytes.resize(size + numbers.size() * sizeof(Number));
      std::memcpy(bytes.data() + size, numbers.data(), numbers.size() * sizeof(Number));
      return bytes;
    }

    const std::string c_order = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }";
    const std::vector<double> rows = {0, -20, 1, 0.1, -20.1, 2, 0.2, -20.3, 3};

    class ArrayRunTest : public IoTest
    {
    protected:
      ArrayRunTest()
      {
        info.n_atoms = 4;
        info.volume = 64;
      }

      statistics::Trajectory load(const std::string &name) const
      {
        return read_trajectory(directory / name, info, format);
      }

      void by_number()
      {
        format.strain_column = "1";
        format.energy_column = "2";
        format.stress_column = "3";
      }

      void expect_rows(const statistics::Trajectory &run) const
      {
        EXPECT_THAT(run.strain, ElementsAre(0.0, 0.1, 0.2));
        EXPECT_THAT(run.energy, ElementsAre(-5.0, -20.1 / 4, -20.3 / 4));
        EXPECT_THAT(run.tau, ElementsAre(1.0, 2.0, 3.0));
      }

      statistics::SampleInfo info;
      TableFormat format;
    };

    TEST_F(ArrayRunTest, Hdf5GroupsHoldOneRunEach)
    {
      Hdf5Writer writer(directory / "all.h5");
      for (const std::string group : {"/a", "/b"})
      {
        writer.group(group);
        writer.dataset(group + "/strain", std::vector<double>{0, 0.1, 0.2}, "1", "");
        writer.dataset(group + "/pe_eV", std::vector<double>{-20, -20.1, -20.3}, "eV", "");
        writer.dataset(group + "/tau_GPa",
                       group == "/a" ? std::vector<double>{1, 2, 3} : std::vector<double>{1, 2, 4},
                       "GPa", "");
      }
      writer.dataset("/short", std::vector<double>{1, 2}, "1", "");
      writer.dataset("/table", rows, {3, 3}, "1", "");
      writer.attribute("/table", "columns", "strain pe_eV tau_GPa");
      writer.close();
      const auto a = load("all.h5:/a"), b = load("all.h5:/b");
      expect_rows(a);
      EXPECT_EQ(b.tau[2], 4.0);
      EXPECT_NE(a.info.checksum, b.info.checksum);
      EXPECT_NO_THROW(refuse_repeated_runs({a, b}));
      expect_rows(load("all.h5:/table"));
      expect_input_error([&]() { load("all.h5:/c"); }, {"all.h5:/c", "no object /c"});
      expect_input_error([&]() { load("all.h5:/short"); }, {"rank 1"});
      expect_input_error([&]() { load("all.h5"); }, {"all.h5", "no array 'strain'"});
      by_number();
      EXPECT_EQ(load("all.h5:/table").tau[1], 2.0);
      format.stress_column = "4";
      expect_input_error([&]() { load("all.h5:/table"); }, {"no array '4'"});
    }

    TEST_F(ArrayRunTest, TheFieldsOfACompoundDataSetAreColumns)
    {
      // Written by h5py, see the README there.
      std::filesystem::copy(SEEM_SOURCE_DIR "/tests/data/compound/runs.h5", directory / "c.h5");
      expect_rows(load("c.h5:/run1"));
      expect_rows(load("c.h5:/group/run2"));
      const std::vector<std::string> fields = {"step",    "strain", "pe_eV",
                                               "tau_GPa", "cell",   "note"};
      EXPECT_EQ(Hdf5Reader(directory / "c.h5").field_names("/run1"), fields);
      format.strain_column = "2"; // by number, too
      expect_rows(load("c.h5:/run1"));

      expect_input_error([&]() { load("c.h5:/failed"); },
                         {"c.h5:/failed", "row 2", "field 'tau_GPa'", "nan"});
      expect_input_error([&]() { load("c.h5:/square"); },
                         {"c.h5:/square", "step, strain, pe_eV, tau_GPa, cell, note", "rank 2"});
      format.stress_column = "pxy";
      expect_input_error([&]() { load("c.h5:/run1"); },
                         {"c.h5:/run1", "no field 'pxy'",
                          "the data set has step, strain, pe_eV, tau_GPa, cell, note"});
      format.stress_column = "7";
      expect_input_error([&]() { load("c.h5:/run1"); }, {"no field '7'"});
      for (const char *name : {"cell", "note"})
      {
        format.stress_column = name;
        expect_input_error(
            [&]() { load("c.h5:/run1"); },
            {"c.h5", std::string("field '") + name + "' of dataset /run1", "single numbers"});
      }
    }

    TEST_F(ArrayRunTest, NpyArraysAreReadInEitherOrderAndByteOrder)
    {
      write("c.npy", npy(c_order, rows));
      write("f.npy", npy<double>("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 3), }",
                                 {0, 0.1, 0.2, -20, -20.1, -20.3, 1, 2, 3}));
      std::vector<double> big = rows;
      for (double &number : big)
        std::reverse(reinterpret_cast<char *>(&number), reinterpret_cast<char *>(&number + 1));
      write("b.npy",
            npy<double>("{'descr': '>f8', 'fortran_order': False, 'shape': (3, 3), }", big));
      write("s.npy", npy<double>("{'descr': [('strain', '<f8'), ('pe_eV', '<f8'), ('tau_GPa', "
                                 "'<f8')], 'fortran_order': False, 'shape': (3,), }",
                                 rows));
      expect_rows(load("s.npy"));
      by_number();
      expect_rows(load("c.npy"));
      expect_rows(load("f.npy"));
      expect_rows(load("b.npy"));
    }

    TEST_F(ArrayRunTest, ADamagedNpyFileIsAnError)
    {
      by_number();
      const std::string good = npy(c_order, rows);
      for (const std::size_t size : {7, 11, 40, 100, 140})
        expect_input_error(
            [&]() {
              write("x.npy", good.substr(0, size));
              load("x.npy");
            },
            {"x.npy"});
      write("x.npy",
            npy<double>("{'descr': '<U8', 'fortran_order': False, 'shape': (3, 3), }", rows));
      expect_input_error([&]() { load("x.npy"); }, {"'<U8'"});
      write("x.npy", npy<double>("{'descr': '<f8', 'fortran_order': False, 'shape': "
                                 "(4294967296, 4294967296), }",
                                 rows));
      expect_input_error([&]() { load("x.npy"); }, {"x.npy", "more than"});
      std::vector<double> broken = rows;
      broken[5] = std::nan("");
      write("x.npy", npy(c_order, broken));
      expect_input_error([&]() { load("x.npy"); }, {"row 2", "'3'", "nan"});
      write("x.npy", npy<double>(c_order, {0, -20, 1, 0.1, -20.1, 2, 0.1, -20.3, 3}));
      expect_input_error([&]() { load("x.npy"); },
                         {"x.npy: row 3: strain 0.1 follows 0.1 of row 2"});
    }

    TEST_F(ArrayRunTest, NpzArchivesHoldOneArrayPerColumn)
    {
      const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }";
      const std::vector<std::string> members = {npy<double>(header, {0, 0.1, 0.2}),
                                                npy<double>(header, {-20, -20.1, -20.3}),
                                                npy<double>(header, {1, 2, 3})};
      zip *const archive = zip_open((directory / "r.npz").c_str(), ZIP_CREATE, nullptr);
      for (std::size_t i = 0; i < 3; ++i)
        zip_file_add(archive,
                     std::array<const char *, 3>{"strain.npy", "pe_eV.npy", "tau_GPa.npy"}[i],
                     zip_source_buffer(archive, members[i].data(), members[i].size(), 0), 0);
      ASSERT_EQ(zip_close(archive), 0);
      expect_rows(load("r.npz"));
      const std::string bytes = read(directory / "r.npz");
      for (const std::size_t size : {bytes.size() / 2, bytes.size() - 1})
        expect_input_error(
            [&]() {
              write("cut.npz", bytes.substr(0, size));
              load("cut.npz");
            },
            {"cut.npz", "damaged or cut off"});
      std::string flipped = bytes;
      flipped[60] = static_cast<char>(flipped[60] ^ 1);
      expect_input_error(
          [&]() {
            write("bad.npz", flipped);
            load("bad.npz");
          },
          {"bad.npz"});
      format.stress_column = "tau";
      expect_input_error([&]() { load("r.npz"); }, {"no array 'tau'"});
    }

    TEST_F(ArrayRunTest, SinglePrecisionOfTheTotalEnergyIsNoticed)
    {
      info.n_atoms = 4000;
      by_number();
      write("x.npy", npy<float>("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }",
                                {0, -17600, 1, 0.1f, -17600.1f, 2, 0.2f, -17600.3f, 3}));
      std::vector<std::string> notices;
      read_trajectory(directory / "x.npy", info, format, &notices);
      ASSERT_EQ(notices.size(), 1u);
      EXPECT_THAT(notices[0], HasSubstr("in steps of 0.01 eV"));
    }
  } // namespace
} // namespace seem::io
