// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verification/mean_flow_limit.h"
#include "verification/harvested_glass.h"

#include <cstdlib>

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

TEST(LongMeanFlowLimit, Study)
{
  const HarvestedGlass glass;
  for (const EnergyBound bound : {EnergyBound::report, EnergyBound::clip})
  {
    const MeanFlowLimit limit(glass.elasticity, glass.source, glass.initial, bound);
    std::printf("X1 %g; sub-step 1e-5: %.6f, 1e-6: %.6f\n", glass.initial.x[0],
                MeanFlowLimit::difference(limit.mean_flow(1e-5), limit.mean_flow(2.5e-6)),
                MeanFlowLimit::difference(limit.mean_flow(6e-7), limit.mean_flow(2.5e-6)));
    const double share = std::atof(std::getenv("STUDY"));
    std::vector<Distance> distances;
    for (double m = 1.25; m <= std::atof(std::getenv("STUDY_M")); m *= 2.0)
      for (const double f : {1.0})

        distances.push_back(limit.distance(m * f, static_cast<unsigned int>(share / m)));
  }
}
