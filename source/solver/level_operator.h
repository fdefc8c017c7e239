// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_LEVEL_OPERATOR_H
#define SEEM_SOLVER_LEVEL_OPERATOR_H

#include "elastic_cell.h"
#include "matrix_free_types.h"
#include "q1_box_cell.h"

#include <deal.II/base/aligned_vector.h>
#include <deal.II/lac/diagonal_matrix.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/matrix_free/operators.h>
#include <deal.II/matrix_free/tools.h>

#include <memory>
#include <vector>

namespace seem::solver
{
  /// Isotropic stiffness [GPa].
  struct Moduli
  {
    double bulk = 0.0;
    double shear = 0.0;
  };

  /// Isotropic elasticity with its own moduli at every quadrature point: a level of the multigrid
  /// method.
  template <int dim, int degree, typename Number>
  class LevelOperator final
      : public dealii::MatrixFreeOperators::Base<
            dim, dealii::LinearAlgebra::distributed::Vector<Number>, Wide<Number>>
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<Number>;
    using Batch = Wide<Number>;
    using Evaluation = WideEvaluation<dim, degree, Number>;

    /// @param[in] mean_dilatation  as ElementSettings
    void initialise(std::shared_ptr<const WideMatrixFree<dim, Number>> matrix_free,
                    const bool mean_dilatation)
    {
      this->initialize(matrix_free);
      mean = mean_dilatation;
      moduli.resize(matrix_free->n_cell_batches() * n_q);
    }

    /**
     * Take over the moduli.
     * @param[in] values  [n_active_cells][n_q] by active cell index, or [n_active_cells] of whole
     * cells
     */
    void set_moduli(const std::vector<Moduli> &values)
    {
      const auto &cells = this->data->get_dof_handler().get_triangulation();
      const bool whole_cells = values.size() == cells.n_active_cells();
      for (unsigned int batch = 0; batch < this->data->n_cell_batches(); ++batch)
        for (unsigned int lane = 0; lane < Batch::size(); ++lane)
        {
          // Unused lanes repeat the first, so that nothing is undefined in them.
          const bool used = lane < this->data->n_active_entries_per_cell_batch(batch);
          const std::size_t cell =
              this->data->get_cell_iterator(batch, used ? lane : 0)->active_cell_index();
          for (unsigned int q = 0; q < n_q; ++q)
          {
            const Moduli &m = values[whole_cells ? cell : cell * n_q + q];
            moduli[batch * n_q + q].twice_shear[lane] = static_cast<Number>(2.0 * m.shear);
            moduli[batch * n_q + q].bulk[lane] = static_cast<Number>(m.bulk);
          }
        }
    }

    void compute_diagonal() override
    {
      this->inverse_diagonal_entries = std::make_shared<dealii::DiagonalMatrix<Vector>>();
      Vector &diagonal = this->inverse_diagonal_entries->get_vector();
      this->data->initialize_dof_vector(diagonal);
      dealii::MatrixFreeTools::compute_diagonal<dim, degree, degree + 1, dim, Number, Batch>(
          *this->data, diagonal, [this](Evaluation &phi) { apply_on_cell(phi); });
      this->set_constrained_entries_to_one(diagonal);
      for (Number &entry : diagonal)
        entry = Number(1.0) / entry;
    }

    void assemble(const dealii::AffineConstraints<Number> &constraints,
                  dealii::TrilinosWrappers::SparseMatrix &matrix) const
    {
      matrix = 0.0;
      std::function<void(Evaluation &)> cell_operator = [this](Evaluation &phi) {
        apply_on_cell(phi);
      };
      dealii::MatrixFreeTools::compute_matrix<dim, degree, degree + 1, dim, Number, Batch>(
          *this->data, constraints, matrix, cell_operator);
    }

  private:
    static constexpr unsigned int n_q = Evaluation::static_n_q_points;

    void apply_add(Vector &dst, const Vector &src) const override
    {
      this->data->cell_loop(&LevelOperator::apply, this, dst, src);
    }

    void apply(const WideMatrixFree<dim, Number> &data, Vector &dst, const Vector &src,
               const std::pair<unsigned int, unsigned int> &range) const
    {
      Evaluation phi(data);
      for (unsigned int batch = range.first; batch < range.second; ++batch)
      {
        phi.reinit(batch);
        phi.read_dof_values(src);
        apply_on_cell(phi);
        phi.distribute_local_to_global(dst);
      }
    }

    /// The level's operator on one batch of cells, degrees of freedom to degrees of freedom.
    void apply_on_cell(Evaluation &phi) const
    {
      const ModuliBatch<Batch> *m = &moduli[phi.get_current_cell_index() * n_q];
      if constexpr (degree == 1)
        if (phi.get_cell_type() == dealii::internal::MatrixFreeFunctions::cartesian)
        {
          std::array<Batch, dim> inverse_edges;
          const auto inverse_jacobian = phi.inverse_jacobian(0);
          for (unsigned int d = 0; d < dim; ++d)
            inverse_edges[d] = inverse_jacobian[d][d];
          apply_q1_box<dim, Number>(phi.begin_dof_values(), inverse_edges, phi.JxW(0), m, mean);
          return;
        }
      phi.evaluate(dealii::EvaluationFlags::gradients);
      const Batch average = mean ? mean_divergence(phi) : Batch(Number(0.0));
      for (unsigned int q = 0; q < n_q; ++q, ++m)
      {
        auto stress = phi.get_symmetric_gradient(q);
        const Batch dilatation = trace(stress);
        const Batch pressure = m->bulk * (mean ? average : dilatation) -
                               m->twice_shear * dilatation * Number(1.0 / 3.0);
        stress *= m->twice_shear;
        for (unsigned int d = 0; d < dim; ++d)
          stress[d][d] += pressure;
        phi.submit_symmetric_gradient(stress, q);
      }
      phi.integrate(dealii::EvaluationFlags::gradients);
    }

    dealii::AlignedVector<ModuliBatch<Batch>> moduli; ///< [n_cell_batches * n_q]
    bool mean = true;
  };
} // namespace seem::solver

#endif
