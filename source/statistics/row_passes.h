// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_STATISTICS_ROW_PASSES_H
#define SEEM_SOURCE_STATISTICS_ROW_PASSES_H

#include <seem/statistics/event_detection.h>
#include <seem/statistics/report.h>
#include <seem/statistics/run_survey.h>

#include <cstddef>

namespace seem::statistics::row_passes
{
  /// Smallest and largest of @p values, [n], none of them NaN.
  Range range(std::size_t n, const double *values);

  /// The same of those entries where @p tau, [n], is not negative.
  Range forward_range(std::size_t n, const double *tau, const double *values);

  /// Whether all of @p values, [n], are finite.
  bool finite(std::size_t n, const double *values);

  /// Whether each of @p values, [n], exceeds the one before.
  bool growing(std::size_t n, const double *values);

  /// Columns of the increments of a run, [n]; net_dtau etc. as in Increments.
  struct Columns
  {
    const double *tau, *net_dtau, *deficit, *trapezoid_loss;
  };

  /// dgamma, net_dtau and trapezoid_loss, each [n], of the columns of a run, each [n + 1].
  void raw_increments(std::size_t n, const double *strain, const double *tau, const double *energy,
                      double volume, double n_atoms, double *dgamma, double *net_dtau,
                      double *trapezoid_loss);

  /// values[i] -= less[i], [n]
  void subtract(std::size_t n, const double *less, double *values);

  /// Forward increments under each definition; of EventCounts, no other entries are set.
  EventCounts count_definitions(std::size_t n, const Columns &columns, const EventFloors &floors);

  /// marks[i] = 1 where one[i] > one_floor or other[i] > other_floor, else 0; [n]
  void mark(std::size_t n, const double *one, double one_floor, const double *other,
            double other_floor, unsigned char *marks);

  /// A state bin: low <= value < high.
  struct Bin
  {
    double low[2] = {0.0, 0.0}, high[2] = {0.0, 0.0}; ///< of tau [GPa], X1 [eV per atom]
  };

  /// Whether block_size increments begin in @p bin, none of them unloading or marked by @p events.
  bool quiet_block(const double *tau, const double *x1, const unsigned char *events,
                   const Bin &bin);
  constexpr std::size_t block_size = 16;
} // namespace seem::statistics::row_passes

#endif
