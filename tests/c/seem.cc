// SPDX-License-Identifier: LGPL-2.1-or-later
#include "c_test.h"

#include <seem/core/version.h>
#include <seem/io/material.h>
#include <seem/law/tensor.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

extern "C" int seem_c99_check(void);

namespace
{
  using namespace seem;
  using ::testing::HasSubstr;
  using Vector = std::array<double, 6>;

  constexpr seem_point point_5 = {5, 2, 1.5};
  constexpr seem_initial at_x1 = {0.2, {0.004, 0.0, 0.0, 0.0}};

  class CInterface : public seem::testing::CTest
  {
  protected:
    using Law = std::unique_ptr<seem_law, decltype(&seem_law_destroy)>;

    Law make(const seem_parameters &parameters) const
    {
      seem_law *law = nullptr;
      EXPECT_EQ(seem_law_create(&law, SEEM_KIND_SEEM, path.c_str(), &parameters), SEEM_OK)
          << seem_last_error();
      return Law(law, &seem_law_destroy);
    }

    Law make() const
    {
      return make(default_parameters());
    }

    /// Shear to @p gamma in one update.
    std::vector<double> sheared(const seem_law *law, const double gamma) const
    {
      std::vector<double> state(seem_state_size(law));
      EXPECT_EQ(seem_initialise(law, state.data(), &point_5, &at_x1), SEEM_OK);
      const Vector begin = {}, end = {0, 0, 0, 0, 0, gamma};
      EXPECT_EQ(
          seem_advance(law, state.data(), &point_5, begin.data(), end.data(), nullptr, nullptr),
          SEEM_OK)
          << seem_last_error();
      return state;
    }

    /// What creation with the given parameters says; it must fail with @p result.
    std::string refusal(const int result, const int kind, const char *database,
                        const seem_parameters &parameters) const
    {
      seem_law *law = reinterpret_cast<seem_law *>(1);
      EXPECT_EQ(seem_law_create(&law, kind, database, &parameters), result);
      EXPECT_EQ(law, nullptr);
      return seem_last_error();
    }
  };

  void count_events(const seem_event *event, void *context)
  {
    static_cast<std::vector<seem_event> *>(context)->push_back(*event);
  }

  class RecordEvents : public law::EventObserver
  {
  public:
    void event(const law::EventRecord &record) override
    {
      records.push_back(record);
    }
    std::vector<law::EventRecord> records;
  };

  TEST_F(CInterface, CanBeCalledFromC99)
  {
    EXPECT_EQ(seem_c99_check(), 0) << seem_last_error();
    EXPECT_STREQ(seem_version(), program_version);
  }

  TEST_F(CInterface, StateDescriptionIsTheLawsLayout)
  {
    const Law law = make();
    const auto layout = io::load_seem_law(path, {120.0})->state_layout();
    ASSERT_EQ(seem_state_field_count(law.get()), layout.size());
    std::size_t offset = 0;
    for (std::size_t i = 0; i < layout.size(); ++i)
    {
      seem_state_field field;
      ASSERT_EQ(seem_state_field_get(law.get(), i, &field), SEEM_OK);
      EXPECT_EQ(field.name, layout[i].name);
      EXPECT_EQ(field.unit, layout[i].unit);
      EXPECT_EQ(field.size, layout[i].size);
      EXPECT_EQ(field.offset, offset);
      offset += field.size;
    }
    EXPECT_EQ(seem_state_size(law.get()), offset);
    EXPECT_EQ(offset, 18u);
    seem_state_field field;
    EXPECT_EQ(seem_state_field_get(law.get(), layout.size(), &field), SEEM_STOP_ARGUMENT);
    EXPECT_EQ(std::string(seem_last_error()), "the state has 8 parts; there is no part 8");
  }

  TEST_F(CInterface, FollowsTheLawEventByEventAndBitByBit)
  {
    seem_parameters parameters = default_parameters();
    parameters.seed = 7;
    parameters.direction_spread = 0.3;
    const Law law = make(parameters);
    law::SeemLawParameters same = {120.0, 7};
    same.energy_bound = law::EnergyBound::clip;
    same.direction_spread = 0.3;
    const auto reference = io::load_seem_law(path, same);

    std::vector<double> state(seem_state_size(law.get())), expected(reference->state_size());
    ASSERT_EQ(seem_initialise(law.get(), state.data(), &point_5, &at_x1), SEEM_OK);
    State initial;
    initial.tau = 0.2;
    initial.x[0] = 0.004;
    const law::PointData data = {{5, 2}, 1.5};
    reference->initialise(expected.data(), data, initial);

    std::vector<seem_event> events;
    RecordEvents observer;
    Vector before = {};
    law::SymmetricTensor begin = law::SymmetricTensor::Zero();
    unsigned int n_events = 0;
    double heat = 0.0;
    for (int i = 1; i <= 40; ++i)
    {
      const double s = i * 5e-3;
      const Vector strain = {0.3 * s, -0.1 * s, 0.02 * s, 0.1 * s, -0.2 * s, s};
      const law::SymmetricTensor end = law::symmetric_tensor(
          0.3 * s, -0.1 * s, 0.02 * s, 0.5 * (0.1 * s), 0.5 * (-0.2 * s), 0.5 * s);
      seem_activity activity;
      double share = 0.0;
      ASSERT_EQ(seem_advance_observed(law.get(), state.data(), &point_5, before.data(),
                                      strain.data(), &activity, &share, count_events, &events),
                SEEM_OK);
      const law::Activity done = reference->advance(expected.data(), data, begin, end, &observer);
      ASSERT_EQ(state, expected);
      EXPECT_EQ(share, 1.0);
      EXPECT_EQ(activity.n_events, done.n_events);
      EXPECT_EQ(activity.n_outside, done.n_outside);
      EXPECT_EQ(activity.n_forced, done.n_forced);
      EXPECT_EQ(activity.n_gaining, done.n_gaining);
      EXPECT_EQ(activity.heat, done.heat);
      EXPECT_EQ(activity.forward_strain, done.forward_strain);
      EXPECT_EQ(activity.backward_strain, done.backward_strain);
      n_events += activity.n_events;
      heat += activity.heat;

      Vector stress;
      ASSERT_EQ(seem_evaluate(law.get(), state.data(), strain.data(), stress.data(), nullptr),
                SEEM_OK);
      const law::SymmetricTensor sigma = reference->evaluate(expected.data(), end).stress;
      for (int k = 0; k < 6; ++k)
        EXPECT_EQ(stress[k], k < 3 ? sigma[k] : sigma[k] / law::sqrt2);
      seem_energy_density energy;
      ASSERT_EQ(seem_energy(law.get(), state.data(), strain.data(), &energy), SEEM_OK);
      EXPECT_EQ(energy.elastic, reference->energy(expected.data(), end).elastic);
      EXPECT_EQ(energy.inelastic, reference->energy(expected.data(), end).inelastic);
      EXPECT_NEAR(energy.heat, heat, 1e-14);
      seem_point_fields fields;
      ASSERT_EQ(seem_fields(law.get(), state.data(), strain.data(), &fields), SEEM_OK);
      EXPECT_EQ(fields.tau, reference->fields(expected.data(), end).tau);
      EXPECT_EQ(fields.x1, reference->fields(expected.data(), end).x1);
      EXPECT_EQ(fields.plastic_shear, reference->fields(expected.data(), end).plastic_shear);
      EXPECT_EQ(fields.n_events, n_events);
      before = strain;
      begin = end;
    }
    EXPECT_GT(n_events, 20u);
    ASSERT_EQ(events.size(), n_events);
    ASSERT_EQ(observer.records.size(), n_events);
    for (std::size_t k = 0; k < events.size(); ++k)
    {
      const law::EventRecord &record = observer.records[k];
      EXPECT_EQ(events[k].cell, 5u);
      EXPECT_EQ(events[k].quadrature_point, 2u);
      EXPECT_EQ(events[k].number, k);
      EXPECT_EQ(events[k].path, record.path);
      EXPECT_EQ(events[k].before.tau, record.before.tau);
      EXPECT_EQ(events[k].before.x[0], record.before.x[0]);
      EXPECT_EQ(events[k].dtau, record.jump.dtau);
      EXPECT_EQ(events[k].dx[0], record.jump.dx[0]);
      EXPECT_EQ(events[k].heat, record.heat);
      EXPECT_EQ(events[k].plastic_shear, record.plastic_shear);
    }
  }

  TEST_F(CInterface, EveryParameterReachesTheLaw)
  {
    const std::vector<double> state = sheared(make().get(), 0.15);
    const auto differs = [&](const auto &change) {
      seem_parameters parameters = default_parameters();
      change(parameters);
      return sheared(make(parameters).get(), 0.15) != state;
    };
    EXPECT_FALSE(differs([](seem_parameters &) {}));
    EXPECT_TRUE(differs([](seem_parameters &p) { p.seed = 2; }));
    EXPECT_TRUE(differs([](seem_parameters &p) { p.direction_spread = 0.2; }));
    EXPECT_TRUE(differs([](seem_parameters &p) { p.energy_bound = SEEM_ENERGY_BOUND_REPORT; }));
    EXPECT_TRUE(differs([](seem_parameters &p) { p.energy_bound = SEEM_ENERGY_BOUND_REDRAW; }));
    EXPECT_TRUE(differs([](seem_parameters &p) { p.elasticity = SEEM_ELASTICITY_LINEAR; }));

    // With scatter in 3D the plastic strain leaves the plane, in plane strain it does not.
    const auto out_of_plane = [&](const int plane_strain) {
      seem_parameters parameters = default_parameters();
      parameters.direction_spread = 0.2;
      parameters.plane_strain = plane_strain;
      const std::vector<double> s = sheared(make(parameters).get(), 0.15);
      return std::abs(s[6 + 3]) + std::abs(s[6 + 4]);
    };
    EXPECT_GT(out_of_plane(0), 1e-4);
    EXPECT_EQ(out_of_plane(1), 0.0);

    // Without the record, loading again after unloading draws hazard.
    const auto events_after_cycles = [&](const int record) {
      seem_parameters parameters = default_parameters();
      parameters.record = record;
      const Law law = make(parameters);
      std::vector<double> s = sheared(law.get(), 0.05);
      const Vector top = {0, 0, 0, 0, 0, 0.05}, low = {0, 0, 0, 0, 0, 0.03};
      for (int i = 0; i < 20; ++i)
      {
        seem_advance(law.get(), s.data(), &point_5, top.data(), low.data(), nullptr, nullptr);
        seem_advance(law.get(), s.data(), &point_5, low.data(), top.data(), nullptr, nullptr);
      }
      seem_point_fields fields;
      seem_fields(law.get(), s.data(), top.data(), &fields);
      return fields.n_events;
    };
    EXPECT_GT(events_after_cycles(0), events_after_cycles(1));
  }

  TEST_F(CInterface, AStrainThatIsNotFiniteStopsAndLeavesTheState)
  {
    const Law law = make();
    std::vector<double> state = sheared(law.get(), 0.05);
    const std::vector<double> kept = state;
    const Vector begin = {0, 0, 0, 0, 0, 0.05};
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    {
      Vector end = begin;
      end[2] = bad;
      double share = 0.5;
      EXPECT_EQ(seem_advance(law.get(), state.data(), &point_5, begin.data(), end.data(), nullptr,
                             &share),
                SEEM_STOP_INPUT);
      EXPECT_THAT(seem_last_error(), HasSubstr("strain_end[2]"));
      EXPECT_EQ(share, 1.0);
      EXPECT_EQ(state, kept);
      Vector stress;
      EXPECT_EQ(seem_evaluate(law.get(), state.data(), end.data(), stress.data(), nullptr),
                SEEM_STOP_INPUT);
    }
  }

  TEST_F(CInterface, TooLongAPathAsksForAShorterOneThatSucceeds)
  {
    seem_parameters parameters = default_parameters();
    parameters.max_events_per_update = 3;
    const Law law = make(parameters);
    std::vector<double> state(seem_state_size(law.get()));
    ASSERT_EQ(seem_initialise(law.get(), state.data(), &point_5, &at_x1), SEEM_OK);
    const std::vector<double> kept = state;
    const Vector begin = {}, end = {0, 0, 0, 0, 0, 0.3};
    seem_activity activity;
    double share = 1.0;
    ASSERT_EQ(seem_advance(law.get(), state.data(), &point_5, begin.data(), end.data(), &activity,
                           &share),
              SEEM_RETRY);
    EXPECT_EQ(state, kept);
    EXPECT_EQ(activity.n_events, 0u);
    EXPECT_THAT(seem_last_error(), HasSubstr("cell 5, quadrature point 2: too many events"));
    ASSERT_GT(share, 0.0);
    ASSERT_LT(share, 1.0);
    const Vector shorter = {0, 0, 0, 0, 0, 0.3 * share * 0.999};
    EXPECT_EQ(seem_advance(law.get(), state.data(), &point_5, begin.data(), shorter.data(),
                           &activity, &share),
              SEEM_OK);
    EXPECT_EQ(activity.n_events, 2u); // the share ends at the third
    EXPECT_STREQ(seem_last_error(), "");
  }

  TEST_F(CInterface, TangentIsTheDerivativeOfTheStress)
  {
    const Law law = make();
    const std::vector<double> state = sheared(law.get(), 0.1);
    const Vector strain = {0.004, -0.002, 0.003, 0.01, -0.005, 0.1};
    Vector stress;
    std::array<double, 36> tangent;
    ASSERT_EQ(seem_evaluate(law.get(), state.data(), strain.data(), stress.data(), tangent.data()),
              SEEM_OK);
    const double h = 1e-6;
    for (int j = 0; j < 6; ++j)
    {
      Vector more = strain, less = strain, up, down;
      more[j] += h;
      less[j] -= h;
      ASSERT_EQ(seem_evaluate(law.get(), state.data(), more.data(), up.data(), nullptr), SEEM_OK);
      ASSERT_EQ(seem_evaluate(law.get(), state.data(), less.data(), down.data(), nullptr), SEEM_OK);
      for (int i = 0; i < 6; ++i)
        EXPECT_NEAR(tangent[6 * i + j], (up[i] - down[i]) / (2.0 * h), 1e-5) << i << " " << j;
    }
  }

  TEST_F(CInterface, WrongInputIsRefusedByName)
  {
    const seem_parameters good = default_parameters();
    EXPECT_THAT(refusal(SEEM_STOP_INPUT, SEEM_KIND_SEEM, "/nowhere/glass.h5", good),
                HasSubstr("/nowhere/glass.h5"));
    EXPECT_THAT(refusal(SEEM_STOP_INPUT, SEEM_KIND_SEEM, nullptr, good),
                HasSubstr("needs an event database"));
    EXPECT_THAT(refusal(SEEM_STOP_INPUT, 99, path.c_str(), good), HasSubstr("kind 99"));
    const auto wrong = [&](const auto &change) {
      seem_parameters parameters = good;
      change(parameters);
      return refusal(SEEM_STOP_INPUT, SEEM_KIND_SEEM, path.c_str(), parameters);
    };
    EXPECT_THAT(wrong([](auto &p) { p.bulk_modulus = 0.0; }), HasSubstr("bulk modulus"));
    EXPECT_THAT(wrong([](auto &p) { p.direction_spread = -1.0; }), HasSubstr("direction spread"));
    EXPECT_EQ(wrong([](auto &p) { p.energy_bound = 3; }), "energy_bound is 3; it must be 0 to 2");
    EXPECT_EQ(wrong([](auto &p) { p.elasticity = -1; }), "elasticity is -1; it must be 0 to 2");
    EXPECT_EQ(wrong([](auto &p) { p.volume_rule = 7; }), "volume_rule is 7; it must be 0 to 2");
    EXPECT_EQ(wrong([](auto &p) { p.record = 2; }), "record is 2; it must be 0 to 1");

    seem_parameters raw = {};
    EXPECT_THAT(refusal(SEEM_STOP_ARGUMENT, SEEM_KIND_SEEM, path.c_str(), raw),
                HasSubstr("seem_parameters_init"));
    EXPECT_EQ(seem_parameters_init(&raw, 8), SEEM_STOP_ARGUMENT);
    EXPECT_EQ(seem_law_create(nullptr, SEEM_KIND_SEEM, path.c_str(), &good), SEEM_STOP_ARGUMENT);

    const Law law = make();
    std::vector<double> state(seem_state_size(law.get()), 0.25);
    const std::vector<double> kept = state;
    const seem_point no_volume = {1, 0, 0.0};
    EXPECT_EQ(seem_initialise(law.get(), state.data(), &no_volume, &at_x1), SEEM_STOP_INPUT);
    seem_initial bad = at_x1;
    bad.x[0] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(seem_initialise(law.get(), state.data(), &point_5, &bad), SEEM_STOP_INPUT);
    EXPECT_EQ(seem_initialise(nullptr, state.data(), &point_5, &at_x1), SEEM_STOP_ARGUMENT);
    EXPECT_STREQ(seem_last_error(), "the argument law is null");
    EXPECT_EQ(state, kept);
    EXPECT_EQ(seem_state_size(nullptr), 0u);
    seem_law_destroy(nullptr);
  }

  TEST_F(CInterface, TellsTheSamplesAndTheVolumeRatio)
  {
    const Law law = make();
    ASSERT_EQ(seem_sample_count(law.get()), 1u);
    seem_sample sample;
    ASSERT_EQ(seem_sample_get(law.get(), 0, &sample), SEEM_OK);
    EXPECT_STREQ(sample.name, "a.dat");
    EXPECT_STREQ(sample.label, "slow");
    EXPECT_STREQ(sample.glass, "slow/1");
    EXPECT_EQ(sample.cooling_rate, 1e10);
    EXPECT_EQ(sample.initial.tau, 0.01);
    EXPECT_EQ(sample.initial.x[0], 0.003);
    EXPECT_EQ(seem_sample_get(law.get(), 1, &sample), SEEM_STOP_ARGUMENT);

    double m = 0.0;
    ASSERT_EQ(seem_volume_ratio(law.get(), 96.0, &m), SEEM_OK);
    EXPECT_DOUBLE_EQ(m, 1.5);
    EXPECT_EQ(seem_volume_ratio(law.get(), 6400.0, &m), SEEM_STOP_INPUT);
    EXPECT_THAT(seem_last_error(), HasSubstr("m = 100"));
    EXPECT_DOUBLE_EQ(m, 1.5);
    seem_parameters parameters = default_parameters();
    parameters.volume_rule = SEEM_VOLUME_RULE_SCALE;
    ASSERT_EQ(seem_volume_ratio(make(parameters).get(), 6400.0, &m), SEEM_OK);
    EXPECT_DOUBLE_EQ(m, 100.0);
    parameters.volume_rule = SEEM_VOLUME_RULE_ONE;
    ASSERT_EQ(seem_volume_ratio(make(parameters).get(), 6400.0, &m), SEEM_OK);
    EXPECT_EQ(m, 1.0);
  }

  TEST_F(CInterface, AVariableThatIsNotKnownIsThatOfTheNearestRun)
  {
    io::write_database(path, remembering_glass());
    const Law law = make();
    const seem_point point = {0, 0, 1.0};
    const auto x2 = [&](const double x1, const double given) {
      std::vector<double> state(seem_state_size(law.get()));
      const seem_initial initial = {0.0, {x1, given, NAN, NAN}};
      EXPECT_EQ(seem_initialise(law.get(), state.data(), &point, &initial), SEEM_OK);
      return state[1];
    };
    EXPECT_EQ(x2(0.004, NAN), -0.6);
    EXPECT_EQ(x2(0.010, NAN), 0.2);
    EXPECT_EQ(x2(0.010, 0.0), 0.0);
  }

  TEST_F(CInterface, ThreadsShareALawAndKeepTheirErrors)
  {
    const Law law = make();
    const std::vector<double> expected = sheared(law.get(), 0.2);
    std::vector<std::vector<double>> states(4);
    std::vector<std::thread> threads;
    for (auto &state : states)
      threads.emplace_back([&] { state = sheared(law.get(), 0.2); });
    EXPECT_EQ(seem_volume_ratio(law.get(), -1.0, nullptr), SEEM_STOP_ARGUMENT);
    for (std::thread &thread : threads)
      thread.join();
    for (const auto &state : states)
      EXPECT_EQ(state, expected);
    EXPECT_STREQ(seem_last_error(), "the argument volume_ratio is null");
  }
} // namespace
