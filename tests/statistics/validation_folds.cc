// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/validation_folds.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace seem::statistics
{
  namespace
  {
    using ::testing::ElementsAre;

    /// Runs of (label, glass): slow s1 twice, s2; fast f1 twice, f2, f3.
    std::vector<Trajectory> seven_runs()
    {
      std::vector<Trajectory> runs;
      for (const auto &[label, glass] :
           {std::pair("slow", "slow/1"), std::pair("slow", "slow/1"), std::pair("slow", "slow/2"),
            std::pair("fast", "fast/1"), std::pair("fast", "fast/1"), std::pair("fast", "fast/2"),
            std::pair("fast", "fast/3")})
      {
        runs.emplace_back();
        runs.back().info.label = label;
        runs.back().info.glass = glass;
        runs.back().info.name = "run " + std::to_string(runs.size());
      }
      return runs;
    }

    /// No glass (or label) on both sides, nothing forgotten, every run predicted once.
    void expect_sound(const std::vector<Trajectory> &runs, const std::vector<Fold> &folds,
                      std::string SampleInfo::*kind)
    {
      std::multiset<std::size_t> predicted;
      for (const Fold &fold : folds)
      {
        EXPECT_EQ(fold.training.size() + fold.held_out.size(), runs.size());
        EXPECT_FALSE(fold.training.empty());
        std::set<std::string> seen;
        for (const std::size_t run : fold.training)
          seen.insert(runs[run].info.*kind);
        for (const std::size_t run : fold.held_out)
          EXPECT_EQ(seen.count(runs[run].info.*kind), 0u) << fold.name << ", run " << run;
        predicted.insert(fold.held_out.begin(), fold.held_out.end());
      }
      ASSERT_EQ(predicted.size(), runs.size());
      EXPECT_EQ(std::set<std::size_t>(predicted.begin(), predicted.end()).size(), runs.size());
    }
  } // namespace

  TEST(MakeFolds, HoldsOutAllRunsOfAGlassTogether)
  {
    const std::vector<Trajectory> runs = seven_runs();
    const std::vector<Fold> folds = make_folds(runs, HoldOut::glass);
    ASSERT_EQ(folds.size(), 5u);
    expect_sound(runs, folds, &SampleInfo::glass);
    EXPECT_THAT(folds[0].held_out, ElementsAre(0, 1));
    EXPECT_THAT(folds[0].training, ElementsAre(2, 3, 4, 5, 6));
    EXPECT_EQ(folds[0].name, "slow/1");
  }

  TEST(MakeFolds, SpreadsTheGlassesOfALabelOverTheFolds)
  {
    const std::vector<Trajectory> runs = seven_runs();
    const std::vector<Fold> folds = make_folds(runs, HoldOut::glass, 2);
    ASSERT_EQ(folds.size(), 2u);
    expect_sound(runs, folds, &SampleInfo::glass);
    EXPECT_THAT(folds[0].held_out, ElementsAre(0, 1, 3, 4, 6)); // slow/1, fast/1, fast/3
    EXPECT_EQ(folds[0].name, "slow/1 and 2 more");
  }

  TEST(MakeFolds, HoldsOutWholeLabels)
  {
    const std::vector<Trajectory> runs = seven_runs();
    const std::vector<Fold> folds = make_folds(runs, HoldOut::label);
    ASSERT_EQ(folds.size(), 2u);
    expect_sound(runs, folds, &SampleInfo::label);
    EXPECT_THAT(folds[1].held_out, ElementsAre(3, 4, 5, 6));
    EXPECT_EQ(folds[1].name, "fast");
  }

  TEST(MakeFolds, GlassesOfOneNumberInTwoLabelsAreTwo)
  {
    std::vector<Trajectory> runs = seven_runs();
    for (Trajectory &run : runs)
      run.info.glass = "1";
    EXPECT_EQ(make_folds(runs, HoldOut::glass).size(), 2u);
    for (Trajectory &run : runs)
      run.info.glass = "";
    EXPECT_EQ(make_folds(runs, HoldOut::glass).size(), 7u);
  }

  TEST(MakeFolds, WithoutHoldOutTheModelPredictsItsOwnRuns)
  {
    const std::vector<Fold> folds = make_folds(seven_runs(), HoldOut::none);
    ASSERT_EQ(folds.size(), 1u);
    EXPECT_EQ(folds[0].training, folds[0].held_out);
    EXPECT_EQ(folds[0].training.size(), 7u);
  }

  TEST(MakeFolds, RefusesWhatLeavesNothing)
  {
    std::vector<Trajectory> runs = seven_runs();
    EXPECT_THROW(make_folds(runs, HoldOut::glass, 6), InputError);
    EXPECT_THROW(make_folds(runs, HoldOut::glass, 1), InputError);
    EXPECT_THROW(make_folds({}, HoldOut::none), InputError);
    runs.resize(2);
    EXPECT_THROW(make_folds(runs, HoldOut::glass), InputError);
    EXPECT_THROW(make_folds(runs, HoldOut::label), InputError);
  }

  TEST(HoldOutName, IsReadBack)
  {
    for (const HoldOut kind : {HoldOut::glass, HoldOut::label, HoldOut::none})
      EXPECT_EQ(hold_out(name(kind)), kind);
    EXPECT_THROW(hold_out("glas"), InputError);
  }
} // namespace seem::statistics
