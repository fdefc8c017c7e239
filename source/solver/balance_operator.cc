// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/balance_operator.h>
#include <seem/solver/cell_key.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/lac/trilinos_sparsity_pattern.h>
#include <deal.II/matrix_free/fe_evaluation.h>
#include <deal.II/matrix_free/matrix_free.h>
#include <deal.II/matrix_free/tools.h>

#include <cmath>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr unsigned int degree = 1, n_q_1d = 2;

    /// Number of Mandel components that plane strain (xx, yy, zz, xy) or 3D can fill.
    template <int dim>
    constexpr unsigned int n_components = dim == 2 ? 4 : 6;

    /// Their places in law::SymmetricTensor.
    template <int dim>
    constexpr unsigned int mandel_index(const unsigned int c)
    {
      return dim == 2 && c == 3 ? 5 : c;
    }

    /// A symmetric tensor of a batch of cells in the components that dim can fill.
    template <int dim>
    using MandelBatch = std::array<VectorizedArray<double>, n_components<dim>>;

    /// In-plane strain and the cell-mean volume strain to Mandel form; see the class text for
    /// B-bar.
    template <int dim>
    MandelBatch<dim> to_mandel(const SymmetricTensor<2, dim, VectorizedArray<double>> &t,
                               const VectorizedArray<double> &diagonal_correction)
    {
      MandelBatch<dim> m;
      m[2] = 0.0;
      for (unsigned int d = 0; d < dim; ++d)
        m[d] = t[d][d];
      for (unsigned int d = 0; d < 3; ++d)
        m[d] += diagonal_correction;
      if constexpr (dim == 2)
        m[3] = law::sqrt2 * t[0][1];
      else
      {
        m[3] = law::sqrt2 * t[1][2];
        m[4] = law::sqrt2 * t[0][2];
        m[5] = law::sqrt2 * t[0][1];
      }
      return m;
    }

    /// The part of a Mandel stress that works on displacement gradients of dim dimensions.
    template <int dim>
    SymmetricTensor<2, dim, VectorizedArray<double>> from_mandel(const MandelBatch<dim> &m)
    {
      SymmetricTensor<2, dim, VectorizedArray<double>> t;
      for (unsigned int d = 0; d < dim; ++d)
        t[d][d] = m[d];
      if constexpr (dim == 2)
        t[0][1] = m[3] / law::sqrt2;
      else
      {
        t[1][2] = m[3] / law::sqrt2;
        t[0][2] = m[4] / law::sqrt2;
        t[0][1] = m[5] / law::sqrt2;
      }
      return t;
    }
  } // namespace

  template <int dim>
  struct BalanceOperator<dim>::Implementation
  {
    using Evaluation = FEEvaluation<dim, degree, n_q_1d, dim, double>;
    using Batch = VectorizedArray<double>;

    static constexpr unsigned int n_q = Evaluation::static_n_q_points;

    /// Tangent of a batch of points in the form 2 G_s dev + 2 (G_t - G_s) N(x)N + K 1(x)1.
    struct TangentBatch
    {
      Batch bulk;
      Batch secant;
      Batch excess; ///< G_t - G_s
      MandelBatch<dim> direction;
    };

    const DoFHandler<dim> &dof_handler;
    const AffineConstraints<double> &constraints;
    double thickness;
    MatrixFree<dim, double> matrix_free;
    std::vector<std::size_t> first_point; ///< [n_cell_batches] of the batch's first cell
    std::vector<TangentBatch> tangents;   ///< [n_cell_batches * n_q]

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

    /// Cell mean of the divergence whose gradients are evaluated in @p phi.
    static Batch mean_divergence(const Evaluation &phi)
    {
      Batch sum = 0.0, volume = 0.0;
      for (unsigned int q = 0; q < n_q; ++q)
      {
        sum += phi.get_divergence(q) * phi.JxW(q);
        volume += phi.JxW(q);
      }
      return sum / volume;
    }

    /// The tangent operator on one batch of cells, degrees of freedom to degrees of freedom.
    void apply_on_cell(Evaluation &phi) const
    {
      phi.evaluate(EvaluationFlags::gradients);
      const Batch mean = mean_divergence(phi);
      for (unsigned int q = 0; q < n_q; ++q)
      {
        const TangentBatch &t = tangents[phi.get_current_cell_index() * n_q + q];
        const auto strain = phi.get_symmetric_gradient(q);
        MandelBatch<dim> e = to_mandel<dim>(strain, -trace(strain) / 3.0);
        Batch along = 0.0;
        for (unsigned int c = 0; c < n_components<dim>; ++c)
          along += t.direction[c] * e[c];
        along *= 2.0 * t.excess;
        for (unsigned int c = 0; c < n_components<dim>; ++c)
          e[c] = 2.0 * t.secant * e[c] + along * t.direction[c];
        for (unsigned int d = 0; d < dim; ++d)
          e[d] += t.bulk * mean;
        phi.submit_symmetric_gradient(thickness * from_mandel<dim>(e), q);
      }
      phi.integrate(EvaluationFlags::gradients);
    }

    void apply(const MatrixFree<dim, double> &, Vector &dst, const Vector &src,
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
  };

  template <int dim>
  BalanceOperator<dim>::BalanceOperator(const DoFHandler<dim> &dof_handler,
                                        const AffineConstraints<double> &constraints,
                                        const double thickness)
      : implementation(new Implementation{dof_handler, constraints, thickness, {}, {}, {}})
  {
    typename MatrixFree<dim, double>::AdditionalData options;
    options.tasks_parallel_scheme = MatrixFree<dim, double>::AdditionalData::none;
    options.mapping_update_flags = update_gradients | update_JxW_values | update_quadrature_points;
    implementation->matrix_free.reinit(MappingQ1<dim>(), dof_handler, constraints,
                                       QGauss<1>(n_q_1d), options);

    const auto &mf = implementation->matrix_free;
    implementation->first_point.resize(mf.n_cell_batches());
    for (std::size_t batch = 0, first = 0; batch < mf.n_cell_batches(); ++batch)
    {
      implementation->first_point[batch] = first;
      first += mf.n_active_entries_per_cell_batch(batch) * Implementation::n_q;
    }
    implementation->tangents.resize(mf.n_cell_batches() * Implementation::n_q);
  }

  template <int dim>
  BalanceOperator<dim>::~BalanceOperator() = default;

  template <int dim>
  unsigned int BalanceOperator<dim>::n_quadrature_points_per_cell() const
  {
    return Implementation::n_q;
  }

  template <int dim>
  std::vector<QuadraturePoint<dim>> BalanceOperator<dim>::quadrature_points() const
  {
    const auto &mf = implementation->matrix_free;
    std::vector<QuadraturePoint<dim>> points(implementation->n_points());
    typename Implementation::Evaluation phi(mf);
    for (unsigned int batch = 0; batch < mf.n_cell_batches(); ++batch)
    {
      phi.reinit(batch);
      for (unsigned int lane = 0; lane < mf.n_active_entries_per_cell_batch(batch); ++lane)
      {
        const std::uint64_t key = cell_key<dim>(mf.get_cell_iterator(batch, lane)->id());
        for (unsigned int q = 0; q < Implementation::n_q; ++q)
        {
          QuadraturePoint<dim> &point = points[implementation->point(batch, lane, q)];
          const auto x = phi.quadrature_point(q);
          for (unsigned int d = 0; d < dim; ++d)
            point.position[d] = x[d][lane];
          point.volume = phi.JxW(q)[lane] * implementation->thickness;
          point.key = {key, static_cast<std::uint16_t>(q)};
        }
      }
    }
    return points;
  }

  template <int dim>
  std::vector<unsigned int> BalanceOperator<dim>::active_cell_indices() const
  {
    const auto &mf = implementation->matrix_free;
    std::vector<unsigned int> indices;
    for (unsigned int batch = 0; batch < mf.n_cell_batches(); ++batch)
      for (unsigned int lane = 0; lane < mf.n_active_entries_per_cell_batch(batch); ++lane)
        indices.push_back(mf.get_cell_iterator(batch, lane)->active_cell_index());
    return indices;
  }

  template <int dim>
  std::vector<std::vector<bool>> BalanceOperator<dim>::constant_modes() const
  {
    std::vector<std::vector<bool>> modes;
    DoFTools::extract_constant_modes(implementation->dof_handler, ComponentMask(), modes);
    return modes;
  }

  template <int dim>
  void BalanceOperator<dim>::initialise_vector(Vector &vector) const
  {
    implementation->matrix_free.initialize_dof_vector(vector);
  }

  template <int dim>
  void BalanceOperator<dim>::compute_strains(const Vector &u,
                                             const law::SymmetricTensor &mean_strain,
                                             std::vector<law::SymmetricTensor> &strains) const
  {
    const auto &mf = implementation->matrix_free;
    u.update_ghost_values();
    typename Implementation::Evaluation phi(mf);
    for (unsigned int batch = 0; batch < mf.n_cell_batches(); ++batch)
    {
      phi.reinit(batch);
      phi.read_dof_values(u);
      phi.evaluate(EvaluationFlags::gradients);
      const auto mean = Implementation::mean_divergence(phi);
      for (unsigned int q = 0; q < Implementation::n_q; ++q)
      {
        const auto strain = phi.get_symmetric_gradient(q);
        const auto mandel = to_mandel<dim>(strain, (mean - trace(strain)) / 3.0);
        for (unsigned int lane = 0; lane < mf.n_active_entries_per_cell_batch(batch); ++lane)
        {
          law::SymmetricTensor &target = strains[implementation->point(batch, lane, q)];
          target = mean_strain;
          for (unsigned int c = 0; c < n_components<dim>; ++c)
            target[mandel_index<dim>(c)] += mandel[c][lane];
        }
      }
    }
    u.zero_out_ghost_values();
  }

  template <int dim>
  double BalanceOperator<dim>::internal_forces(const std::vector<law::SymmetricTensor> &stresses,
                                               Vector &forces,
                                               SymmetricTensor<2, dim> &reaction) const
  {
    const auto &mf = implementation->matrix_free;
    forces = 0.0;

    Tensor<2, dim> force_moment;
    double sum_of_squares = 0.0;

    typename Implementation::Evaluation phi(mf);
    for (unsigned int batch = 0; batch < mf.n_cell_batches(); ++batch)
    {
      phi.reinit(batch);
      const unsigned int n_lanes = mf.n_active_entries_per_cell_batch(batch);

      // Only the cell's mean pressure does work on the mean dilatation.
      VectorizedArray<double> pressure_volume = 0.0, volume = 0.0;
      MandelBatch<dim> stress[Implementation::n_q];
      VectorizedArray<double> pressure[Implementation::n_q];
      for (unsigned int q = 0; q < Implementation::n_q; ++q)
      {
        for (unsigned int c = 0; c < n_components<dim>; ++c)
          stress[q][c] = 0.0;
        for (unsigned int lane = 0; lane < n_lanes; ++lane)
          for (unsigned int c = 0; c < n_components<dim>; ++c)
            stress[q][c][lane] =
                stresses[implementation->point(batch, lane, q)][mandel_index<dim>(c)];
        pressure[q] = (stress[q][0] + stress[q][1] + stress[q][2]) / 3.0;
        pressure_volume += pressure[q] * phi.JxW(q);
        volume += phi.JxW(q);
      }
      for (unsigned int q = 0; q < Implementation::n_q; ++q)
      {
        for (unsigned int d = 0; d < dim; ++d)
          stress[q][d] += pressure_volume / volume - pressure[q];
        phi.submit_symmetric_gradient(implementation->thickness * from_mandel<dim>(stress[q]), q);
      }
      phi.integrate(EvaluationFlags::gradients);

      constexpr unsigned int n_nodes = Implementation::Evaluation::static_dofs_per_component;
      for (unsigned int lane = 0; lane < n_lanes; ++lane)
      {
        const auto cell = mf.get_cell_iterator(batch, lane);
        for (unsigned int node = 0; node < n_nodes; ++node) // both orders are lexicographic
          for (unsigned int i = 0; i < dim; ++i)
          {
            const double force = phi.begin_dof_values()[i * n_nodes + node][lane];
            sum_of_squares += force * force;
            for (unsigned int j = 0; j < dim; ++j)
              force_moment[i][j] += force * cell->vertex(node)[j];
          }
      }
      phi.distribute_local_to_global(forces);
    }
    forces.compress(VectorOperation::add);
    for (const unsigned int i : mf.get_constrained_dofs())
      forces.local_element(i) = 0.0;

    const MPI_Comm communicator = implementation->dof_handler.get_communicator();
    reaction = symmetrize(Utilities::MPI::sum(force_moment, communicator));
    return std::sqrt(Utilities::MPI::sum(sum_of_squares, communicator));
  }

  template <int dim>
  void BalanceOperator<dim>::set_tangents(const std::vector<law::Tangent> &tangents)
  {
    const auto &mf = implementation->matrix_free;
    for (unsigned int batch = 0; batch < mf.n_cell_batches(); ++batch)
      for (unsigned int q = 0; q < Implementation::n_q; ++q)
      {
        auto &target = implementation->tangents[batch * Implementation::n_q + q];
        for (unsigned int lane = 0; lane < VectorizedArray<double>::size(); ++lane)
        {
          // Unused lanes repeat the first, so that nothing is undefined in them.
          const bool used = lane < mf.n_active_entries_per_cell_batch(batch);
          const law::Tangent &t = tangents[implementation->point(batch, used ? lane : 0, q)];
          target.bulk[lane] = t.bulk;
          target.secant[lane] = t.secant;
          target.excess[lane] = t.shear - t.secant;
          for (unsigned int c = 0; c < n_components<dim>; ++c)
            target.direction[c][lane] = t.direction[mandel_index<dim>(c)];
        }
      }
  }

  template <int dim>
  void BalanceOperator<dim>::vmult(Vector &dst, const Vector &src) const
  {
    implementation->matrix_free.cell_loop(&Implementation::apply, implementation.get(), dst, src,
                                          /*zero_dst_vector=*/true);
    for (const unsigned int i : implementation->matrix_free.get_constrained_dofs())
      dst.local_element(i) = src.local_element(i);
  }

  template <int dim>
  void BalanceOperator<dim>::make_sparsity(TrilinosWrappers::SparseMatrix &matrix) const
  {
    const DoFHandler<dim> &dofs = implementation->dof_handler;
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dofs, relevant);
    TrilinosWrappers::SparsityPattern sparsity(dofs.locally_owned_dofs(), dofs.locally_owned_dofs(),
                                               relevant, dofs.get_communicator());
    DoFTools::make_sparsity_pattern(dofs, sparsity, implementation->constraints,
                                    /*keep_constrained_dofs=*/true,
                                    Utilities::MPI::this_mpi_process(dofs.get_communicator()));
    sparsity.compress();
    matrix.reinit(sparsity);
  }

  template <int dim>
  void BalanceOperator<dim>::assemble(TrilinosWrappers::SparseMatrix &matrix) const
  {
    matrix = 0.0;
    std::function<void(typename Implementation::Evaluation &)> cell_operator =
        [this](typename Implementation::Evaluation &phi) { implementation->apply_on_cell(phi); };
    MatrixFreeTools::compute_matrix<dim, degree, n_q_1d, dim, double, VectorizedArray<double>>(
        implementation->matrix_free, implementation->constraints, matrix, cell_operator);
  }

  template class BalanceOperator<2>;
  template class BalanceOperator<3>;
} // namespace seem::solver
