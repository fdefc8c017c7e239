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

#include <Eigen/Dense>

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
    std::vector<Moduli> average(const std::vector<Moduli> &fine) const
    {
      std::vector<Moduli> coarse(n_coarse_cells);
      for (double Moduli::*const modulus : {&Moduli::bulk, &Moduli::shear})
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
   * an isotropic elastic body. On the finest every point has the moduli of the isotropic tensor
   * nearest to its tangent (K; of G_t along N and G_s across, the mean over the deviatoric
   * strains); on the others the cells have the means over their children. Applied matrix-free,
   * smoothed by Chebyshev polynomials of the point-Jacobi method. The coarsest level is solved on
   * its matrix.
   *
   * A cycle in double does not depend on the partition but for round-off; for the same reason the
   * eigenvalues that the smoothers need are estimated from a start vector that knows the nodes'
   * places alone. One in single is cheaper, but its round-off changes what conjugate gradients
   * leave over. Vectors are converted on the finest level alone, and the coarsest is solved in
   * double.
   *
   * A fully periodic body is held at a single node, and to translate it against that node costs
   * almost nothing: energies that differ from level to level, one outlying eigenvalue per
   * direction. The translations Z are therefore projected out, with Q = Z (Z^T A Z)^{-1} Z^T the
   * cycle M becomes
   * @f[ Q + (1 - Q A) M (1 - A Q). @f]
   *
   * Every level has its own mesh and constraints (global coarsening), as periodic faces need it.
   *
   * @tparam Number  of the cycle: double or float
   */
  template <int dim, int degree, typename Number>
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
      const bool mean_dilatation = settings.mean_dilatation && degree == 1;
      for (unsigned int l = 0; l <= top; ++l)
        initialise(operators[l], *levels[l], mean_dilatation);
      initialise(coarse_operator, *levels[0], mean_dilatation);

      transfers.resize(0, top);
      for (unsigned int l = 0; l < top; ++l)
      {
        transfers[l + 1].reinit_geometric_transfer(
            levels[l + 1]->dof_handler, levels[l]->dof_handler, constraints(l + 1), constraints(l));
        moduli_transfers.emplace_back(levels[l + 1]->triangulation, levels[l]->triangulation,
                                      coarsest_level + l, communicator);
      }
      transfer =
          std::make_unique<Transfer>(transfers, [this](const unsigned int l, LevelVector &v) {
            operators[l].initialize_dof_vector(v);
          });
      make_coarse_solver();
      if (finest.fully_periodic && prescribed.empty())
        make_translations();
    }

    void update(const BalanceOperator<dim> &balance,
                const std::vector<law::Tangent> &tangents) override
    {
      const unsigned int top = operators.max_level();
      const unsigned int n_q = balance.n_quadrature_points_per_cell();
      std::vector<Moduli> moduli = point_moduli(balance, tangents);
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
        moduli = moduli_transfers[l - 1].average(l == top ? cell_means(moduli, n_q) : moduli);
      }
      coarse_operator.set_moduli(moduli);
      coarse_operator.assemble(levels[0]->constraints, coarse_matrix);
      coarse_inverse->update(coarse_matrix);

      preconditioner.reset();
      multigrid.reset();
      smoother = std::make_unique<SmootherRelaxation>();
      smoother->initialize(operators, options);
      matrices = std::make_unique<dealii::mg::Matrix<LevelVector>>(operators);
      multigrid = std::make_unique<dealii::Multigrid<LevelVector>>(*matrices, coarse_solver,
                                                                   *transfer, *smoother, *smoother);
      preconditioner = std::make_unique<dealii::PreconditionMG<dim, LevelVector, Transfer>>(
          levels.back()->dof_handler, *multigrid, *transfer);
      renew_translations();
    }

    void vmult(Vector &dst, const Vector &src) const override
    {
      if (translations.empty())
      {
        preconditioner->vmult(dst, src);
        return;
      }
      Eigen::VectorXd along(dim), back(dim);
      for (unsigned int d = 0; d < dim; ++d)
        along[d] = translations[d] * src;
      along = energies.ldlt().solve(along);
      projected = src;
      for (unsigned int d = 0; d < dim; ++d)
        projected.add(-along[d], forces[d]);
      preconditioner->vmult(dst, projected);
      for (unsigned int d = 0; d < dim; ++d)
        back[d] = forces[d] * dst;
      back = energies.ldlt().solve(back);
      for (unsigned int d = 0; d < dim; ++d)
        dst.add(along[d] - back[d], translations[d]);
    }

  private:
    using LevelVector = dealii::LinearAlgebra::distributed::Vector<Number>;
    using Operator = LevelOperator<dim, degree, Number>;
    using Smoother = dealii::PreconditionChebyshev<Operator, LevelVector>;
    using SmootherRelaxation = dealii::mg::SmootherRelaxation<Smoother, LevelVector>;
    using Transfer = dealii::MGTransferGlobalCoarsening<dim, LevelVector>;

    /// Degrees of freedom of a level that is solved on its matrix.
    static constexpr dealii::types::global_dof_index small_enough = 600;
    /// Of these, LU; beyond, if the mesh has no coarser level, a cycle of AMG.
    static constexpr dealii::types::global_dof_index largest_direct_size = 6000;

    static constexpr unsigned int smoother_degree = 4;
    static constexpr double smoothing_range = 15.0;
    static constexpr unsigned int n_eigenvalue_steps = 12;
    static constexpr double eigenvalue_safety = 1.2;

    /// Solves the coarsest level by the inverse of its matrix.
    class CoarseSolver final : public dealii::MGCoarseGridBase<LevelVector>
    {
    public:
      void operator()(const unsigned int, LevelVector &dst, const LevelVector &src) const override
      {
        in = src;
        out = in;
        inverse->vmult(out, in);
        dst = out;
      }
      const MatrixInverse *inverse = nullptr;

    private:
      mutable Vector in, out;
    };

    /// Constraints of level @p l in the number of the cycle.
    dealii::AffineConstraints<Number> constraints(const unsigned int l) const
    {
      dealii::AffineConstraints<Number> result;
      result.copy_from(levels[l]->constraints);
      return result;
    }

    /// Rigid translations of all nodes that are not held.
    void make_translations()
    {
      const Discretisation<dim> &finest = *levels.back();
      const std::vector<std::vector<bool>> modes = constant_modes(finest.dof_handler);
      operators[operators.max_level()].initialize_dof_vector(moved);
      forces_of_moved = moved;
      projected = moved;
      translations.resize(dim);
      forces.resize(dim);
      for (unsigned int d = 0; d < dim; ++d)
      {
        translations[d] = projected;
        forces[d] = projected;
        unsigned int local = 0;
        for (const auto i : translations[d].locally_owned_elements())
        {
          translations[d](i) = modes[d][local] && !finest.constraints.is_constrained(i) ? 1.0 : 0.0;
          ++local;
        }
      }
    }

    /// What the translations cost at the present moduli.
    void renew_translations()
    {
      if (translations.empty())
        return;
      energies.resize(dim, dim);
      for (unsigned int d = 0; d < dim; ++d)
      {
        moved = translations[d];
        operators[operators.max_level()].vmult(forces_of_moved, moved);
        forces[d] = forces_of_moved;
      }
      for (unsigned int i = 0; i < dim; ++i)
        for (unsigned int j = 0; j < dim; ++j)
          energies(i, j) = translations[i] * forces[j];
    }

    template <typename OperatorNumber>
    static void initialise(LevelOperator<dim, degree, OperatorNumber> &level_operator,
                           const Discretisation<dim> &level, const bool mean_dilatation)
    {
      using MatrixFree = WideMatrixFree<dim, OperatorNumber>;
      typename MatrixFree::AdditionalData options;
      options.tasks_parallel_scheme = MatrixFree::AdditionalData::none;
      options.mapping_update_flags = dealii::update_gradients | dealii::update_JxW_values;
      auto matrix_free = std::make_shared<MatrixFree>();
      matrix_free->reinit(dealii::MappingQ1<dim>(), level.dof_handler, level.constraints,
                          dealii::QGauss<1>(degree + 1), options);
      level_operator.initialise(matrix_free, mean_dilatation);
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

    /// Moduli of the finest level's points, [n_active_cells][n_q] by active cell index.
    std::vector<Moduli> point_moduli(const BalanceOperator<dim> &balance,
                                     const std::vector<law::Tangent> &tangents) const
    {
      const std::vector<unsigned int> cells = balance.active_cell_indices();
      const std::size_t n_q = balance.n_quadrature_points_per_cell();
      std::vector<Moduli> moduli(levels.back()->triangulation.n_active_cells() * n_q);
      // Of the deviatoric strains that dim dimensions have, one is along N.
      constexpr double n_across = dim == 2 ? 1.0 : 4.0;
      for (std::size_t c = 0; c < cells.size(); ++c)
        for (std::size_t q = 0; q < n_q; ++q)
        {
          const law::Tangent &t = tangents[c * n_q + q];
          moduli[cells[c] * n_q + q] = {t.bulk, (t.shear + n_across * t.secant) / (1.0 + n_across)};
        }
      return moduli;
    }

    /// Means over the points of each cell.
    static std::vector<Moduli> cell_means(const std::vector<Moduli> &points, const std::size_t n_q)
    {
      std::vector<Moduli> cells(points.size() / n_q);
      for (std::size_t p = 0; p < points.size(); ++p)
      {
        cells[p / n_q].bulk += points[p].bulk / n_q;
        cells[p / n_q].shear += points[p].shear / n_q;
      }
      return cells;
    }

    /// Upper estimate of the largest eigenvalue of the point-Jacobi iteration on level @p l.
    double largest_eigenvalue(const unsigned int l) const
    {
      LevelVector start, solution;
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
      dealii::SolverCG<LevelVector> cg(control);
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
    dealii::MGLevelObject<dealii::MGTwoLevelTransfer<dim, LevelVector>> transfers;
    std::vector<ModuliTransfer<dim>> moduli_transfers; ///< [l]: from level l + 1 to l
    std::unique_ptr<Transfer> transfer;
    LevelOperator<dim, degree, double> coarse_operator; ///< makes the matrix
    dealii::TrilinosWrappers::SparseMatrix coarse_matrix;
    std::unique_ptr<MatrixInverse> coarse_inverse;
    CoarseSolver coarse_solver;
    std::vector<Vector> translations; ///< Z, [dim]; empty if the body cannot translate
    std::vector<Vector> forces;       ///< A Z
    Eigen::MatrixXd energies;         ///< Z^T A Z
    LevelVector moved, forces_of_moved;
    mutable Vector projected;
    std::unique_ptr<SmootherRelaxation> smoother;
    std::unique_ptr<dealii::mg::Matrix<LevelVector>> matrices;
    std::unique_ptr<dealii::Multigrid<LevelVector>> multigrid;
    std::unique_ptr<dealii::PreconditionMG<dim, LevelVector, Transfer>> preconditioner;
  };

  template <int dim, typename Number>
  std::unique_ptr<StiffnessPreconditioner<dim>>
  make_multigrid(const SpecimenMesh<dim> &mesh, const Discretisation<dim> &discretisation,
                 const PrescribedComponents<dim> &prescribed, const ElementSettings &settings)
  {
    if (discretisation.degree == 1)
      return std::make_unique<MultigridPreconditioner<dim, 1, Number>>(mesh, discretisation,
                                                                       prescribed, settings);
    return std::make_unique<MultigridPreconditioner<dim, 2, Number>>(mesh, discretisation,
                                                                     prescribed, settings);
  }
} // namespace seem::solver

#endif
