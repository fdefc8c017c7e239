// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_QUIET_PATH_H
#define SEEM_SOURCE_LAW_QUIET_PATH_H

#include <seem/law/tensor.h>

#include <algorithm>
#include <cmath>

/// What SeemLaw computes for one path and for many: one text for both, so that the bits agree.
namespace seem::law
{
  /// Double contraction a:b, summed in this order whatever the registers.
  inline double contraction(const SymmetricTensor &a, const SymmetricTensor &b)
  {
    const auto product = [&](const int i) -> Eigen::Array2d {
      return a.segment<2>(i).array() * b.segment<2>(i).array();
    };
    const Eigen::Array2d sums = product(0) + (product(2) + product(4));
    return sums[0] + sums[1];
  }

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
    double quiet;    ///< 1: it is so, 0: it is not
  };

  /// @p path, whose next event is at gamma = @p firing; its clock can wait at the record if
  /// @p with_record. Without branches, and truth as 1 and 0: so compilers make the choices of many
  /// points in vector registers.
  inline QuietPath quiet_path(const PathProducts &path, const double firing, const bool with_record)
  {
    const auto is = [](const bool condition) { return condition ? 1.0 : 0.0; };
    const double gamma_begin = std::sqrt(2.0 * path.begin), gamma_end = std::sqrt(2.0 * path.end),
                 gamma_record = std::sqrt(2.0 * path.record);
    const double grows = is(path.growth >= 0.0);
    const double started = is(path.record > 0.0);
    const double before_event = is(gamma_end < firing);
    // e:e is convex along the path, which so stays within the record if its end does.
    const double stays = is(path.end <= path.record);
    const double runs = started * grows * is(path.begin >= (1.0 - 1e-15) * path.record);
    const double below = started * is(with_record) * is(path.begin <= path.record) *
                         is(path.record_along_begin >= 0.0) * is(path.record_along_end >= 0.0);

    const double fall = path.end - path.begin - path.growth; // e:de at the end
    const double square = fall - path.growth;                // de:de
    const double lowest =
        path.begin - path.growth * path.growth / (square > 0.0 ? square : 1.0); // of e:e
    const double one_way = std::abs(gamma_end - gamma_begin);
    const double both_ways = gamma_begin + gamma_end - 2.0 * std::sqrt(std::max(0.0, 2.0 * lowest));
    const double within = std::max(grows, is(fall <= 0.0)) > 0.5 ? one_way : both_ways;

    const double beyond = gamma_end - (runs > 0.5 ? gamma_begin : gamma_record);
    const double backward = stays > 0.5 ? within : gamma_record - gamma_begin;
    const double quiet_below = below * std::max(stays, grows * before_event);
    return {stays * (1.0 - runs) > 0.5 ? 0.0 : beyond, runs > 0.5 ? 0.0 : backward,
            runs > 0.5 ? before_event : quiet_below};
  }
} // namespace seem::law

#endif
