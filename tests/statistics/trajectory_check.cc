// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/trajectory_check.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/synthetic_glass.h"

namespace seem::statistics
{
  namespace
  {
    Trajectory elastic_run(const std::string &name = "run.txt")
    {
      Trajectory run = tests::SyntheticGlass().shear(tests::state(0.0, 0.0), 50, 1e-3, {});
      run.info.name = name;
      return run;
    }

    std::string message_after(const std::function<void(Trajectory &)> &damage)
    {
      std::vector<Trajectory> runs = {elastic_run("first.txt"), elastic_run("second.txt")};
      damage(runs[1]);
      try
      {
        check(runs);
      }
      catch (const InputError &error)
      {
        return error.what();
      }
      return "accepted";
    }
  } // namespace

  using ::testing::AllOf;
  using ::testing::HasSubstr;

  TEST(TrajectoryCheck, AcceptsAConsistentRun)
  {
    EXPECT_EQ(message_after([](auto &) {}), "accepted");
  }

  TEST(TrajectoryCheck, NamesSampleAndRow)
  {
    EXPECT_THAT(message_after([](auto &t) { t.tau[6] = std::nan(""); }),
                AllOf(HasSubstr("'second.txt'"), HasSubstr("row 7")));
    EXPECT_THAT(message_after([](auto &t) { t.strain[9] = t.strain[8]; }),
                AllOf(HasSubstr("'second.txt'"), HasSubstr("row 10")));
  }

  TEST(TrajectoryCheck, RefusesIncompleteRuns)
  {
    EXPECT_THAT(message_after([](auto &t) { t.tau.pop_back(); }), HasSubstr("equal length"));
    EXPECT_THAT(message_after([](auto &t) { t.info.n_atoms = 0; }), HasSubstr("atoms"));
    EXPECT_THAT(message_after([](auto &t) { t.info.volume = -1; }), HasSubstr("volume"));
    EXPECT_THAT(message_after([](auto &t) {
                  t.strain.resize(2);
                  t.tau.resize(2);
                  t.energy.resize(2);
                }),
                HasSubstr("at least 3"));
    EXPECT_THROW(check(std::vector<Trajectory>()), InputError);
  }

  TEST(TrajectoryCheck, RefusesARunOfAnotherSize)
  {
    EXPECT_THAT(message_after([](auto &t) {
                  t.info.n_atoms *= 2;
                  t.info.volume *= 2;
                }),
                HasSubstr("representative volumes"));
  }

  TEST(TrajectoryCheck, SeesAWrongSignUnitOrTotalEnergy)
  {
    EXPECT_NEAR(work_ratio(elastic_run()), 1.0, 2e-5); // the trapezoid rule at increments of 1e-3
    const std::string wrong = "do not belong together";
    EXPECT_THAT(message_after([](auto &t) {
                  for (double &tau : t.tau)
                    tau = -tau;
                }),
                HasSubstr(wrong));
    EXPECT_THAT(message_after([](auto &t) {
                  for (double &tau : t.tau)
                    tau *= 10.0;
                }),
                HasSubstr(wrong));
    EXPECT_THAT(message_after([](auto &t) {
                  for (double &energy : t.energy)
                    energy *= t.info.n_atoms;
                }),
                HasSubstr(wrong));
  }

  TEST(GlassNumbers, AreOnePerLabelAndGlassAndOnePerRunWithoutGlass)
  {
    std::vector<Trajectory> runs(6);
    const char *labels[] = {"q8", "q8", "q10", "q8", "q8", "q8"};
    const char *glasses[] = {"1", "2", "1", "1", "", ""};
    for (std::size_t i = 0; i < 6; ++i)
    {
      runs[i].info.label = labels[i];
      runs[i].info.glass = glasses[i];
    }
    EXPECT_EQ(glass_numbers(runs), (std::vector<std::size_t>{0, 1, 2, 0, 3, 4}));
  }
} // namespace seem::statistics
