// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/tensor.h>

#include "support/tensors.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace seem::law;
using namespace seem::testing;

TEST(SymmetricTensor, TheDotProductIsTheDoubleContraction)
{
  std::mt19937 generator(1);
  for (int i = 0; i < 10; ++i)
  {
    const SymmetricTensor a = random_tensor(generator, 1.0), b = random_tensor(generator, 1.0);
    EXPECT_NEAR(a.dot(b), (to_matrix(a) * to_matrix(b)).trace(), 1e-14);
  }
}

TEST(SymmetricTensor, ComponentsStandWhereTheirNamesSay)
{
  const Eigen::Matrix3d m = to_matrix(symmetric_tensor(1, 2, 3, 4, 5, 6));
  EXPECT_DOUBLE_EQ(m(1, 2), 4.0);
  EXPECT_DOUBLE_EQ(m(0, 2), 5.0);
  EXPECT_DOUBLE_EQ(m(0, 1), 6.0);
  EXPECT_DOUBLE_EQ(m.trace(), 6.0);
}

TEST(SymmetricTensor, TheDeviatorHasNoTraceAndKeepsTheShear)
{
  const SymmetricTensor d = deviator(symmetric_tensor(1, 2, 6, 4, 5, 6));
  const SymmetricTensor expected = symmetric_tensor(-2, -1, 3, 4, 5, 6);
  EXPECT_NEAR((d - expected).norm(), 0.0, 1e-15);
  EXPECT_EQ(trace(symmetric_tensor(1, 2, 6, 4, 5, 6)), 9.0);
}

TEST(SymmetricTensor, SimpleShearHasItsShearStrainAndStress)
{
  EXPECT_DOUBLE_EQ(to_matrix(simple_shear(0.3))(0, 1), 0.15);
  EXPECT_DOUBLE_EQ(shear_strain(simple_shear(-0.3)), 0.3);
  EXPECT_DOUBLE_EQ(shear_stress(symmetric_tensor(0, 0, 0, 0, 0, -1.7)), 1.7);
  // Uniaxial stress sigma: tau = sigma/sqrt(3).
  EXPECT_DOUBLE_EQ(shear_stress(deviator(symmetric_tensor(3, 0, 0, 0, 0, 0))), std::sqrt(3.0));
}
