// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_LAYERED_BODY_H
#define SEEM_TESTS_SUPPORT_LAYERED_BODY_H

#include "support/periodic_specimen.h"
#include "support/scripted_event_source.h"

#include <seem/law/seem_law.h>

#include <limits>
#include <memory>

namespace seem::testing
{
  /// Of a constant of the elasticity: no such term.
  inline constexpr double none = std::numeric_limits<double>::infinity();

  /// No events; G = 30 GPa (1 - X1/0.1 eV); linear unless tau_b is finite.
  inline law::SeemLaw quiet_law(const double tau_b = none)
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    return {std::make_shared<law::TaylorElasticity>(30.0, 0.1, none, tau_b, 16.0),
            std::make_shared<ScriptedEventSource>(0.0, Jump()), parameters};
  }

  /// Layers of equal thickness normal to y, stiff (30 GPa) and soft (15 GPa), each two cells of 3
  /// nm thick.
  inline State layered(const solver::QuadraturePoint<2> &point)
  {
    const bool soft = static_cast<int>(point.position[1] / 6.0) % 2 == 1;
    return make_state(0.0, soft ? 0.05 : 0.0);
  }
} // namespace seem::testing

#endif
