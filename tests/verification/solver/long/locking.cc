// SPDX-License-Identifier: LGPL-2.1-or-later
// The ring in space, between smooth walls.
#include "../ring.h"

namespace
{
  using seem::verification::limit_pressure;

  TEST(VerifyLocking, AThickRingInSpaceReachesItsLimitPressure)
  {
    EXPECT_NEAR(limit_pressure<3>(1, true, 10.0), 1.0, 0.005);
    EXPECT_NEAR(limit_pressure<3>(2, false, 20.0), 1.0, 0.005);
  }

  TEST(VerifyLocking, TheErrorOfTheLimitPressureFallsWithTheCells)
  {
    double coarse = limit_pressure<2>(1, true, 20.0) - 1.0;
    for (const double edge : {10.0, 5.0})
    {
      const double fine = limit_pressure<2>(1, true, edge) - 1.0;
      EXPECT_LT(fine, 0.6 * coarse);
      coarse = fine;
    }
    EXPECT_NEAR(coarse, 0.0, 0.001);
  }
} // namespace
