// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/run_command.h>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  class OutputParametersTest : public CommandsTest
  {
  protected:
    Parameters loaded(std::vector<std::string> assignments) const
    {
      assignments.emplace_back("Database file=a.h5");
      assignments.emplace_back("Material/Bulk modulus=150");
      return Parameters::load(RunParameters::declare, write("x.prm", ""), assignments);
    }

    RunParameters parsed(const std::vector<std::string> &assignments) const
    {
      return RunParameters::parse(loaded(assignments));
    }

    OutputParameters output(const std::vector<std::string> &assignments) const
    {
      return parsed(assignments).output;
    }
  };

  TEST_F(OutputParametersTest, Defaults)
  {
    const OutputParameters o = output({});
    EXPECT_EQ(o.field_interval, 0.05);
    EXPECT_EQ(o.field_steps, 0u);
    EXPECT_TRUE(o.field_times.empty());
    EXPECT_EQ(o.peak_drop, 0.05);
    EXPECT_EQ(o.fields.format, solver::FieldFormat::vtu);
    EXPECT_EQ(o.fields.files_per_time, 1u);
    EXPECT_FALSE(o.fields.stress || o.fields.strain);
    EXPECT_FALSE(o.history_hdf5 || o.logs_events());
    EXPECT_FALSE(o.event_filter.smallest_drop || o.event_filter.smallest_plastic_shear ||
                 o.event_filter.region);
  }

  TEST_F(OutputParametersTest, EveryEntryIsRead)
  {
    const OutputParameters o =
        output({"Output/History formats=csv, hdf5", "Output/Field interval=0.25",
                "Output/Field steps=7", "Output/Field times=0.2, 0.1", "Output/Peak drop=0.1",
                "Output/Files per time=3", "Output/Tensor fields=both", "Output/Event log=true",
                "Output/Event formats=hdf5", "Output/Event minimum drop=0.02",
                "Output/Event minimum plastic strain=0.01", "Output/Event region=1, 2, -3, 4"});
    EXPECT_TRUE(o.history_hdf5);
    EXPECT_EQ(o.field_interval, 0.25);
    EXPECT_EQ(o.field_steps, 7u);
    EXPECT_EQ(o.field_times, (std::vector<double>{0.1, 0.2}));
    EXPECT_EQ(o.peak_drop, 0.1);
    EXPECT_EQ(o.fields.files_per_time, 3u);
    EXPECT_TRUE(o.fields.stress && o.fields.strain);
    EXPECT_TRUE(o.event_hdf5);
    EXPECT_FALSE(o.event_csv);
    EXPECT_EQ(o.event_filter.smallest_drop, 0.02);
    EXPECT_EQ(o.event_filter.smallest_plastic_shear, 0.01);
    EXPECT_EQ((*o.event_filter.region)[1], (std::pair<double, double>(-3.0, 4.0)));
    EXPECT_GT((*o.event_filter.region)[2].second, 1e300);
    EXPECT_EQ(o.event_filter_text, "stress drop at least 0.02 GPa, plastic shear strain at least "
                                   "0.01, points in the box 1, 2, -3, 4 nm");
    EXPECT_EQ(output({"Output/Field format=hdf5"}).fields.format, solver::FieldFormat::hdf5);
    EXPECT_FALSE(output({"Output/Tensor fields=stress"}).fields.strain);
    EXPECT_FALSE(output({"Output/Tensor fields=strain"}).fields.stress);
    EXPECT_TRUE(parsed({"Output/Event log=true"}).loading.steps.log_events);
    EXPECT_FALSE(parsed({}).loading.steps.log_events);
  }

  TEST_F(OutputParametersTest, StepsEndAtTheFieldTimes)
  {
    EXPECT_EQ(parsed({"Output/Field times=0.1, 0.05"}).loading.steps.kinks,
              (std::vector<double>{0.05, 0.1}));
  }

  TEST_F(OutputParametersTest, WhatCannotBeIsNamedWithTheCure)
  {
    const auto message = [&](const std::vector<std::string> &assignments) {
      return message_of([&] { output(assignments); });
    };
    EXPECT_THAT(message({"Output/History formats=hdf5"}), HasSubstr("choose csv, or csv, hdf5"));
    EXPECT_THAT(message({"Output/Event formats=csv, csv"}), HasSubstr("names a format twice"));
    EXPECT_THAT(message({"Output/Field format=hdf5", "Output/Files per time=2"}),
                HasSubstr("is only used if \"Output/Field format\" is vtu"));
    EXPECT_THAT(message({"Output/Event minimum drop=0.1"}), HasSubstr("set it to true"));
    EXPECT_THAT(message({"Output/Event log=true", "Output/Event region=0, 1, 2, 1"}),
                HasSubstr("low end 2 is not below its high end 1"));
    EXPECT_THAT(message({"Output/Event log=true", "Output/Event region=0, 1, 0, 1, 0, 1"}),
                HasSubstr("expected x0, x1, y0, y1 in plane strain"));
    EXPECT_THAT(message({"Output/Field times=0.3"}),
                HasSubstr("0.3 is not after the begin, 0, and up to the end, 0.2"));
  }

  TEST_F(OutputParametersTest, AllMistakesOfAFileAreCollected)
  {
    const auto file = write("bad.prm", "set Database file = a.h5\n"
                                       "set Sead = 3\n"
                                       "subsection Material\n"
                                       "  set Bulk modulus = 148\n"
                                       "  set Direction spread = wide\n"
                                       "end\n"
                                       "subsection Sepcimen\n"
                                       "  set Cells = 3\n"
                                       "  set Anything = 3\n"
                                       "end\n"
                                       "subsection Initial state\n"
                                       "  set X1 = 0.01\n"
                                       "end\n"
                                       "subsection Output\n"
                                       "  set History formats = hdf5\n"
                                       "end\n");
    Problems problems;
    const Parameters parameters =
        Parameters::load(RunParameters::declare, file, {"Loading/Kind=bending"}, &problems);
    RunParameters::parse(parameters, &problems);
    const std::vector<std::string> expected = {"bad.prm:2: no such parameter \"Sead\"",
                                               "bad.prm:5: \"Material/Direction spread\": found "
                                               "\"wide\"",
                                               "bad.prm:7: no such section \"Sepcimen\"",
                                               "--set \"Loading/Kind=bending\"",
                                               "bad.prm:12: \"Initial state/X1\"",
                                               "bad.prm:15: \"Output/History formats\""};
    ASSERT_EQ(problems.list().size(), expected.size()) << ::testing::PrintToString(problems.list());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_THAT(problems.list()[i], HasSubstr(expected[i]));
  }
} // namespace
