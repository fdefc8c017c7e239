// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/point_loading.h>

#include <cmath>

using namespace seem;
using namespace seem::commands;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{
  class PointLoadingTest : public CommandsTest
  {
  protected:
    /// The section "Loading" with these lines, of kind components.
    PointLoading parse(const std::string &lines, const std::string &kind = "components") const
    {
      const std::filesystem::path file =
          write("x.prm", "subsection Loading\nset Kind = " + kind + "\n" + lines + "end\n");
      return PointLoading::parse(Parameters::load(PointLoading::declare, file, {}));
    }

    std::string message(const std::string &lines, const std::string &kind = "components") const
    {
      return message_of([&] { parse(lines, kind); });
    }

    std::string message_of_table(const std::string &content) const
    {
      write("path.csv", content);
      return message("set Path file = path.csv\n");
    }

    /// The prescribed tensor at @p t as components xx, yy, zz, yz, xz, xy.
    static std::vector<double> components(const PointLoading &loading, const double t)
    {
      const law::SymmetricTensor load = loading.path(t);
      std::vector<double> values;
      for (int i = 0; i < 6; ++i)
        values.push_back(i < 3 ? load[i] : load[i] / law::sqrt2);
      return values;
    }
  };

  constexpr law::Control e = law::Control::strain, s = law::Control::stress;
} // namespace

TEST_F(PointLoadingTest, ExpressionsOfTensorStrainsEngineeringStrainsAndStresses)
{
  const PointLoading loading =
      parse("set Strain xx = 0.1*t\nset Stress yy = -2 + t^2\n"
            "set Gamma xz = 0.04*sin(pi*t)\nset Strain xy = if(t<1, 1, 3)\n"
            "set Final time = 2\nset Output increment = 0.8\n");
  EXPECT_EQ(loading.kind, LoadingKind::components);
  EXPECT_THAT(loading.control, ElementsAre(e, s, e, e, e, e));
  EXPECT_THAT(loading.times, ElementsAre(0.0, 0.8, 1.6, 2.0));
  EXPECT_EQ(loading.largest_increment, 0.8);
  const std::vector<double> load = components(loading, 0.5),
                            expected = {0.05, -1.75, 0, 0, 0.02, 1};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(load[i], expected[i], 1e-15);
  EXPECT_NEAR(components(loading, 1.5)[5], 3.0, 1e-15);
}

TEST_F(PointLoadingTest, AutomaticTimes)
{
  const PointLoading loading = parse("set Strain xx = t\n");
  EXPECT_EQ(loading.times.size(), 201u);
  EXPECT_EQ(loading.times.back(), 1.0);
  EXPECT_NEAR(loading.largest_increment, 0.005, 1e-15);
  EXPECT_EQ(parse("set Strain xx = t\nset Largest increment = 0.01\n").largest_increment, 0.01);
}

TEST_F(PointLoadingTest, ATableIsLinearBetweenItsRows)
{
  write("path.csv", "t, gamma_xy, sigma_zz, sigma_xx_GPa\n-1,0,0,4\n1,0.2,1,2\n5,0.1,3,2\n");
  const PointLoading loading = parse("set Path file = path.csv\nset Output increment = 3\n");
  EXPECT_THAT(loading.control, ElementsAre(s, e, s, e, e, e));
  EXPECT_THAT(loading.times, ElementsAre(-1.0, 2.0, 5.0));
  EXPECT_THAT(loading.kinks, ElementsAre(-1.0, 1.0, 5.0));
  const auto near = [&](const double t, const double xx, const double zz, const double xy) {
    const std::vector<double> load = components(loading, t);
    EXPECT_NEAR(load[0], xx, 1e-15) << t;
    EXPECT_NEAR(load[2], zz, 1e-15) << t;
    EXPECT_NEAR(load[5], xy, 1e-15) << t;
    EXPECT_EQ(load[1], 0.0);
  };
  near(-1.0, 4.0, 0.0, 0.0);
  near(0.0, 3.0, 0.5, 0.05);
  near(1.0, 2.0, 1.0, 0.1);
  near(2.0, 2.0, 1.5, 0.0875);
  near(5.0, 2.0, 3.0, 0.05);
  EXPECT_EQ(parse("set Path file = path.csv\nset Final time = 3\n").times.back(), 3.0);
}

TEST_F(PointLoadingTest, MistakesInExpressionsAreNamed)
{
  EXPECT_THAT(message("set Strain xx = t\nset Stress xx = 0\n"),
              HasSubstr("\"Loading/Stress xx\" = \"0\": \"Loading/Strain xx\" is given, too"));
  EXPECT_THAT(message("set Strain xy = t\nset Gamma xy = 0\n"), HasSubstr("is given, too"));
  EXPECT_THAT(message("set Strain xq = t\n"), HasSubstr("did you mean \"Strain x"));
  EXPECT_THAT(message("set Gamma xx = t\n"), HasSubstr("no such parameter \"Gamma xx\""));
  EXPECT_THAT(message("set Strain xx = 2*\n"),
              HasSubstr("x.prm:3: \"Loading/Strain xx\" = \"2*\": is no expression in t"));
  EXPECT_THAT(message("set Strain xx = 2*time\n"), HasSubstr("is no expression in t"));
  EXPECT_THAT(
      message("set Stress zz = sqrt(0.5-t)\nset Output increment = 0.25\n"),
      HasSubstr("x.prm:3: \"Loading/Stress zz\" = \"sqrt(0.5-t)\": not finite at t = 0.75"));
  EXPECT_THAT(message(""), HasSubstr("prescribe at least one component"));
  EXPECT_THAT(message("set Strain xx = t\nset Output increment = 2\n"),
              HasSubstr("must not exceed"));
  for (const char *set : {"set Strain xx = t\n", "set Path file = path.csv\n"})
    EXPECT_THAT(message(set, "simple shear"), HasSubstr("is only used if \"Loading/Kind\""));
}

TEST_F(PointLoadingTest, MistakesInTablesAreNamedWithTheirLine)
{
  EXPECT_THAT(message_of_table(""), HasSubstr("path.csv: empty"));
  EXPECT_THAT(message_of_table("t,eps_xx\n"), HasSubstr("path.csv: a header but no rows"));
  EXPECT_THAT(message_of_table("t,eps_xx\n0,0\n"), HasSubstr("path.csv: found one row"));
  EXPECT_THAT(message_of_table("t\n0\n1\n"), HasSubstr("path.csv: only the column t"));
  EXPECT_THAT(message_of_table("eps_xx\n0\n1\n"), HasSubstr("path.csv: no column 't'"));
  EXPECT_THAT(message_of_table("t,eps_xw\n0,0\n1,1\n"),
              HasSubstr("path.csv: no such column \"eps_xw\": did you mean \"eps_x"));
  EXPECT_THAT(message_of_table("t,eps_xx,sigma_xx\n0,0,0\n1,1,1\n"),
              HasSubstr("\"eps_xx\" and \"sigma_xx\" prescribe the same"));
  EXPECT_THAT(message_of_table("t,eps_xx\n0,0\n\n1,1\n1,2\n"),
              HasSubstr("path.csv:5: t = 1 follows 1 of line 4: expected a growing t"));
  EXPECT_THAT(message_of_table("t,eps_xx\n0,0\n1,inf\n"), HasSubstr("path.csv:3: column 'eps_xx'"));
  write("path.csv", "t,eps_xx\n0,0\n1,1\n");
  EXPECT_THAT(message("set Path file = path.csv\nset Final time = 2\n"),
              HasSubstr("goes from t = 0 to 1"));
  EXPECT_THAT(message("set Path file = path.csv\nset Strain yy = t\n"),
              HasSubstr("is not used beside"));
  EXPECT_THAT(message("set Path file = none.csv\n"), HasSubstr("none.csv"));
}
