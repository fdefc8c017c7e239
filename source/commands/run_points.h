// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_RUN_POINTS_H
#define SEEM_SOURCE_COMMANDS_RUN_POINTS_H

#include "run_body.h"

#include <seem/commands/state_data.h>
#include <seem/law/material_law.h>
#include <seem/solver/body.h>
#include <seem/solver/material_points.h>

#include <memory>
#include <vector>

namespace seem::commands
{
  /// The material points of a run with all that they refer to.
  template <int dim>
  struct RunPoints
  {
    std::vector<solver::QuadraturePoint<dim>> quadrature_points; ///< of this rank
    StateData states;
    std::size_t n_volumes = 0;                      ///< of a state under the rule sub-RVE, else 0
    std::shared_ptr<const law::MaterialLaw> law;    ///< outside the regions
    std::unique_ptr<solver::MaterialPoints> points; ///< in their initial states
  };

  /// All ranks call it. The context must outlive the result.
  /// @throws InputError on all ranks if regions, volumes, law or initial states do not fit
  template <int dim>
  RunPoints<dim> make_run_points(const RunContext &context, const solver::Body<dim> &body,
                                 MPI_Comm communicator);
} // namespace seem::commands

#endif
