// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/harvest_command.h>
#include <seem/io/database_file.h>

#include <fmt/format.h>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  /// Harvests two of the runs that ship with seem.
  class HarvestCommandTest : public CommandsTest
  {
  protected:
    HarvestCommandTest()
    {
      const std::filesystem::path data = std::filesystem::path(SEEM_SOURCE_DIR) / "data/cu64zr36";
      std::string manifest = "file,atoms,volume_A3,label,cooling_rate_K_per_s,quench\n";
      for (const char *name : {"q10_s1_d1,10", "q10_s2_d1,11", "q12_s1_d0,12"})
      {
        const std::string id = name;
        manifest += fmt::format("{},4000,64800,q,1e13,{}\n",
                                (data / ("cu64zr36_" + id.substr(0, 9) + ".aqs.gz")).string(),
                                id.substr(10));
      }
      write("manifest.csv", manifest);
      line.parameter_file = write("x.prm", "subsection Runs\n"
                                           "  set Manifest = manifest.csv\n"
                                           "end\n"
                                           "subsection Standard errors\n"
                                           "  set Resamples = 3\n"
                                           "end\n");
      line.output = directory / "out";
      line.overwrite = true;
    }

    /// Report and database of a harvest as one text, without the settings.
    std::string results(const std::vector<std::string> &assignments = {},
                        const std::string &file = "events.h5")
    {
      line.assignments = assignments;
      ::testing::internal::CaptureStdout();
      EXPECT_EQ(harvest_command(line), 0);
      const std::string output = ::testing::internal::GetCapturedStdout();
      const std::string report = read(*line.output / "report.txt");
      EXPECT_THAT(output, HasSubstr(report));
      EXPECT_THAT(read(*line.output / "report.json"), HasSubstr("\"kind\": \"harvest report\""));
      const database::EventDatabase db = io::read_database(*line.output / file);
      std::string text = report + db.material;
      for (const database::Axis &axis : db.axes)
        text += fmt::format("{}", fmt::join(axis.edges, " "));
      for (const database::FittedNumber &number :
           {db.elasticity.g0, db.elasticity.u_a, db.elasticity.tau_a, db.elasticity.tau_b})
        text += fmt::format(" {}+-{}", number.value, number.standard_error);
      return text + fmt::format(" {} {} {} {}", db.u0, db.minimum_events, db.events.size(),
                                db.events.size() > 0 ? db.events.x[0][0] : 0.0);
    }

    CommandLine line;
  };
} // namespace

TEST_F(HarvestCommandTest, EveryParameterChangesSomething)
{
  const std::string base = results();
  ASSERT_TRUE(base == results());
  for (const char *assignment : {"Material=glass",
                                 "Elasticity/Source=tabulated",
                                 "Elasticity/Source=loading curve",
                                 "Elasticity/Source=linear",
                                 "Elasticity/Reference energy=-4.44",
                                 "Elasticity/First strain=0.01",
                                 "Elasticity/Fit rows=4000",
                                 "Elasticity/Piece strain=0.002",
                                 "Elasticity/Robust scale=1",
                                 "Events/Definition=stress drop",
                                 "Events/Definition=stress deficit",
                                 "Events/Definition=energy loss",
                                 "Events/Energy floor=1e-3",
                                 "Events/Deficit floor=0.01",
                                 "Events/Floor factor=30",
                                 "Events/Merge consecutive=true",
                                 "Grid/Stress bins=7",
                                 "Grid/X1 bins=9",
                                 "Grid/Stress range=0, 4",
                                 "Grid/X1 range=-0.1, 0.1",
                                 "Grid/Minimum events=3",
                                 "Standard errors/Resamples=0",
                                 "Standard errors/Seed=2"})
    EXPECT_TRUE(base != results({assignment})) << assignment;

  const std::string drop = results({"Events/Definition=stress drop"});
  EXPECT_NE(drop, results({"Events/Definition=stress drop", "Events/Drop floor=0.05"}));
  const std::string curve = results({"Elasticity/Source=loading curve"});
  EXPECT_NE(curve, results({"Elasticity/Source=loading curve", "Elasticity/Loading strain=0.03"}));

  const std::string table = results({"Elasticity/Source=tabulated"});
  for (const char *assignment : {"Elasticity/Table stress nodes=5", "Elasticity/Table X1 nodes=4",
                                 "Elasticity/Table curvature=1"})
    EXPECT_NE(table, results({"Elasticity/Source=tabulated", assignment})) << assignment;

  const std::vector<std::string> given = {"Elasticity/Source=given", "Elasticity/G0=30"};
  const std::string plain = results(given);
  for (const char *assignment :
       {"Elasticity/G0=31", "Elasticity/uA=0.2", "Elasticity/tauA=9", "Elasticity/tauB=5"})
    EXPECT_NE(plain, results({given[0], given[1], assignment})) << assignment;
}

TEST_F(HarvestCommandTest, ThreadsAndTheScratchDirectoryChangeNothing)
{
  const std::string base = results({"Threads=1"});
  EXPECT_EQ(base, results({"Threads=3", "Scratch directory=" + directory.string()}));
}

TEST_F(HarvestCommandTest, TheDatabaseKnowsItsSettings)
{
  results({"Database file=other.h5", "Grid/Stress bins=7"}, "other.h5");
  const database::EventDatabase db = io::read_database(*line.output / "other.h5");
  EXPECT_EQ(db.settings.at("tau bins"), "7");
  EXPECT_EQ(db.settings.at("Runs/Manifest"), "manifest.csv");
  EXPECT_EQ(db.axes[0].n_bins(), 7u);
  EXPECT_EQ(db.samples.size(), 3u);
}

TEST_F(HarvestCommandTest, ATableAndItsSourceAreInTheDatabase)
{
  const std::string report =
      results({"Elasticity/Source=tabulated", "Elasticity/Table X1 nodes=4"});
  EXPECT_THAT(report, HasSubstr("Elasticity: tabulated"));
  EXPECT_THAT(report, HasSubstr("table of 8 x 4 nodes"));
  const database::EventDatabase db = io::read_database(*line.output / "events.h5");
  EXPECT_EQ(db.elasticity_source, "tabulated");
  EXPECT_EQ(db.settings.at("table X1 nodes"), "4");
  ASSERT_TRUE(db.elasticity_table.has_value());
  EXPECT_EQ(db.elasticity_table->tau.size(), 8u);
  EXPECT_EQ(db.elasticity_table->x1.size(), 4u);
  EXPECT_GT(db.elasticity_table->relative_error(), 0.0);

  results();
  const database::EventDatabase other = io::read_database(*line.output / "events.h5");
  EXPECT_EQ(other.elasticity_source, "branch fit");
  EXPECT_FALSE(other.elasticity_table.has_value());
}

TEST_F(HarvestCommandTest, ParametersThatDoNotFitTogetherAreRefused)
{
  const auto message = [&](const std::vector<std::string> &assignments) {
    line.assignments = assignments;
    return message_of([&] { harvest_command(line); });
  };
  EXPECT_THAT(message({"Elasticity/Source=given"}), HasSubstr("\"Elasticity/G0\""));
  EXPECT_THAT(message({"Elasticity/tauA=3"}), HasSubstr("only used if \"Elasticity/Source\""));
  EXPECT_THAT(message({"Grid/Stress range=2, 1"}), HasSubstr("smaller than the second"));
  EXPECT_THAT(message({"Database file=a/b.h5"}), HasSubstr("without directories"));
  EXPECT_THAT(message({"Runs/Stress unit=psi"}), HasSubstr("GPa, MPa"));
  EXPECT_THAT(message({"Runs/Stress column="}), HasSubstr("name or number of a column"));
  EXPECT_THAT(message({"Runs/Stress column=tau"}), HasSubstr("tau"));
  EXPECT_FALSE(std::filesystem::exists(*line.output));
}

TEST_F(HarvestCommandTest, TheTableFormatIsTakenOver)
{
  const auto format = [&](const std::vector<std::string> &assignments) {
    return HarvestParameters::parse(
               Parameters::load(HarvestParameters::declare, line.parameter_file, assignments))
        .runs.format;
  };
  EXPECT_EQ(format({}).energy_kind, io::EnergyKind::total);
  EXPECT_EQ(format({}).layout, io::FileLayout::automatic);
  EXPECT_EQ(format({}).stress_sign, 1.0);
  EXPECT_EQ(format({"Runs/Energy=per atom"}).energy_kind, io::EnergyKind::per_atom);
  EXPECT_EQ(format({"Runs/Layout=table"}).layout, io::FileLayout::table);
  EXPECT_EQ(format({"Runs/Layout=LAMMPS log"}).layout, io::FileLayout::lammps_log);
  EXPECT_EQ(format({"Runs/Stress sign=-1"}).stress_sign, -1.0);
  EXPECT_EQ(format({"Runs/Stress unit=bar"}).stress_unit, "bar");
  EXPECT_EQ(format({"Runs/Strain column=Xy/Ly"}).strain_column, "Xy/Ly");
  EXPECT_EQ(format({"Runs/Energy column=PotEng"}).energy_column, "PotEng");
  EXPECT_EQ(format({"Runs/Stress column=5"}).stress_column, "5");
  EXPECT_EQ(format({"Runs/Row prefix=!"}).row_prefix, "!");
}
