// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_TAYLOR_CONSTANTS_H
#define SEEM_STATISTICS_TAYLOR_CONSTANTS_H

#include <seem/law/elasticity.h>

#include <limits>

namespace seem::statistics
{
  /// The four constants of Eq. (7) of the paper. An infinite one leaves its term out.
  struct TaylorConstants
  {
    double g0 = std::numeric_limits<double>::quiet_NaN();   ///< G0 [GPa]
    double u_a = std::numeric_limits<double>::infinity();   ///< uA [eV per atom]
    double tau_a = std::numeric_limits<double>::infinity(); ///< tauA [GPa]
    double tau_b = std::numeric_limits<double>::infinity(); ///< tauB [GPa]

    /// The elasticity with these constants for @p atomic_volume [Angstrom^3 per atom].
    law::TaylorElasticity elasticity(const double atomic_volume) const
    {
      return {g0, u_a, tau_a, tau_b, atomic_volume};
    }
  };
} // namespace seem::statistics

#endif
