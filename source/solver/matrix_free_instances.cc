// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matrix_free_instances.h"

#ifdef SEEM_OWN_VECTORIZATION
namespace dealii
{
  using seem::solver::WideDouble;

  SEEM_INSTANTIATE(2, double, WideDouble)
  SEEM_INSTANTIATE(3, double, WideDouble)
} // namespace dealii
#endif
