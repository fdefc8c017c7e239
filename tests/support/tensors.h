// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_TENSORS_H
#define SEEM_TESTS_SUPPORT_TENSORS_H

#include <seem/law/material_law.h>

#include <Eigen/Dense>

#include <random>

namespace seem::testing
{
  inline Eigen::Matrix3d to_matrix(const law::SymmetricTensor &t)
  {
    Eigen::Matrix3d m;
    m << t[0], t[5] / law::sqrt2, t[4] / law::sqrt2, //
        t[5] / law::sqrt2, t[1], t[3] / law::sqrt2,  //
        t[4] / law::sqrt2, t[3] / law::sqrt2, t[2];
    return m;
  }

  inline law::SymmetricTensor from_matrix(const Eigen::Matrix3d &m)
  {
    return law::symmetric_tensor(m(0, 0), m(1, 1), m(2, 2), m(1, 2), m(0, 2), m(0, 1));
  }

  /// R t R^T.
  inline law::SymmetricTensor rotate(const Eigen::Matrix3d &r, const law::SymmetricTensor &t)
  {
    return from_matrix(r * to_matrix(t) * r.transpose());
  }

  inline Eigen::Matrix3d random_rotation(std::mt19937 &generator)
  {
    std::normal_distribution<double> normal;
    Eigen::Quaterniond q(normal(generator), normal(generator), normal(generator),
                         normal(generator));
    return q.normalized().toRotationMatrix();
  }

  /// Every component uniform in (-size, size).
  inline law::SymmetricTensor random_tensor(std::mt19937 &generator, const double size)
  {
    std::uniform_real_distribution<double> uniform(-size, size);
    law::SymmetricTensor t;
    for (int i = 0; i < 6; ++i)
      t[i] = uniform(generator);
    return t;
  }

  /// The tangent as a 6 x 6 matrix in Mandel form, d stress/d strain.
  inline Eigen::Matrix<double, 6, 6> matrix(const law::Tangent &tangent)
  {
    const law::SymmetricTensor one = law::identity();
    Eigen::Matrix<double, 6, 6> deviatoric = Eigen::Matrix<double, 6, 6>::Identity();
    deviatoric -= one * one.transpose() / 3.0;
    const Eigen::Matrix<double, 6, 6> along = tangent.direction * tangent.direction.transpose();
    return tangent.bulk * one * one.transpose() + 2.0 * tangent.shear * along +
           2.0 * tangent.secant * (deviatoric - along);
  }
} // namespace seem::testing

#endif
