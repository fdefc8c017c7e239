// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_FLOW_MAP_H
#define SEEM_DATABASE_FLOW_MAP_H

#include <seem/database/event_database.h>

#include <cstddef>
#include <vector>

namespace seem::database
{
  /**
   * The counts and mean jumps of the bins in the plane (tau, X1), as they were harvested: nothing
   * smoothed, nothing pooled; bins along further axes added up. Each vector [n_tau * n_x1], tau
   * fastest.
   */
  struct BinMeans
  {
    std::size_t n_tau = 0;
    std::size_t n_x1 = 0;
    std::vector<double> exposure;  ///< visited strain [-]
    std::vector<double> n_events;  ///< event increments
    std::vector<double> rate;      ///< event_rate(), per unit strain; NaN where nothing was visited
    std::vector<double> mean_dtau; ///< mean stress deficit of the events [GPa]; NaN without events
    std::vector<double> mean_dx1;  ///< mean change of X1 [eV per atom]; NaN without events

    /// Number of the bin with the most events.
    std::size_t fullest() const;
  };

  /// @pre check() passes, at least two axes
  BinMeans bin_means(const EventDatabase &database);

  /**
   * The mean flow of a glass in forward shear at the bin centres,
   * \f[ \frac{d\tau}{d\gamma} = G_t - \lambda\langle\Delta\tau\rangle,\qquad
   *     \frac{dX_1}{d\gamma} = \lambda\langle\Delta X_1\rangle \f]
   * (Xu et al. 2024, Fig. 2d), with the smooth rate and the smooth jumps of SmoothEventSource,
   * whether or not the law draws from it, and the elasticity that X1 was harvested with. With a
   * memory it is the flow of a glass that has forgotten its preparation, s = 0, as all do in the
   * end. The bound on the energy of events is not applied.
   */
  struct FlowMap
  {
    std::vector<double> tau;       ///< bin centres [GPa]
    std::vector<double> x1;        ///< bin centres [eV per atom]
    std::vector<double> rate;      ///< lambda, [n_tau * n_x1], tau fastest, as all below
    std::vector<double> mean_dtau; ///< mean stress deficit [GPa]
    std::vector<double> mean_dx1;  ///< mean change of X1 [eV per atom]
    std::vector<double> dtau;      ///< d tau/d gamma [GPa]
    std::vector<double> dx1;       ///< dX1/d gamma [eV per atom]
    std::vector<bool> visited;     ///< whether the runs came there
  };

  /**
   * @pre check() passes, at least two axes
   * @throws InputError if the database holds no event
   */
  FlowMap flow_map(const EventDatabase &database);

  /// A broken line in the plane (tau, X1).
  struct PlaneCurve
  {
    std::vector<double> tau; ///< [n] [GPa]
    std::vector<double> x1;  ///< [n] [eV per atom]
  };

  /**
   * Where @p values [n_tau * n_x1] at the nodes of a flow map, linear along the lines between
   * neighbouring nodes, are zero; only between nodes that were visited. FlowMap::dtau and dx1 give
   * the nullclines. A closed curve ends where it began.
   */
  std::vector<PlaneCurve> zero_curves(const FlowMap &map, const std::vector<double> &values);

  /// A state where the mean flow rests.
  struct FixedPoint
  {
    double tau; ///< [GPa]
    double x1;  ///< [eV per atom]

    /// Whether the flow leads back from everywhere around: both eigenvalues of its derivative have
    /// negative real parts.
    bool attracting;
  };

  /// The fixed points of the flow, bilinear between four nodes that were all visited, in the order
  /// of X1.
  std::vector<FixedPoint> fixed_points(const FlowMap &map);
} // namespace seem::database

#endif
