// SPDX-License-Identifier: LGPL-2.1-or-later
#include "energy_balance.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

TEST(VerifyEnergyBalance, HoldsInAMillionUpdatesWithClippedAndRedrawnEvents)
{
  for (const EnergyBound bound : {EnergyBound::clip, EnergyBound::redraw})
    for (const double spread : {0.0, 0.2})
    {
      const SeemLaw law = tabulated_law(50, bound, spread);
      EnergyBalance(law).check(ensemble(250), 1000);
    }
}
