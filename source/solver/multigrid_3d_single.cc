// SPDX-License-Identifier: LGPL-2.1-or-later
#include "multigrid_preconditioner.h"

namespace seem::solver
{
  template std::unique_ptr<StiffnessPreconditioner<3>>
  make_multigrid<3, float>(const SpecimenMesh<3> &, const Discretisation<3> &,
                           const PrescribedComponents<3> &, const ElementSettings &);
} // namespace seem::solver
