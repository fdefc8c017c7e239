// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_STATE_DATA_H
#define SEEM_COMMANDS_STATE_DATA_H

#include <seem/law/material_law.h>
#include <seem/law/volume_rule.h>
#include <seem/solver/balance_operator.h>
#include <seem/solver/material_points.h>

#include <mpi.h>

#include <vector>

namespace seem::commands
{
  /// What the law must know of the states of a specimen, and how large they are.
  struct StateData
  {
    std::vector<law::PointData> data; ///< [n_states] of this rank; a cell's has quadrature point 0
    double smallest = 0.0, median = 0.0, largest = 0.0; ///< volumes over V_RVE, all ranks [-]
  };

  /**
   * Keys and volume ratios m of the states that the quadrature points of a mesh have. All ranks
   * call it.
   * @param[in] quadrature_points      those of this rank, cell by cell
   * @param[in] n_per_cell             quadrature points of a cell
   * @param[in] regions_of_cells       of this rank; only the states of region 0 are stochastic: m
   * of the others is 1, and they do not count
   * @param[in] representative_volume  V_RVE [nm^3]
   * @throws InputError on all ranks if m is refused by VolumeRule::check, naming the cell and the
   * cure
   */
  template <int dim>
  StateData make_state_data(const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
                            unsigned int n_per_cell,
                            const std::vector<unsigned int> &regions_of_cells,
                            solver::StateSupport support, law::VolumeRule rule,
                            double representative_volume, MPI_Comm communicator);
} // namespace seem::commands

#endif
