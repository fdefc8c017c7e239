// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/validation.h>

#include <gtest/gtest.h>

#include <cmath>

namespace seem::statistics
{
  namespace
  {
    /// tau rises to @p peak at 0.1, falls to @p end at 0.2 and stays to 0.3; X1 and u constant;
    /// events every 0.005.
    ValidationPath triangle(const std::string &label, const std::string &cluster, const double peak,
                            const double end, const double x1 = 0.02)
    {
      ValidationPath path;
      path.label = label;
      path.cluster = cluster;
      path.run = cluster;
      path.cooling_rate = label == "slow" ? 1e12 : 1e13;
      for (int i = 0; i <= 300; ++i)
      {
        const double strain = 0.001 * i;
        path.strain.push_back(strain);
        path.tau.push_back(i < 100   ? peak * strain / 0.1
                           : i < 200 ? peak + (end - peak) * (strain - 0.1) / 0.1
                                     : end);
        path.x1.push_back(x1);
        path.u.push_back(2.0 * x1);
        if (i % 5 == 2)
        {
          path.events.strain.push_back(strain);
          path.events.tau.push_back(path.tau.back());
          path.events.x1.push_back(x1);
          path.events.dtau.push_back(0.01);
          path.events.heat.push_back(0.1);
          path.events.plastic_strain.push_back(1e-3);
        }
      }
      return path;
    }

    ValidationPath replica(ValidationPath path, const std::size_t number)
    {
      path.cluster.clear();
      path.replica = number;
      return path;
    }

    /// Three glasses each of two labels.
    std::vector<ValidationPath> six_runs()
    {
      std::vector<ValidationPath> runs;
      for (const int k : {-1, 0, 1})
      {
        runs.push_back(triangle("fast", "f" + std::to_string(k), 2.0 + 0.1 * k, 1.0, 0.030));
        runs.push_back(triangle("slow", "s" + std::to_string(k), 2.4 + 0.1 * k, 1.2, 0.020));
      }
      return runs;
    }

    /// Model paths that are the runs themselves, with the stress times @p factor.
    std::vector<ValidationPath> copies(const std::vector<ValidationPath> &runs, const double factor)
    {
      std::vector<ValidationPath> model;
      for (const ValidationPath &run : runs)
        for (std::size_t k = 0; k < 4; ++k)
        {
          model.push_back(replica(run, k));
          for (double &tau : model.back().tau)
            tau *= factor;
        }
      return model;
    }
  } // namespace

  TEST(Validation, AModelThatIsTheRunsHasNoError)
  {
    const std::vector<ValidationPath> runs = six_runs();
    const Validation v = validate(runs, copies(runs, 1.0));
    ASSERT_EQ(v.labels.size(), 2u);
    EXPECT_EQ(v.labels[0].label, "slow"); // slowest first, not by the alphabet
    for (const LabelValidation &label : v.labels)
    {
      EXPECT_NEAR(label.tau.rms, 0.0, 1e-12);
      EXPECT_NEAR(label.x1.rms, 0.0, 1e-12);
      EXPECT_NEAR(label.yield_peak.percent(), 0.0, 1e-9);
      EXPECT_NEAR(label.few_paths_peak.percent(), 0.0, 1e-9);
      EXPECT_NEAR(label.end_stress.percent(), 0.0, 1e-9);
      EXPECT_NEAR(label.end_u.percent(), 0.0, 1e-9);
      EXPECT_NEAR(label.dtau.distance.value, 0.0, 1e-12);
      EXPECT_NEAR(label.run_events.per_strain.value, label.model_events.per_strain.value, 1e-9);
      EXPECT_TRUE(label.judged);
      EXPECT_EQ(label.n_glasses, 3u);
      EXPECT_EQ(label.n_paths, 12u);
    }
    EXPECT_NEAR(v.tau_rms, 0.0, 1e-12);
  }

  TEST(Validation, AModelThatIsTooStrongByAKnownFactorIsMeasuredSo)
  {
    const std::vector<ValidationPath> runs = six_runs();
    const Validation v = validate(runs, copies(runs, 1.04));
    for (const LabelValidation &label : v.labels)
    {
      EXPECT_NEAR(label.yield_peak.percent(), 4.0, 1e-9);
      EXPECT_NEAR(label.end_stress.percent(), 4.0, 1e-9);
      // Each run four times over: sum of squares times 4, 11 instead of 2 degrees of freedom.
      EXPECT_NEAR(label.scatter_tau.model.value / label.scatter_tau.runs.value,
                  1.04 * std::sqrt(4.0 * 2.0 / 11.0), 1e-9);
      EXPECT_GT(label.tau.in_errors, 0.5);
    }
    EXPECT_NEAR(v.end_stress_percent, 4.0, 1e-9);
    EXPECT_GT(v.tau_rms, 0.04 * 1.0);
    EXPECT_LT(v.tau_rms, 0.04 * 2.4);
  }

  TEST(Validation, StandardErrorsOfRunsCountGlasses)
  {
    const std::vector<ValidationPath> runs = six_runs();
    const LabelValidation fast = validate(runs, copies(runs, 1.0)).labels[1];
    // Peaks 1.9, 2.0, 2.1, lowered alike by the smoothing: standard deviation 0.1 over sqrt(3).
    EXPECT_NEAR(fast.yield_peak.runs.standard_error, 0.1 / std::sqrt(3.0), 2e-3);

    std::vector<ValidationPath> twice = runs;
    twice.insert(twice.end(), runs.begin(), runs.end());
    EXPECT_NEAR(validate(twice, copies(runs, 1.0)).labels[1].yield_peak.runs.standard_error,
                fast.yield_peak.runs.standard_error, 1e-12);
  }

  TEST(Validation, APeakOfFewPathsIsHigherThanThatOfTheMeanOfAll)
  {
    // Two kinds of path with peaks at different strains: each alone has 2, their mean less.
    std::vector<ValidationPath> runs = {triangle("fast", "g", 2.0, 1.0)};
    std::vector<ValidationPath> model = {replica(runs[0], 0), replica(runs[0], 1)};
    for (std::size_t i = 0; i < model[1].tau.size(); ++i)
      model[1].tau[i] =
          i < 150 ? 2.0 * model[1].strain[i] / 0.15 : 2.0 - 10.0 * (model[1].strain[i] - 0.15);
    const LabelValidation label = validate(runs, model).labels[0];
    EXPECT_LT(label.yield_peak.model.value, 1.75);
    EXPECT_GT(label.few_paths_peak.model.value, 1.9);
    EXPECT_FALSE(label.judged); // one glass
    EXPECT_TRUE(std::isnan(label.yield_peak.standard_error()));
  }

  TEST(Validation, SpreadIsFastMinusSlow)
  {
    const std::vector<ValidationPath> runs = six_runs();
    const Validation v = validate(runs, copies(runs, 0.5));
    ASSERT_EQ(v.spread.size(), 1u);
    const Spread &spread = v.spread.front();
    EXPECT_EQ(spread.slow, "slow");
    EXPECT_EQ(spread.fast, "fast");
    EXPECT_NEAR(spread.tau.runs.value, 1.0 - 1.2, 1e-9);
    EXPECT_NEAR(spread.tau.model.value, 0.5 * (1.0 - 1.2), 1e-9);
    EXPECT_NEAR(spread.x1.runs.value, 0.010, 1e-12);
    EXPECT_NEAR(spread.u.model.value, 0.020, 1e-12);
    EXPECT_NEAR(spread.initial_x1, 0.010, 1e-12);
    EXPECT_NEAR(spread.mean_stress, 1.1, 1e-9);
    ASSERT_EQ(v.ratios.size(), 1u);
    EXPECT_EQ(v.ratios[0].reference, "fast");
  }

  TEST(Validation, RefusesALabelWithoutAModel)
  {
    std::vector<ValidationPath> runs = six_runs();
    EXPECT_THROW(validate(runs, {replica(runs[0], 0)}), InputError);
    EXPECT_THROW(validate({}, {}), InputError);
  }
} // namespace seem::statistics
