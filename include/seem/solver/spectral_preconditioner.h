// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_SPECTRAL_PRECONDITIONER_H
#define SEEM_SOLVER_SPECTRAL_PRECONDITIONER_H

#include <seem/solver/stiffness_preconditioner.h>

#include <memory>
#include <string>
#include <vector>

namespace seem::solver
{
  /**
   * Exact inverse of the stiffness K_0 of a homogeneous body, by discrete Fourier transforms: for
   * a box of equal linear cells that is periodic in all directions. K_0 is block-circulant there,
   * so each wave vector k has a dim x dim block of its own,
   *
   *     z = F^-1 K^(k)^-1 F r,   K^(k) = sum_d S_d cos(2 pi sum_j k_j d_j / n_j),   z^(0) = 0.
   *
   * S_d, d in {-1, 0, 1}^dim, is the block between a node and its neighbour at d, taken from
   * BalanceOperator itself. A cell looks the same from both ends: S_-d = S_d, so K^ is real and
   * symmetric. The corner that holds the body bears what balances r, and the rigid translation is
   * chosen so that it does not move: the inverse of K_0 on the unconstrained entries. Constrained
   * entries are copied.
   *
   * K_0 has the mean of the points' tangents, see mean_tangent(). With moduli of contrast c between
   * extremes the condition number of the preconditioned system is at most c, on any mesh. Source:
   * M. Ladecky et al., arXiv:2203.02962.
   *
   * The transforms are done by the first rank: no result depends on the partition but for
   * round-off.
   */
  template <int dim>
  class SpectralPreconditioner final : public StiffnessPreconditioner<dim>
  {
  public:
    using Vector = typename StiffnessPreconditioner<dim>::Vector;

    /// @throws InputError if @p discretisation, which must outlive this, has an obstacle()
    SpectralPreconditioner(const Discretisation<dim> &discretisation,
                           const ElementSettings &settings);
    ~SpectralPreconditioner() override;

    /// @throws StepError on all ranks if the mean stiffness is not positive definite
    void update(const BalanceOperator<dim> &balance,
                const std::vector<law::Tangent> &tangents) override;

    void vmult(Vector &dst, const Vector &src) const override;

    /// What stands in the way of this preconditioner, for a message; empty: nothing. Collective.
    static std::string obstacle(const Discretisation<dim> &discretisation);

    /// No obstacle, and no number of cells along an edge has a large prime factor, for which the
    /// transforms have no fast algorithm. The same on any number of ranks. Collective.
    static bool is_fast(const Discretisation<dim> &discretisation);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts;
  };

  /**
   * The tangent next to the mean over all points of all ranks. A mean of 2 (G_t - G_s) N(x)N has no
   * single direction N: that of its largest eigenvalue is kept, the others count evenly for the
   * directions across it (dim = 2: those of plane strain).
   */
  template <int dim>
  law::Tangent mean_tangent(const std::vector<law::Tangent> &tangents, MPI_Comm communicator);
} // namespace seem::solver

#endif
