// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/harvested_elasticity.h>

#include <gtest/gtest.h>

namespace seem::database
{
  namespace
  {
    EventDatabase database_of_table_1()
    {
      EventDatabase database;
      database.elasticity = {{25.90, 0}, {0.101, 0}, {8.4, 0}, {2.90, 0}};
      return database;
    }
  } // namespace

  TEST(HarvestedElasticity, IsEquation7WithoutATable)
  {
    const auto elasticity = harvested_elasticity(database_of_table_1(), 16.5);
    EXPECT_NEAR(elasticity->tangent(2.0, 0.01), 13.6178, 5e-4); // by hand: tests/law/elasticity.cc
    EXPECT_EQ(elasticity->atomic_volume(), 16.5);
  }

  TEST(HarvestedElasticity, IsTheTableIfThereIsOne)
  {
    EventDatabase database = database_of_table_1();
    database.elasticity_table = ElasticityTable{{0, 1}, {0, 0.01, 0.02}, {}, {}};
    database.elasticity_table->compliance = {0.04, 0.05, 0.06, 0.07, 0.08, 0.09};
    const auto elasticity = harvested_elasticity(database, 16.0);
    EXPECT_NEAR(elasticity->tangent(1.0, 0.01), 1.0 / 0.07, 1e-12);
    EXPECT_NEAR(elasticity->tangent(0.5, 0.015), 1.0 / 0.075, 1e-12);
    EXPECT_EQ(elasticity->atomic_volume(), 16.0);
    EXPECT_THROW(harvested_elasticity(database, 0.0), InputError);
  }
} // namespace seem::database
