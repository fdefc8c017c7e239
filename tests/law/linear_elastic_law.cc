// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/linear_elastic_law.h>

#include <gtest/gtest.h>

#include <limits>

using namespace seem;
using namespace seem::law;

TEST(LinearElasticLaw, SimpleShearIsExact)
{
  const LinearElasticLaw law(30.0, 80.0);
  const SymmetricTensor strain = simple_shear(0.01);
  const Response response = law.evaluate(nullptr, strain);
  EXPECT_NEAR(response.stress[5], sqrt2 * 0.3, 1e-16); // sigma_xy = 30*0.01
  EXPECT_EQ(response.stress.head<5>().norm(), 0.0);
  EXPECT_NEAR(law.energy(nullptr, strain).elastic, 0.0015, 1e-18); // 30*0.01^2/2
  EXPECT_EQ(law.energy(nullptr, strain).inelastic, 0.0);
  EXPECT_NEAR(law.fields(nullptr, simple_shear(-0.01)).tau, 0.3, 1e-16);
}

TEST(LinearElasticLaw, UniaxialStrainIsExact)
{
  // lambda + 2G = K + 4G/3 = 120, lambda = K - 2G/3 = 60
  const LinearElasticLaw law(30.0, 80.0);
  const SymmetricTensor strain = symmetric_tensor(0.01, 0, 0, 0, 0, 0);
  const SymmetricTensor stress = law.evaluate(nullptr, strain).stress;
  EXPECT_NEAR(stress[0], 1.2, 1e-15);
  EXPECT_NEAR(stress[1], 0.6, 1e-15);
  EXPECT_NEAR(stress[2], 0.6, 1e-15);
  EXPECT_NEAR(law.energy(nullptr, strain).elastic, 0.006, 1e-17);
}

TEST(LinearElasticLaw, HasTheConstantTangentOfItsModuli)
{
  const Tangent tangent = LinearElasticLaw(30.0, 80.0).evaluate(nullptr, simple_shear(0.1)).tangent;
  EXPECT_EQ(tangent.bulk, 80.0);
  EXPECT_EQ(tangent.shear, 30.0);
  EXPECT_EQ(tangent.secant, 30.0);
}

TEST(LinearElasticLaw, NeverHasEventsNorState)
{
  const LinearElasticLaw law(30.0, 80.0);
  EXPECT_EQ(law.state_size(), 0u);
  EXPECT_EQ(law.advance(nullptr, {}, simple_shear(0), simple_shear(5), nullptr).n_events, 0u);
}

TEST(LinearElasticLaw, RefusesBadModuli)
{
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
  {
    EXPECT_THROW(LinearElasticLaw(bad, 80.0), InputError);
    EXPECT_THROW(LinearElasticLaw(30.0, bad), InputError);
  }
}
