// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/command_table.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/parameters.h>

#include <deal.II/base/parameter_handler.h>

#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>

#include <functional>

using namespace seem;
using namespace seem::commands;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace
{
  namespace patterns = dealii::Patterns;

  void declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Title", "none", patterns::Anything(), "Any title.");
    prm.declare_entry("Mesh file", "a.msh", patterns::FileName(), "A mesh.");
    prm.enter_subsection("Material");
    prm.declare_entry("Bulk modulus", "0", patterns::Double(0.0), "K [GPa].", true);
    prm.declare_entry("Rule", "one", patterns::Selection("one|scale of it"), "A choice.");
    prm.declare_entry("Range", "automatic",
                      WordOr("automatic", patterns::List(patterns::Double(), 2, 2)),
                      "Two numbers [GPa].");
    prm.enter_subsection("Inner");
    prm.declare_entry("Number", "3", patterns::Integer(1, 5), "A number [-].");
    prm.leave_subsection();
    prm.leave_subsection();
    prm.enter_subsection("Output");
    prm.declare_entry("Figures", "true", patterns::Bool(), "Draw.");
    prm.leave_subsection();
  }

  class ParametersTest : public CommandsTest
  {
  protected:
    /// The error of reading a file of this text, with the directory cut out.
    std::string error_of(const std::string &text)
    {
      const auto file = write("x.prm", text);
      std::string message = message_of([&] { Parameters::load(declare, file, {}); });
      for (std::size_t at; (at = message.find(directory.string() + "/")) != std::string::npos;)
        message.erase(at, directory.string().size() + 1);
      return message;
    }

    std::string error_of_set(const std::string &assignment)
    {
      return message_of([&] { Parameters(declare).set(assignment); });
    }
  };

  const char *const complete = R"(# comment
set Title     = a   title # with a comment
subsection Material
  set Bulk modulus = 1.5e2
  set Range = -1,  2.5
  subsection Inner
    SET Number=\
      4
  END
end
)";
} // namespace

TEST_F(ParametersTest, ReadsSectionsCommentsAndContinuedLines)
{
  const Parameters p = Parameters::load(declare, write("x.prm", complete), {});
  EXPECT_EQ(p.text("Title"), "a   title");
  EXPECT_EQ(p.number("Material/Bulk modulus"), 150.0);
  EXPECT_THAT(p.numbers("Material/Range"), ElementsAre(-1.0, 2.5));
  EXPECT_EQ(p.integer("Material/Inner/Number"), 4);
  EXPECT_TRUE(p.boolean("Output/Figures"));
  EXPECT_TRUE(p.has("Material/Inner/Number"));
  EXPECT_FALSE(p.has("Material/Number"));
  EXPECT_FALSE(p.has("Nowhere/Number"));
}

TEST_F(ParametersTest, ReadsWhatDealIIReads)
{
  dealii::ParameterHandler prm;
  declare(prm);
  prm.parse_input_from_string(complete);
  const Parameters p = Parameters::load(declare, write("x.prm", complete), {});
  EXPECT_EQ(p.text("Title"), prm.get("Title"));
  EXPECT_EQ(p.text("Material/Range"), prm.get({"Material"}, "Range"));
  EXPECT_EQ(p.integer("Material/Inner/Number"), prm.get_integer({"Material", "Inner"}, "Number"));
}

TEST_F(ParametersTest, AMisspeltKeyIsAnsweredWithTheNearest)
{
  EXPECT_EQ(error_of("\nsubsection Material\n  set Bulk modulsu = 3\nend\n"),
            "x.prm:3: no such parameter \"Bulk modulsu\" in section \"Material\": did you mean "
            "\"Bulk modulus\"?");
  EXPECT_EQ(error_of("set bulk Modulus = 3\n"),
            "x.prm:1: no such parameter \"bulk Modulus\" outside of all sections: did you mean "
            "\"Bulk modulus\" in section \"Material\"?");
  EXPECT_EQ(error_of("subsection Material\nset Number = 3\nend\n"),
            "x.prm:2: no such parameter \"Number\" in section \"Material\": did you mean "
            "\"Number\" in section \"Material/Inner\"?");
}

TEST_F(ParametersTest, AMisspeltSectionIsAnsweredWithTheNearest)
{
  EXPECT_EQ(error_of("subsection Materail\nend\n"),
            "x.prm:1: no such section \"Materail\": did you mean \"Material\"?");
  EXPECT_EQ(error_of("subsection Material\nsubsection Iner\nend\nend\n"),
            "x.prm:2: no such section \"Iner\" in section \"Material\": did you mean \"Inner\"?");
  EXPECT_EQ(error_of("subsection Output\nsubsection Inner\nend\nend\n"),
            "x.prm:2: no such section \"Inner\" in section \"Output\": there are no sections");
}

TEST_F(ParametersTest, AValueThatDoesNotFitIsShownWithWhatIsExpected)
{
  EXPECT_EQ(error_of("subsection Material\nset Bulk modulus = stiff\nend\n"),
            "x.prm:2: \"Material/Bulk modulus\": found \"stiff\", expected a number, at least 0");
  EXPECT_EQ(error_of("subsection Material\nset Bulk modulus = 3 GPa\nend\n"),
            "x.prm:2: \"Material/Bulk modulus\": found \"3 GPa\", expected a number, at least 0");
  EXPECT_EQ(error_of("subsection Material\nset Bulk modulus =\nend\n"),
            "x.prm:2: \"Material/Bulk modulus\": found \"\", expected a number, at least 0");
  EXPECT_THAT(error_of("subsection Material\nset Rule = two\nend\n"),
              HasSubstr("found \"two\", expected one of: one, scale of it"));
  EXPECT_THAT(error_of("subsection Material\nset Range = 1, 2, 3\nend\n"),
              HasSubstr("expected the word \"automatic\", or 2 values separated by commas, each a "
                        "number"));
  EXPECT_THAT(error_of("subsection Material\nsubsection Inner\nset Number = 6\nend\nend\n"),
              HasSubstr("expected a whole number from 1 to 5"));
  EXPECT_THAT(error_of("subsection Output\nset Figures = maybe\nend\n"),
              HasSubstr("expected true or false"));
}

TEST_F(ParametersTest, BrokenFilesAreNamedWithTheLine)
{
  EXPECT_EQ(error_of("subsection Material\n\nsubsection Inner\nend\n"),
            "x.prm:1: section \"Material\" begins here and has no \"end\"");
  EXPECT_EQ(error_of("subsection Material\nend\nend\n"),
            "x.prm:3: \"end\" without a section that it could end");
  EXPECT_THAT(error_of("Title = 3\n"), StartsWith("x.prm:1: found \"Title = 3\", expected "));
  EXPECT_THAT(error_of("set Title 3\n"), StartsWith("x.prm:1: found \"set Title 3\", expected "));
  EXPECT_THAT(error_of("\ninclude y.prm\n"), StartsWith("x.prm:2: \"include\" is not supported"));
  EXPECT_THAT(error_of("subsection Material\nset Bulk modulus = 3\nset Bulk modulus = 4\nend\n"),
              HasSubstr("x.prm:3: \"Material/Bulk modulus\" was already set at "));
  EXPECT_EQ(message_of([&] { Parameters::load(declare, "nowhere/x.prm", {}); }),
            "nowhere/x.prm: no such parameter file");
  EXPECT_THAT(message_of([&] { Parameters::load(declare, directory, {}); }),
              HasSubstr("is a directory"));
}

TEST_F(ParametersTest, ARequiredParameterMustBeSetInTheFileOrOnTheCommandLine)
{
  EXPECT_THAT(error_of("set Title = x\n"),
              StartsWith("x.prm: the parameter \"Bulk modulus\" in section \"Material\" has no "
                         "default and must be set: K [GPa]."));
  const Parameters p = Parameters::load(declare, write("y.prm", ""), {"Material/Bulk modulus=12"});
  EXPECT_EQ(p.number("Material/Bulk modulus"), 12.0);
}

TEST_F(ParametersTest, TheCommandLineOverridesAndTheLastOneWins)
{
  const Parameters p = Parameters::load(
      declare, write("x.prm", complete),
      {"Title=b = c", "Material/Inner/Number = 2", "Title=d", "Material / Rule=scale of it"});
  EXPECT_EQ(p.text("Title"), "d");
  EXPECT_EQ(p.integer("Material/Inner/Number"), 2);
  EXPECT_EQ(p.text("Material/Rule"), "scale of it");
}

TEST_F(ParametersTest, TheCommandLineIsCheckedLikeAFile)
{
  EXPECT_EQ(error_of_set("Materail/Rule=one"),
            "--set \"Materail/Rule=one\": no such section \"Materail\": did you mean "
            "\"Material\"?");
  EXPECT_EQ(error_of_set("Mat/Rule=one"),
            "--set \"Mat/Rule=one\": no such section \"Mat\": did you mean \"Material\"?");
  EXPECT_EQ(error_of_set("Material/Rul=one"),
            "--set \"Material/Rul=one\": no such parameter \"Rul\" in section \"Material\": did "
            "you mean \"Rule\"?");
  EXPECT_EQ(error_of_set("Material/Rule=three"),
            "--set \"Material/Rule=three\": \"Material/Rule\": found \"three\", expected one of: "
            "one, scale of it");
  EXPECT_EQ(error_of_set("Material/Rule"),
            "--set \"Material/Rule\": expected \"Section/Key=value\"");
}

TEST_F(ParametersTest, RelativePathsBeginAtTheFileOrForSetAtTheCurrentDirectory)
{
  const auto file = write("deep/x.prm", "set Mesh file = ../meshes/b.msh\n");
  const std::string bulk = "Material/Bulk modulus=1";
  EXPECT_EQ(Parameters::load(declare, file, {bulk}).file("Mesh file"), directory / "meshes/b.msh");
  EXPECT_EQ(Parameters::load(declare, file, {bulk, "Mesh file=c.msh"}).file("Mesh file"), "c.msh");
  EXPECT_EQ(Parameters::load(declare, file, {bulk, "Mesh file=/c.msh"}).file("Mesh file"),
            "/c.msh");
  EXPECT_EQ(Parameters::load(declare, file, {bulk, "Mesh file="}).file("Mesh file"), "");
  EXPECT_EQ(Parameters::load(declare, write("deep/y.prm", ""), {bulk}).file("Mesh file"),
            directory / "deep/a.msh");
}

TEST_F(ParametersTest, AnErrorAboutAValueSaysWhereItWasSet)
{
  const auto file = write("x.prm", complete);
  const Parameters p = Parameters::load(declare, file, {"Title=t"});
  EXPECT_EQ(p.error("Material/Bulk modulus", "too stiff").what(),
            file.string() + ":4: \"Material/Bulk modulus\" = \"1.5e2\": too stiff");
  EXPECT_STREQ(p.error("Title", "is bad").what(), "--set \"Title=t\": \"Title\" = \"t\": is bad");
  EXPECT_EQ(p.error("Material/Rule", "is bad").what(),
            file.string() + ": \"Material/Rule\" = \"one\" (the default): is bad");
}

TEST_F(ParametersTest, WhatIsPrintedReadsBackTheSame)
{
  const Parameters p = Parameters::load(declare, write("x.prm", complete), {});
  const Parameters q = Parameters::load(declare, write("y.prm", p.print(ParameterFormat::prm)), {});
  EXPECT_EQ(p.as_text(), q.as_text());
  EXPECT_EQ(p.as_text().size(), 7u);
}

TEST_F(ParametersTest, APrintedRequiredParameterHasNoValue)
{
  const std::string text = Parameters(declare).print(ParameterFormat::prm);
  EXPECT_THAT(text,
              HasSubstr("# K [GPa]. Required. A number, at least 0.\n  set Bulk modulus = \n"));
  EXPECT_THAT(Parameters(declare).print(ParameterFormat::markdown),
              HasSubstr("| Bulk modulus | *required* | a number, at least 0 | K [GPa]. |"));
}

TEST(Mismatch, CountsEditsAndForgivesCaseAndAbbreviation)
{
  EXPECT_DOUBLE_EQ(edit_distance("", "abc"), 3.0);
  EXPECT_DOUBLE_EQ(edit_distance("abc", ""), 3.0);
  EXPECT_DOUBLE_EQ(edit_distance("kitten", "sitting"), 3.0);
  EXPECT_DOUBLE_EQ(edit_distance("modulsu", "modulus"), 1.0);
  EXPECT_DOUBLE_EQ(edit_distance("Seed", "seed"), 0.1);
  EXPECT_DOUBLE_EQ(mismatch("Mat", "Material"), 1.0);
  EXPECT_DOUBLE_EQ(mismatch("Materials", "Material"), 1.0);
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest("sead", {"bread", "Seed", "lead"}), "lead");
}

TEST(ShippedParameters, EveryNumberHasItsUnit)
{
  for (const Command &command : command_table())
  {
    std::stringstream json(Parameters(command.declare).print(ParameterFormat::json));
    boost::property_tree::ptree tree;
    boost::property_tree::read_json(json, tree);
    std::size_t n_numbers = 0;
    const std::function<void(const boost::property_tree::ptree &)> visit = [&](const auto &node) {
      for (const auto &[name, child] : node)
      {
        const auto pattern = child.template get_optional<std::string>("pattern_description");
        if (!pattern)
        {
          visit(child);
          continue;
        }
        const auto documentation = child.template get<std::string>("documentation");
        EXPECT_GT(documentation.size(), 5u) << command.name << ": " << name;
        if (pattern->find("Double") == std::string::npos &&
            pattern->find("Integer") == std::string::npos)
          continue;
        ++n_numbers;
        EXPECT_THAT(documentation, HasSubstr("["))
            << command.name << ": " << name << " has no unit";
      }
    };
    visit(tree);
    EXPECT_GT(n_numbers, 3u);
  }
}

TEST(ShippedParameters, EveryPatternIsPutIntoWords)
{
  for (const Command &command : command_table())
  {
    const std::string text = Parameters(command.declare).print(ParameterFormat::markdown);
    for (const char *raw : {"[Double", "[Integer", "[Bool", "[Selection", "[List", "[Word",
                            "[Anything", "[FileName", "[DirectoryName", "inclusive"})
      EXPECT_EQ(text.find(raw), std::string::npos) << command.name << ": " << raw;
  }
}
