// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_BRANCH_RESIDUALS_H
#define SEEM_STATISTICS_BRANCH_RESIDUALS_H

#include <seem/statistics/curves.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// One event-free piece held against the elasticity.
  struct BranchResidual
  {
    double tau;        ///< [GPa]
    double x1;         ///< [eV per atom]
    double modulus;    ///< measured [GPa]
    double tangent;    ///< of the elasticity [GPa]
    double weight;     ///< strain of the piece over the nominal one [-]
    std::size_t glass; ///< number of the glass
  };

  /// The pieces of one range of tau or X1.
  struct ResidualBin
  {
    double low = 0.0;  ///< smallest tau [GPa] or X1 [eV per atom] of the pieces
    double high = 0.0; ///< largest
    std::size_t n_pieces = 0;
    std::size_t n_glasses = 0;
    double tangent = 0.0; ///< mean of the elasticity [GPa]
    Estimate residual;    ///< mean of measured minus elasticity [GPa], standard error over glasses
    double p_value = 1.0; ///< two-sided, Student's t over the glasses; NaN with fewer than three
  };

  /**
   * How well the elasticity describes the measured moduli. Residuals beyond four robust standard
   * deviations from their median count as four: pieces in which an event went unseen.
   */
  struct BranchResiduals
  {
    std::size_t n_pieces = 0;
    double spread = 0.0; ///< robust standard deviation of the residuals [GPa]
    double bias = 0.0;   ///< weighted mean of the residuals, not cut [GPa]

    /// 1 - sum w r^2 / sum w (M - mean M)^2, moduli M cut like the residuals; NaN without pieces.
    double explained_variance = std::numeric_limits<double>::quiet_NaN();

    /**
     * Lack of fit: the pieces in cells of (tau, X1), \f[ \frac{1}{C - 4}\sum_c
     * \frac{n_c\,\bar r_c^2}{s^2}, \f] s^2 being the variance within the C cells of at least five
     * pieces. 1 if nothing but the scatter of single pieces is left; NaN with fewer than eight
     * cells.
     */
    double reduced_chi_squared = std::numeric_limits<double>::quiet_NaN();
    std::size_t n_cells = 0;

    std::vector<ResidualBin> tau; ///< equally many pieces each
    std::vector<ResidualBin> x1;  ///< equally many pieces each

    /**
     * A sentence for each bin whose mean residual is not zero: p-value below 0.01 over the number
     * of bins, and more than 1 % of the tangent.
     */
    std::vector<std::string> contradictions() const;
  };

  /// Hold pieces against the elasticity; none gives an empty result.
  BranchResiduals measure_branches(const std::vector<BranchResidual> &pieces);
} // namespace seem::statistics

#endif
