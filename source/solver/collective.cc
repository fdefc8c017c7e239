// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>

#include <exception>

namespace seem::solver
{
  void run_collectively(const MPI_Comm communicator, const std::function<void()> &work)
  {
    Outcome outcome = Outcome::done;
    double share = 1.0;
    std::string message;
    std::exception_ptr own;
    try
    {
      work();
    }
    catch (const StepError &error)
    {
      outcome = Outcome::step;
      share = error.admissible_share();
      message = error.what();
    }
    catch (const Error &error)
    {
      outcome = Outcome::stop;
      message = error.what();
      own = std::current_exception();
    }
    catch (const std::exception &error)
    {
      outcome = Outcome::stop;
      message = error.what();
      own = std::current_exception();
    }

    struct
    {
      int outcome;
      int rank;
    } mine{static_cast<int>(outcome), 0}, worst{};
    MPI_Comm_rank(communicator, &mine.rank);
    MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC,
                  communicator); // of equals, MAXLOC takes the lowest rank
    if (worst.outcome == static_cast<int>(Outcome::done))
      return;

    int size = static_cast<int>(message.size());
    MPI_Bcast(&size, 1, MPI_INT, worst.rank, communicator);
    if (mine.rank != worst.rank)
      message.resize(size);
    MPI_Bcast(message.data(), size, MPI_CHAR, worst.rank, communicator);

    double least = 1.0;
    MPI_Allreduce(&share, &least, 1, MPI_DOUBLE, MPI_MIN, communicator);
    if (worst.outcome == static_cast<int>(Outcome::step))
      throw StepError(message, least);
    if (mine.rank == worst.rank)
      std::rethrow_exception(own);
    throw Error(message);
  }
} // namespace seem::solver
