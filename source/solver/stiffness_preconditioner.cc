// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/stiffness_preconditioner.h>

#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_solver.h>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// Rows up to which a direct factor in 2D costs less than the iterations it saves (measured:
    /// doc/solver.md).
    constexpr types::global_dof_index largest_direct_size = 40000;
  } // namespace

  struct StiffnessPreconditioner::Implementation
  {
    SolverControl control;
    std::unique_ptr<TrilinosWrappers::SolverDirect> direct;
    std::unique_ptr<TrilinosWrappers::PreconditionAMG> amg;
  };

  StiffnessPreconditioner::StiffnessPreconditioner(const PreconditionerKind kind,
                                                   std::vector<std::vector<bool>> constant_modes)
      : implementation(std::make_unique<Implementation>()), kind(kind),
        constant_modes(std::move(constant_modes))
  {
  }

  StiffnessPreconditioner::~StiffnessPreconditioner() = default;

  bool StiffnessPreconditioner::empty() const
  {
    return !implementation->direct && !implementation->amg;
  }

  void StiffnessPreconditioner::update(const TrilinosWrappers::SparseMatrix &matrix)
  {
    const bool direct =
        kind == PreconditionerKind::direct ||
        (kind == PreconditionerKind::automatic && matrix.m() <= largest_direct_size);
    if (direct)
    {
      implementation->direct =
          std::make_unique<TrilinosWrappers::SolverDirect>(implementation->control);
      implementation->direct->initialize(matrix);
    }
    else
    {
      TrilinosWrappers::PreconditionAMG::AdditionalData options;
      options.elliptic = true;
      options.higher_order_elements = false;
      options.smoother_sweeps = 1;
      options.aggregation_threshold = 0.0;
      options.constant_modes = constant_modes;
      implementation->amg = std::make_unique<TrilinosWrappers::PreconditionAMG>();
      implementation->amg->initialize(matrix, options);
    }
  }

  void StiffnessPreconditioner::vmult(Vector &dst, const Vector &src) const
  {
    if (implementation->direct)
      implementation->direct->solve(dst, src);
    else
      implementation->amg->vmult(dst, src);
  }
} // namespace seem::solver
