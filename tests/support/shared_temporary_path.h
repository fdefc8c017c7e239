// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_SHARED_TEMPORARY_PATH_H
#define SEEM_TESTS_SUPPORT_SHARED_TEMPORARY_PATH_H

#include <deal.II/base/mpi.h>

#include <unistd.h>

#include <filesystem>
#include <string>

namespace seem::testing
{
  /// A path that all ranks of this run share and no other run of the tests has. All ranks call it.
  inline std::filesystem::path shared_temporary_path(const std::string &name)
  {
    int id = getpid();
    MPI_Bcast(&id, 1, MPI_INT, 0, MPI_COMM_WORLD);
    return std::filesystem::temp_directory_path() / (std::to_string(id) + "_" + name);
  }
} // namespace seem::testing

#endif
