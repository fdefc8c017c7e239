// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/curves.h>

#include <gtest/gtest.h>

#include <cmath>

namespace seem::statistics
{
  namespace
  {
    /// tau = slope * gamma on rows 0, 0.1, ... of @p n rows, X1 = 2 tau.
    Curve line(const double slope, const std::size_t n, const std::string &glass = "")
    {
      Curve curve;
      curve.label = "a";
      curve.glass = glass;
      for (std::size_t i = 0; i < n; ++i)
      {
        curve.strain.push_back(0.1 * static_cast<double>(i));
        curve.tau.push_back(slope * curve.strain.back());
        curve.x1.push_back(2.0 * curve.tau.back());
      }
      return curve;
    }

    /// A triangle: tau rises to 2 at gamma = 0.1 and falls to 1 at 0.2, then stays.
    Curve triangle()
    {
      Curve curve;
      curve.label = "t";
      curve.strain = {0.0, 0.1, 0.2, 0.3};
      curve.tau = {0.0, 2.0, 1.0, 1.0};
      return curve;
    }
  } // namespace

  TEST(ClusteredMean, IsTheOrdinaryStandardErrorWithOneValuePerGlass)
  {
    const Estimate estimate = clustered_mean({1.0, 2.0, 6.0}, {0, 1, 2});
    EXPECT_DOUBLE_EQ(estimate.value, 3.0);
    // Deviations -2, -1, 3: variance 7, over 3 runs.
    EXPECT_NEAR(estimate.standard_error, std::sqrt(7.0 / 3.0), 1e-14);
  }

  TEST(ClusteredMean, CountsRunsOfOneGlassOnce)
  {
    // Two glasses, each sheared twice with the same result: as good as two runs, not four.
    const double two = clustered_mean({1.0, 3.0}, {0, 1}).standard_error;
    EXPECT_NEAR(clustered_mean({1.0, 1.0, 3.0, 3.0}, {0, 0, 1, 1}).standard_error, two, 1e-14);
    EXPECT_TRUE(std::isnan(clustered_mean({1.0, 3.0}, {5, 5}).standard_error));
  }

  TEST(Interpolate, ManyPlacesHaveTheBitsOfSingleOnes)
  {
    std::vector<double> x, y;
    for (int i = 0; i < 400; ++i)
    {
      x.push_back(0.01 * i + 0.004 * std::sin(7.0 * i));
      y.push_back(std::cos(0.1 * i));
    }
    std::vector<double> at = {-1.0, x.front()};
    for (double place = 0.003; place < 5.0; place += place < 1.0 ? 0.0007 : 0.31)
      at.push_back(place);
    at.insert(at.end(), {x.back(), x[7], x[8], 0.5, 0.1, 9.0});
    const std::vector<double> found = interpolate(x, y, at);
    ASSERT_EQ(found.size(), at.size());
    for (std::size_t k = 0; k < at.size(); ++k)
      EXPECT_EQ(found[k], interpolate(x, y, at[k])) << at[k];
  }

  TEST(Interpolate, IsLinearBetweenRowsAndConstantBeyond)
  {
    EXPECT_DOUBLE_EQ(interpolate({0.0, 1.0, 3.0}, {5.0, 7.0, 3.0}, 2.0), 5.0);
    EXPECT_DOUBLE_EQ(interpolate({0.0, 1.0, 3.0}, {5.0, 7.0, 3.0}, 1.0), 7.0);
    EXPECT_DOUBLE_EQ(interpolate({0.0, 1.0, 3.0}, {5.0, 7.0, 3.0}, -1.0), 5.0);
    EXPECT_DOUBLE_EQ(interpolate({0.0, 1.0, 3.0}, {5.0, 7.0, 3.0}, 9.0), 3.0);
  }

  TEST(MovingAverage, LeavesTheEndsOut)
  {
    EXPECT_EQ(moving_average({1, 2, 6, 1}, 3), (std::vector<double>{3, 3}));
    EXPECT_EQ(moving_average({1, 2}, 3), std::vector<double>());
  }

  TEST(MeanCurve, CoversTheStrainThatAllCurvesShare)
  {
    CurveSettings settings;
    settings.spacing = 0.05;
    const MeanCurve mean = mean_curve({line(1.0, 6), line(3.0, 4)}, settings);
    ASSERT_EQ(mean.strain.size(), 7u); // 0 to 0.3
    EXPECT_NEAR(mean.strain.back(), 0.3, 1e-12);
    EXPECT_NEAR(mean.tau[3], 2.0 * 0.15, 1e-12);
    EXPECT_NEAR(mean.x1[3], 4.0 * 0.15, 1e-12);
    EXPECT_NEAR(mean.tau_error[3], 0.15, 1e-12); // |3 - 1|/2 * 0.15
    EXPECT_EQ(mean.n_glasses, 2u);
    EXPECT_EQ(mean_curve({line(1.0, 6, "g"), line(3.0, 4, "g")}, settings).n_glasses, 1u);

    settings.end_strain = 0.2;
    EXPECT_EQ(mean_curve({line(1.0, 6)}, settings).strain.size(), 5u);
  }

  TEST(MeanCurve, WithoutX1ItHasNone)
  {
    EXPECT_TRUE(mean_curve({triangle()}).x1.empty());
    EXPECT_TRUE(std::isnan(figures({triangle()}).end_x1.value));
  }

  TEST(CurveFigures, OfATriangleAreWorkedByHand)
  {
    const CurveFigures f = figures({triangle()});
    EXPECT_EQ(f.label, "t");
    EXPECT_NEAR(f.common_strain, 0.3, 1e-12);
    EXPECT_NEAR(f.end_stress.value, 1.0, 1e-12);
    // 11 points over 0.01 where the falling side is half as steep as the rising one: k points to
    // the left of the tip and 10 - k to the right lower the mean by (0.02 k(k+1)/2 + 0.01
    // (10-k)(11-k)/2)/11, least at k = 3 with (0.12 + 0.28)/11.
    EXPECT_NEAR(f.yield_peak.value, 2.0 - 0.40 / 11.0, 1e-9);
    EXPECT_NEAR(f.yield_strain, 0.102, 1e-9);
  }

  TEST(CurveFigures, TakeThePeakOfTheMeanAndNotTheMeanOfThePeaks)
  {
    Curve late = triangle();
    late.strain = {0.0, 0.2, 0.25, 0.3};
    late.tau = {0.0, 0.0, 2.0, 2.0};
    const CurveFigures f = figures({triangle(), late});
    EXPECT_LT(f.yield_peak.value, 1.6); // each alone has 2
    EXPECT_EQ(f.n_curves, 2u);
  }

  TEST(CurveFigures, RefuseCurvesThatCannotBeAveraged)
  {
    EXPECT_THROW(figures({}), InputError);
    Curve broken = triangle();
    broken.tau.pop_back();
    EXPECT_THROW(figures({broken}), InputError);
    Curve elsewhere = triangle();
    elsewhere.strain = {1.0, 1.1, 1.2, 1.3};
    EXPECT_THROW(figures({triangle(), elsewhere}), InputError);
  }

  TEST(ByLabel, SortsCurves)
  {
    const auto groups = by_label({line(1.0, 2), triangle(), line(2.0, 2)});
    EXPECT_EQ(groups.size(), 2u);
    EXPECT_EQ(groups.at("a").size(), 2u);
    EXPECT_EQ(groups.at("t").size(), 1u);
  }
} // namespace seem::statistics
