// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/validation_verdict.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace seem::statistics
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    /// One judged label: yield peak 4 % off with a standard error of 1 %, end stress 1 % off.
    Validation one_label(const double peak_error = 0.02)
    {
      LabelValidation label;
      label.label = "a";
      label.judged = true;
      label.yield_peak = {{2.0, peak_error}, {2.08, 0.0}};
      label.few_paths_peak = {{2.0, peak_error}, {2.02, 0.0}};
      label.end_stress = {{1.0, 0.001}, {0.99, 0.0}};
      label.run_events.per_strain = {500.0, 1.0};
      label.model_events.per_strain = {600.0, 1.0};
      label.tau.rms = 0.1;
      label.x1.rms = 0.002;
      label.dtau.distance.value = 0.05;
      Validation validation;
      validation.labels = {label};
      return validation;
    }

    Thresholds plain()
    {
      Thresholds thresholds;
      thresholds.peak_of_few_paths = false;
      return thresholds;
    }
  } // namespace

  TEST(HoldAgainst, JudgesEachLabel)
  {
    const std::vector<Check> checks = hold_against(one_label(), plain());
    ASSERT_EQ(checks.size(), 2u);
    EXPECT_EQ(checks[0].quantity, "yield peak");
    EXPECT_NEAR(checks[0].value, 4.0, 1e-12);
    EXPECT_EQ(checks[0].limit, 3.0); // two standard errors are 2 %
    EXPECT_FALSE(checks[0].passed);
    EXPECT_NEAR(checks[1].value, -1.0, 1e-12);
    EXPECT_TRUE(checks[1].passed);
    EXPECT_FALSE(passed(checks));
    EXPECT_TRUE(any_judged(checks));
  }

  TEST(HoldAgainst, TakesThePeakOfFewPathsUnlessAskedForAll)
  {
    const std::vector<Check> checks = hold_against(one_label(), {});
    EXPECT_NEAR(checks[0].value, 1.0, 1e-12);
    EXPECT_TRUE(passed(checks));
  }

  TEST(HoldAgainst, WidensToStandardErrorsButNotBeyondTheLargestError)
  {
    EXPECT_NEAR(hold_against(one_label(0.05), plain())[0].limit, 5.0, 1e-12);
    EXPECT_EQ(hold_against(one_label(0.5), plain())[0].limit, 10.0);
    EXPECT_EQ(hold_against(one_label(not_a_number), plain())[0].limit, 3.0);
    Thresholds thresholds = plain();
    thresholds.largest_error = {};
    EXPECT_NEAR(hold_against(one_label(0.5), thresholds)[0].limit, 50.0, 1e-12);
    thresholds.standard_errors = {};
    EXPECT_EQ(hold_against(one_label(0.5), thresholds)[0].limit, 3.0);
  }

  TEST(HoldAgainst, ALabelOfFewGlassesIsReportedNotJudged)
  {
    Validation validation = one_label();
    validation.labels[0].judged = false;
    const std::vector<Check> checks = hold_against(validation, plain());
    EXPECT_FALSE(checks[0].passed);
    EXPECT_TRUE(passed(checks));
    EXPECT_FALSE(any_judged(checks));
  }

  TEST(HoldAgainst, WhatIsNotANumberFails)
  {
    Validation validation = one_label();
    validation.labels[0].end_stress.model.value = not_a_number;
    EXPECT_FALSE(hold_against(validation, plain())[1].passed);
  }

  TEST(HoldAgainst, EveryThresholdJudgesItsNumber)
  {
    Validation validation = one_label();
    validation.labels.push_back(validation.labels[0]);
    validation.labels[1].label = "b";
    Spread spread;
    spread.slow = "a";
    spread.fast = "b";
    spread.x1 = {{0.008, 0.0001}, {0.002, 0.0}};
    validation.spread = {spread};
    Thresholds none;
    none.yield_peak = none.end_stress = {};
    EXPECT_TRUE(hold_against(validation, none).empty());
    for (const auto &[member, low, high, value] :
         {std::tuple(&Thresholds::events, 5.0, 21.0, 20.0),
          std::tuple(&Thresholds::stress_rms, 0.09, 0.11, 0.1),
          std::tuple(&Thresholds::x1_rms, 0.001, 0.003, 0.002),
          std::tuple(&Thresholds::size_distance, 0.04, 0.06, 0.05),
          std::tuple(&Thresholds::spread, 70.0, 80.0, -75.0)})
    {
      Thresholds thresholds = none;
      thresholds.largest_error = {};
      thresholds.*member = low;
      const std::vector<Check> failing = hold_against(validation, thresholds);
      ASSERT_FALSE(failing.empty());
      EXPECT_NEAR(failing[0].value, value, 1e-9);
      EXPECT_FALSE(passed(failing)) << failing[0].quantity;
      thresholds.*member = high;
      EXPECT_TRUE(passed(hold_against(validation, thresholds))) << failing[0].quantity;
    }
  }
} // namespace seem::statistics
