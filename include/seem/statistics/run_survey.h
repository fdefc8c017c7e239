// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_RUN_SURVEY_H
#define SEEM_STATISTICS_RUN_SURVEY_H

#include <seem/law/elasticity.h>
#include <seem/statistics/branch_fit.h>
#include <seem/statistics/trajectory.h>

#include <limits>

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

    void add(const Range &other)
    {
      add(other.low);
      add(other.high);
    }
  };

  /// What a run says without an elasticity.
  struct RunSurvey
  {
    InitialRow initial;
    double first_strain = 0.0; ///< [-]
    double last_strain = 0.0;  ///< [-]
    Range tau;                 ///< at the beginning of its forward increments [GPa]
    double work_ratio = 0.0;   ///< [-]
  };

  /// @throws InputError as check()
  RunSurvey survey(const Trajectory &run);

  /// X1 at the beginning of the forward increments [eV per atom].
  Range x1_range(const Trajectory &run, const law::Elasticity &elasticity, double u0);
} // namespace seem::statistics

#endif
