// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/run_loading.h>

#include <cmath>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  class RunLoadingTest : public CommandsTest
  {
  protected:
    /// The section as parsed, with assignments to entries of it.
    static RunLoading parse(const std::vector<std::string> &assignments)
    {
      Parameters parameters(RunLoading::declare);
      for (const std::string &assignment : assignments)
        parameters.set("Loading/" + assignment);
      return RunLoading::parse(parameters);
    }

    static std::string error_of(const std::vector<std::string> &assignments)
    {
      return message_of([&] { parse(assignments); });
    }

    /// A box of 2 x 3 x 5 nm.
    template <int dim>
    static solver::SpecimenMesh<dim> box(const bool periodic)
    {
      solver::SpecimenMesh<dim> mesh;
      std::array<double, dim> edges;
      std::array<unsigned int, dim> n_cells;
      std::array<bool, dim> directions;
      for (unsigned int d = 0; d < dim; ++d)
        edges[d] = std::array<double, 3>{{2.0, 3.0, 5.0}}[d];
      n_cells.fill(2);
      directions.fill(periodic);
      solver::make_box<dim>(mesh, edges, n_cells, directions);
      return mesh;
    }

    template <int dim>
    static solver::Loading<dim> make(const std::vector<std::string> &assignments,
                                     const bool periodic)
    {
      const RunLoading loading = parse(assignments);
      return loading.make<dim>(box<dim>(periodic));
    }

    /// Displacement prescribed on @p boundary; NaN where the component is free.
    template <int dim>
    static std::vector<double> displacement(const solver::Loading<dim> &loading,
                                            const dealii::types::boundary_id boundary,
                                            const dealii::Point<dim> &x, const double t)
    {
      std::vector<double> result(dim, std::nan(""));
      for (const auto &motion : loading.motions)
        for (unsigned int c = 0; c < dim; ++c)
          if (motion.boundary == boundary && motion.components[c])
            result[c] = motion.value(x, c, t);
      return result;
    }
  };

  using Point2 = dealii::Point<2>;
  using Point3 = dealii::Point<3>;
} // namespace

TEST_F(RunLoadingTest, PeriodicShearIsAMeanStrainUpToTheFinalStrain)
{
  const RunLoading plain = parse({});
  EXPECT_DOUBLE_EQ(plain.steps.final_time, 0.2);
  EXPECT_DOUBLE_EQ(parse({"Final strain=0.3"}).steps.final_time, 0.3);
  const auto loading = plain.make<2>(box<2>(true));
  EXPECT_TRUE(loading.motions.empty());
  EXPECT_LT((loading.mean(0.1) - law::simple_shear(0.1)).norm(), 1e-16);
  EXPECT_FALSE(loading.stress_controlled());
}

TEST_F(RunLoadingTest, AStrainPathIsAFunctionOfTime)
{
  const RunLoading cyclic = parse({"Strain path=0.05*sin(2*pi*t)", "Final time=2"});
  EXPECT_DOUBLE_EQ(cyclic.steps.final_time, 2.0);
  EXPECT_NEAR(cyclic.make<2>(box<2>(true)).mean(0.25)[5], 0.05 / law::sqrt2, 1e-15);
  EXPECT_DOUBLE_EQ(parse({"Strain path=0.1*t"}).steps.final_time, 1.0);
  solver::StepRecord record;
  record.time = 0.75;
  EXPECT_NEAR(cyclic.driven_strain(record), -0.05, 1e-15);
}

TEST_F(RunLoadingTest, PlatesShearTheBoxByItsHeight)
{
  const auto loading = make<2>({"Kind=plates"}, false);
  EXPECT_EQ(displacement(loading, 2, Point2(1, 0), 0.1), (std::vector<double>{0.0, 0.0}));
  EXPECT_EQ(displacement(loading, 3, Point2(1, 3), 0.1), (std::vector<double>{0.1 * 3.0, 0.0}));
  EXPECT_TRUE(std::isnan(displacement(loading, 0, Point2(0, 1), 0.1)[0]));
}

TEST_F(RunLoadingTest, TensionMovesTheUpperBoundaryAlongYOrZ)
{
  EXPECT_EQ(displacement(make<3>({"Kind=tension"}, false), 3, Point3(1, 3, 1), 0.02),
            (std::vector<double>{0.0, 0.02 * 3.0, 0.0}));
  const auto along_z =
      make<3>({"Kind=tension", "Lower boundary=lower z", "Upper boundary=upper z"}, false);
  EXPECT_EQ(displacement(along_z, 5, Point3(1, 3, 5), 0.02),
            (std::vector<double>{0.0, 0.0, 0.02 * 5.0}));
  EXPECT_EQ(displacement(along_z, 4, Point3(1, 3, 0), 0.02), (std::vector<double>{0.0, 0.0, 0.0}));
}

TEST_F(RunLoadingTest, WallsLeaveTheOtherFacesFree)
{
  const auto uniaxial = make<2>({"Kind=uniaxial"}, false);
  EXPECT_EQ(displacement(uniaxial, 1, Point2(2, 1), 0.01)[0], 0.01 * 2.0);
  EXPECT_TRUE(std::isnan(displacement(uniaxial, 1, Point2(2, 1), 0.01)[1]));
  EXPECT_TRUE(std::isnan(displacement(uniaxial, 3, Point2(1, 3), 0.01)[1]));
  EXPECT_EQ(displacement(uniaxial, 2, Point2(1, 0), 0.01)[1], 0.0);
  const auto biaxial = make<2>({"Kind=biaxial"}, false);
  EXPECT_EQ(displacement(biaxial, 3, Point2(1, 3), 0.01)[1], 0.01 * 3.0);
  EXPECT_THAT(message_of([] { make<2>({"Kind=uniaxial"}, true); }), HasSubstr("without x"));
}

TEST_F(RunLoadingTest, TorsionTurnsTheUpperEndBySurfaceShear)
{
  const auto loading = make<3>({"Kind=torsion"}, false);
  // Angle 0.1 * length 5 / radius 1.5; at (0.5, 1, 5) the displacement is angle (-1, 0.5, 0).
  const double angle = 0.1 * 5.0 / 1.5;
  const auto u = displacement(loading, 5, Point3(0.5, 1, 5), 0.1);
  EXPECT_NEAR(u[0], -angle, 1e-15);
  EXPECT_NEAR(u[1], 0.5 * angle, 1e-15);
  EXPECT_EQ(u[2], 0.0);
  EXPECT_THAT(message_of([] { make<2>({"Kind=torsion"}, false); }), HasSubstr("Dimension"));
}

TEST_F(RunLoadingTest, ComponentsAreStrainsAndStressesOfTheMean)
{
  const auto loading =
      make<2>({"Kind=components", "Gamma xy=0.1*t", "Stress xx=0.2*t", "Stress yy=0"}, true);
  EXPECT_EQ(loading.mean_control[0], law::Control::stress);
  EXPECT_EQ(loading.mean_control[5], law::Control::strain);
  EXPECT_NEAR(loading.mean(0.5)[0], 0.1, 1e-16);
  EXPECT_NEAR(loading.mean(0.5)[5], 0.05 / law::sqrt2, 1e-16);
  EXPECT_TRUE(loading.stress_controlled());
  EXPECT_THAT(message_of([] {
                make<2>({"Kind=components", "Stress zz=1"}, true);
              }),
              HasSubstr("plane strain"));
  EXPECT_THAT(message_of([] {
                make<2>({"Kind=components", "Gamma xy=t"}, false);
              }),
              HasSubstr("periodic"));
}

TEST_F(RunLoadingTest, ATableGivesTheTimesThatStepsMustEndAt)
{
  const auto file = write("path.csv", "t,gamma_xy\n0,0\n1,0.05\n3,-0.05\n");
  const RunLoading loading = parse({"Kind=components", "Path file=" + file.string()});
  EXPECT_EQ(loading.steps.kinks, (std::vector<double>{0.0, 1.0, 3.0}));
  EXPECT_DOUBLE_EQ(loading.steps.final_time, 3.0);
  EXPECT_NEAR(loading.make<2>(box<2>(true)).mean(2.0)[5], 0.0, 1e-16);
}

TEST_F(RunLoadingTest, BoundariesTakeDisplacementsTractionsAndPressures)
{
  const auto loading = make<2>({"Kind=boundaries", "Boundary 1/Boundary=lower y",
                                "Boundary 1/Displacement=0; 0", "Boundary 2/Boundary=3",
                                "Boundary 2/Displacement=; 0.1*t*x", "Boundary 3/Boundary=upper x",
                                "Boundary 3/Traction=0.2*t;", "Boundary 3/Pressure=0.5"},
                               false);
  EXPECT_TRUE(std::isnan(displacement(loading, 3, Point2(1.5, 3), 2.0)[0]));
  EXPECT_NEAR(displacement(loading, 3, Point2(1.5, 3), 2.0)[1], 0.3, 1e-16);
  ASSERT_EQ(loading.tractions.size(), 1u);
  const dealii::Tensor<1, 2> normal({1.0, 0.0});
  const auto traction = loading.tractions[0].value(Point2(2, 1), normal, 3.0);
  EXPECT_NEAR(traction[0], 0.6 - 0.5, 1e-15);
  EXPECT_NEAR(traction[1], 0.0, 1e-15);
}

TEST_F(RunLoadingTest, WhatDoesNotFitIsNamedWithTheCure)
{
  EXPECT_THAT(error_of({"Gamma xy=t"}), HasSubstr("is only used if"));
  EXPECT_THAT(error_of({"Kind=components"}), HasSubstr("prescribe at least one component"));
  EXPECT_THAT(error_of({"Kind=boundaries"}), HasSubstr("Boundary 1"));
  EXPECT_THAT(error_of({"Boundary 1/Boundary=3", "Boundary 1/Pressure=1"}),
              HasSubstr("is only used if"));
  EXPECT_THAT(error_of({"Kind=boundaries", "Boundary 2/Pressure=1"}),
              HasSubstr("expected the name or number"));
  EXPECT_THAT(error_of({"Smallest increment=1"}), HasSubstr("must not exceed"));
  EXPECT_THAT(
      message_of([] {
        make<2>({"Kind=boundaries", "Boundary 1/Boundary=top", "Boundary 1/Pressure=1"}, false);
      }),
      HasSubstr("no boundary \"top\"; it has lower x (0)"));
  EXPECT_THAT(
      message_of([] {
        make<2>({"Kind=boundaries", "Boundary 1/Boundary=3", "Boundary 1/Traction=1"}, false);
      }),
      HasSubstr("expected 2 expressions"));
}
