// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/io/database_file.h>
#include <seem/statistics/memory.h>

#include <gtest/gtest.h>

#include "io_test.h"
#include "support/sampled_database.h"

namespace seem::io
{
  namespace
  {
    database::EventDatabase sampled()
    {
      return tests::sampled_database({[](double tau, double) { return 20.0 + 10.0 * tau; },
                                      [](double, double) { return 0.02; },
                                      {}},
                                     3, 0.02);
    }

    class DatabaseStatisticsTest : public IoTest
    {
    protected:
      database::EventDatabase again(const database::EventDatabase &db) const
      {
        write_database(directory / "a.h5", db);
        return read_database(directory / "a.h5");
      }
    };
  } // namespace

  TEST_F(DatabaseStatisticsTest, SmoothingMemoryAndVisitsComeBack)
  {
    database::EventDatabase db = sampled();
    db.smoothing = database::Smoothing{3.0, 4.0, 55.0};
    database::Memory memory;
    memory.mean = {-0.5, 0.1};
    memory.per_decade = {-0.2, 0.05};
    memory.relaxation_strain = {0.3, 0.02};
    memory.reference_rate = 1e12;
    statistics::add_memory(db, memory);

    const database::EventDatabase read = again(db);
    ASSERT_TRUE(read.smoothing && read.memory);
    EXPECT_EQ(read.smoothing->rate_curvature, 3.0);
    EXPECT_EQ(read.smoothing->size_curvature, 4.0);
    EXPECT_EQ(read.smoothing->kernel_events, 55.0);
    EXPECT_EQ(read.memory->mean.value, -0.5);
    EXPECT_EQ(read.memory->mean.standard_error, 0.1);
    EXPECT_EQ(read.memory->per_decade.value, -0.2);
    EXPECT_EQ(read.memory->relaxation_strain.value, 0.3);
    EXPECT_EQ(read.memory->reference_rate, 1e12);
    EXPECT_EQ(read.n_internal_variables(), 2U);
    EXPECT_EQ(read.events.x, db.events.x);
    EXPECT_EQ(read.events.dx, db.events.dx);
    EXPECT_EQ(read.samples[2].initial.x[1], db.samples[2].initial.x[1]);
    EXPECT_EQ(read.visits.sample, db.visits.sample);
    EXPECT_EQ(read.visits.bin, db.visits.bin);
    EXPECT_EQ(read.visits.exposure, db.visits.exposure);
    EXPECT_EQ(read.visits.n_increments, db.visits.n_increments);
  }

  TEST_F(DatabaseStatisticsTest, WhatIsNotThereStaysAway)
  {
    database::EventDatabase db = sampled();
    db.visits = {};
    const database::EventDatabase read = again(db);
    EXPECT_FALSE(read.smoothing || read.memory);
    EXPECT_EQ(read.visits.size(), 0U);
  }

  TEST_F(DatabaseStatisticsTest, VisitsThatDoNotAddUpAreRefused)
  {
    database::EventDatabase db = sampled();
    db.visits.exposure[5] += 0.01;
    EXPECT_THROW(write_database(directory / "a.h5", db), InputError);
    db = sampled();
    db.visits.bin[5] = 1000;
    EXPECT_THROW(write_database(directory / "a.h5", db), InputError);
    db = sampled();
    db.visits.n_increments.pop_back();
    EXPECT_THROW(write_database(directory / "a.h5", db), InputError);
    EXPECT_FALSE(std::filesystem::exists(directory / "a.h5"));
  }
} // namespace seem::io
