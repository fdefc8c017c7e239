// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_STRAIN_PATH_H
#define SEEM_SOURCE_LAW_STRAIN_PATH_H

#include <seem/law/tensor.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::law
{
  /// The straight path e(s) = e + s de of the elastic strain deviator, 0 <= s <= length.
  class StrainPath
  {
  public:
    StrainPath(const SymmetricTensor &e_begin, const SymmetricTensor &de)
        : de(de), square_de(de.squaredNorm())
    {
      restart(e_begin, 1.0);
    }

    /// The rest of the path, of length @p rest, from @p e_begin on.
    void restart(const SymmetricTensor &e_begin, const double rest)
    {
      e = e_begin;
      length = rest;
      square_e = e.squaredNorm();
      e_de = e.dot(de);
    }

    SymmetricTensor at(const double s) const
    {
      return e + s * de;
    }

    /// gamma_el at @p s.
    double gamma(const double s) const
    {
      return s > 0.0 ? shear_strain(at(s)) : std::sqrt(2.0 * square_e);
    }

    /// gamma_el grows from the begin on.
    bool grows() const
    {
      return e_de >= 0.0 && square_de > 0.0;
    }

    /// Where gamma_el is smallest: it falls before and grows after.
    double turning_point() const
    {
      if (grows())
        return 0.0;
      return square_de > 0.0 ? std::min(-e_de / square_de, length) : length;
    }

    /// Where |e(s)|^2 reaches @p square on its growing part; beyond the path if nowhere.
    double growing_root(const double square) const
    {
      if (!(square_de > 0.0))
        return std::numeric_limits<double>::infinity();
      // Continued loading begins at its record up to round-off: no need to solve for it.
      if (e_de > 0.0 && square_e >= (1.0 - 1e-15) * square)
        return 0.0;
      const double a = square_e - square;
      const double root = std::sqrt(std::max(0.0, e_de * e_de - a * square_de));
      // The form without cancellation.
      return e_de > 0.0 ? -a / (e_de + root) : (root - e_de) / square_de;
    }

    /// Where e(s):record turns negative; beyond the path if nowhere or if there is no record.
    double reversal(const SymmetricTensor &record) const
    {
      const double now = e.dot(record);
      if (now < 0.0)
        return 0.0;
      const double rate = de.dot(record);
      return rate < 0.0 ? -now / rate : std::numeric_limits<double>::infinity();
    }

    /// How far gamma_el moves, down and up, from the begin to @p s.
    double variation(const double s) const
    {
      if (!(s > 0.0))
        return 0.0;
      const double lowest = gamma(std::min(turning_point(), s));
      return (gamma(0.0) - lowest) + (gamma(s) - lowest);
    }

    SymmetricTensor e;
    SymmetricTensor de;
    double length;

  private:
    double square_e;  ///< e:e
    double e_de;      ///< e:de
    double square_de; ///< de:de
  };
} // namespace seem::law

#endif
