// SPDX-License-Identifier: LGPL-2.1-or-later
// GoogleTest under MPI: all ranks run all tests in the same order; rank 0 reports, the others speak
// only of failures.
#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <cstdio>

namespace
{
  class FailuresOnly final : public testing::EmptyTestEventListener
  {
  public:
    explicit FailuresOnly(const unsigned int rank) : rank(rank)
    {
    }

    void OnTestPartResult(const testing::TestPartResult &result) override
    {
      if (result.failed())
        std::printf("rank %u: %s:%d: %s\n", rank, result.file_name() ? result.file_name() : "?",
                    result.line_number(), result.summary());
    }

  private:
    unsigned int rank;
  };
} // namespace

int main(int argc, char **argv)
{
  testing::InitGoogleTest(&argc, argv);
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  if (rank != 0)
  {
    auto &listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailuresOnly(rank));
  }
  // A failure on any rank is one on all, so that mpirun's status tells.
  const int failed = RUN_ALL_TESTS();
  return dealii::Utilities::MPI::max(failed, MPI_COMM_WORLD);
}
