// SPDX-License-Identifier: LGPL-2.1-or-later
// What every material law must hold, run over all of them.
#include <seem/law/material_law.h>

#include "support/material_point.h"
#include "support/tensors.h"

#include <seem/core/exceptions.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/mean_flow_law.h>
#include <seem/law/seem_law.h>
#include <seem/law/sub_volume_law.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <ostream>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

namespace
{
  std::array<double, 9> numbers(const Tangent &t)
  {
    std::array<double, 9> all = {t.bulk, t.shear, t.secant};
    std::copy_n(t.direction.data(), 6, all.begin() + 3);
    return all;
  }

  std::array<double, 7> numbers(const EnergyDensity &energy, const PointFields &fields)
  {
    return {energy.elastic,
            energy.inelastic,
            energy.heat,
            fields.tau,
            fields.x1,
            fields.plastic_shear,
            static_cast<double>(fields.n_events)};
  }

  std::shared_ptr<const MaterialLaw> linear_law()
  {
    return std::make_shared<LinearElasticLaw>(30.0, 80.0);
  }

  std::shared_ptr<const MaterialLaw> seem_law()
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    return std::make_shared<SeemLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(
            std::vector<double>{0.8}, std::vector<double>{20, 200},
            [](const State &before, const double u) {
              return make_jump(0.4 * u * before.tau, 0.2 * (0.01 - before.x[0]));
            }),
        p);
  }

  std::shared_ptr<const MaterialLaw> seem_law_without_record()
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.record = false;
    return std::make_shared<SeemLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(50.0, make_jump(0.1, 1e-4)), p);
  }

  std::shared_ptr<const MaterialLaw> j2_law()
  {
    return std::make_shared<J2Law>(J2LawParameters{30.0, 80.0, 1.5, 12.0});
  }

  std::shared_ptr<const MaterialLaw> mean_flow_law()
  {
    MeanFlowLawParameters p;
    p.bulk_modulus = 100.0;
    p.sub_step = 1e-4;
    return std::make_shared<MeanFlowLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(std::vector<double>{0.8}, std::vector<double>{5, 30},
                                              [](const State &before, const double u) {
                                                return make_jump(0.4 * u * before.tau,
                                                                 0.2 * (0.01 - before.x[0]));
                                              }),
        p);
  }

  std::shared_ptr<const MaterialLaw> sub_volumes_of_seem()
  {
    return std::make_shared<SubVolumeLaw>(seem_law(), 4);
  }

  std::shared_ptr<const MaterialLaw> sub_volumes_of_j2()
  {
    return std::make_shared<SubVolumeLaw>(j2_law(), 4);
  }

  struct Named
  {
    const char *name;
    std::shared_ptr<const MaterialLaw> (*make)();
    double volume_ratio = 1.0;
    bool exact_tangent = true; ///< false: documented as a quasi-Newton tangent
    bool flows = false;        ///< without events, in evaluate()
  };

  std::ostream &operator<<(std::ostream &out, const Named &named)
  {
    return out << named.name;
  }

  class MaterialLawContract : public ::testing::TestWithParam<Named>
  {
  protected:
    static PointData data_of(const unsigned int seed)
    {
      return {{seed, 0}, GetParam().volume_ratio};
    }

    /// A point after some random straining, events included.
    MaterialPoint worn_point(const unsigned int seed)
    {
      MaterialPoint point(*law, data_of(seed), make_state(0.1, 0.005));
      std::mt19937 generator(seed);
      for (int i = 0; i < 4; ++i)
        point.go_to(random_tensor(generator, 0.05), 2);
      return point;
    }

    /// The strain of a point moved along its stress deviator by @p change: forward a law that flows
    /// without events flows on, backward every law is elastic.
    static SymmetricTensor moved(const MaterialPoint &point, const double change)
    {
      return point.strain + change * deviator(point.response().stress).normalized();
    }

    void expect_tangent_of_stress(const std::vector<double> &state,
                                  const SymmetricTensor &strain) const
    {
      if (!GetParam().exact_tangent)
        return;
      const double h = 1e-6;
      const auto tangent = matrix(law->evaluate(state.data(), strain).tangent);
      for (int i = 0; i < 6; ++i)
      {
        SymmetricTensor above = strain, below = strain;
        above[i] += h;
        below[i] -= h;
        const SymmetricTensor slope = (law->evaluate(state.data(), above).stress -
                                       law->evaluate(state.data(), below).stress) /
                                      (2 * h);
        EXPECT_NEAR((slope - tangent.col(i)).norm(), 0.0, 1e-6);
      }
    }

    const std::shared_ptr<const MaterialLaw> law = GetParam().make();
  };
} // namespace

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

TEST_P(MaterialLawContract, ManyPointsHaveTheBitsOfSingleCalls)
{
  // More than two of the blocks that a law may take at once, and an odd number.
  constexpr std::size_t n = 151;
  const std::size_t size = law->state_size(), stride = size + 3;
  std::vector<double> states(n * stride, -7.0);
  std::vector<SymmetricTensor> begin, end;
  std::mt19937 generator(5);
  for (std::size_t i = 0; i < n; ++i)
  {
    MaterialPoint point =
        i % 10 == 9 // has not been strained
            ? MaterialPoint(*law, data_of(i), make_state(i % 20 == 9 ? 0.0 : 0.1, 0.005))
            : worn_point(i);
    if (i % 3 == 1) // comes from below its record
      point.go_to(moved(point, -0.01), 1);
    std::copy(point.state.begin(), point.state.end(), states.begin() + i * stride);
    begin.push_back(point.strain);
    switch (i % 7)
    {
    case 0:
      end.push_back(point.strain);
      break;
    case 1:
      end.push_back(moved(point, -0.3)); // against the record
      break;
    case 2:
      end.push_back(point.strain + random_tensor(generator, 0.02));
      break;
    default:
      end.push_back(moved(point, (i % 2 == 0 ? 1.0 : -1.0) * 1e-3 * (i % 11)));
    }
  }

  std::vector<SymmetricTensor> stresses(n);
  std::vector<Tangent> tangents(n);
  const auto expect_single_calls = [&](const std::size_t used_stride) {
    law->evaluate_points(n, states.data(), used_stride, end.data(), stresses.data(),
                         tangents.data());
    for (std::size_t i = 0; i < n; ++i)
    {
      const Response single = law->evaluate(states.data() + i * used_stride, end[i]);
      EXPECT_EQ(stresses[i], single.stress) << i;
      EXPECT_EQ(numbers(tangents[i]), numbers(single.tangent)) << i;
    }
  };
  expect_single_calls(stride);
  expect_single_calls(0);

  std::vector<EnergyDensity> energies(n);
  std::vector<PointFields> fields(n);
  for (const std::size_t used_stride : {stride, std::size_t(0)})
  {
    law->measure_points(n, states.data(), used_stride, end.data(), energies.data(), fields.data());
    for (std::size_t i = 0; i < n; ++i)
    {
      const double *state = states.data() + i * used_stride;
      EXPECT_EQ(numbers(energies[i], fields[i]),
                numbers(law->energy(state, end[i]), law->fields(state, end[i])))
          << i;
    }
  }

  end[n - 2][5] = std::numeric_limits<double>::quiet_NaN();
  end[n - 3][5] = std::numeric_limits<double>::infinity();
  begin[n - 4][0] = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> advanced = states;
  std::vector<std::size_t> others(n, n);
  Activity sum;
  sum.forward_strain = 1.0;
  const std::size_t n_others = law->advance_quiet_points(n, advanced.data(), stride, begin.data(),
                                                         end.data(), sum, others.data());
  ASSERT_LE(n_others, n);
  others.resize(n_others);
  EXPECT_TRUE(std::is_sorted(others.begin(), others.end()));
  double forward = 1.0, backward = 0.0;
  std::size_t n_without_event = 0;
  for (std::size_t i = 0; i < n; ++i)
  {
    std::vector<double> single(states.begin() + i * stride, states.begin() + (i + 1) * stride);
    const std::vector<double> many(advanced.begin() + i * stride,
                                   advanced.begin() + (i + 1) * stride);
    const bool listed = std::binary_search(others.begin(), others.end(), i);
    const bool finite = begin[i].allFinite() && end[i].allFinite();
    EXPECT_TRUE(listed || finite) << i;
    if (listed)
    {
      EXPECT_EQ(many, single) << i;
    }
    if (!finite)
      continue;
    const Activity activity = law->advance(single.data(), data_of(i), begin[i], end[i]);
    n_without_event += activity.n_events == 0;
    if (listed)
      continue;
    EXPECT_EQ(many, single) << i;
    EXPECT_EQ(activity.n_events, 0u);
    EXPECT_EQ(activity.heat, 0.0);
    forward += activity.forward_strain;
    backward += activity.backward_strain;
  }
  EXPECT_DOUBLE_EQ(sum.forward_strain, forward);
  EXPECT_DOUBLE_EQ(sum.backward_strain, backward);
  EXPECT_EQ(sum.n_events, 0u);
  if (GetParam().make == &seem_law)
  {
    // Nearly all that pass without an event are advanced at once: loading on and below the record.
    EXPECT_GT(forward, 1.0);
    EXPECT_GT(backward, 0.0);
    EXPECT_GT(n_without_event, n / 3);
    EXPECT_GT(n - n_others, n_without_event / 2);
  }
  if (GetParam().make == &seem_law_without_record)
  {
    EXPECT_GT(forward, 1.0);
    EXPECT_EQ(backward, 0.0);
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
