// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/scratch_runs.h>
#include <seem/statistics/ordered_work.h>

namespace seem::io
{
  namespace
  {
    statistics::Trajectory run(const std::size_t i)
    {
      statistics::Trajectory run;
      run.info.name = "run " + std::to_string(i);
      run.info.n_atoms = 4000;
      run.info.volume = 64000;
      for (std::size_t k = 0; k < 100 + 10 * i; ++k)
      {
        run.strain.push_back(1e-4 * static_cast<double>(k));
        run.tau.push_back(static_cast<double>(i) + 1.0 / static_cast<double>(k + 3));
        run.energy.push_back(-4.6 - static_cast<double>(k * i));
      }
      return run;
    }

    class ScratchRunsTest : public IoTest
    {
    };

    TEST_F(ScratchRunsTest, RunsComeBackBitForBitFromMemoryAndFromTheFile)
    {
      ScratchRuns runs(6, directory, 5000); // the first two of 2400 and 2640 bytes do not fit
      statistics::ordered_work(
          6, 3,
          [&](const std::size_t i) {
            runs.store(5 - i, run(5 - i), statistics::survey(run(5 - i)));
            return i;
          },
          [](const std::size_t, const std::size_t) {});
      EXPECT_GT(runs.scratch_size(), 10000u);
      EXPECT_TRUE(std::filesystem::is_empty(directory)); // it has no name
      for (std::size_t i = 0; i < 6; ++i)
      {
        const statistics::Trajectory expected = run(i);
        const auto found = runs.load(i);
        EXPECT_EQ(found->strain, expected.strain);
        EXPECT_EQ(found->tau, expected.tau);
        EXPECT_EQ(found->energy, expected.energy);
        EXPECT_EQ(found->info.name, expected.info.name);
        EXPECT_EQ(runs.n_rows(i), expected.n_rows());
        const statistics::RunSurvey here = runs.survey(i), there = statistics::survey(expected);
        EXPECT_EQ(here.last_strain, there.last_strain);
        EXPECT_EQ(here.tau.high, there.tau.high);
        EXPECT_EQ(here.initial.energy, there.initial.energy);
        EXPECT_EQ(here.work_ratio, there.work_ratio);
      }
    }

    TEST_F(ScratchRunsTest, RunsOfEqualStrainsShareThemInTheFile)
    {
      const auto numbered = [](const std::size_t i) {
        statistics::Trajectory result = run(i == 2 ? 3 : 1);
        result.tau[0] = static_cast<double>(i);
        if (i > 2)
          result.strain.back() += 1.0;
        return result;
      };
      ScratchRuns runs(5, directory, 0);
      for (std::size_t i = 0; i < 5; ++i)
        runs.store(i, numbered(i), {});
      // 110 rows, the same, 130 rows, 110 other rows, the same
      EXPECT_EQ(runs.scratch_size(), 8u * (3 * 110 + 2 * 110 + 3 * 130 + 3 * 110 + 2 * 110));
      for (const std::size_t i : {0u, 4u, 2u, 1u, 3u, 2u, 0u})
      {
        const auto found = runs.load(i), another = runs.load((i + 1) % 5);
        const statistics::Trajectory expected = numbered(i);
        EXPECT_EQ(found->strain, expected.strain);
        EXPECT_EQ(found->tau, expected.tau);
        EXPECT_EQ(found->energy, expected.energy);
        EXPECT_EQ(another->tau[0], static_cast<double>((i + 1) % 5));
      }
    }

    TEST_F(ScratchRunsTest, APlaceThatIsNotThereIsNamedWithTheCure)
    {
      ScratchRuns runs(1, directory / "nowhere", 0);
      try
      {
        runs.store(0, run(0), {});
        FAIL();
      }
      catch (const Error &error)
      {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("nowhere"));
        EXPECT_THAT(error.what(), ::testing::HasSubstr("TMPDIR"));
      }
    }
  } // namespace
} // namespace seem::io
