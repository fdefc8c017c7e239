// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"
#include "support/one_event_database.h"

#include <seem/io/database_file.h>
#include <seem/io/material.h>

namespace seem::io
{
  namespace
  {
    class MaterialTest : public IoTest
    {
    };

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
      write_database(path, tests::one_event_database());
      law::SeemLawParameters parameters = {100.0};
      const auto linear = database::ElasticityChoice::linear;
      const double loaded = stress(*load_seem_law(path, parameters));
      EXPECT_EQ(loaded, stress(*database::make_seem_law(tests::one_event_database(), parameters)));
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
