// SPDX-License-Identifier: LGPL-2.1-or-later
// What MaterialPoints tells of a point whose law fails.
#include <seem/core/exceptions.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/solver/material_points.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace
{
  using namespace seem;

  /// Refuses shear strains above 0.01.
  class FragileLaw final : public law::MaterialLaw
  {
  public:
    std::vector<law::StateField> state_layout() const override
    {
      return elastic.state_layout();
    }
    void initialise(double *, const law::PointData &, const law::InitialState &) const override
    {
    }
    law::Response evaluate(const double *state, const law::SymmetricTensor &strain) const override
    {
      if (law::shear_strain(law::deviator(strain)) > 0.01)
        throw StepError("too far", 0.25);
      return elastic.evaluate(state, strain);
    }
    law::Activity advance(double *, const law::PointData &, const law::SymmetricTensor &,
                          const law::SymmetricTensor &, law::EventObserver *) const override
    {
      return {};
    }
    law::EnergyDensity energy(const double *, const law::SymmetricTensor &) const override
    {
      return {};
    }
    law::PointFields fields(const double *, const law::SymmetricTensor &) const override
    {
      return {};
    }

  private:
    law::LinearElasticLaw elastic{30.0, 100.0};
  };

  TEST(MaterialPoints, APointThatCannotBeEvaluatedIsNamed)
  {
    const FragileLaw law;
    solver::MaterialPoints points(law, {{{0, 0}, 1.0}, {{0, 1}, 1.0}}, {2.0, 3.0});
    points.initialise([](std::size_t, const PointKey &) { return State(); });
    points.strain[1] = law::simple_shear(0.02);
    EXPECT_THROW(points.evaluate(), StepError);
    const solver::FailedUpdate *failed = points.failed_update();
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->data.key.quadrature_point, 1);
    EXPECT_EQ(failed->strain_end, law::simple_shear(0.02));
    EXPECT_EQ(failed->admissible_share, 0.25);
    EXPECT_EQ(failed->message, "too far");
  }
} // namespace
