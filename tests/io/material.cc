// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/database_file.h>
#include <seem/io/material.h>

namespace seem::io
{
  namespace
  {
    class MaterialTest : public IoTest
    {
    };

    database::EventDatabase one_event()
    {
      database::EventDatabase db;
      db.n_atoms = 4000;
      db.volume = 64000;
      db.strain_increment = 1e-3;
      db.elasticity = {{20.0, 0.0}, {0.1, 0.0}, {4.0, 0.0}, {2.0, 0.0}};
      db.axes = {{"tau", "GPa", {0.0, 2.0}}, {"X1", "eV per atom", {0.0, 0.05}}};
      db.exposure = {0.1};
      db.n_events = {1};
      db.n_increments = {100};
      db.rate = {10.0};
      db.events.tau = {1.0};
      db.events.x = {{0.01}};
      db.events.dtau = {0.1};
      db.events.dx = {{1e-5}};
      db.events.net_dtau = {-0.1};
      db.events.strain = {0.1};
      db.events.sample = {0};
      db.samples.resize(1);
      db.samples[0].n_atoms = 4000;
      db.samples[0].volume = 64000;
      return db;
    }

    /// Stress at a shear of 0.3, with events.
    double stress(const law::MaterialLaw &law)
    {
      std::vector<double> state(law.state_size());
      law.initialise(state.data(), law::PointData(), State());
      const law::SymmetricTensor end = law::simple_shear(0.3);
      EXPECT_GT(law.advance(state.data(), law::PointData(), law::simple_shear(0.0), end).n_events,
                0u);
      return law.evaluate(state.data(), end).stress[5];
    }

    TEST_F(MaterialTest, TheLawOfAFileIsThatOfItsDatabase)
    {
      const auto path = directory / "glass.h5";
      write_database(path, one_event());
      law::SeemLawParameters parameters = {100.0};
      const auto linear = database::ElasticityChoice::linear;
      const double loaded = stress(*load_seem_law(path, parameters));
      EXPECT_EQ(loaded, stress(*database::make_seem_law(one_event(), parameters)));
      EXPECT_NE(loaded, stress(*load_seem_law(path, parameters, linear)));
      parameters.seed = 2;
      EXPECT_NE(loaded, stress(*load_seem_law(path, parameters)));
    }

    TEST_F(MaterialTest, AMissingFileIsNamed)
    {
      try
      {
        load_seem_law(directory / "none.h5", {100.0});
        FAIL();
      }
      catch (const InputError &error)
      {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("none.h5"));
      }
    }
  } // namespace
} // namespace seem::io
