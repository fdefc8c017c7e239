// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/run_command.h>

#include <deal.II/base/mpi.h>

#include <algorithm>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  class MaterialRegionsTest : public CommandsTest
  {
  protected:
    /// Distributed meshes need MPI, which is started once for all tests of this process.
    static void SetUpTestSuite()
    {
      static int argc = 0;
      static char **argv = nullptr;
      static const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
    }

    static Parameters parameters_of(const std::vector<std::string> &assignments)
    {
      Parameters parameters(RunParameters::declare);
      for (const std::string &assignment : assignments)
        parameters.set("Material/" + assignment);
      return parameters;
    }

    static std::vector<MaterialRegion> parse(const std::vector<std::string> &assignments)
    {
      return MaterialRegion::parse(parameters_of(assignments));
    }

    /// Two by four squares of 1 nm; the material of the upper four is 7, called "platen".
    static std::unique_ptr<solver::Body<2>> body()
    {
      auto mesh = std::make_shared<solver::SpecimenMesh<2>>();
      solver::make_box<2>(*mesh, {{2.0, 4.0}}, {{2, 4}}, {{true, true}});
      for (const auto &cell : mesh->coarse.active_cell_iterators())
        if (cell->center()[1] > 2.0)
          cell->set_material_id(7);
      mesh->material_names["platen"] = 7;
      solver::BodySettings settings;
      settings.preconditioner = solver::PreconditionerKind::direct;
      return std::make_unique<solver::Body<2>>(MPI_COMM_WORLD, std::move(mesh),
                                               solver::Loading<2>(), settings);
    }

    /// Centre and region of each cell.
    static std::vector<unsigned int> regions(const std::vector<std::string> &assignments)
    {
      const auto specimen = body();
      const Parameters parameters = parameters_of(assignments);
      const auto of_cells = regions_of_cells(MaterialRegion::parse(parameters), parameters,
                                             *specimen, MPI_COMM_WORLD);
      // By row of cells, from below.
      std::vector<unsigned int> result(4, 99);
      const auto points = specimen->balance->quadrature_points();
      for (std::size_t c = 0; c < of_cells.size(); ++c)
        result[static_cast<std::size_t>(points[4 * c].position[1])] = of_cells[c];
      return result;
    }

    static std::string error_of(const std::vector<std::string> &assignments)
    {
      return message_of([&] { regions(assignments); });
    }

    const std::vector<std::string> moduli = {"Region 1/Shear modulus=80",
                                             "Region 1/Bulk modulus=160"};

    std::vector<std::string> with_moduli(const std::vector<std::string> &assignments) const
    {
      std::vector<std::string> all = moduli;
      all.insert(all.end(), assignments.begin(), assignments.end());
      return all;
    }
  };
} // namespace

TEST_F(MaterialRegionsTest, NoneByDefault)
{
  EXPECT_TRUE(parse({}).empty());
  EXPECT_EQ(regions({}), (std::vector<unsigned int>{0, 0, 0, 0}));
}

TEST_F(MaterialRegionsTest, FollowMaterialsOfTheMeshByNameOrIdOrAnExpression)
{
  const std::vector<unsigned int> upper = {0, 0, 1, 1};
  EXPECT_EQ(regions(with_moduli({"Region 1/Materials=platen"})), upper);
  EXPECT_EQ(regions(with_moduli({"Region 1/Materials=7"})), upper);
  EXPECT_EQ(regions(with_moduli({"Region 1/Where=y - 2.9"})),
            (std::vector<unsigned int>{0, 0, 0, 1}));
  EXPECT_EQ(regions(with_moduli({"Region 1/Materials=platen", "Region 3/Where=1 - y",
                                 "Region 3/Shear modulus=10", "Region 3/Bulk modulus=20"})),
            (std::vector<unsigned int>{2, 0, 1, 1}));
}

TEST_F(MaterialRegionsTest, HaveTheirOwnLaw)
{
  const auto elastic = parse(with_moduli({"Region 1/Materials=1"}));
  ASSERT_EQ(elastic.size(), 1u);
  EXPECT_FALSE(elastic[0].flows);
  std::vector<double> state(elastic[0].law->state_size());
  elastic[0].law->initialise(state.data(), {}, State());
  const law::Response response = elastic[0].law->evaluate(state.data(), law::simple_shear(0.01));
  EXPECT_NEAR(response.stress[5] / law::sqrt2, 0.8, 1e-12);
  EXPECT_NEAR(response.tangent.bulk, 160.0, 1e-12);

  const auto j2 =
      parse(with_moduli({"Region 1/Materials=1", "Region 1/Law=J2", "Region 1/Yield stress=0.5"}));
  EXPECT_TRUE(j2.at(0).flows);
  state.assign(j2[0].law->state_size(), 0.0);
  j2[0].law->initialise(state.data(), {}, State());
  EXPECT_NEAR(j2[0].law->evaluate(state.data(), law::simple_shear(0.1)).stress[5] / law::sqrt2,
              0.5 / std::sqrt(3.0), 1e-12);
}

TEST_F(MaterialRegionsTest, WhatDoesNotFitIsNamedWithTheCure)
{
  EXPECT_THAT(error_of(with_moduli({"Region 1/Materials=steel"})),
              HasSubstr("no material \"steel\"; it has 0, 7 (platen)"));
  EXPECT_THAT(error_of(with_moduli({"Region 1/Where=y > > 2"})), HasSubstr("no expression"));
  EXPECT_THAT(error_of(with_moduli({"Region 1/Where=y - 10"})), HasSubstr("no cell"));
  EXPECT_THAT(error_of(with_moduli({"Region 1/Materials=0, 7"})),
              HasSubstr("cover the whole specimen"));
  EXPECT_THAT(error_of(with_moduli({"Region 1/Materials=7", "Region 2/Where=y - 3",
                                    "Region 2/Shear modulus=1", "Region 2/Bulk modulus=1"})),
              HasSubstr("must not overlap"));
  EXPECT_THAT(error_of(with_moduli({"Region 1/Materials=7", "Region 1/Where=y"})),
              HasSubstr("not both"));
  EXPECT_THAT(error_of({"Region 1/Materials=7", "Region 1/Bulk modulus=3"}),
              HasSubstr("Region 1/Shear modulus\""));
  EXPECT_THAT(error_of(moduli), HasSubstr("is only used if"));
  EXPECT_THAT(error_of(with_moduli({"Region 1/Materials=7", "Region 1/Yield stress=1"})),
              HasSubstr("only used if \"Law\" is J2"));
}
