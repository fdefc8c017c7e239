// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verification/energy_balance.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

TEST(LongEnergyBalance, HoldsInTenMillionUpdatesWithClippedAndRedrawnEvents)
{
  for (const EnergyBound bound : {EnergyBound::clip, EnergyBound::redraw})
    for (const double spread : {0.0, 0.2})
    {
      const SeemLaw law = tabulated_law(52, bound, spread);
      EnergyBalance(law).check(2500, 1000);
    }
}
