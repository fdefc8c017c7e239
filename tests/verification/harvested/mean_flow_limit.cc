// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verification/mean_flow_limit.h"
#include "verification/harvested_glass.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

TEST(VerifyMeanFlowLimit, OfAHarvestedDatabaseIsReachedOnlyWhereABinIsWiderThanTheScatter)
{
  const HarvestedGlass glass;
  const MeanFlowLimit limit(glass.elasticity, glass.source, glass.initial, EnergyBound::clip);
  // The sub-steps of the mean flow itself are no part of the distance.
  EXPECT_LT(MeanFlowLimit::difference(limit.mean_flow(1e-5), limit.mean_flow(2.5e-6)), 2e-4);
  std::vector<Distance> distances;
  for (const double m : {10.0, 40.0, 640.0})
    distances.push_back(limit.distance(m, static_cast<unsigned int>(10000 / m) + 10));
  // Not as 1/m where the scatter reaches over several bins: from 10 to 40 by less than a half.
  EXPECT_LT(distances[0].root(), 0.035);
  EXPECT_GT(distances[1].root(), 0.5 * distances[0].root());
  EXPECT_LT(distances[1].square, distances[0].square);
  EXPECT_LT(distances[2].root(), 0.4 * distances[0].root());
}
