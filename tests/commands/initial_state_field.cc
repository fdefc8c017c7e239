// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/initial_state_field.h>

#include <cmath>

using namespace seem;
using namespace seem::commands;
using dealii::Point;
using ::testing::HasSubstr;

namespace
{
  class InitialStateFieldTest : public CommandsTest
  {
  protected:
    static InitialStateParameters parse(const std::vector<std::string> &assignments)
    {
      Parameters parameters(InitialStateParameters::declare);
      for (const std::string &assignment : assignments)
        parameters.set("Initial state/" + assignment);
      return InitialStateParameters::parse(parameters);
    }

    template <int dim>
    static InitialStateField<dim> make(const std::vector<std::string> &assignments,
                                       const std::uint64_t seed = 3,
                                       const std::array<double, dim> &periods = {})
    {
      static const database::EventDatabase database;
      return make_initial_state_field<dim>(parse(assignments), drawn(), database, seed, periods);
    }

    static std::vector<State> drawn()
    {
      std::vector<State> states(2);
      states[0].x[0] = 0.01;
      states[1].x[0] = 0.02;
      return states;
    }

    const std::vector<std::string> field = {"Kind=random field", "X1=0.01",
                                            "Standard deviation=0.002", "Correlation length=5"};
  };
} // namespace

TEST_F(InitialStateFieldTest, AreDrawnByDefaultByTheNameOfTheVolume)
{
  const auto initial = make<2>({});
  double sum = 0.0;
  for (std::uint64_t cell = 0; cell < 1000; ++cell)
  {
    const State state = initial(Point<2>(), {cell, 0, 0});
    EXPECT_TRUE(state.x[0] == 0.01 || state.x[0] == 0.02);
    EXPECT_EQ(state.x[0], initial(Point<2>(7.0, 3.0), {cell, 0, 0}).x[0]);
    sum += state.x[0];
  }
  EXPECT_NEAR(sum / 1000, 0.015, 5.0 * 0.005 / std::sqrt(1000.0));
}

TEST_F(InitialStateFieldTest, NormalOnesHaveTheirMeanAndSpreadAndAreIndependent)
{
  const auto initial = make<2>({"Kind=normal", "X1=0.01", "Standard deviation=0.002"});
  const std::size_t n = 20000;
  double sum = 0.0, squares = 0.0, product = 0.0, last = 0.0;
  for (std::uint64_t cell = 0; cell < n; ++cell)
  {
    const double d = initial(Point<2>(), {cell, 0, 0}).x[0] - 0.01;
    sum += d;
    squares += d * d;
    product += d * last;
    last = d;
  }
  const double root = std::sqrt(static_cast<double>(n));
  EXPECT_NEAR(sum / n, 0.0, 5.0 * 0.002 / root);
  EXPECT_NEAR(squares / n, 4e-6, 5.0 * 4e-6 * std::sqrt(2.0) / root);
  EXPECT_NEAR(product / n, 0.0, 5.0 * 4e-6 / root);
}

TEST_F(InitialStateFieldTest, FollowAFunctionOfThePosition)
{
  const auto initial = make<3>({"Kind=function", "X1 function=0.01 + 0.001*x + 0.1*z"});
  EXPECT_NEAR(initial(Point<3>(2.0, 5.0, 0.5), {}).x[0], 0.062, 1e-15);
  EXPECT_EQ(initial(Point<3>(2.0, 5.0, 0.5), {}).tau, 0.0);
}

TEST_F(InitialStateFieldTest, MayCarryAStress)
{
  const auto initial = make<2>({"Kind=constant", "X1=0.004", "Shear stress=if(x > 1, 0.2, -0.1)"});
  EXPECT_EQ(initial(Point<2>(2.0, 0.0), {}).tau, 0.2);
  EXPECT_EQ(initial(Point<2>(0.5, 0.0), {}).tau, -0.1);
  EXPECT_EQ(initial(Point<2>(2.0, 0.0), {}).x[0], 0.004);
}

TEST_F(InitialStateFieldTest, AreThoseOfTheNearestPointOfATable)
{
  const auto table =
      write("field.csv", "cell,x_nm,y_nm,x1_eV\n1,0,0,0.01\n2,4,0,0.02\n3,4,4,0.03\n");
  const auto initial = make<2>({"Kind=table", "Table=" + table.string()});
  EXPECT_EQ(initial(Point<2>(0.5, 0.5), {}).x[0], 0.01);
  EXPECT_EQ(initial(Point<2>(3.0, 1.0), {}).x[0], 0.02);
  EXPECT_EQ(initial(Point<2>(9.0, 9.0), {}).x[0], 0.03);
  EXPECT_THAT(message_of([&] {
                make<3>({"Kind=table", "Table=" + table.string()});
              }),
              HasSubstr("no column 'z_nm'; columns found: 'cell', 'x_nm', 'y_nm', 'x1_eV'"));
}

// Over many fields: mean, variance, and the correlation exp(-r^2/(2 L^2)) at one length.
TEST_F(InitialStateFieldTest, OfARandomFieldAreNormalWithTheGivenCorrelation)
{
  const std::size_t n = 400;
  double sum = 0.0, squares = 0.0, product = 0.0;
  for (std::uint64_t seed = 0; seed < n; ++seed)
  {
    const auto initial = make<2>(field, seed);
    const double a = initial(Point<2>(10.0, 20.0), {}).x[0] - 0.01,
                 b = initial(Point<2>(13.0, 24.0), {}).x[0] - 0.01; // 5 nm apart
    sum += a;
    squares += a * a;
    product += a * b;
  }
  const double root = std::sqrt(static_cast<double>(n));
  EXPECT_NEAR(sum / n, 0.0, 5.0 * 0.002 / root);
  EXPECT_NEAR(squares / n, 4e-6, 5.0 * 4e-6 * std::sqrt(2.0) / root);
  const double rho = std::exp(-0.5);
  EXPECT_NEAR(product / n, rho * 4e-6, 5.0 * 4e-6 * std::sqrt(1.0 + rho * rho) / root);
}

TEST_F(InitialStateFieldTest, OfARandomFieldRepeatAcrossPeriodicFaces)
{
  const auto periodic = make<2>(field, 3, {{40.0, 0.0}});
  const Point<2> x(1.0, 2.0), along_x(41.0, 2.0), along_y(1.0, 42.0);
  EXPECT_NEAR(periodic(x, {}).x[0], periodic(along_x, {}).x[0], 1e-14);
  EXPECT_GT(std::abs(periodic(x, {}).x[0] - periodic(along_y, {}).x[0]), 1e-6);
}

TEST_F(InitialStateFieldTest, ParametersThatDoNotFitAreNamed)
{
  const auto error_of = [&](const std::vector<std::string> &assignments) {
    return message_of([&] { make<2>(assignments); });
  };
  EXPECT_THAT(error_of({"X1=0.1"}), HasSubstr("\"Initial state/X1\""));
  EXPECT_THAT(error_of({"Kind=constant", "Label=q10"}), HasSubstr("only used if"));
  EXPECT_THAT(error_of({"Kind=normal", "X1=0.1"}), HasSubstr("Standard deviation"));
  EXPECT_THAT(error_of({"Kind=function"}), HasSubstr("X1 function"));
  EXPECT_THAT(error_of({"Kind=function", "X1 function=x +"}), HasSubstr("no expression"));
  EXPECT_THAT(error_of({"Kind=table", "Table=nowhere.csv"}), HasSubstr("nowhere.csv"));
}
