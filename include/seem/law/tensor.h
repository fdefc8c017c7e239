// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_TENSOR_H
#define SEEM_LAW_TENSOR_H

#include <Eigen/Core>

#include <cmath>

namespace seem::law
{
  /**
   * Symmetric second-order tensor in Mandel form, (xx, yy, zz, sqrt2 yz, sqrt2 xz, sqrt2 xy), so
   * that the double contraction a:b is the dot product. Unaligned on purpose: its layout is six
   * doubles under any compiler flags, also inside a caller's flat array.
   */
  using SymmetricTensor = Eigen::Matrix<double, 6, 1, Eigen::DontAlign>;

  inline constexpr double sqrt2 = 1.41421356237309504880;

  /// Tensor from its components.
  inline SymmetricTensor symmetric_tensor(const double xx, const double yy, const double zz,
                                          const double yz, const double xz, const double xy)
  {
    SymmetricTensor t;
    t << xx, yy, zz, sqrt2 * yz, sqrt2 * xz, sqrt2 * xy;
    return t;
  }

  /// Strain tensor of simple shear gamma_xy = 2 eps_xy = @p gamma.
  inline SymmetricTensor simple_shear(const double gamma)
  {
    return symmetric_tensor(0, 0, 0, 0, 0, 0.5 * gamma);
  }

  inline double trace(const SymmetricTensor &t)
  {
    return t[0] + t[1] + t[2];
  }

  inline SymmetricTensor identity()
  {
    return symmetric_tensor(1, 1, 1, 0, 0, 0);
  }

  inline SymmetricTensor deviator(const SymmetricTensor &t)
  {
    return t - trace(t) / 3.0 * identity();
  }

  /// Shear strain of a strain deviator e: gamma = sqrt(2 e:e); in simple shear |gamma_xy|.
  inline double shear_strain(const SymmetricTensor &e)
  {
    return sqrt2 * e.norm();
  }

  /// Shear stress of a stress deviator s: tau = sqrt(s:s/2); in simple shear |sigma_xy|.
  inline double shear_stress(const SymmetricTensor &s)
  {
    return s.norm() / sqrt2;
  }
} // namespace seem::law

#endif
