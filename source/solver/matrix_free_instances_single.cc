// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matrix_free_instances.h"

#ifdef SEEM_OWN_VECTORIZATION
namespace dealii
{
  using seem::solver::WideFloat;

  SEEM_INSTANTIATE(2, float, WideFloat)
  SEEM_INSTANTIATE(3, float, WideFloat)
} // namespace dealii
#endif
