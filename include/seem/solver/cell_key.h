// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_CELL_KEY_H
#define SEEM_SOLVER_CELL_KEY_H

#include <deal.II/grid/cell_id.h>

#include <cstdint>

namespace seem::solver
{
  /**
   * Exact 64-bit name of a mesh cell: 24 bits of coarse cell index, 35 bits of child path (dim bits
   * per level, first child in the lowest bits), 5 bits of level. No hash: two cells never share a
   * name, and it does not depend on the partition. Level-0 cells have the coarse index itself.
   * @throws InputError if the mesh has more coarse cells (16.7 million) or levels (17 in 2D, 11 in
   * 3D) than fit
   */
  template <int dim>
  std::uint64_t cell_key(const dealii::CellId &id);
} // namespace seem::solver

#endif
