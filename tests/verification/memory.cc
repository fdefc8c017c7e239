// SPDX-License-Identifier: LGPL-2.1-or-later
#include "synthetic_database.h"
#include "verification.h"

#include <seem/law/point_states.h>

#include <cstdio>

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

TEST(VerifyMemory, APointWithItsTrialCopyAndItsNameTakesLessThan320Bytes)
{
  const SeemLaw law = tabulated_law();
  const PointStates states(law.state_layout(), 1000);
  const std::size_t bytes = states.bytes_per_point() + sizeof(PointData);
  std::printf("[          ] %zu bytes per point: 10^7 points in %.2f GB\n", bytes, bytes * 1e-2);
  EXPECT_LT(bytes, 320u);
  // The levels are what is claimed: from one point to the next.
  EXPECT_EQ(static_cast<std::size_t>(states[1] - states[0]) * sizeof(double) * 2,
            states.bytes_per_point());
}
