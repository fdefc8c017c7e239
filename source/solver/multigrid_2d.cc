// SPDX-License-Identifier: LGPL-2.1-or-later
#include "multigrid_preconditioner.h"

namespace seem::solver
{
  template <>
  std::unique_ptr<StiffnessPreconditioner<2>>
  make_multigrid<2>(const SpecimenMesh<2> &mesh, const Discretisation<2> &discretisation,
                    const PrescribedComponents<2> &prescribed, const ElementSettings &settings)
  {
    if (discretisation.degree == 1)
      return std::make_unique<MultigridPreconditioner<2, 1>>(mesh, discretisation, prescribed,
                                                             settings);
    return std::make_unique<MultigridPreconditioner<2, 2>>(mesh, discretisation, prescribed,
                                                           settings);
  }
} // namespace seem::solver
