// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/sub_volume_law.h>

#include "support/material_point.h"
#include "support/tensors.h"

#include <seem/core/exceptions.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/seem_law.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

namespace
{
  std::shared_ptr<const SeemLaw> base_law(const double spread = 0.0,
                                          const unsigned int max_events = 100000)
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.direction_spread = spread;
    p.max_events_per_update = max_events;
    return std::make_shared<SeemLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(
            std::vector<double>{0.4, 1.0}, std::vector<double>{50, 200, 600},
            [](const State &before, const double u) {
              return make_jump(0.5 * u * before.tau, 0.1 * (0.01 - before.x[0]));
            }),
        p);
  }

  /// X1 differs from volume to volume.
  State initial_of(const PointKey &key)
  {
    return make_state(0.0, 0.002 + 0.001 * key.copy);
  }

  std::vector<SymmetricTensor> corners()
  {
    std::mt19937 generator(6);
    std::vector<SymmetricTensor> points;
    for (int i = 0; i < 6; ++i)
      points.push_back(random_tensor(generator, 0.05));
    return points;
  }
} // namespace

TEST(SubVolumeLaw, OneVolumeIsTheBaseLawBitForBit)
{
  const auto base = base_law();
  const SubVolumeLaw law(base, 3);
  MaterialPoint point(law, {{7, 1}, 1.3}, make_state(0.1, 0.004));
  MaterialPoint single(*base, {{7, 1}, 1.0}, make_state(0.1, 0.004));
  for (const SymmetricTensor &corner : corners())
  {
    point.go_to(corner, 3);
    single.go_to(corner, 3);
    EXPECT_EQ(point.response().stress, single.response().stress);
    EXPECT_EQ(matrix(point.response().tangent), matrix(single.response().tangent));
    EXPECT_EQ(point.energy().elastic, single.energy().elastic);
    EXPECT_EQ(point.energy().inelastic, single.energy().inelastic);
    EXPECT_EQ(point.energy().heat, single.energy().heat);
    EXPECT_EQ(point.fields().tau, single.fields().tau);
    EXPECT_EQ(point.fields().plastic_shear, single.fields().plastic_shear);
  }
  EXPECT_GT(point.total.n_events, 5u);
  EXPECT_EQ(point.total.n_events, single.total.n_events);
  EXPECT_EQ(point.total.heat, single.total.heat);
  EXPECT_EQ(point.state[0], 1.0);
}

TEST(SubVolumeLaw, VolumesAreIndependentPointsWithKeysOfTheirOwn)
{
  const auto base = base_law(0.5);
  const SubVolumeLaw law(base, 6);
  const PointKey key = {7, 1};
  std::vector<double> state(law.state_size());
  const PointData data = {key, 4.4}; // 4 volumes
  law.initialise(state.data(), data, initial_of);

  std::vector<MaterialPoint> volumes;
  for (std::uint16_t copy = 0; copy < 4; ++copy)
  {
    const PointKey own = {key.cell, key.quadrature_point, copy};
    volumes.emplace_back(*base, PointData{own, 1.0}, initial_of(own));
  }

  SymmetricTensor strain = SymmetricTensor::Zero();
  EventList events;
  Activity total;
  for (const SymmetricTensor &corner : corners())
  {
    total += law.advance(state.data(), data, strain, corner, &events);
    strain = corner;
    SymmetricTensor stress = SymmetricTensor::Zero();
    Eigen::Matrix<double, 6, 6> tangent = Eigen::Matrix<double, 6, 6>::Zero();
    EnergyDensity energy;
    PointFields fields;
    for (MaterialPoint &point : volumes)
    {
      point.go_to(corner);
      stress += point.response().stress / 4;
      tangent += matrix(point.response().tangent) / 4;
      energy.elastic += point.energy().elastic / 4;
      energy.inelastic += point.energy().inelastic / 4;
      energy.heat += point.energy().heat / 4;
      fields.x1 += point.fields().x1 / 4;
      fields.plastic_shear += point.fields().plastic_shear / 4;
      fields.n_events += point.fields().n_events;
    }
    const Response response = law.evaluate(state.data(), strain);
    EXPECT_NEAR((response.stress - stress).norm(), 0.0, 1e-14);
    EXPECT_NEAR(law.energy(state.data(), strain).elastic, energy.elastic, 1e-14);
    EXPECT_NEAR(law.energy(state.data(), strain).inelastic, energy.inelastic, 1e-14);
    EXPECT_NEAR(law.energy(state.data(), strain).heat, energy.heat, 1e-14);
    EXPECT_NEAR(law.fields(state.data(), strain).x1, fields.x1, 1e-16);
    EXPECT_NEAR(law.fields(state.data(), strain).plastic_shear, fields.plastic_shear, 1e-15);
    EXPECT_EQ(law.fields(state.data(), strain).n_events, fields.n_events);

    // The projection: equal along N and in the trace, and no other G_t, G_s with that N is nearer.
    const auto projected = matrix(response.tangent);
    const SymmetricTensor n = deviator(stress).normalized();
    EXPECT_NEAR((response.tangent.direction - n).norm(), 0.0, 1e-13);
    EXPECT_NEAR(n.dot(projected * n), n.dot(tangent * n), 1e-11);
    EXPECT_NEAR(projected.trace(), tangent.trace(), 1e-11);
    for (const double change : {-0.01, 0.01})
    {
      Tangent other = response.tangent;
      other.secant += change;
      EXPECT_GT((matrix(other) - tangent).norm(), (projected - tangent).norm());
    }
    EXPECT_GT((projected - tangent).norm(), 0.01); // not exact: the directions are scattered
  }

  // The activity: counts are sums, heat and strains means; events are told with their key and heat.
  Activity sum;
  std::map<int, std::vector<double>> heat_of;
  for (const EventRecord &record : events.records)
  {
    EXPECT_EQ(record.key.cell, 7u);
    EXPECT_EQ(record.key.quadrature_point, 1u);
    heat_of[record.key.copy].push_back(record.heat);
  }
  for (std::size_t copy = 0; copy < 4; ++copy)
  {
    sum += volumes[copy].total;
    std::vector<double> heat;
    for (const EventRecord &record : volumes[copy].events.records)
      heat.push_back(record.heat);
    EXPECT_EQ(heat_of[static_cast<int>(copy)], heat);
    EXPECT_GT(heat.size(), 5u);
  }
  EXPECT_EQ(total.n_events, sum.n_events);
  EXPECT_EQ(total.n_gaining, sum.n_gaining);
  EXPECT_NEAR(total.heat, sum.heat / 4, 1e-14);
  EXPECT_NEAR(total.forward_strain, sum.forward_strain / 4, 1e-14);
  EXPECT_NEAR(total.backward_strain, sum.backward_strain / 4, 1e-14);
}

TEST(SubVolumeLaw, VolumesInSimpleShearHaveTheExactTangent)
{
  const SubVolumeLaw law(base_law(), 5);
  std::vector<double> state(law.state_size());
  law.initialise(state.data(), {{3, 0}, 5.0}, initial_of);
  law.advance(state.data(), {{3, 0}, 5.0}, simple_shear(0), simple_shear(0.1), nullptr);
  const double h = 1e-6;
  const double slope = (law.evaluate(state.data(), simple_shear(0.1 + h)).stress[5] -
                        law.evaluate(state.data(), simple_shear(0.1 - h)).stress[5]) /
                       (2 * sqrt2 * h);
  const Tangent tangent = law.evaluate(state.data(), simple_shear(0.1)).tangent;
  EXPECT_NEAR(tangent.shear, slope, 1e-7);
  EXPECT_LT(tangent.shear, tangent.secant);
}

TEST(SubVolumeLaw, WithoutStressTheTangentHasNoDirection)
{
  const SubVolumeLaw law(std::make_shared<LinearElasticLaw>(30.0, 80.0), 4);
  std::vector<double> state(law.state_size());
  EXPECT_EQ(state.size(), 1u);
  law.initialise(state.data(), {{}, 4.0}, State());
  const Tangent tangent = law.evaluate(state.data(), 0.01 * identity()).tangent;
  EXPECT_EQ(tangent.direction, SymmetricTensor::Zero());
  EXPECT_NEAR(tangent.shear, 30.0, 1e-13);
  EXPECT_NEAR(tangent.secant, 30.0, 1e-13);
  EXPECT_NEAR(tangent.bulk, 80.0, 1e-13);
}

TEST(SubVolumeLaw, ScatterFallsAsTheRootOfTheNumberOfVolumes)
{
  const SubVolumeLaw law(base_law(), 16);
  const auto variance = [&](const double ratio) {
    const int n = 2000;
    double sum = 0.0, square = 0.0;
    for (int i = 0; i < n; ++i)
    {
      MaterialPoint point(law, {{static_cast<std::uint64_t>(i), 0}, ratio}, make_state(0, 0.004));
      point.shear_to(0.08);
      const double tau = point.shear_stress_xy();
      sum += tau;
      square += tau * tau;
    }
    return (square - sum * sum / n) / (n - 1);
  };
  // The relative standard error of a variance of 2000 normal numbers is sqrt(2/1999) = 0.0316, of
  // the ratio of two sqrt(2) times that; five of them.
  EXPECT_NEAR(variance(16.0) * 16.0 / variance(1.0), 1.0, 5 * 0.0447);
}

TEST(SubVolumeLaw, AFailingVolumeLeavesTheStateAndGivesTheSmallestShare)
{
  const auto base = base_law(0.0, 4);
  const SubVolumeLaw law(base, 3);
  const PointData data = {{7, 1}, 3.0};
  std::vector<double> state(law.state_size());
  law.initialise(state.data(), data, initial_of);
  const std::vector<double> before = state;
  const Activity activity =
      law.advance(state.data(), data, simple_shear(0), simple_shear(0.08), nullptr);
  EXPECT_EQ(state, before);
  EXPECT_EQ(activity.n_events, 0u);

  double smallest = 1.0;
  for (std::uint16_t copy = 0; copy < 3; ++copy)
  {
    std::vector<double> own(base->state_size());
    const PointData volume = {{7, 1, copy}, 1.0};
    base->initialise(own.data(), volume, initial_of(volume.key));
    smallest = std::min(
        smallest, base->advance(own.data(), volume, simple_shear(0), simple_shear(0.08), nullptr)
                      .admissible_share);
  }
  EXPECT_LT(smallest, 1.0);
  EXPECT_EQ(activity.admissible_share, smallest);
}

TEST(SubVolumeLaw, RefusesMoreVolumesThanThereIsRoomFor)
{
  const auto base = base_law();
  EXPECT_THROW(SubVolumeLaw(base, 0), InputError);
  EXPECT_THROW(SubVolumeLaw(base, max_copies + 1u), InputError);
  EXPECT_NO_THROW(SubVolumeLaw(base, max_copies));

  const SubVolumeLaw law(base, 4);
  std::vector<double> state(law.state_size());
  EXPECT_NO_THROW(law.initialise(state.data(), {{31, 2}, 4.49}, State()));
  try
  {
    law.initialise(state.data(), {{31, 2}, 4.51}, State());
    FAIL() << "5 sub-volumes were taken";
  }
  catch (const InputError &error)
  {
    EXPECT_THAT(error.what(),
                ::testing::AllOf(::testing::HasSubstr("cell 31"), ::testing::HasSubstr("`scale`")));
  }
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()})
    EXPECT_THROW(law.initialise(state.data(), {{31, 2}, bad}, State()), InputError);
}
