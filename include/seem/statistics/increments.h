// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_INCREMENTS_H
#define SEEM_STATISTICS_INCREMENTS_H

#include <seem/law/elasticity.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <vector>

namespace seem::statistics
{
  /**
   * The increments of one run held against the elastic prediction, each vector [n_rows - 1] but for
   * x1, [n_rows]. Increment i leads from row i to row i + 1.
   *
   * The prediction is the elastic branch from row i at its own X1:
   * \f[ g(\tau^{pred}, X_1) = g(\tau_i, X_1) + \Delta\gamma. \f]
   */
  struct Increments
  {
    std::vector<double> x1;       ///< X1 of each row [eV per atom]
    std::vector<double> dgamma;   ///< strain increment [-]
    std::vector<double> net_dtau; ///< tau(i+1) - tau(i) [GPa]
    std::vector<double>
        deficit; ///< predicted minus actual tau(i+1), the jump at fixed strain [GPa]

    /**
     * Work of the measured stresses minus the energy gained, V (tau(i) + tau(i+1))/2 dgamma - Delta
     * U [eV per cell]. It needs no elastic constants, so its noise is that of the data alone; but
     * it blurs an event by up to V dgamma deficit/2 to either side.
     */
    std::vector<double> trapezoid_loss;

    std::size_t size() const
    {
      return dgamma.size();
    }

    /// X1(i+1) - X1(i) [eV per atom].
    double dx1(const std::size_t i) const
    {
      return x1[i + 1] - x1[i];
    }
  };

  /// V dgamma dtau as an energy [eV] for V in Angstrom^3 and dtau in GPa.
  double work(double volume, double tau, double dgamma);

  /// The part of the increments that needs no elasticity: dgamma, net_dtau, trapezoid_loss; the
  /// rest stays empty.
  Increments raw_increments(const Trajectory &trajectory);

  /// All of the increments of @p trajectory for an elasticity, of its atomic volume, and a
  /// reference energy u0 [eV per atom].
  Increments read_increments(const Trajectory &trajectory, const law::Elasticity &elasticity,
                             double u0);

  /// The same into @p result, whose memory is used again.
  void read_increments(const Trajectory &trajectory, const law::Elasticity &elasticity, double u0,
                       Increments &result);

  /**
   * Energy lost at fixed strain in increment @p i, -N (Delta u_el + Delta X1) between the predicted
   * and the actual state of row i + 1 [eV per cell]: predicted minus actual energy. An event inside
   * the increment lost between this and this minus V dgamma deficit.
   * @param[in] increments  of read_increments(), for the same @p elasticity
   */
  double energy_loss(const Trajectory &trajectory, const Increments &increments,
                     const law::Elasticity &elasticity, std::size_t i);

  /// X1 of each row, [n_rows]: the exact solution of X1 = u - u0 - u_el(tau, X1), Eq. (5) [eV per
  /// atom].
  std::vector<double> x1_of(const Trajectory &trajectory, const law::Elasticity &elasticity,
                            double u0);
} // namespace seem::statistics

#endif
