// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/run_command.h>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  class RunCommandTest : public CommandsTest
  {
  protected:
    RunParameters parsed(const std::vector<std::string> &assignments) const
    {
      const auto file = write("x.prm", "set Database file = a.h5\n"
                                       "subsection Material\n"
                                       "  set Bulk modulus = 150\n"
                                       "end\n");
      return RunParameters::parse(Parameters::load(RunParameters::declare, file, assignments));
    }
  };
} // namespace

TEST_F(RunCommandTest, AnElasticityWithoutEnergyBalanceIsRefusedWithTheCure)
{
  const std::string message = message_of([&] { parsed({"Material/Elasticity=paper"}); });
  EXPECT_THAT(message, HasSubstr("\"Material/Elasticity\""));
  EXPECT_THAT(message, HasSubstr("do not conserve energy"));
  EXPECT_THAT(message, HasSubstr("Choose as harvested, energy consistent or linear"));
  EXPECT_THAT(message, HasSubstr("seem point"));
  EXPECT_EQ(parsed({"Material/Elasticity=linear"}).material.elasticity, ElasticityChoice::linear);
  EXPECT_EQ(parsed({}).material.elasticity, ElasticityChoice::as_harvested);
}

TEST_F(RunCommandTest, TheMultigridPrecisionIsDoubleUnlessSingleIsWanted)
{
  using solver::MultigridPrecision;
  EXPECT_EQ(parsed({}).multigrid_precision, MultigridPrecision::double_precision);
  EXPECT_EQ(parsed({"Solver/Multigrid precision=double"}).multigrid_precision,
            MultigridPrecision::double_precision);
  EXPECT_EQ(parsed({"Solver/Multigrid precision=single"}).multigrid_precision,
            MultigridPrecision::single_precision);
  const std::string message = message_of([&] { parsed({"Solver/Multigrid precision=half"}); });
  EXPECT_THAT(message, HasSubstr("Multigrid precision"));
  EXPECT_THAT(message, HasSubstr("half"));
}
