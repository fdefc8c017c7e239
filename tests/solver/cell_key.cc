// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/cell_key.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/tria.h>

#include <gtest/gtest.h>

#include <set>

namespace
{
  using namespace seem;

  TEST(CellKey, ACoarseCellHasItsOwnIndex)
  {
    dealii::Triangulation<2> mesh;
    dealii::GridGenerator::subdivided_hyper_rectangle(mesh, {3u, 2u}, dealii::Point<2>(),
                                                      dealii::Point<2>(3, 2));
    std::uint64_t expected = 0;
    for (const auto &cell : mesh.active_cell_iterators())
      EXPECT_EQ(solver::cell_key<2>(cell->id()), expected++);
  }

  TEST(CellKey, IsMadeOfLevelPathAndCoarseIndexAsDocumented)
  {
    // Coarse cell 1, then child 2, then child 3: path 2 + 3 * 4 = 14, level 2.
    const std::uint8_t children[] = {2, 3};
    const dealii::CellId id(1, 2, children);
    EXPECT_EQ(solver::cell_key<2>(id), (std::uint64_t(2) << 59) | (std::uint64_t(14) << 24) | 1u);
  }

  template <int dim>
  void expect_unique_keys(const unsigned int n_levels)
  {
    dealii::Triangulation<dim> mesh;
    dealii::GridGenerator::hyper_cube(mesh);
    mesh.refine_global(n_levels);
    std::set<std::uint64_t> keys;
    for (const auto &cell : mesh.cell_iterators()) // of all levels, not the active ones only
      keys.insert(solver::cell_key<dim>(cell->id()));
    EXPECT_EQ(keys.size(), mesh.n_cells());
  }

  TEST(CellKey, DiffersBetweenAllCellsOfAllLevels)
  {
    expect_unique_keys<2>(5);
    expect_unique_keys<3>(3);
  }

  TEST(CellKey, RefusesACellThatDoesNotFit)
  {
    const std::vector<std::uint8_t> children(18, 0);
    EXPECT_THROW(solver::cell_key<2>(dealii::CellId(0, 18, children.data())), InputError);
    EXPECT_THROW(solver::cell_key<2>(dealii::CellId(1u << 24, 0, children.data())), InputError);
  }
} // namespace
