// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_CORE_STATE_H
#define SEEM_CORE_STATE_H

#include <array>
#include <cstddef>

namespace seem
{
  /// Largest number M of internal variables that a state may carry. The vector X = (X1..XM) of Eq.
  /// (3) of the paper.
  inline constexpr std::size_t max_internal_variables = 4;

  /// X = (X1..XM): X1 is the inelastic potential energy per atom [eV]; entries beyond M are zero.
  using InternalVariables = std::array<double, max_internal_variables>;

  /// State of one representative volume: shear stress and internal variables.
  struct State
  {
    double tau = 0.0;         ///< shear stress [GPa]
    InternalVariables x = {}; ///< X1 [eV per atom], further variables in their own units
  };

  /**
   * Change of the state by one plastic event at fixed strain: (tau, X) -> (tau - dtau, X + dx).
   * Either may have either sign. dtau is the stress deficit: elastic prediction minus actual.
   */
  struct Jump
  {
    double dtau = 0.0;         ///< stress deficit [GPa]
    InternalVariables dx = {}; ///< change of X, the first entry in eV per atom
  };
} // namespace seem

#endif
