// SPDX-License-Identifier: LGPL-2.1-or-later
#include "multigrid_preconditioner.h"

namespace seem::solver
{
  template std::unique_ptr<StiffnessPreconditioner<2>>
  make_multigrid<2, double>(const SpecimenMesh<2> &, const Discretisation<2> &,
                            const PrescribedComponents<2> &, const ElementSettings &);
} // namespace seem::solver
