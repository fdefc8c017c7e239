// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/database_file.h>
#include <seem/io/hdf5_file.h>

#include <cstring>
#include <limits>
#include <unistd.h>

namespace seem::io
{
  namespace
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();

    /// Two internal variables, unequal extents, two samples, three events.
    database::EventDatabase example()
    {
      database::EventDatabase db;
      db.material = "Cu64Zr36, \xC3\xA9prouvette";
      db.program_version = "1.2.3";
      db.settings = {{"Harvest/Event definition", "union"}, {"empty", ""}, {"a b", "1\n2"}};
      db.n_atoms = 4000;
      db.volume = 64780.123456789;
      db.u0 = -4.42369572828;
      db.strain_increment = 1e-4;
      db.minimum_events = 7;
      db.elasticity = {{25.57, 0.1}, {0.101, 0.002}, {8.7, 0.3}, {infinity, 0.0}};
      db.elasticity_source = "tabulated";
      db.elasticity_table = database::ElasticityTable{{0.0, 1.0, 2.75}, {-0.001, 0.03}, {}, {}};
      db.elasticity_table->compliance = {0.03, 1.0 / 31.0, 0.04, 0.035, 0.045, 0.0625};
      db.elasticity_table->standard_error = {1e-4, 2e-4, 3e-4, 4e-4, 5e-4, 0.0};
      db.axes = {{"tau", "GPa", {-0.5, 0.1, 1.0, 2.5}},
                 {"x1", "eV per atom", {0.0, 0.005, 0.02}},
                 {"x2", "1", {0.0, 1.0, 2.0, 3.0, 4.0}}};
      const std::size_t n = 3 * 2 * 4;
      db.exposure.assign(n, 0.0);
      db.n_events.assign(n, 0.0);
      db.n_increments.assign(n, 0.0);
      db.rate.assign(n, 0.0);
      for (std::size_t i = 0; i < n; i += 3)
      {
        db.exposure[i] = 0.1 * static_cast<double>(i + 1);
        db.n_increments[i] = 1000.0 * static_cast<double>(i + 1);
        db.rate[i] = 1.0 / static_cast<double>(i + 7);
      }
      db.n_events[3] = 2;
      db.n_events[21] = 1;
      db.events.tau = {0.3, 0.7, 1.0 / 3.0};
      db.events.x = {{0.001, 0.002, 0.003}, {1.5, 2.5, 3.5}};
      db.events.dtau = {0.01, -0.02, 0.03};
      db.events.dx = {{1e-5, -2e-5, 3e-5}, {0.1, 0.2, 0.3}};
      db.events.net_dtau = {-0.008, 0.022, -0.028};
      db.events.strain = {0.1, 0.2, 0.15};
      db.events.sample = {0, 0, 1};
      db.events.plastic_strain = {4e-4, -1e-6, 2e-3};
      db.events.heat = {0.12, 1.0 / 7.0, 3.0};
      database::Sample one;
      one.name = "a.aqs.gz";
      one.label = "q10";
      one.glass = "q10/1";
      one.direction = "+xy";
      one.cooling_rate = 1.024e13;
      one.n_atoms = 4000;
      one.volume = 64780;
      one.final_strain = 0.5;
      one.initial = {-0.01, {0.012, 1.25}};
      one.checksum = "crc32:0123abcd";
      database::Sample two = one;
      two.name = "another, longer name.aqs";
      two.direction = "";
      two.cooling_rate = 0;
      two.initial = {0.2, {0.011, 1.75}};
      db.samples = {one, two};
      return db;
    }

    void expect_equal(const database::EventDatabase &a, const database::EventDatabase &b)
    {
      EXPECT_EQ(a.material, b.material);
      EXPECT_EQ(a.program_version, b.program_version);
      EXPECT_EQ(a.settings, b.settings);
      EXPECT_EQ(a.n_atoms, b.n_atoms);
      EXPECT_EQ(a.volume, b.volume);
      EXPECT_EQ(a.u0, b.u0);
      EXPECT_EQ(a.strain_increment, b.strain_increment);
      EXPECT_EQ(a.minimum_events, b.minimum_events);
      const auto same = [](const database::FittedNumber &p, const database::FittedNumber &q) {
        return p.value == q.value && p.standard_error == q.standard_error;
      };
      EXPECT_TRUE(same(a.elasticity.g0, b.elasticity.g0));
      EXPECT_TRUE(same(a.elasticity.u_a, b.elasticity.u_a));
      EXPECT_TRUE(same(a.elasticity.tau_a, b.elasticity.tau_a));
      EXPECT_TRUE(same(a.elasticity.tau_b, b.elasticity.tau_b));
      EXPECT_EQ(a.elasticity_source, b.elasticity_source);
      ASSERT_EQ(a.elasticity_table.has_value(), b.elasticity_table.has_value());
      if (a.elasticity_table)
      {
        EXPECT_EQ(a.elasticity_table->tau, b.elasticity_table->tau);
        EXPECT_EQ(a.elasticity_table->x1, b.elasticity_table->x1);
        EXPECT_EQ(a.elasticity_table->compliance, b.elasticity_table->compliance);
        EXPECT_EQ(a.elasticity_table->standard_error, b.elasticity_table->standard_error);
      }
      ASSERT_EQ(a.axes.size(), b.axes.size());
      for (std::size_t i = 0; i < a.axes.size(); ++i)
      {
        EXPECT_EQ(a.axes[i].name, b.axes[i].name);
        EXPECT_EQ(a.axes[i].unit, b.axes[i].unit);
        EXPECT_EQ(a.axes[i].edges, b.axes[i].edges);
      }
      EXPECT_EQ(a.exposure, b.exposure);
      EXPECT_EQ(a.n_events, b.n_events);
      EXPECT_EQ(a.n_increments, b.n_increments);
      EXPECT_EQ(a.rate, b.rate);
      EXPECT_EQ(a.events.tau, b.events.tau);
      EXPECT_EQ(a.events.x, b.events.x);
      EXPECT_EQ(a.events.dtau, b.events.dtau);
      EXPECT_EQ(a.events.dx, b.events.dx);
      EXPECT_EQ(a.events.net_dtau, b.events.net_dtau);
      EXPECT_EQ(a.events.strain, b.events.strain);
      EXPECT_EQ(a.events.sample, b.events.sample);
      EXPECT_EQ(a.events.plastic_strain, b.events.plastic_strain);
      EXPECT_EQ(a.events.heat, b.events.heat);
      ASSERT_EQ(a.samples.size(), b.samples.size());
      for (std::size_t i = 0; i < a.samples.size(); ++i)
      {
        const database::Sample &s = a.samples[i], &t = b.samples[i];
        EXPECT_EQ(s.name, t.name);
        EXPECT_EQ(s.label, t.label);
        EXPECT_EQ(s.glass, t.glass);
        EXPECT_EQ(s.direction, t.direction);
        EXPECT_EQ(s.cooling_rate, t.cooling_rate);
        EXPECT_EQ(s.n_atoms, t.n_atoms);
        EXPECT_EQ(s.volume, t.volume);
        EXPECT_EQ(s.final_strain, t.final_strain);
        EXPECT_EQ(s.initial.tau, t.initial.tau);
        EXPECT_EQ(s.initial.x, t.initial.x);
        EXPECT_EQ(s.checksum, t.checksum);
      }
    }

    class DatabaseFileTest : public IoTest
    {
    protected:
      const std::filesystem::path path = directory / "cu.h5";
    };

    TEST_F(DatabaseFileTest, ReadsBackWhatWasWritten)
    {
      write_database(path, example());
      expect_equal(read_database(path), example());
      EXPECT_EQ(listing(), std::vector<std::string>{"cu.h5"});
    }

    TEST_F(DatabaseFileTest, ReadsBackADatabaseWithoutEventsAndSettings)
    {
      auto db = example();
      db.settings.clear();
      db.elasticity_source.clear();
      db.elasticity_table.reset();
      db.n_events.assign(db.n_bins(), 0.0);
      db.events = {};
      db.events.x = db.events.dx = {{}, {}};
      write_database(path, db);
      expect_equal(read_database(path), db);
    }

    TEST_F(DatabaseFileTest, ReadsBackManyEventsWhichAreCompressed)
    {
      auto db = example();
      const std::size_t n = 200000;
      const auto grow = [n](std::vector<double> &values) { values.resize(n, values.front()); };
      grow(db.events.tau);
      grow(db.events.dtau);
      grow(db.events.net_dtau);
      grow(db.events.strain);
      for (auto *list : {&db.events.x, &db.events.dx})
        for (auto &values : *list)
          grow(values);
      db.events.sample.resize(n, 1);
      db.n_events[3] = static_cast<double>(n - 1);
      db.n_increments[3] = 2.0 * static_cast<double>(n);
      grow(db.events.plastic_strain);
      grow(db.events.heat);
      write_database(path, db);
      expect_equal(read_database(path), db);
      EXPECT_LT(std::filesystem::file_size(path), n * 8 / 2);
    }

    TEST_F(DatabaseFileTest, TheStressAxisRunsFastestInTheFile)
    {
      write_database(path, example());
      const Hdf5Reader file(path);
      EXPECT_EQ(file.shape("/grid/rate"), (std::vector<std::uint64_t>{4, 2, 3}));
      EXPECT_EQ(file.shape("/grid/edges_0"), (std::vector<std::uint64_t>{4}));
      EXPECT_EQ(file.doubles("/grid/rate"), example().rate);
      EXPECT_EQ(file.shape("/elasticity/table/compliance"), (std::vector<std::uint64_t>{2, 3}));
    }

    TEST_F(DatabaseFileTest, EqualDatabasesGiveEqualBytes)
    {
      write_database(path, example());
      const std::string first = read(path);
      sleep(1); // HDF5 keeps times in seconds
      write_database(path, example());
      EXPECT_TRUE(read(path) == first);
    }

    TEST_F(DatabaseFileTest, EveryDatasetOfNumbersHasAUnitAndADescription)
    {
      write_database(path, example());
      const Hdf5Reader file(path);
      for (const std::string name : {"/grid/edges_0",
                                     "/grid/edges_2",
                                     "/grid/exposure",
                                     "/grid/n_events",
                                     "/grid/n_increments",
                                     "/grid/rate",
                                     "/events/tau",
                                     "/events/x1",
                                     "/events/x2",
                                     "/events/dtau",
                                     "/events/dx1",
                                     "/events/net_dtau",
                                     "/events/strain",
                                     "/events/sample",
                                     "/elasticity/table/tau",
                                     "/elasticity/table/x1",
                                     "/elasticity/table/compliance",
                                     "/elasticity/table/standard_error",
                                     "/samples/cooling_rate",
                                     "/samples/volume",
                                     "/samples/initial_tau",
                                     "/samples/initial_x2"})
      {
        EXPECT_NE(file.string_attribute(name, "unit"), "") << name;
        EXPECT_NE(file.string_attribute(name, "description"), "") << name;
      }
      EXPECT_EQ(file.string_attribute("/events/tau", "unit"), "GPa");
      EXPECT_EQ(file.string_attribute("/events/x1", "unit"), "eV per atom");
      EXPECT_EQ(file.string_attribute("/elasticity/uA", "unit"), "eV per atom");
      EXPECT_EQ(file.double_attribute("/elasticity/uA", "value"), 0.101);
      EXPECT_EQ(file.string_attribute("/elasticity/table/tau", "unit"), "GPa");
      EXPECT_EQ(file.string_attribute("/elasticity/table/compliance", "unit"), "1/GPa");
      EXPECT_EQ(file.double_attribute("/", "u0_eV"), -4.42369572828);
      EXPECT_EQ(file.string_attribute("/", "kind"), "event database");
      EXPECT_EQ(file.integer_attribute("/", "schema_version"), database::schema_version);
    }

    TEST_F(DatabaseFileTest, AFileThatIsNotThereIsAnError)
    {
      expect_input_error([&]() { read_database(path); }, {"cu.h5", "No such file"});
      expect_input_error([&]() { file_kind(path); }, {"cu.h5", "No such file"});
      expect_input_error([&]() { read_database(directory); }, {"is a directory"});
    }

    TEST_F(DatabaseFileTest, AFileThatIsNotHdf5IsAnErrorAndHdf5PrintsNothing)
    {
      write("cu.h5", "strain,tau\n");
      ::testing::internal::CaptureStderr();
      expect_input_error([&]() { read_database(path); }, {"cu.h5", "is not an HDF5 file"});
      EXPECT_FALSE(file_kind(path).is_hdf5);
      EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    }

    TEST_F(DatabaseFileTest, ATruncatedFileIsAnErrorAndHdf5PrintsNothing)
    {
      write_database(path, example());
      std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
      ::testing::internal::CaptureStderr();
      expect_input_error([&]() { read_database(path); }, {"cu.h5", "damaged or cut off"});
      EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    }

    TEST_F(DatabaseFileTest, AnotherHdf5FileIsAnErrorAndItsKindIsTold)
    {
      {
        Hdf5Writer file(path);
        file.group("/field");
        file.close();
      }
      expect_input_error([&]() { read_database(path); },
                         {"cu.h5", "not an event database of seem", "'kind'"});
      EXPECT_TRUE(file_kind(path).is_hdf5);
      EXPECT_EQ(file_kind(path).kind, "");
      {
        Hdf5Writer file(path);
        file.attribute("/", "kind", "event log");
        file.attribute("/", "schema_version", std::int64_t(1));
        file.close();
      }
      expect_input_error([&]() { read_database(path); },
                         {"holds 'event log', expected 'event database'"});
      EXPECT_EQ(file_kind(path).kind, "event log");
      EXPECT_FALSE(file_kind(path).is_event_database());
      write_database(path, example());
      EXPECT_TRUE(file_kind(path).is_event_database());
    }

    TEST_F(DatabaseFileTest, AnotherSchemaVersionNamesBothVersionsAndTheCure)
    {
      Hdf5Writer file(path);
      file.attribute("/", "kind", "event database");
      file.attribute("/", "schema_version", std::int64_t(database::schema_version + 41));
      file.close();
      expect_input_error(
          [&]() { read_database(path); },
          {"cu.h5", "found schema version 44, this program reads versions 1 to 3", "seem harvest"});
    }

    /// A database file in which one object has been renamed or replaced, through its bytes.
    void replace_bytes(const std::filesystem::path &path, const std::string &from,
                       const std::string &to)
    {
      std::stringstream content;
      content << std::ifstream(path, std::ios::binary).rdbuf();
      std::string bytes = content.str();
      const std::size_t at = bytes.find(from);
      ASSERT_NE(at, std::string::npos) << from;
      ASSERT_EQ(from.size(), to.size());
      bytes.replace(at, from.size(), to);
      std::ofstream(path, std::ios::binary) << bytes;
    }

    /// The schema version of a file, set through its bytes.
    std::string with_version(std::string bytes, const char version)
    {
      // The value, 8 bytes, follows the name of its attribute.
      const std::string three("\3\0\0\0\0\0\0\0", 8);
      const std::size_t value = bytes.find(three, bytes.find(std::string("schema_version\0", 15)));
      if (value != std::string::npos)
        bytes[value] = version;
      return bytes;
    }

    TEST_F(DatabaseFileTest, PlasticStrainAndHeatOfVersion2AreComputedFromTheElasticity)
    {
      auto db = example();
      db.elasticity_table.reset();
      db.elasticity = {{20.0, 0.0}, {infinity, 0.0}, {infinity, 0.0}, {infinity, 0.0}};
      db.settings["elasticity"] = "linear";
      write_database(path, db);
      // As version 2 was: without the two columns.
      replace_bytes(path, std::string("heat\0", 5), std::string("heax\0", 5));
      write("cu.h5", with_version(read(path), '\2'));
      const database::EventDatabase old = read_database(path);
      // The linear law by hand: g = tau/G0 and N Omega tau^2/(2 G0), from 0.302 to 0.292 GPa, of
      // 64780 A^3; event 2 is of the same cell.
      ASSERT_EQ(old.events.heat.size(), 3u);
      EXPECT_NEAR(old.events.plastic_strain[0], 0.01 / 20.0, 1e-15);
      EXPECT_NEAR(old.events.plastic_strain[1], -0.02 / 20.0, 1e-15);
      const double volume = 64780.0 / 160.21766208; // times 1 GPa in eV
      EXPECT_NEAR(old.events.heat[0],
                  volume * (0.302 * 0.302 - 0.292 * 0.292) / 40.0 - 4000.0 * 1e-5, 1e-12);
      EXPECT_NEAR(old.events.heat[1],
                  volume * (0.702 * 0.702 - 0.722 * 0.722) / 40.0 + 4000.0 * 2e-5, 1e-12);
      // Written without the columns, they are computed, too.
      db.events.plastic_strain.clear();
      db.events.heat.clear();
      write_database(path, db);
      EXPECT_EQ(read_database(path).events.heat, old.events.heat);
    }

    TEST_F(DatabaseFileTest, AFileOfVersion1IsRead)
    {
      // As version 1 was: its number, and no source, no table, no plastic strain and heat.
      auto db = example();
      db.elasticity_table.reset();
      db.settings["elasticity"] = "branch fit";
      write_database(path, db);
      replace_bytes(path, std::string("source\0", 7), std::string("sourcx\0", 7));
      write("cu.h5", with_version(read(path), '\1'));
      ASSERT_EQ(Hdf5Reader(path).integer_attribute("/", "schema_version"), 1);
      const database::EventDatabase old = read_database(path);
      EXPECT_EQ(old.elasticity_source, "branch fit");
      db.elasticity_source = "branch fit";
      db.events.plastic_strain.clear();
      db.events.heat.clear();
      database::complete_events(db);
      expect_equal(old, db);
    }

    TEST_F(DatabaseFileTest, ATableOfTheWrongShapeIsNamed)
    {
      write_database(path, example());
      const double before[] = {-0.001, 0.03}, after[] = {0.03, -0.001};
      replace_bytes(path, std::string(reinterpret_cast<const char *>(before), sizeof before),
                    std::string(reinterpret_cast<const char *>(after), sizeof after));
      expect_input_error([&]() { read_database(path); }, {"cu.h5", "node 1 of X1 is -0.001"});
    }

    TEST_F(DatabaseFileTest, AMissingDatasetIsNamed)
    {
      write_database(path, example());
      replace_bytes(path, std::string("net_dtau\0", 9), std::string("net_dtax\0", 9));
      expect_input_error([&]() { read_database(path); },
                         {"cu.h5", "/events/net_dtau", "is missing"});
    }

    TEST_F(DatabaseFileTest, AMissingAttributeIsNamed)
    {
      write_database(path, example());
      replace_bytes(path, std::string("u0_eV\0", 6), std::string("u0_eW\0", 6));
      expect_input_error([&]() { read_database(path); },
                         {"cu.h5", "attribute 'u0_eV' of /", "is missing"});
    }

    TEST_F(DatabaseFileTest, InconsistentContentIsAnErrorThatNamesTheFile)
    {
      write_database(path, example());
      // The first edge of the tau axis, -0.5, becomes 0.5: the edges do not grow any more.
      const double before[] = {-0.5, 0.1, 1.0};
      const double after[] = {+0.5, 0.1, 1.0};
      const std::string from(reinterpret_cast<const char *>(before), sizeof before);
      const std::string to(reinterpret_cast<const char *>(after), sizeof after);
      replace_bytes(path, from, to);
      expect_input_error([&]() { read_database(path); }, {"cu.h5: event database: "});
    }

    TEST_F(DatabaseFileTest, AnInconsistentDatabaseIsNotWrittenAndTheOldFileStays)
    {
      write_database(path, example());
      const std::string old = read(path);
      auto db = example();
      db.rate.pop_back();
      expect_input_error([&]() { write_database(path, db); }, {"cu.h5", "rate"});
      EXPECT_TRUE(read(path) == old);
      EXPECT_EQ(listing(), std::vector<std::string>{"cu.h5"});
    }

    TEST_F(DatabaseFileTest, WritingWhereNoFileCanBeIsAnErrorThatNamesThePath)
    {
      write("file", "");
      expect_input_error([&]() { write_database(directory / "file" / "cu.h5", example()); },
                         {"file/cu.h5", "is not a directory"});
      expect_input_error([&]() { write_database(directory / "no" / "cu.h5", example()); },
                         {"no/cu.h5", "is not a directory"});
      std::filesystem::create_directory(directory / "cu.h5");
      expect_input_error([&]() { write_database(path, example()); }, {"cu.h5", "is a directory"});
      EXPECT_EQ(listing(), (std::vector<std::string>{"cu.h5", "file"}));
    }
  } // namespace
} // namespace seem::io
