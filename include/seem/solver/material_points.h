// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MATERIAL_POINTS_H
#define SEEM_SOLVER_MATERIAL_POINTS_H

#include <seem/law/material_law.h>
#include <seem/law/point_states.h>

#include <functional>

#include <vector>

namespace seem::solver
{
  /// Energies of the points of this rank, integrated over their volumes [GPa nm^3].
  struct StoredEnergy
  {
    double elastic = 0.0;
    double inelastic = 0.0;
  };

  /// What happened while all points of this rank advanced.
  struct AdvanceSummary
  {
    law::Activity activity;           ///< counts and strains summed; `heat` unused
    unsigned long n_fired_points = 0; ///< points with at least one event
    double event_heat = 0.0;          ///< integral of D of the events [GPa nm^3]
    double lag_heat = 0.0;            ///< see MaterialPoints::advance() [GPa nm^3]
  };

  /**
   * The material points of one rank: their data, their two-level state (committed and trial) and
   * the fields that travel between law and equilibrium. Arrays are [n_points]; point p belongs to
   * cell p / n_q, quadrature point p % n_q.
   *
   * The law is reached only through MaterialLaw; this class knows no mesh and no MPI.
   */
  class MaterialPoints
  {
  public:
    /**
     * @param[in] law            outlives this object
     * @param[in] data           [n_points] keys and volume ratios
     * @param[in] volumes        [n_points] V_q [nm^3]
     */
    MaterialPoints(const law::MaterialLaw &law, std::vector<law::PointData> data,
                   std::vector<double> volumes);

    /// Set up the states at zero strain; @p initial gives (tau, X) of a volume by the index of its
    /// point and its own name.
    void initialise(const std::function<State(std::size_t, const PointKey &)> &initial);

    std::size_t size() const
    {
      return data.size();
    }

    /// Stress and tangent of all points at `strain`, events frozen.
    void evaluate();

    /**
     * Let every point follow the straight path from `strain_settled` to `strain`, events included,
     * then make `strain` the settled one. The stress of points that fired is renewed; at the others
     * it is that of evaluate().
     *
     * An event acts on its own point at once but on equilibrium only at the end of the path, so the
     * stress that balanced the load over the rest of the path was too high: lag_heat = sum over the
     * points of V_q (1/2)(sigma_frozen - sigma_fired) : (path), the trapezoid of that difference.
     * It belongs to the heat of re-equilibration.
     *
     * @throws StepError naming the point that allows the least, if one asks for a shorter path
     * @throws InputError as MaterialLaw::advance()
     */
    AdvanceSummary advance(law::EventObserver *observer);

    /// Accept the trial states and strains.
    void commit();

    /// Return states and strains to the last commit; evaluate() is due afterwards.
    void roll_back();

    StoredEnergy stored_energy() const;

    law::PointFields fields(std::size_t point) const;

    const law::PointData &point_data(std::size_t point) const
    {
      return data[point];
    }

    double volume(std::size_t point) const
    {
      return volumes[point];
    }

    std::vector<law::SymmetricTensor> strain;         ///< total strain of the current iterate
    std::vector<law::SymmetricTensor> strain_settled; ///< total strain at the last advance()
    std::vector<law::SymmetricTensor> stress;         ///< [GPa]
    std::vector<law::Tangent> tangent;                ///< [GPa]

  private:
    const law::MaterialLaw &law;
    std::vector<law::PointData> data;
    std::vector<double> volumes;
    law::PointStates states;
    std::vector<law::SymmetricTensor> committed_strain;
  };
} // namespace seem::solver

#endif
