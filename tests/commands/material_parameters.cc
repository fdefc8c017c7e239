// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/material_parameters.h>
#include <seem/commands/point_command.h>

using namespace seem;
using namespace seem::commands;

namespace
{
  /// G_t and energy at 2 GPa, X1 = 0.05 eV of the tiny database: G0 25, uA 0.2, tauA 8, tauB 3.
  double tangent(const database::EventDatabase &database, const ElasticityChoice choice)
  {
    return make_elasticity(database, choice)->tangent(2.0, 0.05);
  }

  double energy(const database::EventDatabase &database, const ElasticityChoice choice)
  {
    return make_elasticity(database, choice)->energy_density(2.0, 0.05);
  }

  class MaterialParametersTest : public CommandsTest
  {
  };

  database::EventDatabase with_table()
  {
    database::EventDatabase database = tiny_database();
    database.elasticity_table = database::ElasticityTable{{0.0, 2.0}, {0.0}, {}, {}};
    database.elasticity_table->compliance = {0.04, 0.08};
    database.elasticity_table->standard_error = {0.001, 0.002};
    return database;
  }
} // namespace

TEST(MakeElasticity, GivesTheChosenLaw)
{
  const database::EventDatabase database = tiny_database();
  // c = 1/(1 - 0.05/0.2) = 4/3; 2 (2/8)^2 = 0.125; 3 (2/3)^4 = 0.592593.
  const double consistent = 25.0 / (4.0 / 3.0 + 0.125 + 16.0 / 27.0);
  EXPECT_NEAR(tangent(database, ElasticityChoice::energy_consistent), consistent, 1e-12);
  EXPECT_NEAR(tangent(database, ElasticityChoice::as_harvested), consistent, 1e-12);
  EXPECT_NEAR(tangent(database, ElasticityChoice::linear), 18.75, 1e-12);
  EXPECT_NEAR(tangent(database, ElasticityChoice::paper), 18.75, 1e-12);
  // tau^2/(2 G0) = 0.08; (2/8)^2 = 0.0625, (2/3)^4 = 0.197531.
  const double eq_7 = 0.08 * (4.0 / 3.0 + 0.0625 + 16.0 / 81.0);
  EXPECT_NEAR(energy(database, ElasticityChoice::energy_consistent), eq_7, 1e-14);
  EXPECT_NEAR(energy(database, ElasticityChoice::paper), eq_7, 1e-14);
  EXPECT_NEAR(energy(database, ElasticityChoice::linear), 0.08 * 4.0 / 3.0, 1e-14);
  EXPECT_EQ(make_elasticity(database, ElasticityChoice::paper)->atomic_volume(), 16.0);
}

TEST(MakeElasticity, AsHarvestedIsTheTableOfADatabaseThatHasOne)
{
  const database::EventDatabase database = with_table();
  EXPECT_NEAR(tangent(database, ElasticityChoice::as_harvested), 12.5, 1e-12);
  EXPECT_EQ(tangent(database, ElasticityChoice::energy_consistent),
            tangent(tiny_database(), ElasticityChoice::energy_consistent));
}

TEST_F(MaterialParametersTest, TheElasticityIsTakenOver)
{
  const auto file = write("x.prm", "set Database file = a.h5\nsubsection Material\n"
                                   "  set Bulk modulus = 150\nend\n");
  const auto choice = [&](const std::vector<std::string> &assignments) {
    return MaterialParameters::parse(Parameters::load(PointParameters::declare, file, assignments))
        .elasticity;
  };
  EXPECT_EQ(choice({}), ElasticityChoice::as_harvested);
  EXPECT_EQ(choice({"Material/Elasticity=as harvested"}), ElasticityChoice::as_harvested);
  EXPECT_EQ(choice({"Material/Elasticity=energy consistent"}), ElasticityChoice::energy_consistent);
  EXPECT_EQ(choice({"Material/Elasticity=linear"}), ElasticityChoice::linear);
  EXPECT_EQ(choice({"Material/Elasticity=paper"}), ElasticityChoice::paper);
}
