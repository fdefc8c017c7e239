// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_RUN_SURVEY_H
#define SEEM_STATISTICS_RUN_SURVEY_H

#include <seem/law/elasticity.h>
#include <seem/statistics/branch_fit.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <limits>
#include <vector>

namespace seem::statistics
{
  /// Smallest and largest of some values.
  struct Range
  {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(const double value)
    {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }

    void add(const Range &other) // an empty one adds nothing
    {
      low = other.low < low ? other.low : low;
      high = other.high > high ? other.high : high;
    }

    /// Whether @p other lies within; an empty range does.
    bool holds(const Range &other) const
    {
      return other.low > other.high || (other.low >= low && other.high <= high);
    }
  };

  /// Ranges over some consecutive rows.
  struct RowBlock
  {
    Range energy; ///< [eV per atom]
    Range tau;    ///< where it is not negative [GPa]
  };

  /// What a run says without an elasticity.
  struct RunSurvey
  {
    InitialRow initial;
    double first_strain = 0.0; ///< [-]
    double last_strain = 0.0;  ///< [-]
    Range tau;                 ///< at the beginning of its forward increments [GPa]
    double work_ratio = 0.0;   ///< [-]

    /// Of the beginnings of its increments, rows_of_block after rows_of_block.
    std::vector<RowBlock> blocks;
    static constexpr std::size_t rows_of_block = 256;
  };

  /// @throws InputError as check()
  RunSurvey survey(const Trajectory &run);

  /**
   * Bounds of X1 at the beginnings of the forward increments of each block of rows [eV per atom],
   * empty for a block without any: X1 grows with the energy and falls with a stress that is not
   * negative, since the modulus is positive.
   */
  std::vector<Range> x1_bounds(const RunSurvey &survey, const law::Elasticity &elasticity,
                               double u0);

  /**
   * The range of X1 at the beginnings of the forward increments [eV per atom], of those blocks
   * whose bounds reach beyond @p known.
   * @param[in] bounds  x1_bounds() of the run
   */
  Range x1_range(const Trajectory &run, const std::vector<Range> &bounds,
                 const law::Elasticity &elasticity, double u0, const Range &known);
} // namespace seem::statistics

#endif
