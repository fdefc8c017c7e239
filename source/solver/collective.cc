// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>

#include <exception>
#include <limits>

namespace seem::solver
{
  void run_collectively(const MPI_Comm communicator, const std::function<void()> &work)
  {
    Outcome outcome = Outcome::done;
    double share = std::numeric_limits<double>::infinity();
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

    // Of recoverable failures the one that allows least is the one to tell of.
    struct
    {
      double share;
      int rank;
    } own_share{share, mine.rank}, least{};
    if (worst.outcome == static_cast<int>(Outcome::step))
    {
      MPI_Allreduce(&own_share, &least, 1, MPI_DOUBLE_INT, MPI_MINLOC, communicator);
      worst.rank = least.rank;
    }

    int size = static_cast<int>(message.size());
    MPI_Bcast(&size, 1, MPI_INT, worst.rank, communicator);
    if (mine.rank != worst.rank)
      message.resize(size);
    MPI_Bcast(message.data(), size, MPI_CHAR, worst.rank, communicator);

    if (worst.outcome == static_cast<int>(Outcome::step))
      throw StepError(message, least.share);
    if (mine.rank == worst.rank)
      std::rethrow_exception(own);
    throw Error(message);
  }
} // namespace seem::solver
