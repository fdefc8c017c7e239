// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/field_schedule.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace seem::commands;

namespace
{
  /// The reasons after steps that end at @p times.
  std::vector<std::string> reasons(FieldSchedule &schedule, const std::vector<double> &times,
                                   const std::vector<double> &stresses = {})
  {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < times.size(); ++i)
      result.push_back(schedule.reasons(static_cast<unsigned int>(i + 1), times[i],
                                        stresses.empty() ? 0.0 : stresses[i]));
    return result;
  }

  using Texts = std::vector<std::string>;

  TEST(FieldSchedule, MultiplesOfTheIntervalAreDueWhenReachedOrPassedAndTheEndAlways)
  {
    OutputParameters parameters;
    parameters.field_interval = 0.1;
    FieldSchedule schedule(parameters, 0.0, 0.5);
    // 0.1 is reached, 0.2 passed; one step passes 0.3 and 0.4.
    EXPECT_EQ(reasons(schedule, {0.05, 0.1, 0.15, 0.22, 0.45, 0.49, 0.5}),
              (Texts{"", "interval", "", "interval", "interval", "", "interval+end"}));

    parameters.field_interval = 0.0;
    FieldSchedule none(parameters, 0.0, 0.5);
    EXPECT_EQ(reasons(none, {0.1, 0.5}), (Texts{"", "end"}));
  }

  TEST(FieldSchedule, RoundOffOfTheTimesDoesNotMatter)
  {
    OutputParameters parameters;
    parameters.field_interval = 0.1;
    FieldSchedule schedule(parameters, 1.0, 2.0);
    double t = 1.0;
    for (int i = 1; i <= 100; ++i)
    {
      t = i < 100 ? t + 0.01 : 2.0; // sums miss the multiples by round-off, on either side
      const std::string found = schedule.reasons(static_cast<unsigned int>(i), t, 0.0);
      EXPECT_EQ(found.find("interval") != std::string::npos, i % 10 == 0) << i;
    }
  }

  TEST(FieldSchedule, StepsAndListedTimesAreDue)
  {
    OutputParameters parameters;
    parameters.field_steps = 3;
    parameters.field_times = {0.15, 0.4};
    FieldSchedule schedule(parameters, 0.0, 0.5);
    EXPECT_EQ(reasons(schedule, {0.1, 0.15, 0.2, 0.3, 0.4, 0.5}),
              (Texts{"", "time", "steps", "", "time", "steps+end"}));
  }

  TEST(FieldSchedule, ThePeakIsDueOnceWhenTheStressHasFallenByItsShare)
  {
    OutputParameters parameters;
    parameters.peak_drop = 0.1;
    FieldSchedule schedule(parameters, 0.0, 1.0);
    // The largest so far is 2; 1.85 is not below 1.8, 1.75 is; what follows is no second peak.
    EXPECT_EQ(reasons(schedule, {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, {1.0, 2.0, 1.85, 1.75, 3.0, 1.0}),
              (Texts{"", "", "", "peak", "", ""}));

    FieldSchedule negative(parameters, 0.0, 1.0);
    EXPECT_EQ(reasons(negative, {0.1, 0.2}, {-2.0, -1.0}), (Texts{"", "peak"}));
    parameters.peak_drop = 0.0;
    FieldSchedule none(parameters, 0.0, 1.0);
    EXPECT_EQ(reasons(none, {0.1, 0.2}, {2.0, 0.0}), (Texts{"", ""}));
  }

  TEST(FieldSchedule, GoesOnFromItsMemory)
  {
    OutputParameters parameters;
    parameters.field_interval = 0.1;
    parameters.peak_drop = 0.1;
    FieldSchedule first(parameters, 0.0, 1.0), second(parameters, 0.0, 1.0);
    reasons(first, {0.1, 0.2}, {1.0, 2.0});
    second.resume(first.memory());
    EXPECT_EQ(second.reasons(3, 0.25, 1.0), "peak");
    EXPECT_EQ(second.reasons(4, 0.3, 1.0), "interval");
  }
} // namespace
