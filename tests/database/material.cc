// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/one_event_database.h"

#include <seem/core/exceptions.h>
#include <seem/database/material.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

using namespace seem;
using namespace seem::database;

TEST(Material, ElasticityHasTheConstantsOfTheDatabase)
{
  // c = 1/(1 - 0.02/0.1) = 1.25; (tau/tauA)^2 = 0.25; (tau/tauB)^4 = 1.
  const auto elasticity = make_elasticity(tests::one_event_database());
  EXPECT_DOUBLE_EQ(elasticity->tangent(2.0, 0.02), 20.0 / (1.25 + 0.5 + 3.0));
  EXPECT_DOUBLE_EQ(elasticity->atomic_volume(), 16.0);
  // Without tauA and tauB: G = 20 (1 - 0.2).
  EXPECT_DOUBLE_EQ(
      make_elasticity(tests::one_event_database(), ElasticityChoice::linear)->tangent(2.0, 0.02),
      16.0);

  EventDatabase bad = tests::one_event_database();
  bad.elasticity.g0.value = -1.0;
  EXPECT_THROW(make_elasticity(bad), InputError);
}

TEST(Material, TheLawOutlivesTheDatabaseAndFollowsItsChoice)
{
  const auto stress = [](const ElasticityChoice choice) {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    const auto law =
        make_seem_law(tests::one_event_database(), parameters, choice); // the database is gone
    std::vector<double> state(law->state_size());
    State initial;
    initial.x[0] = 0.02;
    law->initialise(state.data(), law::PointData(), initial);
    return law->evaluate(state.data(), law::simple_shear(1e-3)).stress[5] / law::sqrt2;
  };
  EXPECT_NEAR(stress(ElasticityChoice::linear), 0.016, 1e-12);
  EXPECT_LT(stress(ElasticityChoice::energy_consistent), 0.016 - 1e-9);
  EXPECT_GT(stress(ElasticityChoice::energy_consistent), 0.0159);
}

TEST(Material, ALawNeedsEventsAndABulkModulus)
{
  law::SeemLawParameters parameters;
  EXPECT_THROW(make_seem_law(tests::one_event_database(), parameters), InputError);
  parameters.bulk_modulus = 100.0;
  EventDatabase empty = tests::one_event_database();
  empty.n_events = {0};
  empty.events = {};
  empty.events.x = empty.events.dx = {{}};
  EXPECT_THROW(make_seem_law(empty, parameters), InputError);
}

TEST(Material, WhatIsNotKnownOfAStartIsThatOfTheRunWithTheNearestX1)
{
  EventDatabase db = tests::one_event_database();
  db.axes.push_back({"X2", "-", {-1.0, 1.0}});
  db.events.x.push_back({0.0});
  db.events.dx.push_back({0.0});
  db.memory = Memory();
  db.memory->relaxation_strain.value = 0.3;
  db.samples.resize(2, db.samples[0]);
  db.samples[0].initial.x = {0.010, 0.4};
  db.samples[1].initial.x = {0.020, -0.7};

  constexpr double open = std::numeric_limits<double>::quiet_NaN();
  for (const bool smooth : {false, true})
  {
    if (smooth)
      db.smoothing = Smoothing();
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    const auto law = make_seem_law(db, parameters);
    const auto start = [&](const double x1, const double x2) {
      std::vector<double> state(law->state_size());
      State initial;
      initial.x = {x1, x2, open, open};
      law->initialise(state.data(), law::PointData(), initial);
      EXPECT_EQ(state[0], x1);
      return state[1];
    };
    EXPECT_EQ(start(0.0149, open), 0.4);
    EXPECT_EQ(start(0.0151, open), -0.7);
    EXPECT_EQ(start(0.0151, 0.0), 0.0); // known: forgotten
    const InternalVariables completed =
        make_event_source(db)->completed({0.0149, open, open, open});
    EXPECT_EQ(completed, (InternalVariables{0.0149, 0.4, 0.0, 0.0}));
    State bad;
    bad.x[0] = open;
    std::vector<double> state(law->state_size());
    EXPECT_THROW(law->initialise(state.data(), law::PointData(), bad), InputError);
  }
}
