// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_TABULATED_ELASTICITY_H
#define SEEM_LAW_TABULATED_ELASTICITY_H

#include <seem/law/elasticity.h>

#include <cstddef>
#include <vector>

namespace seem::law
{
  /**
   * Elasticity from a table of the tangent compliance 1/G_t on a grid of (tau, X1): bilinear
   * between the nodes, constant beyond the edges of the table, even in tau. Strain and energy are
   * its exact integrals at constant X1,
   * \f[ g(\tau, X_1) = \int_0^\tau \frac{d\tau'}{G_t},\qquad
   *     w(\tau, X_1) = \int_0^\tau \frac{\tau'\,d\tau'}{G_t}, \f]
   * quadratic and cubic in tau in each cell and, like 1/G_t, piecewise linear in X1: energy, strain
   * and tangent are one consistent choice, whatever the numbers in the table.
   *
   * A call costs two binary searches; inelastic_energy() visits the columns of X1 besides.
   */
  class TabulatedElasticity final : public Elasticity
  {
  public:
    /**
     * @param[in] tau            nodes [GPa], the first one 0, strictly growing; a single one: the
     *                           tangent does not depend on tau
     * @param[in] x1             nodes [eV per atom], strictly growing; one or more
     * @param[in] compliance     1/G_t at the nodes [1/GPa], positive, tau runs fastest:
     *                           compliance[i_tau + n_tau * i_x1]
     * @param[in] atomic_volume  Omega [Angstrom^3], positive
     * @throws InputError naming the node or size that is wrong
     */
    TabulatedElasticity(std::vector<double> tau, std::vector<double> x1,
                        const std::vector<double> &compliance, double atomic_volume);

    double energy_density(double tau, double x1) const override;
    double elastic_strain(double tau, double x1) const override;
    double tangent(double tau, double x1) const override;

    /// Exact: g is strictly growing and quadratic in each cell.
    double stress(double gamma_el, double x1) const override;

    /**
     * Exact: u_el is piecewise linear in X1. Where a table that stiffens with X1 has several
     * solutions, the lowest one: it exists for every energy and is the only one wherever X1 +
     * u_el(tau, X1) grows with X1, as it does in a glass.
     */
    double inelastic_energy(double excess_energy, double tau) const override;

    /// True beyond the last node of X1.
    bool capped(double x1) const override
    {
      return x1 > x1_nodes.back();
    }

    double atomic_volume() const override
    {
      return omega;
    }

  private:
    /// At a node: 1/G_t and its integrals from zero stress.
    struct Node
    {
      double compliance; ///< [1/GPa]
      double strain;     ///< g [-]
      double energy;     ///< w [GPa]
    };

    /// One of the X1 columns between which X1 lies, and its weight is 1 - share; the next has
    /// share.
    struct Column
    {
      std::size_t index;
      double share;
    };

    Column column(double x1) const;

    /// Number of the last node of tau that is not above @p tau >= 0.
    std::size_t row(double tau) const;

    /// The node @p i of the column that is interpolated at @p x1.
    Node node(std::size_t i, const Column &x1) const;

    /// Slope of the compliance between nodes i and i + 1 [1/GPa^2]; zero beyond the last one.
    double slope(std::size_t i, const Node &begin, const Column &x1) const;

    std::vector<double> tau_nodes;
    std::vector<double> x1_nodes;
    std::vector<Node> nodes; ///< [n_x1][n_tau]
    double omega;
  };
} // namespace seem::law

#endif
