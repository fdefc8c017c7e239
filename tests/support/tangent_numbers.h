// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_TANGENT_NUMBERS_H
#define SEEM_TESTS_SUPPORT_TANGENT_NUMBERS_H

#include <seem/law/material_law.h>

#include <array>

namespace seem::testing
{
  /// All of them, to be compared.
  inline std::array<double, 9> numbers(const law::Tangent &t)
  {
    const law::SymmetricTensor &n = t.direction;
    return {t.bulk, t.shear, t.secant, n[0], n[1], n[2], n[3], n[4], n[5]};
  }
} // namespace seem::testing

#endif
