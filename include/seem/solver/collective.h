// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_COLLECTIVE_H
#define SEEM_SOLVER_COLLECTIVE_H

#include <mpi.h>

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

namespace seem::solver
{
  /// How the work of one rank ended.
  enum class Outcome : int
  {
    done = 0,
    step = 1, ///< a StepError: a smaller step may help
    stop = 2  ///< any other error
  };

  /**
   * Run @p work on every rank of @p communicator and let all ranks learn how it ended: if it throws
   * anywhere, it throws everywhere. If all failures are recoverable, that is a StepError with the
   * smallest admissible share and the message that came with it, else an Error with the message of
   * the lowest rank whose failure is not. @p work must not communicate, or a rank could wait for
   * one that has thrown.
   */
  void run_collectively(MPI_Comm communicator, const std::function<void()> &work);

  /**
   * The records of all ranks, rank by rank, on rank 0; empty elsewhere. A rank may send up to 2
   * GiB.
   * @tparam T  plain data
   */
  template <typename T>
  std::vector<T> gather_records(const MPI_Comm communicator, const std::vector<T> &records)
  {
    static_assert(std::is_trivially_copyable_v<T>, "records travel as bytes");
    int rank = 0, n_ranks = 1;
    MPI_Comm_rank(communicator, &rank);
    MPI_Comm_size(communicator, &n_ranks);

    const int size = static_cast<int>(records.size() * sizeof(T));
    std::vector<int> sizes(n_ranks), offsets(n_ranks);
    MPI_Gather(&size, 1, MPI_INT, sizes.data(), 1, MPI_INT, 0, communicator);
    for (int i = 1; i < n_ranks; ++i)
      offsets[i] = offsets[i - 1] + sizes[i - 1];

    std::vector<T> all;
    if (rank == 0)
      all.resize((offsets.back() + sizes.back()) / sizeof(T));
    MPI_Gatherv(records.data(), size, MPI_BYTE, all.data(), sizes.data(), offsets.data(), MPI_BYTE,
                0, communicator);
    return all;
  }
} // namespace seem::solver

#endif
