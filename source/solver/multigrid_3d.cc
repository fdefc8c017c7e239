// SPDX-License-Identifier: LGPL-2.1-or-later
#include "multigrid_preconditioner.h"

namespace seem::solver
{
  template <>
  std::unique_ptr<StiffnessPreconditioner<3>>
  make_multigrid<3>(const SpecimenMesh<3> &mesh, const Discretisation<3> &discretisation,
                    const PrescribedComponents<3> &prescribed, const ElementSettings &settings)
  {
    if (discretisation.degree == 1)
      return std::make_unique<MultigridPreconditioner<3, 1>>(mesh, discretisation, prescribed,
                                                             settings);
    return std::make_unique<MultigridPreconditioner<3, 2>>(mesh, discretisation, prescribed,
                                                           settings);
  }
} // namespace seem::solver
