// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include "support/synthetic_glass.h"

#include <seem/commands/validate_command.h>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  /// Runs of a synthetic glass: labels slow and fast of three glasses each, one of them sheared
  /// twice.
  class ValidateCommandTest : public CommandsTest
  {
  protected:
    ValidateCommandTest()
    {
      const tests::SyntheticGlass glass;
      std::string manifest = "file,atoms,volume_A3,label,cooling_rate_K_per_s,quench\n";
      const auto rate = [](const State &s) { return 100.0 + 300.0 * s.tau; };
      for (unsigned int i = 0; i < 7; ++i)
      {
        const bool slow = i < 4;
        statistics::Trajectory run = glass.shear(make_state(0.02 * i - 0.06, 0.002 + 5e-4 * i),
                                                 1500, 1e-4, tests::poisson(rate, 1e-4, 70 + i));
        tests::add_noise(run, 1e-5, 1e-6, 90 + i);
        std::string table = "strain pe_eV tau_GPa\n";
        for (std::size_t row = 0; row < run.n_rows(); ++row)
          table += fmt::format("{:.10g} {:.12g} {:.10g}\n", run.strain[row],
                               run.energy[row] * glass.n_atoms, run.tau[row]);
        write(fmt::format("run{}.txt", i), table);
        manifest += fmt::format("run{}.txt,{},{},{},{},{}\n", i, glass.n_atoms, glass.volume,
                                slow ? "slow" : "fast", slow ? "1e10" : "1e13", i == 3 ? 2 : i);
      }
      write("manifest.csv", manifest);
      line.parameter_file = write("x.prm", "set Figures = false\n"
                                           "subsection Runs\n"
                                           "  set Manifest = manifest.csv\n"
                                           "end\n"
                                           "subsection Grid\n"
                                           "  set Stress bins = 8\n"
                                           "  set X1 bins = 5\n"
                                           "end\n"
                                           "subsection Validation\n"
                                           "  set Paths per run = 4\n"
                                           "  set Hold out = glass\n"
                                           "  set Folds = 3\n"
                                           "end\n"
                                           "subsection Thresholds\n"
                                           "  set Yield peak = 50\n"
                                           "  set End stress = 50\n"
                                           "  set Largest error = none\n"
                                           "end\n");
      line.output = directory / "out";
      line.overwrite = true;
    }

    int validate(const std::vector<std::string> &assignments = {})
    {
      line.assignments = assignments;
      ::testing::internal::CaptureStdout();
      ::testing::internal::CaptureStderr();
      const int status = validate_command(line);
      errors = ::testing::internal::GetCapturedStderr();
      output = ::testing::internal::GetCapturedStdout();
      EXPECT_THAT(output, HasSubstr(read(*line.output / "validation.txt")));
      return status;
    }

    /// Everything that is written but the settings.
    std::string results(const std::vector<std::string> &assignments = {})
    {
      validate(assignments);
      nlohmann::json document = json();
      document.erase("settings");
      std::string text = document.dump();
      for (const char *name : {"validation.txt", "curves.csv", "labels.csv", "folds.csv",
                               "events.csv", "sizes.csv", "hazard.csv"})
        text += read(*line.output / name);
      return text;
    }

    nlohmann::json json() const
    {
      return nlohmann::json::parse(read(*line.output / "validation.json"));
    }

    CommandLine line;
    std::string output, errors;
  };
} // namespace

TEST_F(ValidateCommandTest, PredictsEveryRunFromHarvestsWithoutItsGlass)
{
  EXPECT_EQ(validate({"Validation/Hold out=glass, label, none", "Validation/Folds=0"}), 0);
  const nlohmann::json document = json();
  EXPECT_TRUE(document["passed"]);
  EXPECT_TRUE(document["judged"]);
  ASSERT_EQ(document["hold_outs"].size(), 3u);
  const nlohmann::json &glass = document["hold_outs"][0];
  EXPECT_EQ(glass["folds"].size(), 6u);
  EXPECT_EQ(glass["folds"][2]["held_out"], "slow/2");
  EXPECT_EQ(glass["folds"][2]["n_held_out_runs"], 2);
  EXPECT_EQ(glass["folds"][2]["n_training_runs"], 5);
  EXPECT_EQ(document["hold_outs"][1]["folds"].size(), 2u);
  EXPECT_EQ(document["hold_outs"][2]["folds"].size(), 1u);
  ASSERT_EQ(glass["labels"].size(), 2u);
  EXPECT_EQ(glass["labels"][0]["label"], "slow");
  EXPECT_EQ(glass["labels"][0]["n_runs"], 4);
  EXPECT_EQ(glass["labels"][0]["n_glasses"], 3);
  EXPECT_EQ(glass["labels"][0]["n_paths"], 16);
  // The law of this glass is simple: its harvest predicts it.
  for (const nlohmann::json &label : glass["labels"])
  {
    EXPECT_LT(std::abs(double(label["end_stress_GPa"]["difference_percent"])), 15.0);
    EXPECT_LT(double(label["mean_stress_GPa"]["rms"]), 0.1);
    EXPECT_LT(std::abs(double(label["events"]["per_unit_strain"]["difference_percent"])), 15.0);
  }
  EXPECT_THAT(output, HasSubstr("Passed."));
}

TEST_F(ValidateCommandTest, FailsAThresholdWithAStatusOfItsOwn)
{
  const std::vector<std::string> strict = {"Thresholds/End stress=0",
                                           "Thresholds/Standard errors=none"};
  EXPECT_EQ(validate(strict), validation_failed_status);
  EXPECT_EQ(validation_failed_status, 2);
  EXPECT_THAT(output, HasSubstr("FAILED"));
  EXPECT_FALSE(json()["passed"]);

  std::vector<std::string> few = strict;
  few.push_back("Validation/Judged glasses=4");
  EXPECT_EQ(validate(few), 0);
  EXPECT_THAT(output, HasSubstr("no label has enough glasses"));
  EXPECT_EQ(validate({"Thresholds/End stress=none", "Thresholds/Yield peak=none"}), 0);
  EXPECT_THAT(output, HasSubstr("Nothing is judged"));
}

TEST_F(ValidateCommandTest, NeitherThreadsNorOtherHoldOutsChangeTheResults)
{
  const std::string one = results({"Threads=1"});
  EXPECT_TRUE(one == results({"Threads=3"}));
  const nlohmann::json alone = json()["hold_outs"][0];
  validate({"Validation/Hold out=none, glass"});
  EXPECT_EQ(json()["hold_outs"][1]["labels"][0]["end_stress_GPa"],
            alone["labels"][0]["end_stress_GPa"]);
}

TEST_F(ValidateCommandTest, EveryParameterChangesSomething)
{
  const std::string base = results();
  ASSERT_TRUE(base == results());
  for (const char *assignment : {"Elasticity/Source=linear",
                                 "Events/Definition=stress drop",
                                 "Grid/Stress bins=4",
                                 "Estimator/Kind=pooled bins",
                                 "Law/Elasticity=linear",
                                 "Law/Energy bound=report",
                                 "Law/Energy bound=redraw",
                                 "Validation/Hold out=none",
                                 "Validation/Folds=2",
                                 "Validation/Paths per run=5",
                                 "Validation/Seed=2",
                                 "Validation/Output increment=0.002",
                                 "Validation/Peak window=0.02",
                                 "Validation/End window=0.02",
                                 "Validation/Event window=0.02",
                                 "Validation/State bins=4",
                                 "Validation/Judged glasses=4",
                                 "Thresholds/Yield peak=40",
                                 "Thresholds/Peak of=as few paths as runs",
                                 "Thresholds/End stress=40",
                                 "Thresholds/Events=40",
                                 "Thresholds/Spread of X1=1000",
                                 "Thresholds/Standard errors=40",
                                 "Thresholds/Largest error=20",
                                 "Thresholds/Stress rms=1",
                                 "Thresholds/X1 rms=1",
                                 "Thresholds/Event size distance=1"})
    EXPECT_TRUE(base != results({assignment})) << assignment;
}

TEST_F(ValidateCommandTest, RefusesWhatCannotBeValidated)
{
  const auto message = [&](const std::vector<std::string> &assignments) {
    line.assignments = assignments;
    return message_of([&] { validate_command(line); });
  };
  EXPECT_THAT(message({"Validation/Folds=9"}), HasSubstr("9 folds of 6 glasses"));
  EXPECT_THAT(message({"Validation/Hold out=glass, glass"}), HasSubstr("names one thing twice"));
  EXPECT_THAT(message({"Validation/Event window=1"}), HasSubstr("windows of 1 do not fit"));
  EXPECT_FALSE(std::filesystem::exists(*line.output));
}

TEST_F(ValidateCommandTest, ASingleLabelIsNotHeldOut)
{
  std::string manifest = read(directory / "manifest.csv");
  for (std::size_t at; (at = manifest.find("fast")) != std::string::npos;)
    manifest.replace(at, 4, "slow");
  write("manifest.csv", manifest);
  EXPECT_EQ(validate({"Validation/Hold out=glass, label"}), 0);
  EXPECT_THAT(errors, HasSubstr("all runs are of one label"));
  EXPECT_EQ(json()["hold_outs"].size(), 1u);
}
