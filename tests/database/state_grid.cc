// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/state_grid.h>

#include <gtest/gtest.h>

#include <cmath>

namespace seem::database
{
  namespace
  {
    State state(const double tau, const double x1, const double x2 = 0.0)
    {
      State result;
      result.tau = tau;
      result.x[0] = x1;
      result.x[1] = x2;
      return result;
    }

    /// 3 x 2 bins of unequal width.
    StateGrid grid_3_by_2()
    {
      return StateGrid({{"tau", "GPa", {0.0, 1.0, 3.0, 4.0}}, {"X1", "eV", {-1.0, 0.0, 10.0}}});
    }
  } // namespace

  TEST(StateGrid, NumbersBinsWithTauFastest)
  {
    const StateGrid grid = grid_3_by_2();
    EXPECT_EQ(grid.n_bins(), 6u);
    EXPECT_EQ(grid.bin(state(0.5, -0.5)), 0u);
    EXPECT_EQ(grid.bin(state(2.0, -0.5)), 1u);
    EXPECT_EQ(grid.bin(state(3.5, -0.5)), 2u);
    EXPECT_EQ(grid.bin(state(0.5, 5.0)), 3u);
    EXPECT_EQ(grid.bin(state(3.5, 5.0)), 5u);
  }

  TEST(StateGrid, ABinHoldsItsLowerEdgeAndTheLastAlsoItsUpper)
  {
    const StateGrid grid = grid_3_by_2();
    EXPECT_EQ(grid.bin(state(1.0, -1.0)), 1u);
    EXPECT_EQ(grid.bin(state(0.0, 0.0)), 3u);
    EXPECT_EQ(grid.bin(state(4.0, 10.0)), 5u);
  }

  TEST(StateGrid, AStateOutsideHasNoBinButAClampedOne)
  {
    const StateGrid grid = grid_3_by_2();
    EXPECT_EQ(grid.bin(state(-0.1, 0.5)), std::nullopt);
    EXPECT_EQ(grid.bin(state(0.5, 10.5)), std::nullopt);
    EXPECT_EQ(grid.bin(state(std::nan(""), 0.5)), std::nullopt);
    EXPECT_EQ(grid.clamped_bin(state(-0.1, 0.5)), 3u);
    EXPECT_EQ(grid.clamped_bin(state(9.0, -7.0)), 2u);
  }

  TEST(StateGrid, CentresLieInTheirOwnBins)
  {
    const StateGrid grid = grid_3_by_2();
    EXPECT_DOUBLE_EQ(grid.centre(4).tau, 2.0);
    EXPECT_DOUBLE_EQ(grid.centre(4).x[0], 5.0);
    for (std::size_t bin = 0; bin < grid.n_bins(); ++bin)
      EXPECT_EQ(grid.bin(grid.centre(bin)), bin);
  }

  TEST(StateGrid, HandlesMoreInternalVariablesAndNoneAtAll)
  {
    const StateGrid three(
        {{"tau", "GPa", {0, 1, 2}}, {"X1", "eV", {0, 1, 2, 3}}, {"X2", "-", {0, 1, 2, 3, 4}}});
    EXPECT_EQ(three.n_bins(), 24u);
    EXPECT_EQ(three.bin(state(1.5, 2.5, 3.5)), 23u);
    EXPECT_EQ(three.bin(state(0.5, 1.5, 2.5)), 14u); // 0 + 2*(1 + 3*2)
    EXPECT_EQ(three.indices(14), (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(three.bin_of_indices({0, 1, 2}), 14u);

    const StateGrid one({{"tau", "GPa", {0, 1, 2}}});
    EXPECT_EQ(one.bin(state(1.5, 99.0)), 1u);
  }

  TEST(StateGrid, RefusesAxesThatAreNoGrid)
  {
    EXPECT_THROW(StateGrid({}), InputError);
    EXPECT_THROW(StateGrid({{"tau", "GPa", {0.0}}}), InputError);
    EXPECT_THROW(StateGrid({{"tau", "GPa", {0.0, 1.0, 1.0}}}), InputError);
    EXPECT_THROW(StateGrid({{"tau", "GPa", {0.0, INFINITY}}}), InputError);
    EXPECT_THROW(StateGrid(std::vector<Axis>(6, {"tau", "GPa", {0.0, 1.0}})), InputError);
  }

  TEST(UniformAxis, EndsExactlyWhereItShould)
  {
    const Axis axis = uniform_axis("tau", "GPa", 0.1, 0.7, 3);
    ASSERT_EQ(axis.edges.size(), 4u);
    EXPECT_EQ(axis.edges.front(), 0.1);
    EXPECT_NEAR(axis.edges[1], 0.3, 1e-15);
    EXPECT_EQ(axis.edges.back(), 0.7);
    EXPECT_THROW(uniform_axis("tau", "GPa", 1.0, 1.0, 3), InputError);
    EXPECT_THROW(uniform_axis("tau", "GPa", 0.0, 1.0, 0), InputError);
  }
} // namespace seem::database
