// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <string>

namespace
{
  using namespace seem;
  namespace mpi = dealii::Utilities::MPI;

  unsigned int last_rank()
  {
    return mpi::n_mpi_processes(MPI_COMM_WORLD) - 1;
  }

  bool on_last_rank()
  {
    return mpi::this_mpi_process(MPI_COMM_WORLD) == last_rank();
  }

  TEST(RunCollectively, EndsQuietlyWhenAllRanksDo)
  {
    EXPECT_NO_THROW(solver::run_collectively(MPI_COMM_WORLD, [] {}));
  }

  TEST(RunCollectively, AStepErrorOfOneRankReachesAllWithItsMessage)
  {
    try
    {
      solver::run_collectively(MPI_COMM_WORLD, [] {
        if (on_last_rank())
          throw StepError("cell 7 fires too often");
      });
      FAIL() << "nothing was thrown";
    }
    catch (const Error &error)
    {
      EXPECT_TRUE(error.recoverable());
      EXPECT_NE(std::string(error.what()).find("cell 7 fires too often"), std::string::npos);
    }
  }

  TEST(RunCollectively, TheSmallestShareOfAllRanksArrivesEverywhereWithItsMessage)
  {
    // The last rank allows least; rank 0, if it is another one, does not fail at all.
    const unsigned int rank = mpi::this_mpi_process(MPI_COMM_WORLD);
    try
    {
      solver::run_collectively(MPI_COMM_WORLD, [&] {
        if (rank > 0 || on_last_rank())
          throw StepError("rank " + std::to_string(rank), 0.5 / (rank + 1));
      });
      FAIL() << "nothing was thrown";
    }
    catch (const StepError &error)
    {
      EXPECT_EQ(error.admissible_share(), 0.5 / (last_rank() + 1));
      EXPECT_EQ(error.what(), "rank " + std::to_string(last_rank()));
    }
  }

  TEST(RunCollectively, OneFatalErrorMakesTheOutcomeFatalForAll)
  {
    if (last_rank() == 0)
      return; // needs a rank of each kind
    try
    {
      solver::run_collectively(MPI_COMM_WORLD, [] {
        if (on_last_rank())
          throw InputError("the strain is not finite");
        throw StepError("smaller, please");
      });
      FAIL() << "nothing was thrown";
    }
    catch (const Error &error)
    {
      EXPECT_FALSE(error.recoverable());
      EXPECT_NE(std::string(error.what()).find("the strain is not finite"), std::string::npos);
    }
  }

  TEST(GatherRecords, BringsTheRecordsOfAllRanksToRankZeroInOrder)
  {
    const unsigned int rank = mpi::this_mpi_process(MPI_COMM_WORLD);
    // Rank r sends r + 1 records, so unequal counts and offsets are tried.
    const std::vector<double> mine(rank + 1, 10.0 + rank);
    const std::vector<double> all = solver::gather_records(MPI_COMM_WORLD, mine);

    std::vector<double> expected;
    if (rank == 0)
      for (unsigned int r = 0; r <= last_rank(); ++r)
        expected.insert(expected.end(), r + 1, 10.0 + r);
    EXPECT_EQ(all, expected);
  }
} // namespace
