// SPDX-License-Identifier: LGPL-2.1-or-later
// Before deal.II, whose macro Assert it does not stand.
#include <gmock/gmock.h>

#include "support/hdf5_read_back.h"
#include "support/shared_temporary_path.h"

#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/event_log.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <tuple>

namespace
{
  using namespace seem;
  namespace fs = std::filesystem;
  namespace mpi = dealii::Utilities::MPI;

  /// A file of its own for a test on all ranks, removed at the end.
  class EventLogTest : public ::testing::Test
  {
  protected:
    EventLogTest()
    {
      if (first)
        fs::remove(path);
      MPI_Barrier(MPI_COMM_WORLD);
    }

    ~EventLogTest() override
    {
      MPI_Barrier(MPI_COMM_WORLD);
      if (first)
        fs::remove(path);
    }

    const bool first = mpi::this_mpi_process(MPI_COMM_WORLD) == 0;
    const unsigned int rank = mpi::this_mpi_process(MPI_COMM_WORLD),
                       n_ranks = mpi::n_mpi_processes(MPI_COMM_WORLD);
    const std::string path = seem::testing::shared_temporary_path("seem_event_log.h5").string();
  };

  /// The event number @p number of cell @p cell in a step, with values that name it.
  solver::LoggedEvent event_of(const unsigned int step, const std::uint64_t cell,
                               const unsigned int number)
  {
    solver::LoggedEvent e;
    e.step = step;
    e.pass = number % 3;
    e.record.key = {cell, static_cast<std::uint16_t>(cell % 4), static_cast<std::uint16_t>(2)};
    e.record.number = number;
    e.record.path = 0.25;
    e.record.before.tau = 1.0 + 1e-3 * step;
    e.record.before.x[0] = 1e-3 * static_cast<double>(cell % 1000);
    e.record.jump.dtau = 0.01 * (number + 1);
    e.record.jump.dx[0] = -1e-5 * number;
    e.record.heat = 2e-4 * number;
    e.record.plastic_shear = 1e-3 * (number + 1);
    e.record.support = number % 2 == 0 ? law::Support::inside : law::Support::forced;
    return e;
  }

  /// The cells of a rank, with keys that need all of 64 bits.
  std::vector<std::uint64_t> cells_of(const unsigned int rank, const unsigned int n_ranks)
  {
    std::vector<std::uint64_t> cells;
    for (std::uint64_t c = 0; c < 12; ++c)
      if (c % n_ranks == rank)
        cells.push_back((std::uint64_t(1) << 60) + (11 - c));
    return cells;
  }

  std::vector<solver::StatePlace> places_of(const std::vector<std::uint64_t> &cells)
  {
    std::vector<solver::StatePlace> places;
    for (const std::uint64_t cell : cells)
      places.push_back(
          {{cell, static_cast<std::uint16_t>(cell % 4), 0}, {1.0 * (cell % 16), 2.0, 3.0}, 0.5});
    return places;
  }

  /// The rows of a log by their key, with tau and the jump; cells modulo 2^10 (a double holds
  /// those).
  using Row = std::tuple<double, double, double, double, double, double, double, double>;
  std::vector<Row> rows_of(const std::string &path)
  {
    const seem::testing::Hdf5ReadBack file(path);
    const auto f = [&](const char *name) { return file.field("/events", name); };
    const auto step = f("step"), pass = f("pass"), point = f("quadrature_point"),
               number = f("number"), x1 = f("x1_eV"), tau = f("tau_GPa"), dtau = f("dtau_GPa"),
               plastic = f("plastic_shear");
    std::vector<Row> rows;
    for (std::size_t i = 0; i < step.size(); ++i)
      rows.emplace_back(step[i], pass[i], x1[i], point[i], number[i], tau[i], dtau[i], plastic[i]);
    return rows;
  }

  TEST_F(EventLogTest, HoldsEveryEventOnceOnAnyNumberOfRanks)
  {
    const auto cells = cells_of(rank, n_ranks);
    const solver::EventSelection selection({}, places_of(cells));
    {
      solver::EventLogFile log(MPI_COMM_WORLD, path, selection.places(), "none");
      for (unsigned int step = 1; step <= 3; ++step)
      {
        // Ranks of unequal load, one of them idle in step 2.
        std::vector<solver::LoggedEvent> events;
        for (const std::uint64_t cell : cells)
          for (unsigned int number = 0; number < (step == 2 && rank == 0 ? 0 : 1 + cell % 3);
               ++number)
            events.push_back(event_of(step, cell, number));
        std::shuffle(events.begin(), events.end(), std::mt19937(step));
        log.append(selection.select(std::move(events)));
        if (step == 2)
          log.flush();
      }
      log.flush();
    }
    MPI_Barrier(MPI_COMM_WORLD);

    std::vector<Row> expected;
    for (unsigned int r = 0; r < n_ranks; ++r)
      for (const std::uint64_t cell : cells_of(r, n_ranks))
        for (unsigned int step = 1; step <= 3; ++step)
          for (unsigned int number = 0; number < (step == 2 && r == 0 ? 0 : 1 + cell % 3); ++number)
          {
            const solver::LoggedEvent e = event_of(step, cell, number);
            expected.emplace_back(step, number % 3, e.record.before.x[0], cell % 4, number,
                                  e.record.before.tau, e.record.jump.dtau, e.record.plastic_shear);
          }
    std::vector<Row> found = rows_of(path);
    if (n_ranks == 1)
    {
      const auto steps_and_passes = [](const Row &row) {
        return std::make_tuple(std::get<0>(row), std::get<1>(row));
      };
      EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), [&](const Row &a, const Row &b) {
        return steps_and_passes(a) < steps_and_passes(b);
      }));
    }
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected);

    const seem::testing::Hdf5ReadBack file(path);
    EXPECT_EQ(file.string_attribute("/", "kind"), "event log");
    EXPECT_EQ(file.integer_attribute("/", "schema_version"), 1);
    EXPECT_EQ(file.string_attribute("/", "filter"), "none");
    EXPECT_EQ(file.field("/states", "x_nm").size(), 12u);
    const auto x = file.field("/states", "x_nm"), m = file.field("/states", "volume_ratio");
    std::vector<double> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < 12; ++i)
      EXPECT_EQ(sorted[i], static_cast<double>(i));
    EXPECT_EQ(m.front(), 0.5);
  }

  TEST_F(EventLogTest, ManyEventsGoThroughManyChunks)
  {
    constexpr unsigned int n_steps = 40, n_per_step = 5000;
    {
      solver::EventLogFile log(MPI_COMM_WORLD, path, {}, "none");
      for (unsigned int step = 0; step < n_steps; ++step)
      {
        std::vector<solver::LoggedEvent> events;
        for (unsigned int number = 0; number < n_per_step; ++number)
          if (number % n_ranks == rank)
            events.push_back(event_of(step, 5, number));
        log.append(events);
      }
      EXPECT_EQ(log.n_events(), n_steps * n_per_step);
      log.flush();
    }
    MPI_Barrier(MPI_COMM_WORLD);
    const seem::testing::Hdf5ReadBack file(path);
    const auto step = file.field("/events", "step"), number = file.field("/events", "number"),
               dtau = file.field("/events", "dtau_GPa");
    ASSERT_EQ(step.size(), n_steps * n_per_step);
    std::vector<char> seen(step.size(), 0);
    for (std::size_t i = 0; i < step.size(); ++i)
    {
      const auto k = static_cast<std::size_t>(step[i] * n_per_step + number[i]);
      ASSERT_LT(k, seen.size());
      ASSERT_EQ(seen[k], 0) << "twice: " << k;
      seen[k] = 1;
      ASSERT_DOUBLE_EQ(dtau[i], 0.01 * (number[i] + 1));
    }
  }

  TEST_F(EventLogTest, TheSelectionAsksForEveryConditionThatIsGiven)
  {
    const std::vector<solver::StatePlace> places = {{{7, 0, 0}, {1.0, 1.0, 0.0}, 1.0},
                                                    {{7, 1, 0}, {2.0, 1.0, 0.0}, 1.0},
                                                    {{3, 0, 0}, {1.0, 5.0, 0.0}, 1.0}};
    const auto event = [](const std::uint64_t cell, const std::uint16_t point, const double dtau,
                          const double plastic) {
      solver::LoggedEvent e = event_of(1, cell, 0);
      e.record.key = {cell, point, 9};
      e.record.jump.dtau = dtau;
      e.record.plastic_shear = plastic;
      return e;
    };
    const std::vector<solver::LoggedEvent> events = {event(7, 0, 0.1, 0.02), event(7, 1, 0.3, 0.01),
                                                     event(3, 0, 0.2, 0.03),
                                                     event(7, 0, -0.1, 0.0)};
    const auto n_kept = [&](const solver::EventFilter &filter) {
      return solver::EventSelection(filter, places).select(events).size();
    };
    EXPECT_EQ(n_kept({}), 4u);
    EXPECT_EQ(n_kept({0.2, {}, {}}), 2u);
    EXPECT_EQ(n_kept({{}, 0.02, {}}), 2u);
    EXPECT_EQ(n_kept({0.2, 0.02, {}}), 1u);
    const std::array<std::pair<double, double>, 3> box = {
        {{0.0, 1.5}, {0.0, 2.0}, {-1e300, 1e300}}};
    EXPECT_EQ(n_kept({{}, {}, box}), 2u); // point 0 of cell 7, whatever the copy
    EXPECT_EQ(n_kept({0.05, {}, box}), 1u);
    EXPECT_EQ(solver::EventSelection({{}, {}, box}, places).places().size(), 1u);
  }

  TEST_F(EventLogTest, IsContinuedAfterTheEventsToKeep)
  {
    {
      solver::EventLogFile log(MPI_COMM_WORLD, path, {}, "none");
      log.append({event_of(1, rank, 0)});
      log.flush();
      log.append({event_of(2, rank, 0), event_of(2, rank, 1)});
      log.flush();
    }
    {
      solver::EventLogFile log(MPI_COMM_WORLD, path, n_ranks);
      EXPECT_EQ(log.n_events(), n_ranks);
      log.append({event_of(3, rank, 5)});
      log.flush();
    }
    MPI_Barrier(MPI_COMM_WORLD);
    const seem::testing::Hdf5ReadBack file(path);
    std::vector<double> steps = file.field("/events", "step");
    ASSERT_EQ(steps.size(), 2 * n_ranks);
    for (unsigned int i = 0; i < 2 * n_ranks; ++i)
      EXPECT_EQ(steps[i], i < n_ranks ? 1.0 : 3.0);
    const auto too_many = [&] { solver::EventLogFile(MPI_COMM_WORLD, path, 3 * n_ranks); };
    EXPECT_THROW(too_many(), Error);
  }

  TEST_F(EventLogTest, AFileThatCannotBeMadeIsAnErrorOnAllRanks)
  {
    try
    {
      solver::EventLogFile log(MPI_COMM_WORLD, "/no/such/directory/events.h5", {}, "none");
      FAIL();
    }
    catch (const Error &error)
    {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("/no/such/directory/events.h5"));
    }
  }
} // namespace
