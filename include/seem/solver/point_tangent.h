// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_POINT_TANGENT_H
#define SEEM_SOLVER_POINT_TANGENT_H

#include <seem/law/material_law.h>

#include <cstddef>

namespace seem::solver
{
  /// The tangent of one point, by its index in the arrays of this rank.
  struct PointTangent
  {
    std::size_t point;
    law::Tangent tangent;
  };
} // namespace seem::solver

#endif
