// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/material.h>
#include <seem/statistics/memory.h>

#include <gtest/gtest.h>

#include <cmath>

#include "support/sampled_database.h"

namespace seem::statistics
{
  namespace
  {
    double rate(const double tau, double)
    {
      return 20.0 * std::exp(tau);
    }

    double size(const double tau, const double x1)
    {
      return 0.02 * std::exp(tau + 20.0 * x1);
    }

    database::EventDatabase with_memory(const double mean, const double per_decade)
    {
      return tests::sampled_database({rate, size,
                                      [=](const database::Sample &sample, const double plastic) {
                                        return (mean + per_decade *
                                                           std::log10(sample.cooling_rate / 1e12)) *
                                               std::exp(-plastic / 0.2);
                                      }},
                                     45, 0.02);
    }
  } // namespace

  TEST(Memory, IsRecoveredFromTheSizesOfEvents)
  {
    MemorySettings settings;
    settings.n_bootstrap = 20;
    const MemoryFit fit = fit_memory(with_memory(-0.6, -0.4), settings);
    EXPECT_NEAR(fit.memory.mean.value, -0.6, 5 * fit.memory.mean.standard_error);
    EXPECT_NEAR(fit.memory.per_decade.value, -0.4, 5 * fit.memory.per_decade.standard_error);
    EXPECT_NEAR(fit.memory.relaxation_strain.value, 0.2,
                5 * fit.memory.relaxation_strain.standard_error);
    // So large that the bounds above mean something.
    EXPECT_LT(fit.memory.mean.standard_error, 0.1);
    EXPECT_LT(fit.memory.per_decade.standard_error, 0.08);
    EXPECT_LT(fit.memory.relaxation_strain.standard_error, 0.1);
    EXPECT_NEAR(fit.memory.reference_rate, 1e12, 1e3);
    EXPECT_GT(fit.deviance_gain, 50.0);
  }

  TEST(Memory, IsNotFoundWhereThereIsNone)
  {
    const MemoryFit fit = fit_memory(with_memory(0.0, 0.0), {});
    EXPECT_LT(fit.deviance_gain, 16.3); // chi^2 of three parameters: one in a thousand
    EXPECT_LT(std::abs(fit.memory.per_decade.value), 0.1);
  }

  TEST(Memory, KeepsAGivenRelaxationStrain)
  {
    MemorySettings settings;
    settings.relaxation_strain = 0.35;
    EXPECT_EQ(fit_memory(with_memory(-0.6, 0.0), settings).memory.relaxation_strain.value, 0.35);
  }

  TEST(Memory, OfEqualCoolingRatesDoesNotDependOnThem)
  {
    database::EventDatabase db = with_memory(-0.6, 0.0);
    for (database::Sample &sample : db.samples)
      sample.cooling_rate = 0.0;
    const MemoryFit fit = fit_memory(db, {});
    EXPECT_EQ(fit.memory.per_decade.value, 0.0);
    EXPECT_EQ(fit.memory.reference_rate, 0.0);
    EXPECT_NEAR(fit.memory.mean.value, -0.6, 0.3);
    EXPECT_EQ(fit.memory.initial(1e15), fit.memory.mean.value);
  }

  TEST(Memory, IsWrittenIntoEventsSamplesAndAxes)
  {
    database::EventDatabase db = with_memory(-0.6, -0.4);
    database::Memory memory;
    memory.mean.value = -0.6;
    memory.per_decade.value = -0.4;
    memory.reference_rate = 1e12;
    memory.relaxation_strain.value = 0.2;
    add_memory(db, memory);
    EXPECT_NO_THROW(database::check(db));
    ASSERT_EQ(db.n_internal_variables(), 2U);
    EXPECT_NEAR(db.samples[0].initial.x[1], -0.2, 1e-12); // 1e11 K/s
    EXPECT_NEAR(db.samples[2].initial.x[1], -1.0, 1e-12); // 1e13 K/s
    // Within a run the memory follows from event to event, and with the plastic strain.
    double plastic = 0.0;
    for (std::size_t i = 0; db.events.sample[i] == 0; ++i)
    {
      EXPECT_NEAR(db.events.x[1][i], -0.2 * std::exp(-plastic / 0.2), 1e-9);
      plastic += db.events.dtau[i] / 25.0;
    }
    EXPECT_GT(plastic, 0.1);
    EXPECT_THROW(fit_memory(db, {}), InputError);
  }

  TEST(Memory, ScalesJumpsAndRelaxesInEitherSource)
  {
    database::EventDatabase db = with_memory(-0.5, 0.0);
    database::Memory memory;
    memory.mean.value = -0.5;
    memory.relaxation_strain.value = 0.2;
    add_memory(db, memory);
    database::check(db);
    for (const bool smooth : {true, false})
    {
      if (smooth)
        db.smoothing = database::Smoothing{2.0, 2.0, 50.0};
      else
        db.smoothing.reset();
      const auto source = database::make_event_source(db);
      ASSERT_EQ(source->n_internal_variables(), 2U);
      State forgotten;
      forgotten.tau = 1.0;
      forgotten.x[0] = 0.01;
      State fresh = forgotten;
      fresh.x[1] = -0.5;
      const RandomWords words = {5000000000, 6000000000, 7000000000, 0};
      const Jump a = source->draw(fresh, words).jump, b = source->draw(forgotten, words).jump;
      EXPECT_NEAR(a.dtau, b.dtau * std::exp(-0.5), 1e-14);
      EXPECT_NEAR(a.dx[0], b.dx[0] * std::exp(-0.5), 1e-17);
      EXPECT_EQ(b.dx[1], 0.0);
      EXPECT_NEAR(a.dx[1], 0.5 * (1.0 - std::exp(-a.dtau / 25.0 / 0.2)), 1e-9);
      EXPECT_EQ(source->rate(fresh).rate, source->rate(forgotten).rate);
    }
  }

  TEST(Memory, NeedsEventsAndAPositiveRelaxation)
  {
    MemorySettings settings;
    settings.relaxation_strain = 0.0;
    EXPECT_THROW(fit_memory(with_memory(0.0, 0.0), settings), InputError);
    EXPECT_THROW(fit_memory(tests::sampled_database({rate, size, {}}, 1, 1e-3), {}), InputError);
  }
} // namespace seem::statistics
