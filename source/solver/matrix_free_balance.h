// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MATRIX_FREE_BALANCE_H
#define SEEM_SOLVER_MATRIX_FREE_BALANCE_H

#include "elastic_cell.h"
#include "matrix_free_types.h"

#include <seem/solver/balance_operator.h>
#include <seem/solver/cell_key.h>

#include <deal.II/base/aligned_vector.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/lac/trilinos_sparsity_pattern.h>
#include <deal.II/matrix_free/tools.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace seem::solver
{
  /// BalanceOperator for elements of one degree.
  template <int dim, int degree>
  class MatrixFreeBalance final : public BalanceOperator<dim>
  {
  public:
    using Vector = typename BalanceOperator<dim>::Vector;

    MatrixFreeBalance(const Discretisation<dim> &discretisation, const ElementSettings &settings)
        : discretisation(discretisation), thickness(settings.thickness),
          mean_dilatation(settings.mean_dilatation && degree == 1)
    {
      typename WideMatrixFree<dim, double>::AdditionalData options;
      options.tasks_parallel_scheme = WideMatrixFree<dim, double>::AdditionalData::none;
      options.mapping_update_flags =
          dealii::update_gradients | dealii::update_JxW_values | dealii::update_quadrature_points;
      matrix_free.reinit(dealii::MappingQ1<dim>(), discretisation.dof_handler,
                         discretisation.constraints, dealii::QGauss<1>(degree + 1), options);

      first_point.resize(matrix_free.n_cell_batches());
      for (std::size_t batch = 0, first = 0; batch < matrix_free.n_cell_batches(); ++batch)
      {
        first_point[batch] = first;
        first += matrix_free.n_active_entries_per_cell_batch(batch) * n_q;
      }
      batch_tangents.resize(matrix_free.n_cell_batches() * n_q);
      chunk_tangents.resize(std::min(n_points(), chunk * Batch::size() * n_q));
    }

    unsigned int n_quadrature_points_per_cell() const override
    {
      return n_q;
    }

    std::vector<QuadraturePoint<dim>> quadrature_points() const override
    {
      std::vector<QuadraturePoint<dim>> points(n_points());
      Evaluation phi(matrix_free);
      for (unsigned int batch = 0; batch < matrix_free.n_cell_batches(); ++batch)
      {
        phi.reinit(batch);
        for (unsigned int lane = 0; lane < matrix_free.n_active_entries_per_cell_batch(batch);
             ++lane)
        {
          const std::uint64_t key = cell_key<dim>(matrix_free.get_cell_iterator(batch, lane)->id());
          for (unsigned int q = 0; q < n_q; ++q)
          {
            QuadraturePoint<dim> &target = points[point(batch, lane, q)];
            const auto x = phi.quadrature_point(q);
            for (unsigned int d = 0; d < dim; ++d)
              target.position[d] = x[d][lane];
            target.volume = phi.JxW(q)[lane] * thickness;
            target.key = {key, static_cast<std::uint16_t>(q)};
          }
        }
      }
      return points;
    }

    std::vector<unsigned int> active_cell_indices() const override
    {
      std::vector<unsigned int> indices;
      for (unsigned int batch = 0; batch < matrix_free.n_cell_batches(); ++batch)
        for (unsigned int lane = 0; lane < matrix_free.n_active_entries_per_cell_batch(batch);
             ++lane)
          indices.push_back(matrix_free.get_cell_iterator(batch, lane)->active_cell_index());
      return indices;
    }

    void initialise_vector(Vector &vector) const override
    {
      matrix_free.initialize_dof_vector(vector);
    }

    void compute_strains(const Vector &u, const Vector *lift,
                         const law::SymmetricTensor &mean_strain,
                         std::vector<law::SymmetricTensor> &strains) const override
    {
      const Ghosts ghosts(u, lift);
      Evaluation phi(matrix_free), lifted(matrix_free);
      for (unsigned int batch = 0; batch < matrix_free.n_cell_batches(); ++batch)
        compute_strains(phi, lifted, batch, u, lift, mean_strain, strains);
    }

    double internal_forces(const std::vector<law::SymmetricTensor> &stresses,
                           Vector &forces) const override
    {
      forces = 0.0;
      Batch squares = 0.0;
      Evaluation phi(matrix_free);
      for (unsigned int batch = 0; batch < matrix_free.n_cell_batches(); ++batch)
        add_forces(phi, batch, stresses, forces, squares);
      return complete(forces, squares);
    }

    double respond_to(const Vector &u, const Vector *lift, const law::SymmetricTensor &mean_strain,
                      std::vector<law::SymmetricTensor> &strains,
                      const std::vector<law::SymmetricTensor> &stresses, Vector &forces,
                      const typename BalanceOperator<dim>::Respond &respond) override
    {
      forces = 0.0;
      Batch squares = 0.0;
      const Ghosts ghosts(u, lift);
      Evaluation phi(matrix_free), lifted(matrix_free);
      const unsigned int n_batches = matrix_free.n_cell_batches();
      for (unsigned int first = 0; first < n_batches; first += chunk)
      {
        const unsigned int end = std::min(first + chunk, n_batches);
        for (unsigned int batch = first; batch < end; ++batch)
          compute_strains(phi, lifted, batch, u, lift, mean_strain, strains);
        const std::size_t begin_point = first_point[first];
        respond(begin_point, end < n_batches ? first_point[end] : n_points(),
                chunk_tangents.data());
        for (unsigned int batch = first; batch < end; ++batch)
        {
          set_tangents(batch, chunk_tangents.data(), begin_point);
          add_forces(phi, batch, stresses, forces, squares);
        }
      }
      return complete(forces, squares);
    }

    void set_tangents(const std::vector<law::Tangent> &point_tangents) override
    {
      for (unsigned int batch = 0; batch < matrix_free.n_cell_batches(); ++batch)
        set_tangents(batch, point_tangents.data(), 0);
    }

    void set_tangents(const std::vector<PointTangent> &point_tangents) override
    {
      std::size_t batch = 0;
      for (const auto &[p, tangent] : point_tangents)
      {
        if (p < first_point[batch])
          batch = 0;
        while (batch + 1 < first_point.size() && first_point[batch + 1] <= p)
          ++batch;
        const std::size_t lane = (p - first_point[batch]) / n_q, q = (p - first_point[batch]) % n_q;
        TangentBatch &target = batch_tangents[batch * n_q + q];
        const auto set = [&](const std::size_t of_lane) {
          target.bulk[of_lane] = tangent.bulk;
          target.secant[of_lane] = 2.0 * tangent.secant;
          target.shear[of_lane] = 2.0 * tangent.shear;
          for (unsigned int c = 0; c < n_mandel<dim>; ++c)
            target.direction[c][of_lane] = tangent.direction[mandel_index<dim>(c)];
        };
        set(lane);
        if (lane == 0) // repeated in lanes without a cell
          for (std::size_t other = matrix_free.n_active_entries_per_cell_batch(batch);
               other < Batch::size(); ++other)
            set(other);
      }
    }

    std::vector<law::Tangent> tangents() const override
    {
      std::vector<law::Tangent> result(n_points());
      for_each_point(
          [&](const std::size_t p, const law::Tangent &tangent) { result[p] = tangent; });
      return result;
    }

    void apply_tangents(std::vector<law::SymmetricTensor> &tensors) const override
    {
      for_each_point([&](const std::size_t p, const law::Tangent &t) {
        const double dilatation = law::trace(tensors[p]);
        const law::SymmetricTensor e = law::deviator(tensors[p]);
        tensors[p] = t.bulk * dilatation * law::identity() + 2.0 * t.secant * e +
                     2.0 * (t.shear - t.secant) * t.direction.dot(e) * t.direction;
      });
    }

    void vmult(Vector &dst, const Vector &src) const override
    {
      matrix_free.cell_loop(&MatrixFreeBalance::apply, this, dst, src, /*zero_dst_vector=*/true);
      for (const unsigned int i : matrix_free.get_constrained_dofs())
        dst.local_element(i) = src.local_element(i);
    }

    void make_sparsity(dealii::TrilinosWrappers::SparseMatrix &matrix) const override
    {
      const dealii::DoFHandler<dim> &dofs = discretisation.dof_handler;
      dealii::TrilinosWrappers::SparsityPattern sparsity(
          dofs.locally_owned_dofs(), dofs.locally_owned_dofs(), discretisation.locally_relevant,
          dofs.get_communicator());
      dealii::DoFTools::make_sparsity_pattern(
          dofs, sparsity, discretisation.constraints,
          /*keep_constrained_dofs=*/true,
          dealii::Utilities::MPI::this_mpi_process(dofs.get_communicator()));
      sparsity.compress();
      matrix.reinit(sparsity);
    }

    void assemble(dealii::TrilinosWrappers::SparseMatrix &matrix) const override
    {
      matrix = 0.0;
      std::function<void(Evaluation &)> cell_operator = [this](Evaluation &phi) {
        apply_on_cell(phi);
      };
      dealii::MatrixFreeTools::compute_matrix<dim, degree, degree + 1, dim, double, Batch>(
          matrix_free, discretisation.constraints, matrix, cell_operator);
    }

  private:
    using Batch = WideDouble;
    using Evaluation = WideEvaluation<dim, degree, double>;

    static constexpr unsigned int n_q = Evaluation::static_n_q_points;

    /// Batches of cells that respond_to() takes together: few enough for the cache, enough to make
    /// up for the call of the law.
    static constexpr unsigned int chunk = std::max<unsigned int>(1, 512 / (Batch::size() * n_q));

    /// Tangent of a batch of points in the form 2 G_s dev + 2 (G_t - G_s) N(x)N + K 1(x)1.
    struct TangentBatch
    {
      Batch bulk;
      Batch secant; ///< 2 G_s
      Batch shear;  ///< 2 G_t
      MandelBatch<dim, Batch> direction;
    };

    /// Values of other ranks are there while this lives.
    class Ghosts
    {
    public:
      Ghosts(const Vector &u, const Vector *lift) : u(u), lift(lift)
      {
        u.update_ghost_values();
        if (lift != nullptr)
          lift->update_ghost_values();
      }
      Ghosts(const Ghosts &) = delete;
      Ghosts &operator=(const Ghosts &) = delete;
      ~Ghosts()
      {
        u.zero_out_ghost_values();
        if (lift != nullptr)
          lift->zero_out_ghost_values();
      }

    private:
      const Vector &u;
      const Vector *lift;
    };

    void compute_strains(Evaluation &phi, Evaluation &lifted, const unsigned int batch,
                         const Vector &u, const Vector *lift,
                         const law::SymmetricTensor &mean_strain,
                         std::vector<law::SymmetricTensor> &strains) const
    {
      phi.reinit(batch);
      phi.read_dof_values(u);
      if (lift != nullptr)
      {
        lifted.reinit(batch);
        lifted.read_dof_values_plain(*lift);
        for (unsigned int i = 0; i < Evaluation::static_dofs_per_cell; ++i)
          phi.begin_dof_values()[i] += lifted.begin_dof_values()[i];
      }
      phi.evaluate(dealii::EvaluationFlags::gradients);
      const Batch mean = mean_dilatation ? mean_divergence(phi) : Batch(0.0);
      for (unsigned int q = 0; q < n_q; ++q)
      {
        const auto strain = phi.get_symmetric_gradient(q);
        const auto mandel = to_mandel<dim>(
            strain, mean_dilatation ? Batch((mean - trace(strain)) / 3.0) : Batch(0.0));
        std::array<Batch, 6> rows;
        for (unsigned int c = 0; c < 6; ++c)
          rows[c] = mean_strain[c];
        for (unsigned int c = 0; c < n_mandel<dim>; ++c)
          rows[mandel_index<dim>(c)] += mandel[c];
        const unsigned int n_lanes = matrix_free.n_active_entries_per_cell_batch(batch);
        if (n_lanes == Batch::size())
          dealii::vectorized_transpose_and_store(/*add_into=*/false, 6, rows.data(),
                                                 offsets<6>(batch, q).data(), strains[0].data());
        else
          for (unsigned int lane = 0; lane < n_lanes; ++lane)
            for (unsigned int c = 0; c < 6; ++c)
              strains[point(batch, lane, q)][c] = rows[c][lane];
      }
    }

    /// Unassembled, the squares of the forces are added to @p squares.
    void add_forces(Evaluation &phi, const unsigned int batch,
                    const std::vector<law::SymmetricTensor> &stresses, Vector &forces,
                    Batch &squares) const
    {
      phi.reinit(batch);
      const unsigned int n_lanes = matrix_free.n_active_entries_per_cell_batch(batch);

      Batch pressure_volume = 0.0, volume = 0.0;
      std::array<MandelBatch<dim, Batch>, n_q> stress;
      std::array<Batch, n_q> pressure;
      for (unsigned int q = 0; q < n_q; ++q)
      {
        std::array<Batch, 6> rows;
        dealii::vectorized_load_and_transpose(6, stresses[0].data(), offsets<6>(batch, q).data(),
                                              rows.data());
        for (unsigned int c = 0; c < n_mandel<dim>; ++c)
          stress[q][c] = rows[mandel_index<dim>(c)];
        pressure[q] = (stress[q][0] + stress[q][1] + stress[q][2]) / 3.0;
        pressure_volume += pressure[q] * phi.JxW(q);
        volume += phi.JxW(q);
      }
      for (unsigned int q = 0; q < n_q; ++q)
      {
        if (mean_dilatation) // only the cell's mean pressure works on the mean dilatation
          for (unsigned int d = 0; d < dim; ++d)
            stress[q][d] += pressure_volume / volume - pressure[q];
        phi.submit_symmetric_gradient(from_mandel<dim>(stress[q], Batch(thickness)), q);
      }
      phi.integrate(dealii::EvaluationFlags::gradients);
      Batch squares_of_cells = 0.0;
      for (unsigned int i = 0; i < Evaluation::static_dofs_per_cell; ++i)
        squares_of_cells += phi.begin_dof_values()[i] * phi.begin_dof_values()[i];
      for (unsigned int lane = 0; lane < n_lanes; ++lane)
        squares[lane] += squares_of_cells[lane];
      phi.distribute_local_to_global(forces);
    }

    /// After add_forces() of all batches. @return the norm of the unassembled forces
    double complete(Vector &forces, const Batch &squares) const
    {
      forces.compress(dealii::VectorOperation::add);
      for (const unsigned int i : matrix_free.get_constrained_dofs())
        forces.local_element(i) = 0.0;
      double sum_of_squares = 0.0;
      for (unsigned int lane = 0; lane < Batch::size(); ++lane)
        sum_of_squares += squares[lane];
      return std::sqrt(dealii::Utilities::MPI::sum(sum_of_squares,
                                                   discretisation.dof_handler.get_communicator()));
    }

    /// Of the points of @p batch; @p from begins with the point @p begin.
    void set_tangents(const unsigned int batch, const law::Tangent *from, const std::size_t begin)
    {
      static_assert(sizeof(law::Tangent) == 9 * sizeof(double), "bulk, shear, secant, N");
      for (unsigned int q = 0; q < n_q; ++q)
      {
        TangentBatch &target = batch_tangents[batch * n_q + q];
        std::array<Batch, 9> rows;
        dealii::vectorized_load_and_transpose(9, &from->bulk, offsets<9>(batch, q, begin).data(),
                                              rows.data());
        target.bulk = rows[0];
        target.secant = 2.0 * rows[2];
        target.shear = 2.0 * rows[1];
        for (unsigned int c = 0; c < n_mandel<dim>; ++c)
          target.direction[c] = rows[3 + mandel_index<dim>(c)];
      }
    }

    /// Call @p use with the index and the tangent of every point.
    template <typename Use>
    void for_each_point(const Use &use) const
    {
      law::Tangent tangent;
      tangent.direction.setZero();
      for (unsigned int batch = 0; batch < matrix_free.n_cell_batches(); ++batch)
        for (unsigned int lane = 0; lane < matrix_free.n_active_entries_per_cell_batch(batch);
             ++lane)
          for (unsigned int q = 0; q < n_q; ++q)
          {
            const TangentBatch &of_batch = batch_tangents[batch * n_q + q];
            tangent.bulk = of_batch.bulk[lane];
            tangent.secant = 0.5 * of_batch.secant[lane];
            tangent.shear = 0.5 * of_batch.shear[lane];
            for (unsigned int c = 0; c < n_mandel<dim>; ++c)
              tangent.direction[mandel_index<dim>(c)] = of_batch.direction[c][lane];
            use(point(batch, lane, q), tangent);
          }
    }

    /// Where the points of a batch begin in an array of @p n numbers a point, which begins with the
    /// point @p begin. Lanes without a cell repeat the first, so that nothing is undefined in them.
    template <unsigned int n>
    std::array<unsigned int, Batch::size()> offsets(const unsigned int batch, const unsigned int q,
                                                    const std::size_t begin = 0) const
    {
      const unsigned int n_lanes = matrix_free.n_active_entries_per_cell_batch(batch);
      std::array<unsigned int, Batch::size()> result;
      for (unsigned int lane = 0; lane < Batch::size(); ++lane)
        result[lane] =
            n * static_cast<unsigned int>(point(batch, lane < n_lanes ? lane : 0, q) - begin);
      return result;
    }

    std::size_t point(const unsigned int batch, const unsigned int lane, const unsigned int q) const
    {
      return first_point[batch] + lane * n_q + q;
    }

    std::size_t n_points() const
    {
      const unsigned int n = matrix_free.n_cell_batches();
      return n == 0 ? 0
                    : first_point[n - 1] + matrix_free.n_active_entries_per_cell_batch(n - 1) * n_q;
    }

    /// The tangent operator on one batch of cells, degrees of freedom to degrees of freedom.
    void apply_on_cell(Evaluation &phi) const
    {
      phi.evaluate(dealii::EvaluationFlags::gradients);
      const Batch mean = mean_dilatation ? mean_divergence(phi) : Batch(0.0);
      const TangentBatch *t = &batch_tangents[phi.get_current_cell_index() * n_q];
      for (unsigned int q = 0; q < n_q; ++q, ++t)
      {
        const auto strain = phi.get_symmetric_gradient(q);
        const Batch dilatation = trace(strain);
        MandelBatch<dim, Batch> e = to_mandel<dim>(strain, Batch(dilatation / -3.0));
        Batch along = t->direction[0] * e[0];
        for (unsigned int c = 1; c < n_mandel<dim>; ++c)
          along += t->direction[c] * e[c];
        along *= t->shear - t->secant;
        for (unsigned int c = 0; c < n_mandel<dim>; ++c)
          e[c] = t->secant * e[c] + along * t->direction[c];
        const Batch pressure = t->bulk * (mean_dilatation ? mean : dilatation);
        for (unsigned int d = 0; d < dim; ++d)
          e[d] += pressure;
        phi.submit_symmetric_gradient(from_mandel<dim>(e, Batch(thickness)), q);
      }
      phi.integrate(dealii::EvaluationFlags::gradients);
    }

    void apply(const WideMatrixFree<dim, double> &, Vector &dst, const Vector &src,
               const std::pair<unsigned int, unsigned int> &range) const
    {
      Evaluation phi(matrix_free);
      for (unsigned int batch = range.first; batch < range.second; ++batch)
      {
        phi.reinit(batch);
        phi.read_dof_values(src);
        apply_on_cell(phi);
        phi.distribute_local_to_global(dst);
      }
    }

    const Discretisation<dim> &discretisation;
    double thickness;
    bool mean_dilatation;
    WideMatrixFree<dim, double> matrix_free;
    std::vector<std::size_t> first_point;               ///< [n_cell_batches] of the first cell
    dealii::AlignedVector<TangentBatch> batch_tangents; ///< [n_cell_batches * n_q]
    std::vector<law::Tangent> chunk_tangents;           ///< scratch of respond_to()
  };
} // namespace seem::solver

#endif
