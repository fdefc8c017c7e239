// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verification/mean_flow_limit.h"
#include "verification/harvested_glass.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

namespace
{
  std::array<double, 2> slope(const MeanFlowLimit &limit, const std::vector<double> &ratios,
                              const double n_volumes)
  {
    std::vector<Distance> distances;
    for (const double m : ratios)
      distances.push_back(limit.distance(m, static_cast<unsigned int>(n_volumes / m)));
    const auto result = slope_of(distances);
    std::printf("[          ] m = %.0f to %.0f: slope %.3f +- %.3f\n", ratios.front(),
                ratios.back(), result[0], result[1]);
    return result;
  }
} // namespace

TEST(LongMeanFlowLimit, OfAHarvestedDatabaseComesNearOnlyWhereABinIsWiderThanTheScatter)
{
  const HarvestedGlass glass;
  const MeanFlowLimit limit(glass.elasticity, glass.source, glass.initial, EnergyBound::clip);
  const auto small = slope(limit, {10, 20, 40, 80}, 40000);
  const auto large = slope(limit, {160, 320, 640, 1280}, 160000);
  EXPECT_GT(small[0], -0.35 - 5 * small[1]);
  EXPECT_LT(small[0], -0.1);
  EXPECT_LT(large[0], small[0] - 5 * std::hypot(small[1], large[1]));
  EXPECT_GT(large[0], -1.0);
}

TEST(LongMeanFlowLimit, OfACoarserGridIsReachedEarlier)
{
  const HarvestedGlass glass(6);
  const MeanFlowLimit limit(glass.elasticity, glass.source, glass.initial, EnergyBound::clip);
  const auto small = slope(limit, {10, 20, 40, 80}, 40000);
  EXPECT_LT(small[0], -0.7);
}

TEST(LongMeanFlowLimit, OfSmoothStatisticsIsReachedAsTheInverseOfTheVolume)
{
  const HarvestedGlass glass(20, statistics::EstimatorKind::smooth);
  const MeanFlowLimit limit(glass.elasticity, glass.source, glass.initial, EnergyBound::clip);
  // The sub-steps of the mean flow itself are no part of the distance.
  EXPECT_LT(MeanFlowLimit::difference(limit.mean_flow(5e-6), limit.mean_flow(2.5e-6)), 5e-5);
  // Below m = 40 the next order, of 1/m^2, still shows: a tenth of the distance at m = 10.
  const auto small = slope(limit, {10, 20, 40}, 160000);
  EXPECT_GT(small[0], -1.05 - 5 * small[1]);
  EXPECT_LT(small[0], -0.85);
  const auto large = slope(limit, {40, 80, 160}, 1280000);
  EXPECT_LT(large[1], 0.04);
  expect_within_errors(large[0], -1.0, large[1], "slope");
}
