// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/cell_key.h>

#include <fmt/format.h>

namespace seem::solver
{
  namespace
  {
    constexpr unsigned int coarse_bits = 24, path_bits = 35;
  } // namespace

  template <int dim>
  std::uint64_t cell_key(const dealii::CellId &id)
  {
    const auto children = id.get_child_indices();
    const std::uint64_t coarse = id.get_coarse_cell_id();
    if (coarse >= (std::uint64_t(1) << coarse_bits) || children.size() * dim > path_bits)
      throw InputError(fmt::format(
          "the mesh cell {} cannot be named: at most {} coarse cells and {} levels of refinement "
          "fit; use a coarser initial mesh",
          id.to_string(), std::uint64_t(1) << coarse_bits, path_bits / dim));

    std::uint64_t path = 0;
    for (std::size_t level = 0; level < children.size(); ++level)
      path |= std::uint64_t(children[level]) << (dim * level);
    return (std::uint64_t(children.size()) << (coarse_bits + path_bits)) | (path << coarse_bits) |
           coarse;
  }

  template std::uint64_t cell_key<2>(const dealii::CellId &);
  template std::uint64_t cell_key<3>(const dealii::CellId &);
} // namespace seem::solver
