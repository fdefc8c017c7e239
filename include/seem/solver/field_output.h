// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_FIELD_OUTPUT_H
#define SEEM_SOLVER_FIELD_OUTPUT_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/material_points.h>
#include <seem/solver/periodic_box.h>

#include <string>
#include <utility>
#include <vector>

namespace seem::solver
{
  /**
   * Fields for ParaView: one .vtu per time (written by all ranks into one file), a .pvtu record and
   * a .pvd series whose time is the mean shear strain. Cell data are means over the quadrature
   * points: tau_GPa, x1_eV, plastic_strain (sqrt(2 e_p:e_p)), n_events (per point), stress_xy_GPa;
   * the point datum is the displacement in nm, mean strain included.
   */
  template <int dim>
  class FieldOutput
  {
  public:
    /// References are kept. @p directory exists.
    FieldOutput(const PeriodicBox<dim> &box, const BalanceOperator<dim> &balance,
                const MaterialPoints &points, std::string directory);

    /**
     * Write the fields at mean shear strain @p strain; called by all ranks.
     * @throws Error if a file cannot be written
     */
    void write(const typename BalanceOperator<dim>::Vector &u, double strain);

  private:
    const PeriodicBox<dim> &box;
    const BalanceOperator<dim> &balance;
    const MaterialPoints &points;
    std::string directory;
    std::vector<std::pair<double, std::string>> times; ///< of the .pvd series
  };
} // namespace seem::solver

#endif
