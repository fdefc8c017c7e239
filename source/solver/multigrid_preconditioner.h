// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MULTIGRID_PRECONDITIONER_H
#define SEEM_SOLVER_MULTIGRID_PRECONDITIONER_H

#include "level_operator.h"
#include "multigrid.h"

#include <seem/solver/matrix_preconditioner.h>

#include <deal.II/base/mpi_noncontiguous_partitioner.h>
#include <deal.II/base/mpi_noncontiguous_partitioner.templates.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/lac/precondition.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/trilinos_sparsity_pattern.h>
#include <deal.II/multigrid/mg_coarse.h>
#include <deal.II/multigrid/mg_matrix.h>
#include <deal.II/multigrid/mg_smoother.h>
#include <deal.II/multigrid/mg_transfer_global_coarsening.h>
#include <deal.II/multigrid/multigrid.h>

#include <cmath>
#include <memory>
#include <vector>

namespace seem::solver
{
  /// Moduli of cells from those of their children on the next finer level, whatever the ranks that
  /// hold them.
  template <int dim>
  class ModuliTransfer
  {
  public:
    ModuliTransfer(const dealii::Triangulation<dim> &fine, const dealii::Triangulation<dim> &coarse,
                   const unsigned int coarse_level, const MPI_Comm communicator)
        : n_coarse_cells(coarse.n_active_cells())
    {
      // Position of a cell in the refinement tree of its coarse cell, counted level by level: the
      // children of a cell follow each other.
      std::vector<dealii::types::global_dof_index> owned, wanted;
      for (const auto &cell : fine.active_cell_iterators())
        if (cell->is_locally_owned())
        {
          fine_cells.push_back(cell->active_cell_index());
          owned.push_back(number(cell->id(), coarse_level + 1));
        }
      for (const auto &cell : coarse.active_cell_iterators())
        if (cell->is_locally_owned())
        {
          coarse_cells.push_back(cell->active_cell_index());
          const dealii::types::global_dof_index n = number(cell->id(), coarse_level);
          for (unsigned int child = 0; child < n_children; ++child)
            wanted.push_back(n * n_children + child);
        }
      partitioner = std::make_unique<dealii::Utilities::MPI::NoncontiguousPartitioner>(
          owned, wanted, communicator);
    }

    /// Means over the children, by active cell index.
    std::vector<CellModuli> average(const std::vector<CellModuli> &fine) const
    {
      std::vector<CellModuli> coarse(n_coarse_cells);
      for (double CellModuli::*const modulus : {&CellModuli::bulk, &CellModuli::shear})
      {
        std::vector<double> owned, wanted(coarse_cells.size() * n_children);
        for (const unsigned int cell : fine_cells)
          owned.push_back(fine[cell].*modulus);
        partitioner->export_to_ghosted_array(
            dealii::ArrayView<const double>(owned.data(), owned.size()),
            dealii::ArrayView<double>(wanted.data(), wanted.size()));
        for (std::size_t i = 0; i < coarse_cells.size(); ++i)
          for (unsigned int child = 0; child < n_children; ++child)
            coarse[coarse_cells[i]].*modulus += wanted[i * n_children + child] / n_children;
      }
      return coarse;
    }

  private:
    static constexpr unsigned int n_children = 1 << dim;

    static dealii::types::global_dof_index number(const dealii::CellId &id,
                                                  const unsigned int level)
    {
      dealii::types::global_dof_index n = id.get_coarse_cell_id();
      const auto children = id.get_child_indices();
      AssertDimension(children.size(), level);
      (void) level;
      for (const auto child : children)
        n = n * n_children + child;
      return n;
    }

    unsigned int n_coarse_cells;
    std::vector<unsigned int> fine_cells, coarse_cells; ///< active cell indices
    std::unique_ptr<dealii::Utilities::MPI::NoncontiguousPartitioner> partitioner;
  };

  /**
   * One V-cycle of geometric multigrid on the globally refined meshes of a specimen. Each level is
   * an isotropic elastic body whose moduli are means over its cells' points (of a tangent K, G_t
   * along N, G_s across: those of the nearest isotropic tensor), applied matrix-free, smoothed by
   * Chebyshev polynomials of the point-Jacobi method. The coarsest level is solved on its matrix.
   *
   * In double throughout: single precision would make a cycle cheaper, but its rounding depends on
   * the partition, and with it the sequence of events. For the same reason the eigenvalues that the
   * smoothers need are estimated from a start vector that knows the nodes' places alone.
   *
   * Every level has its own mesh and constraints (global coarsening), as periodic faces need it.
   */
  template <int dim, int degree>
  class MultigridPreconditioner final : public StiffnessPreconditioner<dim>
  {
  public:
    using Vector = typename StiffnessPreconditioner<dim>::Vector;

    MultigridPreconditioner(const SpecimenMesh<dim> &mesh, const Discretisation<dim> &finest,
                            const PrescribedComponents<dim> &prescribed,
                            const ElementSettings &settings)
        : communicator(finest.triangulation.get_communicator())
    {
      // Down to the level whose matrix is cheap to solve, if there is one.
      const unsigned int n_refinements = mesh.n_refinements;
      std::vector<std::unique_ptr<Discretisation<dim>>> coarser;
      while (coarser.size() < n_refinements &&
             (coarser.empty() ? finest : *coarser.back()).dof_handler.n_dofs() > small_enough)
        coarser.push_back(std::make_unique<Discretisation<dim>>(
            communicator, mesh, n_refinements - 1 - static_cast<unsigned int>(coarser.size()),
            degree, prescribed));
      const unsigned int top = static_cast<unsigned int>(coarser.size());
      coarsest_level = n_refinements - top;
      for (auto level = coarser.rbegin(); level != coarser.rend(); ++level)
      {
        levels.push_back(level->get());
        owned_levels.push_back(std::move(*level));
      }
      levels.push_back(&finest);

      operators.resize(0, top);
      for (unsigned int l = 0; l <= top; ++l)
        initialise_level(l, settings.mean_dilatation && degree == 1);

      transfers.resize(0, top);
      for (unsigned int l = 0; l < top; ++l)
      {
        transfers[l + 1].reinit_geometric_transfer(
            levels[l + 1]->dof_handler, levels[l]->dof_handler, levels[l + 1]->constraints,
            levels[l]->constraints);
        moduli_transfers.emplace_back(levels[l + 1]->triangulation, levels[l]->triangulation,
                                      coarsest_level + l, communicator);
      }
      transfer = std::make_unique<Transfer>(transfers, [this](const unsigned int l, Vector &v) {
        operators[l].initialize_dof_vector(v);
      });
      make_coarse_solver();
    }

    void update(const BalanceOperator<dim> &balance,
                const std::vector<law::Tangent> &tangents) override
    {
      const unsigned int top = operators.max_level();
      std::vector<CellModuli> moduli = cell_moduli(balance, tangents);
      typename Smoother::AdditionalData unused;
      dealii::MGLevelObject<typename Smoother::AdditionalData> options(0, top);
      for (unsigned int l = top;; --l)
      {
        operators[l].set_moduli(moduli);
        operators[l].compute_diagonal();
        options[l].preconditioner = operators[l].get_matrix_diagonal_inverse();
        options[l].degree = smoother_degree;
        options[l].smoothing_range = smoothing_range;
        options[l].eig_cg_n_iterations = 0;
        options[l].max_eigenvalue = l == 0 ? 2.0 : largest_eigenvalue(l);
        if (l == 0)
          break;
        moduli = moduli_transfers[l - 1].average(moduli);
      }
      operators[0].assemble(levels[0]->constraints, coarse_matrix);
      coarse_inverse->update(coarse_matrix);

      preconditioner.reset();
      multigrid.reset();
      smoother = std::make_unique<SmootherRelaxation>();
      smoother->initialize(operators, options);
      matrices = std::make_unique<dealii::mg::Matrix<Vector>>(operators);
      multigrid = std::make_unique<dealii::Multigrid<Vector>>(*matrices, coarse_solver, *transfer,
                                                              *smoother, *smoother);
      preconditioner = std::make_unique<dealii::PreconditionMG<dim, Vector, Transfer>>(
          levels.back()->dof_handler, *multigrid, *transfer);
    }

    void vmult(Vector &dst, const Vector &src) const override
    {
      preconditioner->vmult(dst, src);
    }

  private:
    using Operator = LevelOperator<dim, degree, double>;
    using Smoother = dealii::PreconditionChebyshev<Operator, Vector>;
    using SmootherRelaxation = dealii::mg::SmootherRelaxation<Smoother, Vector>;
    using Transfer = dealii::MGTransferGlobalCoarsening<dim, Vector>;

    /// Degrees of freedom of a level that is solved on its matrix.
    static constexpr dealii::types::global_dof_index small_enough = 600;
    /// Of these, LU; beyond, if the mesh has no coarser level, a cycle of AMG.
    static constexpr dealii::types::global_dof_index largest_direct_size = 6000;

    static constexpr unsigned int smoother_degree = 4;
    static constexpr double smoothing_range = 15.0;
    static constexpr unsigned int n_eigenvalue_steps = 12;
    static constexpr double eigenvalue_safety = 1.2;

    /// Solves the coarsest level by the inverse of its matrix.
    class CoarseSolver final : public dealii::MGCoarseGridBase<Vector>
    {
    public:
      void operator()(const unsigned int, Vector &dst, const Vector &src) const override
      {
        inverse->vmult(dst, src);
      }
      const MatrixInverse *inverse = nullptr;
    };

    void initialise_level(const unsigned int l, const bool mean_dilatation)
    {
      using MatrixFree = WideMatrixFree<dim, double>;
      typename MatrixFree::AdditionalData options;
      options.tasks_parallel_scheme = MatrixFree::AdditionalData::none;
      options.mapping_update_flags = dealii::update_gradients | dealii::update_JxW_values;
      auto matrix_free = std::make_shared<MatrixFree>();
      matrix_free->reinit(dealii::MappingQ1<dim>(), levels[l]->dof_handler, levels[l]->constraints,
                          dealii::QGauss<1>(degree + 1), options);
      operators[l].initialise(matrix_free, mean_dilatation);
    }

    void make_coarse_solver()
    {
      const Discretisation<dim> &coarsest = *levels[0];
      const dealii::DoFHandler<dim> &dofs = coarsest.dof_handler;
      dealii::TrilinosWrappers::SparsityPattern sparsity(dofs.locally_owned_dofs(),
                                                         dofs.locally_owned_dofs(),
                                                         coarsest.locally_relevant, communicator);
      dealii::DoFTools::make_sparsity_pattern(
          dofs, sparsity, coarsest.constraints, /*keep_constrained_dofs=*/true,
          dealii::Utilities::MPI::this_mpi_process(communicator));
      sparsity.compress();
      coarse_matrix.reinit(sparsity);
      coarse_inverse = std::make_unique<MatrixInverse>(dofs.n_dofs() <= largest_direct_size,
                                                       constant_modes(dofs), degree == 1);
      coarse_solver.inverse = coarse_inverse.get();
    }

    /// Moduli of the finest level's cells, by active cell index.
    std::vector<CellModuli> cell_moduli(const BalanceOperator<dim> &balance,
                                        const std::vector<law::Tangent> &tangents) const
    {
      const std::vector<unsigned int> cells = balance.active_cell_indices();
      const unsigned int n_q = balance.n_quadrature_points_per_cell();
      std::vector<CellModuli> moduli(levels.back()->triangulation.n_active_cells());
      // Of the deviatoric strains that dim dimensions have, one is along N.
      constexpr double n_across = dim == 2 ? 1.0 : 4.0;
      for (std::size_t c = 0; c < cells.size(); ++c)
      {
        CellModuli &cell = moduli[cells[c]];
        for (unsigned int q = 0; q < n_q; ++q)
        {
          const law::Tangent &t = tangents[c * n_q + q];
          cell.bulk += t.bulk / n_q;
          cell.shear += (t.shear + n_across * t.secant) / ((1.0 + n_across) * n_q);
        }
      }
      return moduli;
    }

    /// Upper estimate of the largest eigenvalue of the point-Jacobi iteration on level @p l.
    double largest_eigenvalue(const unsigned int l) const
    {
      Vector start, solution;
      operators[l].initialize_dof_vector(start);
      operators[l].initialize_dof_vector(solution);
      // A rough function of the place alone, the same on any partition.
      const dealii::DoFHandler<dim> &dofs = levels[l]->dof_handler;
      std::vector<dealii::types::global_dof_index> indices(dofs.get_fe().n_dofs_per_cell());
      for (const auto &cell : dofs.active_cell_iterators())
        if (!cell->is_artificial()) // all cells at an owned node
        {
          cell->get_dof_indices(indices);
          const dealii::Point<dim> centre = cell->center();
          for (unsigned int i = 0; i < indices.size(); ++i)
            if (start.in_local_range(indices[i]) &&
                !levels[l]->constraints.is_constrained(indices[i]))
              start(indices[i]) += rough(centre / cell->diameter(), i);
        }

      double largest = 0.0;
      dealii::IterationNumberControl control(n_eigenvalue_steps, 1e-10, false, false);
      dealii::SolverCG<Vector> cg(control);
      cg.connect_eigenvalues_slot([&](const std::vector<double> &values) {
        if (!values.empty())
          largest = values.back();
      });
      cg.solve(operators[l], solution, start, *operators[l].get_matrix_diagonal_inverse());
      return largest > 0.0 ? eigenvalue_safety * largest : 2.0;
    }

    static double rough(const dealii::Tensor<1, dim> &place, const unsigned int i)
    {
      double phase = 1.7 * i;
      for (unsigned int d = 0; d < dim; ++d)
        phase += place[d] * (2.3 + d);
      return std::sin(phase * phase);
    }

    MPI_Comm communicator;
    unsigned int coarsest_level = 0; ///< refinements of the mesh there
    std::vector<std::unique_ptr<Discretisation<dim>>> owned_levels;
    std::vector<const Discretisation<dim> *> levels; ///< from the coarsest to the finest
    dealii::MGLevelObject<Operator> operators;
    dealii::MGLevelObject<dealii::MGTwoLevelTransfer<dim, Vector>> transfers;
    std::vector<ModuliTransfer<dim>> moduli_transfers; ///< [l]: from level l + 1 to l
    std::unique_ptr<Transfer> transfer;
    dealii::TrilinosWrappers::SparseMatrix coarse_matrix;
    std::unique_ptr<MatrixInverse> coarse_inverse;
    CoarseSolver coarse_solver;
    std::unique_ptr<SmootherRelaxation> smoother;
    std::unique_ptr<dealii::mg::Matrix<Vector>> matrices;
    std::unique_ptr<dealii::Multigrid<Vector>> multigrid;
    std::unique_ptr<dealii::PreconditionMG<dim, Vector, Transfer>> preconditioner;
  };
} // namespace seem::solver

#endif
