// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sparse_factor.h"

#include <seem/solver/matrix_preconditioner.h>

#include <deal.II/dofs/dof_tools.h>

#include <utility>

namespace seem::solver
{
  using namespace dealii;

  MatrixInverse::MatrixInverse(const bool direct, std::vector<std::vector<bool>> modes,
                               const bool linear_elements)
      : is_direct(direct), constant_modes(std::move(modes)), linear_elements(linear_elements)
  {
  }

  MatrixInverse::~MatrixInverse() = default;

  void MatrixInverse::update(const TrilinosWrappers::SparseMatrix &matrix)
  {
    if (is_direct)
    {
      if (!factor)
        factor = std::make_unique<SparseFactor>();
      factor->initialise(matrix);
      return;
    }
    TrilinosWrappers::PreconditionAMG::AdditionalData options;
    options.elliptic = true;
    options.higher_order_elements = !linear_elements;
    options.smoother_sweeps = 1;
    options.aggregation_threshold = 0.0;
    options.constant_modes = constant_modes;
    amg = std::make_unique<TrilinosWrappers::PreconditionAMG>();
    amg->initialize(matrix, options);
  }

  void MatrixInverse::vmult(Vector &dst, const Vector &src) const
  {
    if (factor)
      factor->solve(dst, src);
    else
      amg->vmult(dst, src);
  }

  template <int dim>
  MatrixPreconditioner<dim>::MatrixPreconditioner(const bool direct,
                                                  const Discretisation<dim> &discretisation)
      : inverse(direct, constant_modes(discretisation.dof_handler), discretisation.degree == 1)
  {
  }

  template <int dim>
  void MatrixPreconditioner<dim>::update(const BalanceOperator<dim> &balance,
                                         const std::vector<law::Tangent> &)
  {
    if (matrix.m() == 0)
      balance.make_sparsity(matrix);
    balance.assemble(matrix);
    inverse.update(matrix);
  }

  template <int dim>
  void MatrixPreconditioner<dim>::vmult(Vector &dst, const Vector &src) const
  {
    inverse.vmult(dst, src);
  }

  template <int dim>
  std::vector<std::vector<bool>> constant_modes(const DoFHandler<dim> &dof_handler)
  {
    std::vector<std::vector<bool>> modes;
    DoFTools::extract_constant_modes(dof_handler, ComponentMask(), modes);
    return modes;
  }

  template class MatrixPreconditioner<2>;
  template class MatrixPreconditioner<3>;
  template std::vector<std::vector<bool>> constant_modes(const DoFHandler<2> &);
  template std::vector<std::vector<bool>> constant_modes(const DoFHandler<3> &);
} // namespace seem::solver
