// SPDX-License-Identifier: LGPL-2.1-or-later
#include "multigrid.h"

#include <seem/solver/matrix_preconditioner.h>
#include <seem/solver/spectral_preconditioner.h>
#include <seem/solver/stiffness_preconditioner.h>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// Rows up to which a direct factor in 2D costs less than the iterations it saves (measured:
    /// doc/solver.md).
    constexpr types::global_dof_index largest_direct_size = 40000;

    template <int dim>
    PreconditionerKind choose(const SpecimenMesh<dim> &mesh,
                              const Discretisation<dim> &discretisation)
    {
      // Not by the number of ranks: iterates, and so the last digits of results, would depend on
      // it.
      if (SpectralPreconditioner<dim>::is_fast(discretisation))
        return PreconditionerKind::spectral;
      if (dim == 2 && discretisation.dof_handler.n_dofs() <= largest_direct_size)
        return PreconditionerKind::direct;
      return mesh.n_refinements > 0 ? PreconditionerKind::multigrid : PreconditionerKind::amg;
    }
  } // namespace

  template <int dim>
  std::unique_ptr<StiffnessPreconditioner<dim>>
  make_preconditioner(PreconditionerKind kind, const SpecimenMesh<dim> &mesh,
                      const Discretisation<dim> &discretisation,
                      const PrescribedComponents<dim> &prescribed, const ElementSettings &settings,
                      const MultigridPrecision precision)
  {
    if (kind == PreconditionerKind::automatic)
      kind = choose(mesh, discretisation);
    if (kind == PreconditionerKind::spectral)
      return std::make_unique<SpectralPreconditioner<dim>>(discretisation, settings);
    if (kind == PreconditionerKind::multigrid)
      return precision == MultigridPrecision::single_precision
                 ? make_multigrid<dim, float>(mesh, discretisation, prescribed, settings)
                 : make_multigrid<dim, double>(mesh, discretisation, prescribed, settings);
    return std::make_unique<MatrixPreconditioner<dim>>(kind == PreconditionerKind::direct,
                                                       discretisation);
  }

  template std::unique_ptr<StiffnessPreconditioner<2>>
  make_preconditioner<2>(PreconditionerKind, const SpecimenMesh<2> &, const Discretisation<2> &,
                         const PrescribedComponents<2> &, const ElementSettings &,
                         MultigridPrecision);
  template std::unique_ptr<StiffnessPreconditioner<3>>
  make_preconditioner<3>(PreconditionerKind, const SpecimenMesh<3> &, const Discretisation<3> &,
                         const PrescribedComponents<3> &, const ElementSettings &,
                         MultigridPrecision);
} // namespace seem::solver
