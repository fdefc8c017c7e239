// SPDX-License-Identifier: LGPL-2.1-or-later
// What every material law must hold, run over all of them.
#include <seem/law/material_law.h>

#include "support/material_law_contract.h"

#include <seem/core/exceptions.h>

#include <cmath>
#include <limits>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

TEST_P(MaterialLawContract, StressIsTheDerivativeOfTheElasticEnergyWhereNothingFlows)
{
  const double h = 1e-6;
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    const SymmetricTensor strain = moved(point, -0.002);
    const SymmetricTensor stress = law->evaluate(point.state.data(), strain).stress;
    for (int i = 0; i < 6; ++i)
    {
      SymmetricTensor above = strain, below = strain;
      above[i] += h;
      below[i] -= h;
      const EnergyDensity up = law->energy(point.state.data(), above);
      const EnergyDensity down = law->energy(point.state.data(), below);
      EXPECT_NEAR((up.elastic - down.elastic) / (2 * h), stress[i], 1e-8);
      EXPECT_EQ(up.inelastic, down.inelastic);
      EXPECT_EQ(up.heat, down.heat);
    }
  }
}

TEST_P(MaterialLawContract, TangentIsTheDerivativeOfTheStressWhereNothingFlows)
{
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    expect_tangent_of_stress(point.state, moved(point, -0.002));
  }
}

TEST_P(MaterialLawContract, TangentIsTheDerivativeOfTheStressWhereItFlows)
{
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    expect_tangent_of_stress(point.state, moved(point, 0.002));
  }
}

TEST_P(MaterialLawContract, TheTangentIsPositiveDefinite)
{
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    for (const double change : {-0.002, 0.0, 0.002})
    {
      const Tangent tangent = law->evaluate(point.state.data(), moved(point, change)).tangent;
      EXPECT_GT(tangent.bulk, 0.0);
      EXPECT_GT(tangent.shear, 0.0);
      EXPECT_GT(tangent.secant, 0.0);
      const double norm = tangent.direction.norm();
      EXPECT_TRUE(norm == 0.0 || std::abs(norm - 1.0) < 1e-14);
      EXPECT_NEAR(trace(tangent.direction), 0.0, 1e-14);
    }
  }
}

TEST_P(MaterialLawContract, CallsHaveNoMemory)
{
  MaterialPoint point = worn_point(3);
  const MaterialPoint other = worn_point(4);
  const SymmetricTensor stress = point.response().stress;
  const std::vector<double> state = point.state;
  const SymmetricTensor next = point.strain + simple_shear(0.04);
  std::vector<double> first = state, second = state;
  law->advance(first.data(), data_of(3), point.strain, next);
  other.response();
  law->advance(second.data(), data_of(3), point.strain, next);
  EXPECT_EQ(first, second);
  EXPECT_EQ(point.state, state);
  EXPECT_EQ(point.response().stress, stress);
}

TEST_P(MaterialLawContract, TheFieldsAgreeWithTheStress)
{
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    const SymmetricTensor s = deviator(point.response().stress);
    EXPECT_NEAR(point.fields().tau, std::sqrt(0.5 * s.dot(s)), 1e-13);
  }
}

TEST_P(MaterialLawContract, TheLayoutNamesEveryNumberOfTheState)
{
  std::size_t n = 0;
  for (const StateField &field : law->state_layout())
  {
    EXPECT_FALSE(field.name.empty());
    EXPECT_FALSE(field.unit.empty());
    EXPECT_GT(field.size, 0u);
    n += field.size;
  }
  EXPECT_EQ(law->state_size(), n);

  // initialise() and advance() stay inside.
  std::vector<double> state(n + 2, -7.0);
  law->initialise(state.data() + 1, data_of(1), make_state(0.1, 0.005));
  law->advance(state.data() + 1, data_of(1), simple_shear(0), simple_shear(0.1));
  EXPECT_EQ(state.front(), -7.0);
  EXPECT_EQ(state.back(), -7.0);
}

TEST_P(MaterialLawContract, AnUpdateIsAnAdvanceWithItsResponse)
{
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    std::mt19937 generator(seed + 100);
    for (const double size : {1e-6, 1e-3, 0.1})
      for (const SymmetricTensor &end :
           {moved(point, size), moved(point, -size),
            SymmetricTensor(point.strain + random_tensor(generator, size))})
      {
        std::vector<double> advanced = point.state, updated = point.state;
        const Activity a = law->advance(advanced.data(), data_of(seed), point.strain, end, nullptr);
        Response response;
        const Activity b =
            law->update(updated.data(), data_of(seed), point.strain, end, response, nullptr);
        EXPECT_EQ(advanced, updated);
        EXPECT_EQ(a.n_events, b.n_events);
        EXPECT_EQ(a.heat, b.heat);
        EXPECT_EQ(a.forward_strain, b.forward_strain);
        EXPECT_EQ(a.backward_strain, b.backward_strain);
        // The stress is that of the new state; the tangent that of its increment, which a law
        // without events knows only from the old state.
        EXPECT_LT((response.stress - law->evaluate(updated.data(), end).stress).norm(), 1e-12);
        const std::vector<double> &frozen = GetParam().flows ? point.state : updated;
        const Tangent expected = law->evaluate(frozen.data(), end).tangent;
        EXPECT_EQ(numbers(response.tangent), numbers(expected));
      }
  }
}

TEST_P(MaterialLawContract, AStrainThatIsNotFiniteIsRefused)
{
  MaterialPoint point = worn_point(2);
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
  {
    SymmetricTensor strain = point.strain;
    strain[1] = bad;
    EXPECT_THROW(law->advance(point.state.data(), data_of(2), point.strain, strain), InputError);
    EXPECT_THROW(law->advance(point.state.data(), data_of(2), strain, point.strain), InputError);
  }
}

TEST_P(MaterialLawContract, TheShareToTheNextEventIsWhereAdvanceMakesItFirst)
{
  unsigned int n_found = 0, n_none = 0;
  for (unsigned int seed = 1; seed <= 40; ++seed)
  {
    const MaterialPoint point = worn_point(seed);
    std::mt19937 generator(1000 + seed);
    // Loading on, unloading, turning, and loading that is too short for most points.
    for (const SymmetricTensor &next :
         {moved(point, 0.02), moved(point, -0.3), moved(point, 5e-4),
          SymmetricTensor(point.strain + random_tensor(generator, 0.05)), point.strain})
    {
      const std::vector<double> before = point.state;
      const double share =
          law->share_to_next_event(point.state.data(), data_of(seed), point.strain, next);
      EXPECT_EQ(point.state, before);

      EventList events;
      std::vector<double> state = point.state;
      law->advance(state.data(), data_of(seed), point.strain, next, &events);
      double first = std::numeric_limits<double>::infinity();
      for (const EventRecord &event : events.records)
        first = std::min(first, event.path);
      EXPECT_EQ(share, first);
      ++(events.records.empty() ? n_none : n_found);
      if (events.records.empty())
        continue;

      // Up to there nothing happens, and right behind it does.
      const auto n_events_up_to = [&](const double s) {
        std::vector<double> moved_state = point.state;
        return law
            ->advance(moved_state.data(), data_of(seed), point.strain,
                      point.strain + s * (next - point.strain))
            .n_events;
      };
      EXPECT_EQ(n_events_up_to(share * (1.0 - 1e-9)), 0u);
      EXPECT_GE(n_events_up_to(share * (1.0 + 1e-9) + 1e-12), 1u);
    }
  }
  EXPECT_GT(n_none, 0u);
  const bool has_events = GetParam().make == &seem_law || GetParam().make == &sub_volumes_of_seem;
  if (has_events)
  {
    EXPECT_GT(n_found, 40u);
  }
}

TEST_P(MaterialLawContract, ThePlasticShearOfAnActivityIsThatOfItsEvents)
{
  for (unsigned int seed = 1; seed <= 10; ++seed)
  {
    MaterialPoint point = worn_point(seed);
    EventList events;
    const Activity activity =
        law->advance(point.state.data(), data_of(seed), point.strain, moved(point, 0.05), &events);
    double sum = 0.0;
    for (const EventRecord &event : events.records)
      sum += event.plastic_shear;
    // The events of a sub-volume are those of a part of the point.
    const double n = GetParam().make == &sub_volumes_of_seem ? point.state[0] : 1.0;
    EXPECT_NEAR(activity.plastic_shear, sum / n, 1e-15);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Laws, MaterialLawContract,
    ::testing::Values(Named{"linear_elastic", &linear_law}, Named{"j2", &j2_law, 1.0, true, true},
                      Named{"seem", &seem_law},
                      Named{"seem_without_record", &seem_law_without_record},
                      Named{"mean_flow", &mean_flow_law, 1.0, true, true},
                      Named{"sub_volumes_of_j2", &sub_volumes_of_j2, 3.0, true, true},
                      Named{"sub_volumes_of_seem", &sub_volumes_of_seem, 4.0, false}),
    [](const auto &info) { return std::string(info.param.name); });

TEST(Activity, SumsAddUpEveryNumber)
{
  const Activity one = {1, 2, 3, 4, 5, 0.5, 0.25, 0.125, 0.75, 0.0625};
  Activity sum = {10, 20, 30, 40, 50, 1.0, 2.0, 3.0, 0.875, 4.0};
  sum += one;
  EXPECT_EQ(sum.n_events, 11u);
  EXPECT_EQ(sum.n_outside, 22u);
  EXPECT_EQ(sum.n_forced, 33u);
  EXPECT_EQ(sum.n_capped, 44u);
  EXPECT_EQ(sum.n_gaining, 55u);
  EXPECT_EQ(sum.heat, 1.5);
  EXPECT_EQ(sum.forward_strain, 2.25);
  EXPECT_EQ(sum.backward_strain, 3.125);
  EXPECT_EQ(sum.admissible_share, 0.75);
  EXPECT_EQ(sum.plastic_shear, 4.0625);
}
