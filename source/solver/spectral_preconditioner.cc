// SPDX-License-Identifier: LGPL-2.1-or-later
#include "node_grid.h"
#include "periodic_transform.h"

#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/spectral_preconditioner.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/numbers.h>

#include <Eigen/Dense>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::solver
{
  using namespace dealii;
  namespace mpi = dealii::Utilities::MPI;

  namespace
  {
    constexpr unsigned int power(const unsigned int base, const unsigned int exponent)
    {
      return exponent == 0 ? 1 : base * power(base, exponent - 1);
    }

    /// A small periodic body of the same cells, whose middle node has neighbours that are neither
    /// held nor images: the operator's answer to its unit displacements is the stencil.
    template <int dim>
    class Patch
    {
    public:
      using Block = Eigen::Matrix<double, dim, dim>;
      static constexpr unsigned int n_neighbours = power(3, dim);

      Patch(const std::array<double, dim> &cell_edges, const ElementSettings &settings)
          : mesh(make_mesh(cell_edges)), discretisation(MPI_COMM_SELF, mesh, mesh.n_refinements,
                                                        /*degree=*/1, {}),
            balance(make_balance_operator(discretisation, settings))
      {
        const NodeGrid<dim> grid = make_node_grid(discretisation);
        for (unsigned int i = 0; i < grid.place.size(); ++i)
          if (grid.place[i] >= 0)
            dof_at[grid.place[i]] = i;
        balance->initialise_vector(unit);
        balance->initialise_vector(force);
      }

      /// Neighbour i sits at (i % 3 - 1, i/3 % 3 - 1, ...).
      std::array<Block, n_neighbours> stencil(const law::Tangent &tangent)
      {
        balance->set_tangents(std::vector<law::Tangent>(
            mesh.n_cells() * balance->n_quadrature_points_per_cell(), tangent));
        std::array<Block, n_neighbours> blocks;
        for (unsigned int column = 0; column < dim; ++column)
        {
          const unsigned int source = dof_at[dim * neighbour(n_neighbours / 2) + column];
          unit.local_element(source) = 1.0;
          balance->vmult(force, unit);
          unit.local_element(source) = 0.0;
          for (unsigned int i = 0; i < n_neighbours; ++i)
            for (unsigned int row = 0; row < dim; ++row)
              blocks[i](row, column) = force.local_element(dof_at[dim * neighbour(i) + row]);
        }
        return blocks;
      }

    private:
      static constexpr unsigned int n = 4; ///< cells along each edge

      static SpecimenMesh<dim> make_mesh(const std::array<double, dim> &cell_edges)
      {
        SpecimenMesh<dim> mesh;
        std::array<double, dim> edges;
        std::array<unsigned int, dim> n_cells;
        std::array<bool, dim> periodic;
        for (unsigned int d = 0; d < dim; ++d)
          edges[d] = n * cell_edges[d];
        n_cells.fill(n);
        periodic.fill(true);
        make_box<dim>(mesh, edges, n_cells, periodic);
        return mesh;
      }

      /// Node of neighbour @p i of the middle node (2, 2, ...).
      static unsigned int neighbour(const unsigned int i)
      {
        unsigned int node = 0;
        for (int d = dim - 1; d >= 0; --d)
          node = node * n + n / 2 - 1 + i / power(3, d) % 3;
        return node;
      }

      SpecimenMesh<dim> mesh;
      Discretisation<dim> discretisation;
      std::unique_ptr<BalanceOperator<dim>> balance;
      std::array<unsigned int, dim * power(n, dim)> dof_at; ///< by place
      typename BalanceOperator<dim>::Vector unit, force;
    };

    /// A prime number of cells along each edge up to which the transforms cost less than the other
    /// preconditioners (measured: doc/solver.md).
    constexpr unsigned int largest_fast_prime = 127;

    unsigned int largest_prime_factor(unsigned int n)
    {
      unsigned int largest = 1;
      for (unsigned int p = 2; p * p <= n; ++p)
        for (; n % p == 0; n /= p)
          largest = p;
      return std::max(largest, n);
    }

    /// exp(2 pi i k/n), k = 0 ... n - 1.
    std::vector<std::complex<double>> roots_of_unity(const unsigned int n)
    {
      std::vector<std::complex<double>> roots(n);
      for (unsigned int k = 0; k < n; ++k)
        roots[k] = std::polar(1.0, 2.0 * numbers::PI * k / n);
      return roots;
    }
  } // namespace

  template <int dim>
  struct SpectralPreconditioner<dim>::Parts
  {
    using Transform = PeriodicTransform<dim>;
    using Real = typename Transform::Real;
    static constexpr int n_lanes = sizeof(Real) / sizeof(typename Transform::Number);

    Parts(NodeGrid<dim> &&grid, const MPI_Comm communicator, const ElementSettings &settings)
        : communicator(communicator), first_rank(mpi::this_mpi_process(communicator) == 0),
          serial(mpi::n_mpi_processes(communicator) == 1), n_cells(grid.n_cells),
          place(std::move(grid.place))
    {
      if (!serial)
        gather_places();
      for (int &p : place) // components become lanes
        if (p >= 0)
          p = p / dim * n_lanes + p % dim;
      if (!first_rank)
        return;
      patch = std::make_unique<Patch<dim>>(grid.cell_edges, settings);
      transform = std::make_unique<Transform>(n_cells);
      inverse.resize(transform->waves.size());
    }

    void gather_places()
    {
      const int n = static_cast<int>(place.size());
      counts = mpi::all_gather(communicator, n);
      offsets = {0};
      for (const int count : counts)
        offsets.push_back(offsets.back() + count);
      std::vector<int> all(first_rank ? offsets.back() : 0);
      MPI_Gatherv(place.data(), n, MPI_INT, all.data(), counts.data(), offsets.data(), MPI_INT, 0,
                  communicator);
      place = std::move(all);
      gathered.resize(place.size());
    }

    /// Blocks K^(k)^-1 over the number of nodes.
    void invert(const law::Tangent &reference)
    {
      using Block = typename Patch<dim>::Block;
      const auto stencil = patch->stencil(reference);
      std::array<std::vector<std::complex<double>>, dim> roots;
      for (unsigned int d = 0; d < dim; ++d)
        roots[d] = roots_of_unity(n_cells[d]);
      const double n_nodes = static_cast<double>(transform->nodes.size());
      constexpr unsigned int middle = Patch<dim>::n_neighbours / 2;

      for (std::size_t wave = 0; wave < inverse.size(); ++wave)
      {
        std::array<std::complex<double>, dim> phase; // waves: x outermost, the last innermost
        std::size_t rest = wave;
        for (int d = dim - 1; d > 0; --d)
        {
          phase[d] = roots[d][rest % n_cells[d]];
          rest /= n_cells[d];
        }
        phase[0] = roots[0][rest];

        Block symbol = stencil[middle];
        for (unsigned int i = 0; i < middle; ++i) // and the opposite neighbour
        {
          std::complex<double> product = 1.0;
          for (unsigned int d = 0; d < dim; ++d)
          {
            const unsigned int at = i / power(3, d) % 3;
            if (at != 1)
              product *= at == 0 ? std::conj(phase[d]) : phase[d];
          }
          symbol += 2.0 * product.real() * stencil[i];
        }
        symbol = (0.5 * (symbol + symbol.transpose())).eval();
        const Eigen::LLT<Block> factor(symbol);
        if (wave > 0 && factor.info() != Eigen::Success)
          throw StepError("the mean stiffness of the points is not positive definite");
        const Block block =
            wave > 0 ? Block(factor.solve(Block::Identity()) / n_nodes) : Block(Block::Zero());
        for (int column = 0; column < dim; ++column)
        {
          inverse[wave][column] = Real(0);
          for (int row = 0; row < dim; ++row)
            inverse[wave][column].v[row] =
                static_cast<typename Transform::Number>(block(row, column));
        }
      }
    }

    /// On the first rank; entries of all ranks.
    void apply(double *dst, const double *src)
    {
      using Number = typename Transform::Number;
      auto *const nodes = reinterpret_cast<Number *>(transform->nodes.data());
      Real balance(0);
      transform->nodes[0] = Real(0);
      for (std::size_t i = 0; i < place.size(); ++i)
        if (place[i] >= 0)
          nodes[place[i]] = static_cast<Number>(src[i]);
      for (const Real &force : transform->nodes)
        balance += force;
      transform->nodes[0] = -balance;

      transform->forward();
      for (std::size_t wave = 0; wave < inverse.size(); ++wave)
      {
        const std::complex<Real> force = transform->waves[wave];
        Real re(0), im(0);
        for (int c = 0; c < dim; ++c)
        {
          re += inverse[wave][c] * Real(force.real().v[c]);
          im += inverse[wave][c] * Real(force.imag().v[c]);
        }
        transform->waves[wave] = {re, im};
      }
      transform->backward();

      for (std::size_t i = 0; i < place.size(); ++i)
        dst[i] = place[i] >= 0 ? nodes[place[i]] - nodes[place[i] % n_lanes] : src[i];
    }

    MPI_Comm communicator;
    bool first_rank, serial;
    std::array<unsigned int, dim> n_cells;
    std::vector<int> place; ///< lane of each degree of freedom in the transform; first rank: of all
    std::vector<int> counts, offsets; ///< degrees of freedom of each rank
    std::vector<double> gathered;
    std::unique_ptr<Patch<dim>> patch;
    std::unique_ptr<Transform> transform;
    std::vector<std::array<Real, dim>> inverse; ///< by wave, columns
  };

  template <int dim>
  SpectralPreconditioner<dim>::SpectralPreconditioner(const Discretisation<dim> &discretisation,
                                                      const ElementSettings &settings)
  {
    NodeGrid<dim> grid = make_node_grid(discretisation);
    if (!grid.obstacle.empty())
      throw InputError(fmt::format(
          "the preconditioner spectral needs a box of equal linear cells that is periodic in all "
          "directions, but of this body: {}. Choose \"Solver/Preconditioner\" = automatic",
          grid.obstacle));
    parts = std::make_unique<Parts>(std::move(grid), discretisation.dof_handler.get_communicator(),
                                    settings);
  }

  template <int dim>
  SpectralPreconditioner<dim>::~SpectralPreconditioner() = default;

  template <int dim>
  std::string SpectralPreconditioner<dim>::obstacle(const Discretisation<dim> &discretisation)
  {
    return make_node_grid(discretisation).obstacle;
  }

  template <int dim>
  bool SpectralPreconditioner<dim>::is_fast(const Discretisation<dim> &discretisation)
  {
    const NodeGrid<dim> grid = make_node_grid(discretisation);
    return grid.obstacle.empty() &&
           std::all_of(grid.n_cells.begin(), grid.n_cells.end(), [](const unsigned int n) {
             return largest_prime_factor(n) <= largest_fast_prime;
           });
  }

  template <int dim>
  void SpectralPreconditioner<dim>::update(const BalanceOperator<dim> &,
                                           const std::vector<law::Tangent> &tangents)
  {
    const law::Tangent reference = mean_tangent<dim>(tangents, parts->communicator);
    run_collectively(parts->communicator, [&] {
      if (parts->first_rank)
        parts->invert(reference);
    });
  }

  template <int dim>
  void SpectralPreconditioner<dim>::vmult(Vector &dst, const Vector &src) const
  {
    if (parts->serial)
    {
      parts->apply(dst.begin(), src.begin());
      return;
    }
    const int n = static_cast<int>(src.locally_owned_size());
    double *const all = parts->gathered.data();
    const int *const counts = parts->counts.data(), *const offsets = parts->offsets.data();
    MPI_Gatherv(src.begin(), n, MPI_DOUBLE, all, counts, offsets, MPI_DOUBLE, 0,
                parts->communicator);
    if (parts->first_rank)
      parts->apply(all, all);
    MPI_Scatterv(all, counts, offsets, MPI_DOUBLE, dst.begin(), n, MPI_DOUBLE, 0,
                 parts->communicator);
  }

  template <int dim>
  law::Tangent mean_tangent(const std::vector<law::Tangent> &tangents, const MPI_Comm communicator)
  {
    using Matrix = Eigen::Matrix<double, 6, 6>;
    Eigen::Matrix<double, 39, 1> sums = Eigen::Matrix<double, 39, 1>::Zero();
    Eigen::Map<Matrix> excess(sums.data());
    for (const law::Tangent &t : tangents)
    {
      const double factor = 2.0 * (t.shear - t.secant);
      for (int j = 0; j < 6; ++j)
        excess.col(j) += (factor * t.direction[j]) * t.direction;
      sums[36] += t.bulk;
      sums[37] += t.secant;
    }
    sums[38] = static_cast<double>(tangents.size());
    Eigen::Matrix<double, 39, 1> total;
    mpi::sum(ArrayView<const double>(sums.data(), 39), communicator,
             ArrayView<double>(total.data(), 39));
    total /= total[38];

    const Eigen::SelfAdjointEigenSolver<Matrix> eigen(Matrix(Eigen::Map<Matrix>(total.data())));
    int along = 0;
    eigen.eigenvalues().cwiseAbs().maxCoeff(&along);
    const double most = eigen.eigenvalues()[along];
    // Deviators of the plane strains: three directions; in space five.
    const double others = (eigen.eigenvalues().sum() - most) / (dim == 2 ? 2.0 : 4.0);
    law::Tangent mean{total[36], 0.0, total[37] + 0.5 * others, eigen.eigenvectors().col(along)};
    mean.shear = total[37] + 0.5 * most;
    return mean;
  }

  template class SpectralPreconditioner<2>;
  template class SpectralPreconditioner<3>;
  template law::Tangent mean_tangent<2>(const std::vector<law::Tangent> &, MPI_Comm);
  template law::Tangent mean_tangent<3>(const std::vector<law::Tangent> &, MPI_Comm);
} // namespace seem::solver
