// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mean_flow_limit.h"
#include "synthetic_database.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

TEST(VerifyMeanFlowLimit, OfSmoothStatisticsIsReachedAsOneOverTheVolume)
{
  // Rates in steps far below the scatter; rate and jumps of the same function everywhere. Jumps
  // this large make the distance visible; below m = 20 they leave the first order of 1/m.
  std::vector<double> edges, rates = {10.0};
  for (double tau = 0.005; tau < 4.0; tau += 0.01)
  {
    edges.push_back(tau);
    rates.push_back(10.0 * std::exp(tau + 0.005));
  }
  const auto source = std::make_shared<seem::testing::ScriptedEventSource>(
      edges, rates, [](const State &before, const double u) {
        return seem::testing::make_jump(before.tau * (1.44 * u - 0.12),
                                        0.32 * u * (0.012 - before.x[0]));
      });
  const MeanFlowLimit limit(table_1(), source, seem::testing::make_state(0.0, 0.004),
                            EnergyBound::report);
  std::vector<Distance> distances;
  for (const double m : {20.0, 40.0, 80.0})
    distances.push_back(limit.distance(m, ensemble(static_cast<unsigned int>(240000 / m))));
  if (SEEM_VERIFICATION_SHARE < 1.0)
    GTEST_SKIP() << "the scatter of so few paths hides the distance";
  const auto [slope, standard_error] = slope_of(distances);
  std::printf("[          ] slope %.3f +- %.3f\n", slope, standard_error);
  EXPECT_LT(standard_error, 0.1);
  expect_within_errors(slope, -1.0, standard_error, "slope");
}
