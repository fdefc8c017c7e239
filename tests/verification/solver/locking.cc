// SPDX-License-Identifier: LGPL-2.1-or-later
// Isochoric plastic flow must not lock: limit pressure of a thick ring.
#include "ring.h"

namespace
{
  using seem::verification::limit_pressure;

  TEST(VerifyLocking, AThickRingOfPerfectlyPlasticMaterialReachesItsLimitPressure)
  {
    EXPECT_NEAR(limit_pressure<2>(1, true, 10.0), 1.0, 0.005);
    EXPECT_NEAR(limit_pressure<2>(2, false, 20.0), 1.0, 0.005);
  }

  TEST(VerifyLocking, LinearElementsOfFullIntegrationLockThere)
  {
    // Without the cure the test above would not pass on its mesh.
    EXPECT_GT(limit_pressure<2>(1, false, 10.0), 1.02);
  }
} // namespace
