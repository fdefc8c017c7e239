// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/paper_elasticity.h>

#include <limits>

namespace seem::law
{
  namespace
  {
    constexpr double none = std::numeric_limits<double>::infinity();
  }

  PaperElasticity::PaperElasticity(const double g0, const double u_a, const double tau_a,
                                   const double tau_b, const double atomic_volume)
      : energy(g0, u_a, tau_a, tau_b, atomic_volume), stepping(g0, u_a, none, none, atomic_volume)
  {
  }
} // namespace seem::law
