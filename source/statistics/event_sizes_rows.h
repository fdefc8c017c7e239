// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_STATISTICS_EVENT_SIZES_ROWS_H
#define SEEM_SOURCE_STATISTICS_EVENT_SIZES_ROWS_H

#include <array>
#include <cstddef>

/// The two loops over events of one bin and one weight that EventSizes spends its time in.
namespace seem::statistics::event_sizes
{
  constexpr double longest_memory = 3.0; ///< |s| beyond it would change sizes twentyfold
  constexpr double smallest_mean = 1e-5; // GPa

  /// Events of one bin that count equally, each column [n].
  struct Rows
  {
    std::size_t n;
    const double *size, *decades, *plastic; ///< y [GPa], d [-], gamma_p [-]
    double weight;                          ///< w, above 0
  };

  /// What an evaluation keeps of each event, [n].
  struct Parts
  {
    double *memory; ///< s
    double *decay;  ///< ds/da: e^(-gamma_p/gamma_r), 0 where s is cut off
    double *scaled; ///< y e^-s
  };

  /// A sum and its gradient by a, b and gamma_r.
  using Sum = std::array<double, 4>;

  /// Fill in @p parts. @return the sum of w y e^-s of these events
  Sum scale(const Rows &rows, double a, double b, double relaxation_strain, const Parts &parts);

  /**
   * The sum of w (y/mu + ln mu) of these events. The mean size of an event is that of its
   * neighbourhood without the event itself: else each one would explain a part of its own size.
   * @param[in] near    of scale(), over the neighbourhood of the bin
   * @param[in] weight  of the neighbourhood
   */
  Sum deviance(const Rows &rows, const Parts &parts, double relaxation_strain, const Sum &near,
               double weight);
} // namespace seem::statistics::event_sizes

#endif
