// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/paper_elasticity.h>
#include <seem/law/tabulated_elasticity.h>
#include <seem/statistics/run_survey.h>

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <random>

namespace seem::statistics
{
  namespace
  {
    constexpr double u0 = -4.6, omega = 16.0;

    /// Stresses and energies that wander about, with unloading to negative stresses for a while.
    Trajectory wandering_run(const std::size_t n_rows, const unsigned int seed)
    {
      std::mt19937 generator(seed);
      std::normal_distribution<double> normal;
      Trajectory run;
      run.info.name = "wandering";
      run.info.n_atoms = 1000.0;
      run.info.volume = 1000.0 * omega;
      for (std::size_t i = 0; i < n_rows; ++i)
      {
        const double phase = 0.002 * static_cast<double>(i + 100 * seed);
        run.strain.push_back(1e-3 * static_cast<double>(i));
        run.tau.push_back(2.0 * std::sin(phase) + 0.05 * normal(generator));
        run.energy.push_back(u0 + 0.015 + 0.01 * std::sin(0.7 * phase) +
                             0.0005 * normal(generator));
      }
      return run;
    }

    /// Row by row.
    Range all_x1(const Trajectory &run, const law::Elasticity &elasticity)
    {
      Range result;
      for (std::size_t i = 0; i + 1 < run.n_rows(); ++i)
        if (!(run.tau[i] < 0.0))
          result.add(elasticity.inelastic_energy(run.energy[i] - u0, run.tau[i]));
      return result;
    }

    std::vector<std::unique_ptr<law::Elasticity>> elasticities()
    {
      std::vector<std::unique_ptr<law::Elasticity>> result;
      result.push_back(std::make_unique<law::TaylorElasticity>(25.9, 0.101, 8.4, 2.9, omega));
      result.push_back(std::make_unique<law::PaperElasticity>(25.9, 0.101, 8.4, 2.9, omega));
      result.push_back(std::make_unique<law::TabulatedElasticity>(
          std::vector<double>{0.0, 1.0, 2.0}, std::vector<double>{0.0, 0.02},
          std::vector<double>{0.04, 0.045, 0.06, 0.05, 0.06, 0.09}, omega));
      return result;
    }

    /// Some around the multiples of the block and of what the registers hold.
    const std::vector<std::size_t> lengths = {3,   20,  33,  34,   60,   257,  258,
                                              280, 289, 513, 1030, 1035, 1057, 4000};
  } // namespace

  TEST(RunSurvey, AnEmptyRangeAddsNothing)
  {
    Range range;
    range.add(Range());
    EXPECT_GT(range.low, range.high);
    range.add(2.0);
    range.add(Range());
    EXPECT_EQ(range.low, 2.0);
    EXPECT_EQ(range.high, 2.0);
    EXPECT_TRUE(range.holds(Range()));
    EXPECT_FALSE(Range().holds(range));
  }

  TEST(RunSurvey, TheStressesAreThoseOfTheForwardIncrementsWhateverTheLength)
  {
    for (const std::size_t n : lengths)
    {
      const Trajectory run = wandering_run(n, 1);
      Range expected;
      for (std::size_t i = 0; i + 1 < n; ++i)
        if (!(run.tau[i] < 0.0))
          expected.add(run.tau[i]);
      const RunSurvey found = survey(run);
      EXPECT_EQ(found.tau.low, expected.low) << n;
      EXPECT_EQ(found.tau.high, expected.high) << n;
      EXPECT_EQ(found.blocks.size(),
                (n - 1 + RunSurvey::rows_of_block - 1) / RunSurvey::rows_of_block);
    }
  }

  TEST(RunSurvey, TheRangeOfX1IsThatOfAllForwardIncrementsWhateverTheLength)
  {
    for (const auto &elasticity : elasticities())
      for (const std::size_t n : lengths)
      {
        const Trajectory run = wandering_run(n, 2);
        const Range expected = all_x1(run, *elasticity);
        const Range found =
            x1_range(run, x1_bounds(survey(run), *elasticity, u0), *elasticity, u0, Range());
        EXPECT_EQ(found.low, expected.low) << n;
        EXPECT_EQ(found.high, expected.high) << n;
      }
  }

  TEST(RunSurvey, BlocksWithinWhatIsKnownAreLeftOut)
  {
    for (const auto &elasticity : elasticities())
    {
      std::size_t n_blocks = 0, n_left_out = 0;
      Range known, expected;
      for (unsigned int seed = 0; seed < 20; ++seed)
      {
        const Trajectory run = wandering_run(5000, seed);
        const std::vector<Range> bounds = x1_bounds(survey(run), *elasticity, u0);
        for (const Range &bound : bounds)
        {
          ++n_blocks;
          n_left_out += known.holds(bound);
        }
        known.add(x1_range(run, bounds, *elasticity, u0, known));
        expected.add(all_x1(run, *elasticity));
      }
      EXPECT_EQ(known.low, expected.low);
      EXPECT_EQ(known.high, expected.high);
      EXPECT_GT(n_left_out, n_blocks / 2);
    }
  }

  TEST(RunSurvey, ARunThatOnlyUnloadsHasEmptyRanges)
  {
    Trajectory run = wandering_run(600, 0);
    for (double &tau : run.tau)
      tau = -std::abs(tau) - 1e-3;
    const auto elasticity = elasticities();
    const RunSurvey found = survey(run);
    EXPECT_GT(found.tau.low, found.tau.high);
    const Range x1 =
        x1_range(run, x1_bounds(found, *elasticity[0], u0), *elasticity[0], u0, Range());
    EXPECT_GT(x1.low, x1.high);
  }

  TEST(RunSurvey, RowsThatCannotBeHarvestedAreRefused)
  {
    Trajectory run = wandering_run(100, 0);
    run.tau[50] = std::nan("");
    EXPECT_THROW(survey(run), InputError);
  }
} // namespace seem::statistics
