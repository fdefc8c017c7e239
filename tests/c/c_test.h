// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_C_C_TEST_H
#define SEEM_TESTS_C_C_TEST_H

#include <seem/c/seem.h>
#include <seem/database/event_database.h>
#include <seem/io/database_file.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace seem::testing
{
  /// A glass that flows: 4 x 2 bins, all visited, 25 events each; rate 50 at the lowest stress, 400
  /// at the highest.
  inline database::EventDatabase flowing_glass()
  {
    database::EventDatabase db;
    db.material = "flowing";
    db.program_version = "0";
    db.n_atoms = 4000;
    db.volume = 64000; // 64 nm^3
    db.strain_increment = 1e-3;
    db.elasticity = {{25.0, 0.1}, {0.1, 0.01}, {8.0, 0.1}, {3.0, 0.1}};
    db.axes = {{"tau", "GPa", {-0.5, 0.5, 1.0, 1.5, 2.5}},
               {"X1", "eV per atom", {-0.01, 0.01, 0.04}}};
    db.events.x.resize(1);
    db.events.dx.resize(1);
    for (std::size_t bin = 0; bin < 8; ++bin)
    {
      const std::size_t i = bin % 4, j = bin / 4;
      const double rate = i == 0 ? 50.0 : i == 1 ? 100.0 : i == 2 ? 200.0 : 400.0;
      const double n_events = 25.0;
      db.n_events.push_back(n_events);
      db.exposure.push_back(n_events / rate);
      db.n_increments.push_back(n_events / rate / db.strain_increment);
      db.rate.push_back(rate);
      for (int k = 0; k < 25; ++k)
      {
        const double tau = 0.5 * (db.axes[0].edges[i] + db.axes[0].edges[i + 1]);
        db.events.tau.push_back(tau);
        db.events.x[0].push_back(j == 0 ? 0.0 : 0.02);
        db.events.dtau.push_back((0.02 + 0.002 * k) * (1.0 + tau));
        db.events.dx[0].push_back(1.5e-5 * (19 - k));
        db.events.net_dtau.push_back(0.0);
        db.events.strain.push_back(0.1);
        db.events.sample.push_back(0);
      }
    }
    database::Sample sample;
    sample.name = "a.dat";
    sample.label = "slow";
    sample.glass = "slow/1";
    sample.cooling_rate = 1e10;
    sample.n_atoms = 4000;
    sample.volume = 64000;
    sample.final_strain = 0.5;
    sample.initial.tau = 0.01;
    sample.initial.x[0] = 0.003;
    db.samples = {sample};
    return db;
  }

  /// The same glass with a memory of its preparation, and a second run.
  inline database::EventDatabase remembering_glass()
  {
    database::EventDatabase db = flowing_glass();
    const std::vector<double> zero(db.events.size(), 0.0);
    db.axes.push_back({"X2", "-", {-1.0, 1.0}});
    db.events.x.push_back(zero);
    db.events.dx.push_back(zero);
    db.memory = database::Memory();
    db.memory->relaxation_strain.value = 0.3;
    db.samples.resize(2, db.samples[0]);
    db.samples[1].name = "b.dat";
    db.samples[1].initial.x[0] = 0.012;
    db.samples[0].initial.x[1] = -0.6;
    db.samples[1].initial.x[1] = 0.2;
    return db;
  }

  /// The file of a flowing glass.
  class CTest : public ::testing::Test
  {
  protected:
    CTest()
    {
      std::string name = (std::filesystem::temp_directory_path() / "seem_c_XXXXXX").string();
      if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary directory");
      directory = name;
      path = (directory / "glass.h5").string();
      io::write_database(path, flowing_glass());
    }

    ~CTest() override
    {
      std::filesystem::remove_all(directory);
    }

    static seem_parameters default_parameters()
    {
      seem_parameters parameters;
      EXPECT_EQ(seem_parameters_init(&parameters, sizeof(parameters)), SEEM_OK);
      parameters.bulk_modulus = 120.0;
      return parameters;
    }

    std::filesystem::path directory;
    std::string path;
  };
} // namespace seem::testing

#endif
