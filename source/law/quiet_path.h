// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_QUIET_PATH_H
#define SEEM_SOURCE_LAW_QUIET_PATH_H

#include <algorithm>
#include <cmath>

/// What SeemLaw computes for one path and for many: one text for both, so that the bits agree.
namespace seem::law
{
  /// The products of the elastic strain deviators e of a straight path that a path without an event
  /// depends on. Gamma: sqrt(2 e:e).
  struct PathProducts
  {
    double begin;              ///< e:e at the beginning
    double end;                ///< e:e at the end
    double record;             ///< e:e of the record; zero: there is none
    double growth;             ///< e:de at the beginning, de from the beginning to the end
    double record_along_begin; ///< record : e at the beginning
    double record_along_end;   ///< record : e at the end
  };

  /// Nearly every path ends before the next event and does not turn against the record. Nothing
  /// happens then but that the record moves to the end, if that is beyond it.
  struct QuietPath
  {
    double forward;  ///< of gamma beyond the record; without meaning unless quiet
    double backward; ///< of gamma below the record; without meaning unless quiet
    bool quiet;
  };

  /// @p path, whose next event is at gamma = @p firing; its clock can stop and wait at the record
  /// if @p with_record. Written without branches: the choices are made in vector registers.
  inline QuietPath quiet_path(const PathProducts &path, const double firing, const bool with_record)
  {
    const double gamma_begin = std::sqrt(2.0 * path.begin), gamma_end = std::sqrt(2.0 * path.end),
                 gamma_record = std::sqrt(2.0 * path.record);
    const bool grows = path.growth >= 0.0;
    const bool started = path.record > 0.0;
    const bool before_event = gamma_end < firing;
    const bool runs = started & grows & (path.begin >= (1.0 - 1e-15) * path.record);
    const bool below = started & with_record & (path.begin <= path.record) &
                       (path.record_along_begin >= 0.0) & (path.record_along_end >= 0.0);
    // e:e is convex along the path, which so stays within the record if its end does.
    const bool stays = path.end <= path.record;

    const double fall = path.end - path.begin - path.growth; // e:de at the end
    const double square = fall - path.growth;                // de:de
    const double lowest = path.begin - path.growth * path.growth / (square > 0.0 ? square : 1.0);
    const double one_way = std::abs(gamma_end - gamma_begin);
    const double both_ways = gamma_begin + gamma_end - 2.0 * std::sqrt(std::max(0.0, 2.0 * lowest));
    const double within = grows | (fall <= 0.0) ? one_way : both_ways;

    const bool quiet = runs ? before_event : below & (stays | (grows & before_event));
    const double from = runs ? gamma_begin : gamma_record;
    const double beyond = gamma_end - from, up_to_record = gamma_record - gamma_begin;
    return {runs | !stays ? beyond : 0.0, runs ? 0.0 : (stays ? within : up_to_record), quiet};
  }
} // namespace seem::law

#endif
