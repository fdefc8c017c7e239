// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/info_command.h>
#include <seem/commands/point_command.h>
#include <seem/io/database_file.h>
#include <seem/io/hdf5_file.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  class PointCommandTest : public CommandsTest
  {
  protected:
    PointCommandTest()
    {
      io::write_database(directory / "tiny.h5", tiny_database());
      line.parameter_file = write("x.prm", "set Database file = tiny.h5\n"
                                           "set Figures = false\n"
                                           "subsection Material\n"
                                           "  set Bulk modulus = 150\n"
                                           "  set Energy bound = report\n"
                                           "end\n"
                                           "subsection Strain\n"
                                           "  set Final strain = 0.12\n"
                                           "  set Output increment = 0.01\n"
                                           "end\n"
                                           "subsection Ensemble\n"
                                           "  set Paths per label = 5\n"
                                           "end\n");
      line.output = directory / "out";
      line.overwrite = true;
    }

    /// All results of a run as one text.
    std::string results(const std::vector<std::string> &assignments = {})
    {
      line.assignments = assignments;
      ::testing::internal::CaptureStdout();
      const int status = point_command(line);
      std::string text = ::testing::internal::GetCapturedStdout();
      EXPECT_EQ(status, 0);
      for (const char *name : {"mean.csv", "paths.csv", "grid.csv", "summary.csv"})
        text += read(*line.output / name);
      return text;
    }

    /// Row of mean.csv as numbers: tau, its std and se, X1, its std and se, n.
    std::vector<double> mean_row(const std::string &begin) const
    {
      std::istringstream rows(read(*line.output / "mean.csv"));
      for (std::string row; std::getline(rows, row);)
        if (row.rfind(begin + ",", 0) == 0)
        {
          std::vector<double> values;
          std::istringstream rest(row.substr(begin.size() + 1));
          for (std::string field; std::getline(rest, field, ',');)
            values.push_back(std::stod(field));
          return values;
        }
      ADD_FAILURE() << "no row " << begin << " in mean.csv";
      return std::vector<double>(7);
    }

    CommandLine line;
  };
} // namespace

TEST_F(PointCommandTest, WritesTheTablesInTheOrderOfCoolingRates)
{
  results();
  const std::string mean = read(*line.output / "mean.csv");
  EXPECT_THAT(mean, ::testing::StartsWith("source,label,strain,tau_GPa,tau_std_GPa,tau_se_GPa,"
                                          "x1_eV,x1_std_eV,x1_se_eV,n,tau_q05_GPa,tau_q25_GPa,"
                                          "tau_q50_GPa,tau_q75_GPa,tau_q95_GPa,x1_q05_eV,x1_q25_eV,"
                                          "x1_q50_eV,x1_q75_eV,x1_q95_eV\nmodel,slow,0,"));
  EXPECT_THAT(mean, HasSubstr("model,fast,0.12,"));
  EXPECT_THAT(read(*line.output / "grid.csv"),
              ::testing::StartsWith("tau_low_GPa,tau_high_GPa,x1_low_eV,x1_high_eV,exposure,n_"
                                    "events,rate,pooled_rate\n0,0.8,-0.01,0.01,"));
  // One sample of the label, so all paths begin there.
  const std::vector<double> first = mean_row("model,fast,0");
  EXPECT_NEAR(first[0], -0.1, 1e-12);
  EXPECT_NEAR(first[1], 0.0, 1e-12);
  EXPECT_EQ(first[3], 0.012);
  EXPECT_EQ(first[6], 5.0);
}

TEST_F(PointCommandTest, GivesTheNumbersOfBefore)
{
  results();
  const std::vector<double> slow = mean_row("model,slow,0.12"), fast = mean_row("model,fast,0.12");
  EXPECT_NEAR(slow[0], 1.3853394166085, 1e-8);
  EXPECT_NEAR(slow[3], 0.00234, 1e-11);
  EXPECT_NEAR(fast[0], 1.0470160179596, 1e-8);
  EXPECT_NEAR(fast[3], 0.01196, 1e-11);
}

TEST_F(PointCommandTest, QuantilesAreThoseOfThePaths)
{
  results({"Ensemble/Paths shown=5"});
  // Five paths: the quantiles 0.25, 0.5, 0.75 are the second, third and fourth.
  std::vector<double> tau;
  std::istringstream rows(read(*line.output / "paths.csv"));
  for (std::string row; std::getline(rows, row);)
    if (row.rfind("model,fast,", 0) == 0 && row.find(",0.1,") != std::string::npos)
      tau.push_back(std::stod(row.substr(row.find(",0.1,") + 5)));
  ASSERT_EQ(tau.size(), 5u);
  std::sort(tau.begin(), tau.end());
  const std::vector<double> mean = mean_row("model,fast,0.1");
  ASSERT_EQ(mean.size(), 17u);
  for (std::size_t i = 1; i < 4; ++i)
    EXPECT_EQ(mean[7 + i], tau[i]);
  EXPECT_NEAR(mean[7], tau[0] + 0.2 * (tau[1] - tau[0]), 1e-12);
  EXPECT_NEAR(mean[11], tau[3] + 0.8 * (tau[4] - tau[3]), 1e-12);
  EXPECT_LT(mean[12], mean[16]);
}

TEST_F(PointCommandTest, EveryParameterChangesSomething)
{
  const std::string base = results();
  ASSERT_TRUE(base == results());
  for (const std::vector<std::string> &assignments :
       std::vector<std::vector<std::string>>{{"Strain/Final strain=0.11"},
                                             {"Strain/Output increment=0.005"},
                                             {"Material/Elasticity=linear"},
                                             {"Material/Elasticity=paper"},
                                             {"Material/Energy bound=redraw"},
                                             {"Material/Energy bound=clip"},
                                             {"Integrator=both"},
                                             {"Integrator=bernoulli"},
                                             {"Ensemble/Paths per label=6"},
                                             {"Ensemble/Labels=slow"},
                                             {"Ensemble/Initial state=cycled"},
                                             {"Ensemble/Initial state=constant"},
                                             {"Ensemble/Seed=2"},
                                             {"Ensemble/First replica=1"},
                                             {"Ensemble/Quadrature point=1"},
                                             {"Ensemble/Volume ratio=2"},
                                             {"Ensemble/Paths shown=1"}})
    EXPECT_TRUE(base != results(assignments)) << assignments[0];

  const std::string constant = results({"Ensemble/Initial state=constant"});
  for (const char *assignment : {"Ensemble/Initial stress=0.1", "Ensemble/Initial X1=0.001"})
    EXPECT_TRUE(constant != results({"Ensemble/Initial state=constant", assignment})) << assignment;
  const std::string bernoulli = results({"Integrator=bernoulli"});
  EXPECT_TRUE(bernoulli != results({"Integrator=bernoulli", "Strain/Bernoulli increment=2e-4"}));
}

TEST_F(PointCommandTest, AHarvestedTableIsUsedUnlessEquation7IsAskedFor)
{
  const std::string base = results();
  EXPECT_TRUE(base == results({"Material/Elasticity=as harvested"}));
  EXPECT_TRUE(base == results({"Material/Elasticity=energy consistent"}));

  database::EventDatabase database = tiny_database();
  database.elasticity_source = "tabulated";
  database.elasticity_table = database::ElasticityTable{{0.0, 1.5}, {0.0, 0.01}, {}, {}};
  database.elasticity_table->compliance = {0.04, 0.06, 0.05, 0.08};
  database.elasticity_table->standard_error = {0.0, 0.0012, 0.0, 0.0};
  io::write_database(directory / "tiny.h5", database);
  const std::string table = results();
  EXPECT_TRUE(table != base);
  EXPECT_TRUE(table == results({"Material/Elasticity=as harvested"}));
  EXPECT_TRUE(base == results({"Material/Elasticity=energy consistent"}));

  // 0.0012/0.06 = 2 % at one node of four: 1 % rms.
  const std::string summary = file_summary(directory / "tiny.h5");
  for (const char *part :
       {"Elasticity: tabulated", "rms standard error 1.0 %", "25.00    16.67", "20.00    12.50"})
    EXPECT_THAT(summary, HasSubstr(part));
}

TEST_F(PointCommandTest, OnlyThePapersElasticityDriftsInEnergy)
{
  const auto drift = [&](const std::string &choice) {
    const std::string text = results({"Material/Elasticity=" + choice});
    EXPECT_THAT(text, HasSubstr("energy drift"));
    std::istringstream rows(read(*line.output / "summary.csv"));
    std::string header, row;
    std::getline(rows, header);
    std::getline(rows, row);
    std::map<std::string, std::string> values;
    std::istringstream names(header), fields(row);
    for (std::string name, field;
         std::getline(names, name, ',') && std::getline(fields, field, ',');)
      values[name] = field;
    EXPECT_GT(std::stod(values.at("work_GPa")), 0.02);
    return std::stod(values.at("energy_drift_GPa")) / std::stod(values.at("work_GPa"));
  };
  // Output in steps of 0.01 strain: the trapezoids of the work are that coarse.
  EXPECT_NEAR(drift("linear"), 0.0, 1e-10);
  EXPECT_NEAR(drift("energy consistent"), 0.0, 1e-3);
  EXPECT_GT(std::abs(drift("paper")), 1e-2);
}

TEST_F(PointCommandTest, LawVolumeRuleAndEventDirectionChangeThePathsAllDifferently)
{
  const std::vector<std::vector<std::string>> variants = {
      {},
      {"Material/Law=mean flow"},
      {"Material/Law=linear elastic"},
      {"Material/Law=linear elastic", "Material/Shear modulus=20"},
      {"Material/Law=J2", "Material/Yield stress=1"},
      {"Material/Law=J2", "Material/Yield stress=1.1"},
      {"Material/Law=J2", "Material/Yield stress=1", "Material/Hardening modulus=5"},
      {"Material/Event direction=scattered", "Material/Direction spread=0.5"},
      {"Material/Event direction=scattered", "Material/Direction spread=1"},
      {"Ensemble/Volume ratio=3"},
      {"Ensemble/Volume ratio=3", "Ensemble/Volume rule=sub-RVE"}};
  std::set<std::string> found;
  for (const std::vector<std::string> &variant : variants)
    found.insert(results(variant));
  EXPECT_EQ(found.size(), variants.size());

  results({"Material/Law=linear elastic", "Material/Shear modulus=20"});
  EXPECT_NEAR(mean_row("model,fast,0.12")[0], 20 * 0.12, 1e-12);
}

TEST_F(PointCommandTest, OneSubVolumeIsTheVolumeItself)
{
  const std::string scaled = results();
  EXPECT_TRUE(scaled == results({"Ensemble/Volume rule=sub-RVE"}));
}

TEST_F(PointCommandTest, TooManyEventsInOneUpdateAreAnErrorWithTheCure)
{
  line.assignments = {"Material/Largest number of events per update=1"};
  try
  {
    point_command(line);
    FAIL() << "nothing was thrown";
  }
  catch (const StepError &error)
  {
    EXPECT_THAT(error.what(), HasSubstr("\"Strain/Output increment\""));
  }
}

TEST_F(PointCommandTest, PathsOfALabelDoNotDependOnTheOtherLabels)
{
  results();
  const std::vector<double> with = mean_row("model,fast,0.1");
  results({"Ensemble/Labels=fast"});
  EXPECT_EQ(mean_row("model,fast,0.1"), with);
}

TEST_F(PointCommandTest, ParametersThatDoNotFitTogetherAreRefused)
{
  const auto message = [&](const std::string &assignment) {
    line.assignments = {assignment};
    return message_of([&] { point_command(line); });
  };
  EXPECT_THAT(message("Ensemble/Initial X1=0.01"), HasSubstr("only used if"));
  EXPECT_THAT(message("Ensemble/Labels=slow, fats"),
              HasSubstr("no samples labelled \"fats\"; it has slow, fast"));
  EXPECT_THAT(message("Strain/Output increment=0.2"), HasSubstr("must not exceed"));
  EXPECT_THAT(message("Material/Bulk modulus=0"), HasSubstr("must be greater than 0"));
  EXPECT_THAT(message("Material/Yield stress=1"), HasSubstr("only used if"));
  EXPECT_THAT(message("Material/Law=J2"), HasSubstr("must be greater than 0 for the law J2"));
  EXPECT_THAT(message("Material/Shear modulus=20"), HasSubstr("only used if"));
  EXPECT_THAT(message("Material/Direction spread=1"), HasSubstr("only used if"));
  EXPECT_THAT(message("Material/Event direction=scattered"), HasSubstr("must be greater than 0"));
  EXPECT_THAT(message("Database file="), HasSubstr("expected the name of a file"));
  EXPECT_FALSE(std::filesystem::exists(*line.output));
}

TEST_F(PointCommandTest, PointFileHoldsAllPathsAndInfoReadsIt)
{
  results({"Integrator=both"});
  const io::Hdf5Reader file(*line.output / "point.h5");
  const std::vector<double> tau = file.doubles("/model/tau");
  EXPECT_THAT(file.shape("/model/tau"), ::testing::ElementsAre(10, 13));
  EXPECT_THAT(file.shape("/bernoulli/x1"), ::testing::ElementsAre(10, 13));
  EXPECT_EQ(file.strings("/model/label")[9], "fast");
  double mean = 0.0;
  for (std::size_t path = 0; path < 5; ++path)
    mean += tau[13 * path + 12] / 5.0;
  EXPECT_NEAR(mean, mean_row("model,slow,0.12")[0], 1e-12);

  const std::string summary = file_summary(*line.output / "point.h5");
  EXPECT_THAT(summary, HasSubstr("paths of the point model, schema version 1"));
  EXPECT_THAT(summary, HasSubstr("13 rows from 0 to 0.12"));
  EXPECT_THAT(summary, HasSubstr("Ensemble/Paths per label = 5"));
}

TEST_F(PointCommandTest, InfoDescribesADatabase)
{
  const std::string summary = file_summary(directory / "tiny.h5");
  for (const char *part :
       {"event database, schema version 3, written by seem 0.0.0", "Material: tiny",
        "64000.0 A^3 (edge 40.00 A), 4000 atoms, 16.0000 A^3 per atom", "Samples: 3",
        "G0    25 +- 0.5 GPa", "tau   3 bins from 0 to 2.5 GPa", "6 of 6 bins visited",
        "Events: 30 over"})
    EXPECT_THAT(summary, HasSubstr(part));
}

TEST_F(PointCommandTest, InfoRefusesOtherFiles)
{
  const auto message = [&](const std::filesystem::path &path) {
    return message_of([&] { file_summary(path); });
  };
  EXPECT_THAT(message(write("a.txt", "text")), HasSubstr("a.txt: not a file that seem writes"));
  EXPECT_THAT(message(directory / "none.h5"), HasSubstr("none.h5"));
  {
    io::Hdf5Writer file(directory / "foreign.h5");
    file.group("/x");
    file.close();
  }
  EXPECT_THAT(message(directory / "foreign.h5"), HasSubstr("that seem did not write"));
}
