// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/scripted_event_source.h"

#include <seem/law/linear_elastic_law.h>
#include <seem/law/seem_law.h>
#include <seem/solver/material_points.h>

#include <gtest/gtest.h>

namespace
{
  using namespace seem;

  /// A thousand events per unit strain, the stress falling by 0.01 GPa in each.
  law::SeemLaw busy_law()
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    const double none = std::numeric_limits<double>::infinity();
    return {std::make_shared<law::TaylorElasticity>(20.0, none, none, none, 16.0),
            std::make_shared<seem::testing::ScriptedEventSource>(
                1000.0, seem::testing::make_jump(0.01, 0.0)),
            parameters};
  }

  solver::MaterialPoints two_points(const law::MaterialLaw &law)
  {
    solver::MaterialPoints points(law, {{{0, 0}, 1.0}, {{0, 1}, 1.0}}, {2.0, 3.0});
    points.initialise([](std::size_t, const PointKey &) { return State(); });
    return points;
  }

  TEST(MaterialPoints, RollBackRestoresStatesAndStrainsBitForBit)
  {
    const law::SeemLaw law = busy_law();
    solver::MaterialPoints points = two_points(law);
    const auto go_to = [&](const double gamma) {
      points.strain.assign(2, law::simple_shear(gamma));
      points.evaluate();
      return points.advance(nullptr).activity.n_events;
    };

    ASSERT_GT(go_to(0.01), 0u);
    points.commit();
    const unsigned int first = go_to(0.03);
    ASSERT_GT(first, 0u);
    const auto stress = points.stress;

    points.roll_back();
    EXPECT_EQ(points.strain[0], law::simple_shear(0.01));
    EXPECT_EQ(points.strain_settled[1], law::simple_shear(0.01));
    EXPECT_EQ(go_to(0.03), first);
    EXPECT_EQ(points.stress[0], stress[0]);
    EXPECT_EQ(points.stress[1], stress[1]);
  }

  TEST(MaterialPoints, EnergiesAreWeightedWithTheVolumes)
  {
    const law::LinearElasticLaw law(30.0, 100.0);
    solver::MaterialPoints points = two_points(law);
    points.strain = {law::simple_shear(0.01), law::simple_shear(0.02)};
    // G gamma^2 / 2 times V: 30/2 * (1e-4 * 2 + 4e-4 * 3) = 0.021
    EXPECT_NEAR(points.stored_energy().elastic, 0.021, 1e-15);
    EXPECT_EQ(points.stored_energy().inelastic, 0.0);
  }

  TEST(MaterialPoints, AnEventLeavesTheStressOfItsPointRenewedAndCountsItsHeat)
  {
    const law::SeemLaw law = busy_law();
    solver::MaterialPoints points = two_points(law);
    points.strain.assign(2, law::simple_shear(0.05));
    points.evaluate();
    const double frozen = points.stress[0][5] / law::sqrt2;
    EXPECT_NEAR(frozen, 1.0, 1e-12); // 20 GPa * 0.05
    const solver::AdvanceSummary summary = points.advance(nullptr);

    const unsigned int n_events = points.fields(0).n_events;
    ASSERT_GT(n_events, 20u);
    EXPECT_NEAR(points.stress[0][5] / law::sqrt2, 1.0 - 0.01 * n_events, 1e-12);
    EXPECT_EQ(summary.n_fired_points, 2u);
    EXPECT_GT(summary.event_heat, 0.0);
    // The trapezoid of the lag: V (1/2)(drop)(0.05) at each point.
    EXPECT_NEAR(summary.lag_heat,
                0.5 * 0.05 * 0.01 * (2.0 * n_events + 3.0 * points.fields(1).n_events), 1e-12);
  }
} // namespace
