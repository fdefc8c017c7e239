// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_FIELD_OUTPUT_H
#define SEEM_SOLVER_FIELD_OUTPUT_H

#include <seem/solver/body.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/material_points.h>

#include <string>
#include <utility>
#include <vector>

namespace seem::solver
{
  /**
   * Fields for ParaView: one .vtu per time (written by all ranks into one file), a .pvtu record and
   * a .pvd series whose time is the pseudo-time. Cell data are means over the quadrature
   * points: tau_GPa, x1_eV, plastic_strain (sqrt(2 e_p:e_p)), n_events (per point), stress_xy_GPa;
   * the point datum is the displacement in nm, mean strain included.
   */
  template <int dim>
  class FieldOutput
  {
  public:
    /// References are kept. @p directory exists.
    FieldOutput(const Body<dim> &body, const MaterialPoints &points, std::string directory);

    /**
     * Write the fields of the present equilibrium; called by all ranks.
     * @throws Error if a file cannot be written
     */
    void write(const Equilibrium<dim> &equilibrium);

  private:
    const Body<dim> &body;
    const MaterialPoints &points;
    std::string directory;
    std::vector<std::pair<double, std::string>> times; ///< of the .pvd series
  };
} // namespace seem::solver

#endif
