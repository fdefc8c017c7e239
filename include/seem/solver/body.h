// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_BODY_H
#define SEEM_SOLVER_BODY_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/discretisation.h>
#include <seem/solver/load_program.h>
#include <seem/solver/loading.h>
#include <seem/solver/specimen_mesh.h>
#include <seem/solver/stiffness_preconditioner.h>

#include <mpi.h>

#include <memory>

namespace seem::solver
{
  /// How a body is discretised and solved.
  struct BodySettings
  {
    unsigned int degree = 1; ///< of the displacement elements
    ElementSettings element;
    PreconditionerKind preconditioner = PreconditionerKind::automatic;
    MultigridPrecision multigrid_precision = MultigridPrecision::double_precision;
  };

  /// A specimen under its load, ready to be solved: all that does not depend on the material.
  template <int dim>
  class Body
  {
  public:
    /// @throws InputError as Discretisation, make_balance_operator() and LoadProgram
    Body(const MPI_Comm communicator, std::shared_ptr<const SpecimenMesh<dim>> specimen_mesh,
         Loading<dim> loading, const BodySettings &settings)
        : mesh(std::move(specimen_mesh)), prescribed(loading.prescribed_components()),
          discretisation(communicator, *mesh, mesh->n_refinements, settings.degree, prescribed),
          balance(make_balance_operator(discretisation, settings.element)),
          program(discretisation, *balance, std::move(loading), settings.element.thickness),
          preconditioner(make_preconditioner<dim>(settings.preconditioner, *mesh, discretisation,
                                                  prescribed, settings.element,
                                                  settings.multigrid_precision))
    {
    }

    const std::shared_ptr<const SpecimenMesh<dim>> mesh;
    const PrescribedComponents<dim> prescribed;
    const Discretisation<dim> discretisation;
    const std::unique_ptr<BalanceOperator<dim>> balance;
    const LoadProgram<dim> program;
    const std::unique_ptr<StiffnessPreconditioner<dim>> preconditioner;
  };
} // namespace seem::solver

#endif
