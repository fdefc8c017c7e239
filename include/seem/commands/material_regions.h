// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_MATERIAL_REGIONS_H
#define SEEM_COMMANDS_MATERIAL_REGIONS_H

#include <seem/commands/parameters.h>
#include <seem/law/material_law.h>
#include <seem/solver/body.h>

#include <memory>
#include <string>
#include <vector>

namespace seem::commands
{
  /// A part of a specimen with a material of its own: sections "Material/Region 1", ...
  struct MaterialRegion
  {
    std::string section;                ///< "Material/Region 1"
    std::vector<std::string> materials; ///< of the mesh, by name or id; empty: see where
    std::string where;                  ///< expression of x, y, z [nm], above 0 inside
    std::shared_ptr<const law::MaterialLaw> law;
    bool flows = false; ///< at every quadrature point by its own strain: J2

    /// Number of regions that can be declared.
    static constexpr unsigned int max_regions = 3;

    static void declare(dealii::ParameterHandler &prm);

    /// The regions in use. @throws InputError naming the parameter that does not fit the others
    static std::vector<MaterialRegion> parse(const Parameters &parameters);
  };

  /**
   * The region that each cell of this rank belongs to, in the order of
   * BalanceOperator::active_cell_indices(): 0 is the rest of the specimen, i the i-th region. A
   * cell is inside an expression if its centre is. All ranks call it.
   * @throws InputError if the mesh has no such material, naming those that it has, if an expression
   * cannot be read, if a cell lies in two regions, or a region has no cell, or nothing is left
   */
  template <int dim>
  std::vector<unsigned int> regions_of_cells(const std::vector<MaterialRegion> &regions,
                                             const Parameters &parameters,
                                             const solver::Body<dim> &body, MPI_Comm communicator);
} // namespace seem::commands

#endif
