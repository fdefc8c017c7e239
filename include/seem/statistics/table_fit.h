// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_TABLE_FIT_H
#define SEEM_STATISTICS_TABLE_FIT_H

#include <seem/database/event_database.h>
#include <seem/statistics/branch_fit.h>
#include <seem/statistics/taylor_constants.h>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace seem::statistics
{
  /// Choices of the table fit.
  struct TableFitSettings
  {
    std::array<std::size_t, 2> n_nodes = {{8, 7}}; ///< along tau and X1, 2 or more each
    double curvature = 0.1; ///< S: relative curvature across the table that costs one unit [-]
    std::optional<double>
        reference_energy;      ///< u0 [eV per atom]; default: lowest_stress_free_energy()
    double robust_scale = 4.0; ///< Huber's bend in standard deviations; 0: plain least squares
    unsigned int max_iterations = 50;
    double tolerance = 1e-6; ///< largest relative change of a node when it has settled
  };

  /// A table fitted to branches. Its standard errors are left zero.
  struct TableFit
  {
    database::ElasticityTable table;
    double u0 = 0.0;               ///< reference energy per atom [eV]
    double spread = 0.0;           ///< robust standard deviation of the moduli from the fit [GPa]
    double bias = 0.0;             ///< weighted mean of the moduli minus the fit [GPa]
    unsigned int n_iterations = 0; ///< recomputations of X1 until it settled
    bool settled = false;
  };

  /**
   * Fit 1/G_t at the nodes of law::TabulatedElasticity to the tangent moduli M_k of event-free
   * branches. Written as 1/G_t = (1 + q)/G_t^T at the nodes, with the tangent G_t^T of Eq. (7) for
   * @p prior, the relative deviation q minimises
   * \f[ \sum_k w_k\,\rho\Big(\frac{M_k - G_t(\tau_k, X_{1,k})}{\sigma}\Big)
   *   + \int \frac{q_{ss}^2 + q_{tt}^2}{S^2} + \frac{q^2}{T^2}\,ds\,dt, \f]
   * s and t running from 0 to 1 along the axes, sigma the robust spread of the moduli, rho Huber's
   * loss and T = 0.3. The integrals are second differences and sums over the nodes: a finer grid
   * does not smooth less. Where there is no data the table continues smoothly and turns back to Eq.
   * (7). X1 is solved exactly with the table and recomputed until the nodes settle (Gauss-Newton).
   *
   * The nodes are equally spaced: from 0 to the highest stress of the pieces, and over the range of
   * their X1 (by Eq. 7) and a quarter of it to either side.
   *
   * @param[in] runs   the branches, one entry per run; a run may occur several times (bootstrap)
   * @param[in] start  a table to take the nodes from and to start at, or nullptr
   * @throws InputError if there are no pieces, all at one state, or a setting is out of range
   */
  TableFit fit_table(const std::vector<const BranchData *> &runs, const TaylorConstants &prior,
                     const TableFitSettings &settings,
                     const database::ElasticityTable *start = nullptr);
} // namespace seem::statistics

#endif
