// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The program with one command, "run", of which rank 1 fails (parameter file "one") or all ranks
// fail ("all"), while the others wait in a collective call. For program_test.py.
#include <seem/commands/command_table.h>
#include <seem/commands/program.h>
#include <seem/core/exceptions.h>

#include <deal.II/base/mpi.h>

#include <stdexcept>

namespace seem::commands
{
  namespace
  {
    int fail_on_some_ranks(const CommandLine &line)
    {
      if (line.parameter_file == "all")
        throw InputError("wrong for all");
      int rank = 0;
      MPI_Comm_rank(MPI_COMM_WORLD, &rank);
      if (rank == 1)
        throw std::runtime_error("wrong for one");
      MPI_Barrier(MPI_COMM_WORLD);
      return 0;
    }

    void declare_nothing(dealii::ParameterHandler &)
    {
    }
  } // namespace

  // Stands in for the table of the library.
  const std::vector<Command> &command_table()
  {
    static const std::vector<Command> table = {
        {"run", "Fail", fail_on_some_ranks, declare_nothing, true, nullptr}};
    return table;
  }
} // namespace seem::commands

int main(int argc, char **argv)
{
  return seem::commands::run_program(argc, argv);
}
