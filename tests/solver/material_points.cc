// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/scripted_event_source.h"
#include "support/tangent_numbers.h"

#include <seem/core/exceptions.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/seem_law.h>
#include <seem/solver/material_points.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace
{
  using namespace seem;
  using seem::testing::numbers;

  /// A thousand events per unit strain, the stress falling by 0.01 GPa in each.
  law::SeemLaw busy_law(law::SeemLawParameters parameters = {})
  {
    parameters.bulk_modulus = 100.0;
    const double none = std::numeric_limits<double>::infinity();
    return {std::make_shared<law::TaylorElasticity>(20.0, none, none, none, 16.0),
            std::make_shared<seem::testing::ScriptedEventSource>(
                1000.0, seem::testing::make_jump(0.01, 0.0)),
            parameters};
  }

  /// Linear elasticity that X1 softens; X1 grows in every event.
  law::SeemLaw softening_law()
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    const double none = std::numeric_limits<double>::infinity();
    return {std::make_shared<law::TaylorElasticity>(20.0, 0.1, none, none, 16.0),
            std::make_shared<seem::testing::ScriptedEventSource>(
                500.0, seem::testing::make_jump(0.01, 2e-5)),
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
    seem::testing::EventList events;
    const solver::AdvanceSummary summary = points.advance(&events);

    const unsigned int n_events = points.fields(0).n_events;
    ASSERT_GT(n_events, 20u);
    EXPECT_NEAR(points.stress[0][5] / law::sqrt2, 1.0 - 0.01 * n_events, 1e-12);
    EXPECT_EQ(summary.n_fired_states, 2u);
    const double volumes[] = {2.0, 3.0};
    double event_heat = 0.0, lag_heat = 0.0, lost = 0.0;
    for (const law::EventRecord &e : events.records)
    {
      const double v = volumes[e.key.quadrature_point];
      event_heat += v * e.heat;
      lag_heat +=
          v * 0.01 * 0.05 * (1.0 - e.path); // too high by 0.01 GPa over the rest of the path
    }
    for (std::size_t p = 0; p < 2; ++p)
    {
      const double tau = 1.0 - 0.01 * points.fields(p).n_events;
      lost += volumes[p] * (1.0 - tau * tau) / 40.0; // tau^2/(2 G)
    }
    EXPECT_NEAR(summary.event_heat, event_heat, 1e-12);
    EXPECT_NEAR(summary.lag_heat, lag_heat, 1e-12);
    EXPECT_NEAR(summary.event_heat + summary.lag_heat, lost, 1e-12);
  }

  TEST(MaterialPoints, OfSeveralMaterialsFollowTheirOwnLaws)
  {
    const law::SeemLaw glass = busy_law();
    law::J2LawParameters parameters;
    parameters.shear_modulus = 80.0;
    parameters.bulk_modulus = 160.0;
    parameters.yield_stress = 0.4 * std::sqrt(3.0);
    const law::J2Law steel(parameters);
    solver::MaterialPoints points({{&glass, &steel}, {1, 0, 1}},
                                  {{{0, 0}, 1.0}, {{1, 0}, 1.0}, {{2, 0}, 1.0}}, {1.0, 2.0, 4.0});
    points.initialise([](std::size_t, const PointKey &) { return State(); });
    EXPECT_EQ(points.n_main_states(), 1u);
    EXPECT_EQ(points.material(0), 1u);
    EXPECT_EQ(points.material(1), 0u);

    points.strain = {law::simple_shear(0.001), law::simple_shear(0.02), law::simple_shear(0.02)};
    const std::vector<law::Tangent> tangents = points.evaluate();
    EXPECT_NEAR(points.stress[0][5] / law::sqrt2, 0.08, 1e-12);
    EXPECT_NEAR(points.stress[1][5] / law::sqrt2, 0.4, 1e-12);
    EXPECT_NEAR(points.stress[2][5] / law::sqrt2, 0.4, 1e-12); // yields
    EXPECT_EQ(tangents[2].bulk, 160.0);

    const solver::AdvanceSummary summary = points.advance(nullptr);
    EXPECT_EQ(summary.n_fired_states, 1u);
    EXPECT_EQ(points.fields(2).n_events, 0u);
    EXPECT_NEAR(points.fields(2).plastic_shear, 0.02 - 0.4 / 80.0, 1e-12);
    points.commit();
    const std::vector<double> state(points.committed_state(2),
                                    points.committed_state(2) + points.state_size(2));
    points.strain.assign(3, law::simple_shear(0.05));
    points.evaluate();
    points.advance(nullptr);
    points.roll_back();
    EXPECT_NEAR(points.fields(2).plastic_shear, 0.015, 1e-12);

    // Another object goes on from what was committed.
    solver::MaterialPoints other({{&glass, &steel}, {1, 0, 1}},
                                 {{{0, 0}, 1.0}, {{1, 0}, 1.0}, {{2, 0}, 1.0}}, {1.0, 2.0, 4.0});
    other.resume(
        {points.committed_state(0), points.committed_state(1), state.data()},
        {points.committed_strain(0), points.committed_strain(1), points.committed_strain(2)});
    for (solver::MaterialPoints *p : {&points, &other})
    {
      p->strain.assign(3, law::simple_shear(0.05));
      p->evaluate();
      p->advance(nullptr);
    }
    for (std::size_t p = 0; p < 3; ++p)
      EXPECT_EQ(points.stress[p], other.stress[p]);
    EXPECT_GT(points.fields(1).n_events, 0u);
  }

  TEST(MaterialPoints, AStateOfACellFollowsTheMeanStrainAndActsOnAllItsPoints)
  {
    const law::SeemLaw law = softening_law();
    const std::vector<double> volumes = {1.0, 2.0, 3.0, 4.0};
    const std::vector<double> gammas = {0.02, 0.05, 0.06, 0.045}; // volume mean 0.048
    solver::MaterialPoints points(law, {{{7, 0}, 1.3}}, volumes);
    points.initialise([](std::size_t, const PointKey &) { return State(); });
    ASSERT_EQ(points.size(), 4u);
    ASSERT_EQ(points.n_states(), 1u);
    for (std::size_t q = 0; q < 4; ++q)
      points.strain[q] = law::simple_shear(gammas[q]);
    points.evaluate();
    seem::testing::EventList events;
    const solver::AdvanceSummary summary = points.advance(&events);

    // The same volume alone, at the mean strain.
    std::vector<double> state(law.state_size());
    const law::PointData data = {{7, 0}, 1.3};
    law.initialise(state.data(), data, State());
    const law::Activity alone =
        law.advance(state.data(), data, law::simple_shear(0.0), law::simple_shear(0.048), nullptr);
    ASSERT_GT(alone.n_events, 10u);
    EXPECT_EQ(summary.activity.n_events, alone.n_events);
    EXPECT_EQ(summary.n_fired_states, 1u);
    for (std::size_t q = 0; q < 4; ++q)
    {
      const law::PointFields fields = points.fields(q),
                             expected = law.fields(state.data(), points.strain[q]);
      EXPECT_EQ(fields.n_events, alone.n_events);
      EXPECT_NEAR(fields.x1, expected.x1, 1e-15);
      EXPECT_NEAR(fields.plastic_shear, expected.plastic_shear, 1e-14);
      EXPECT_NEAR(points.stress[q][5], law.evaluate(state.data(), points.strain[q]).stress[5],
                  1e-12);
    }

    // Events soften G = 20 (1 - X1/0.1) GPa, so they also take (G - G')/2 sum of V (deviation)^2.
    double event_heat = 0.0, x1 = 0.0;
    for (const law::EventRecord &e : events.records)
    {
      event_heat += 10.0 * e.heat;
      x1 += e.jump.dx[0];
    }
    double square = 0.0;
    for (std::size_t q = 0; q < 4; ++q)
      square += volumes[q] * (gammas[q] - 0.048) * (gammas[q] - 0.048);
    const double deviation_heat = 0.5 * 20.0 * x1 / 0.1 * square;
    EXPECT_GT(deviation_heat, 1e-5);
    EXPECT_NEAR(summary.event_heat - event_heat, deviation_heat, 1e-12);
  }

  TEST(MaterialPoints, PointsWithoutDeviationFromTheMeanFireLikeOnePoint)
  {
    const law::SeemLaw law = softening_law();
    solver::MaterialPoints cell(law, {{{3, 0}, 1.0}}, {1.0, 1.0, 1.0, 1.0});
    solver::MaterialPoints point(law, {{{3, 0}, 1.0}}, {4.0});
    solver::AdvanceSummary summaries[2];
    for (solver::MaterialPoints *points : {&cell, &point})
    {
      points->initialise([](std::size_t, const PointKey &) { return State(); });
      points->strain.assign(points->size(), law::simple_shear(0.04));
      points->evaluate();
      summaries[points == &point] = points->advance(nullptr);
    }
    ASSERT_GT(summaries[0].activity.n_events, 5u);
    EXPECT_EQ(summaries[0].activity.n_events, summaries[1].activity.n_events);
    EXPECT_NEAR(summaries[0].event_heat, summaries[1].event_heat, 1e-14);
    EXPECT_NEAR(summaries[0].lag_heat, summaries[1].lag_heat, 1e-14);
    for (std::size_t q = 0; q < 4; ++q)
    {
      EXPECT_EQ(cell.stress[q], point.stress[0]);
      EXPECT_EQ(cell.strain_settled[q], point.strain[0]);
    }
  }

  TEST(MaterialPoints, PointsThatCannotShareTheStatesAreRefused)
  {
    const law::LinearElasticLaw law(30.0, 100.0);
    EXPECT_THROW(solver::MaterialPoints(law, {{{0, 0}, 1.0}, {{1, 0}, 1.0}}, {1.0, 1.0, 1.0}),
                 Error);
    EXPECT_EQ(solver::MaterialPoints(law, {}, {}).size(), 0u);
  }

  TEST(MaterialPoints, AnUpdateWithTooManyEventsAsksForTheShareItCanMakeAndIsKept)
  {
    law::SeemLawParameters parameters;
    parameters.max_events_per_update = 10;
    const law::SeemLaw law = busy_law(parameters);
    solver::MaterialPoints points = two_points(law);
    // A thousand events per unit strain: about 5 and about 50.
    points.strain = {law::simple_shear(0.005), law::simple_shear(0.05)};
    points.evaluate();
    EXPECT_EQ(points.failed_update(), nullptr);
    double share = 0.0;
    try
    {
      points.advance(nullptr);
      FAIL() << "nothing was thrown";
    }
    catch (const StepError &error)
    {
      share = error.admissible_share();
      EXPECT_NE(std::string(error.what()).find("cell 0, quadrature point 1"), std::string::npos)
          << error.what();
    }
    EXPECT_GT(share, 0.05);
    EXPECT_LT(share, 0.5);
    const solver::FailedUpdate *failed = points.failed_update();
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->data.key.quadrature_point, 1);
    EXPECT_EQ(failed->strain_end, law::simple_shear(0.05));
    EXPECT_EQ(failed->admissible_share, share);

    // The share is right: a little less than it can be followed.
    points.roll_back();
    points.strain = {law::simple_shear(0.005), law::simple_shear(0.05 * share * 0.999)};
    points.evaluate();
    EXPECT_EQ(points.failed_update(), nullptr);
    EXPECT_NO_THROW(points.advance(nullptr));
  }

  TEST(MaterialPoints, EventByEventTheyGoWhereTheyGoAtOnce)
  {
    const law::SeemLaw law = busy_law();
    solver::MaterialPoints at_once = two_points(law), one_by_one = two_points(law);
    const double end = 0.02;
    at_once.strain.assign(2, law::simple_shear(end));
    at_once.evaluate();
    const solver::AdvanceSummary expected = at_once.advance(nullptr);
    ASSERT_GT(expected.activity.n_events, 10u);

    one_by_one.strain.assign(2, law::simple_shear(end));
    one_by_one.evaluate();
    seem::testing::EventList events;
    solver::AdvanceSummary sum;
    double before = 0.0, share = 0.0;
    while ((share = one_by_one.share_to_next_event(1.0)) <= 1.0)
    {
      const double settled = one_by_one.strain_settled[0][5];
      const std::optional<PointKey> key = one_by_one.smallest_key_within(share);
      ASSERT_TRUE(key);
      const solver::AdvanceSummary part = one_by_one.advance_to_event(share, 1e-9, *key, &events);
      ASSERT_EQ(part.activity.n_events, 1u);
      ASSERT_EQ(part.n_fired_states, 1u);
      EXPECT_EQ(events.records.back().key.quadrature_point, key->quadrature_point);
      // All have come as far as the event, and no further.
      const double at_event = settled + share * (law::simple_shear(end)[5] - settled);
      EXPECT_NEAR(one_by_one.strain_settled[0][5], at_event, 1e-12);
      EXPECT_NEAR(one_by_one.strain_settled[1][5], at_event, 1e-12);
      EXPECT_GT(at_event, before);
      before = at_event;
      sum.activity += part.activity;
      sum.event_heat += part.event_heat;
      sum.lag_heat += part.lag_heat;
      sum.plastic_shear += part.plastic_shear;
    }
    const solver::AdvanceSummary rest = one_by_one.advance(nullptr);
    EXPECT_EQ(rest.activity.n_events, 0u);
    EXPECT_EQ(sum.activity.n_events, expected.activity.n_events);
    EXPECT_NEAR(sum.event_heat, expected.event_heat, 1e-12);
    EXPECT_NEAR(sum.lag_heat, expected.lag_heat, 1e-12);
    EXPECT_NEAR(sum.plastic_shear, expected.plastic_shear, 1e-14);
    EXPECT_NEAR(sum.activity.forward_strain + rest.activity.forward_strain,
                expected.activity.forward_strain, 1e-12);
    for (const std::size_t p : {0, 1})
    {
      EXPECT_NEAR(one_by_one.fields(p).tau, at_once.fields(p).tau, 1e-10);
      EXPECT_NEAR((one_by_one.stress[p] - at_once.stress[p]).norm(), 0.0, 1e-10);
      EXPECT_EQ(one_by_one.strain_settled[p], at_once.strain_settled[p]);
    }
  }

  TEST(MaterialPoints, TheShareToTheNextEventCanLieBeyondThePath)
  {
    const law::SeemLaw law = busy_law();
    solver::MaterialPoints points = two_points(law);
    points.strain.assign(2, law::simple_shear(0.02));
    const double first = 0.02 * points.share_to_next_event(1.0);
    ASSERT_LT(first, 0.02);
    points.strain.assign(2, law::simple_shear(0.5 * first));
    EXPECT_EQ(points.share_to_next_event(1.0), std::numeric_limits<double>::infinity());
    EXPECT_FALSE(points.smallest_key_within(1.0));
    EXPECT_NEAR(points.share_to_next_event(4.0), 2.0, 1e-9);
  }

  TEST(MaterialPoints, StatesThatFiredAreCountedOnceUntilTheCommit)
  {
    const law::SeemLaw law = busy_law();
    solver::MaterialPoints points = two_points(law);
    EXPECT_EQ(points.n_fired_since_commit(), 0u);
    for (const double gamma : {0.01, 0.02})
    {
      points.strain.assign(2, law::simple_shear(gamma));
      points.evaluate();
      ASSERT_GT(points.advance(nullptr).activity.n_events, 2u);
      EXPECT_EQ(points.n_fired_since_commit(), 2u);
    }
    EXPECT_NEAR(points.shear_change_since_commit(), 0.02 * 5.0, 1e-12);
    points.roll_back();
    EXPECT_EQ(points.n_fired_since_commit(), 0u);
    points.strain[1] = law::simple_shear(0.02);
    points.evaluate();
    points.advance(nullptr);
    EXPECT_EQ(points.n_fired_since_commit(), 1u);
    points.commit();
    EXPECT_EQ(points.n_fired_since_commit(), 0u);
    EXPECT_EQ(points.shear_change_since_commit(), 0.0);
  }

  TEST(MaterialPoints, ManyPointsDoWhatEachDoesAlone)
  {
    // More than a block of them, two laws in rows of unequal length.
    const law::SeemLaw busy = busy_law(), soft = softening_law();
    const std::vector<const law::MaterialLaw *> laws = {&busy, &soft};
    constexpr std::size_t n = 611;
    std::vector<unsigned int> law_of_state(n);
    std::vector<law::PointData> data(n);
    for (std::size_t i = 0; i < n; ++i)
    {
      law_of_state[i] = i >= 300 && (i < 310 || i % 2 == 0);
      data[i] = {{i, 0}, 1.0};
    }
    solver::MaterialPoints many({laws, law_of_state}, data, std::vector<double>(n, 1.0));
    many.initialise([](std::size_t, const PointKey &) { return State(); });
    const auto go = [](solver::MaterialPoints &points, const std::vector<double> &gamma) {
      for (std::size_t p = 0; p < gamma.size(); ++p)
        points.strain[p] = law::simple_shear(gamma[p]);
      points.evaluate();
      return points.advance(nullptr);
    };
    const auto evaluate = [](solver::MaterialPoints &points, const std::size_t part) {
      std::vector<law::Tangent> tangents(points.size());
      for (std::size_t p = 0; p < points.size(); p += part)
        points.evaluate(p, std::min(p + part, points.size()), &tangents[p]);
      return tangents;
    };
    std::vector<double> first(n), second(n);
    for (std::size_t i = 0; i < n; ++i)
    {
      first[i] = 1e-4 * (i % 50);
      second[i] = first[i] + 1e-4 * (static_cast<double>(i % 13) - 4.0);
    }
    go(many, first);
    const solver::AdvanceSummary summary = go(many, second);
    std::vector<solver::PointTangent> renewed = many.renewed_tangents;
    const std::vector<law::SymmetricTensor> stress = many.stress; // renewed where states fired
    const std::vector<law::Tangent> tangents = evaluate(many, 100);
    EXPECT_EQ(renewed.size(), summary.n_fired_states);

    unsigned int n_events = 0;
    double forward = 0.0, backward = 0.0, event_heat = 0.0, lag_heat = 0.0;
    for (std::size_t i = 0; i < n; ++i)
    {
      solver::MaterialPoints alone(*laws[law_of_state[i]], {data[i]}, {1.0});
      alone.initialise([](std::size_t, const PointKey &) { return State(); });
      go(alone, {first[i]});
      const solver::AdvanceSummary one = go(alone, {second[i]});
      n_events += one.activity.n_events;
      forward += one.activity.forward_strain;
      backward += one.activity.backward_strain;
      EXPECT_EQ(many.stress[i], alone.stress[0]) << i;
      EXPECT_EQ(stress[i], many.stress[i]) << i;
      if (one.activity.n_events > 0)
      {
        ASSERT_FALSE(renewed.empty());
        EXPECT_EQ(renewed.front().point, i);
        EXPECT_EQ(numbers(renewed.front().tangent), numbers(tangents[i])) << i;
        renewed.erase(renewed.begin());
        EXPECT_EQ(alone.renewed_tangents.back().point, 0u);
        EXPECT_EQ(numbers(alone.renewed_tangents.back().tangent), numbers(tangents[i])) << i;
      }
      EXPECT_EQ(numbers(tangents[i]), numbers(evaluate(alone, 1)[0])) << i;
      event_heat += one.event_heat;
      lag_heat += one.lag_heat;
      EXPECT_EQ(many.strain_settled[i], alone.strain[0]) << i;
      EXPECT_EQ(many.fields(i).plastic_shear, alone.fields(0).plastic_shear) << i;
    }
    EXPECT_GT(n_events, 20u);
    EXPECT_LT(n_events, n);
    EXPECT_EQ(summary.activity.n_events, n_events);
    EXPECT_NEAR(summary.activity.forward_strain, forward, 1e-12);
    EXPECT_NEAR(summary.activity.backward_strain, backward, 1e-12);
    EXPECT_NEAR(summary.event_heat, event_heat, 1e-13);
    EXPECT_NEAR(summary.lag_heat, lag_heat, 1e-13);
    EXPECT_GT(lag_heat, 1e-6);
  }
} // namespace
