// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MULTIGRID_H
#define SEEM_SOLVER_MULTIGRID_H

#include <seem/solver/stiffness_preconditioner.h>

#include <memory>

namespace seem::solver
{
  /// Geometric multigrid in double or float; see multigrid_preconditioner.h.
  template <int dim, typename Number>
  std::unique_ptr<StiffnessPreconditioner<dim>>
  make_multigrid(const SpecimenMesh<dim> &mesh, const Discretisation<dim> &discretisation,
                 const PrescribedComponents<dim> &prescribed, const ElementSettings &settings);
} // namespace seem::solver

#endif
