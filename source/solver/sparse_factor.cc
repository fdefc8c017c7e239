// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sparse_factor.h"

#include <seem/core/exceptions.h>

#include <deal.II/base/mpi.h>

namespace seem::solver
{
  namespace mpi = dealii::Utilities::MPI;

  namespace
  {
    std::vector<int> running_sum(const std::vector<int> &counts)
    {
      std::vector<int> offsets = {0};
      for (const int count : counts)
        offsets.push_back(offsets.back() + count);
      return offsets;
    }
  } // namespace

  template <typename T>
  std::vector<T> SparseFactor::gather(const std::vector<T> &local, const MPI_Datatype type) const
  {
    if (serial)
      return local;
    const int n = static_cast<int>(local.size());
    const std::vector<int> sizes = mpi::all_gather(communicator, n), starts = running_sum(sizes);
    std::vector<T> all(first_rank ? starts.back() : 0);
    MPI_Gatherv(local.data(), n, type, all.data(), sizes.data(), starts.data(), type, 0,
                communicator);
    return all;
  }

  void SparseFactor::initialise(const dealii::TrilinosWrappers::SparseMatrix &matrix)
  {
    communicator = matrix.get_mpi_communicator();
    first_rank = mpi::this_mpi_process(communicator) == 0;
    serial = mpi::n_mpi_processes(communicator) == 1;
    const auto [begin, end] = matrix.local_range();
    counts = mpi::all_gather(communicator, static_cast<int>(end - begin));
    offsets = running_sum(counts);

    // Not deal.II's iterators: for each row they clear two arrays as long as the matrix is wide.
    const Epetra_CrsMatrix &crs = matrix.trilinos_matrix();
    std::vector<int> rows, columns;
    std::vector<double> values;
    for (int i = 0; i < crs.NumMyRows(); ++i)
    {
      int n = 0, *local = nullptr;
      double *entries = nullptr;
      crs.ExtractMyRowView(i, n, entries, local);
      for (int k = 0; k < n; ++k)
        if (const int column = crs.GCID(local[k]); column <= crs.GRID(i)) // the lower triangle
        {
          rows.push_back(crs.GRID(i));
          columns.push_back(column);
          values.push_back(entries[k]);
        }
    }
    rows = gather(rows, MPI_INT);
    columns = gather(columns, MPI_INT);
    values = gather(values, MPI_DOUBLE);

    int failed = 0;
    if (first_rank)
    {
      std::vector<Eigen::Triplet<double>> entries;
      entries.reserve(values.size());
      for (std::size_t i = 0; i < values.size(); ++i)
        entries.emplace_back(rows[i], columns[i], values[i]);
      const int n = offsets.back();
      Eigen::SparseMatrix<double> lower(n, n);
      lower.setFromTriplets(entries.begin(), entries.end());
      if (!analysed)
        factor.analyzePattern(lower);
      analysed = true;
      factor.factorize(lower);
      failed = factor.info() != Eigen::Success || !(factor.vectorD().minCoeff() > 0.0);
      rhs.resize(n);
      solution.resize(n);
    }
    if (mpi::max(failed, communicator) != 0)
      throw StepError("the stiffness matrix is not positive definite");
  }

  void SparseFactor::solve(Vector &dst, const Vector &src) const
  {
    using Map = Eigen::Map<Eigen::VectorXd>;
    using ConstMap = Eigen::Map<const Eigen::VectorXd>;
    const auto n = static_cast<Eigen::Index>(src.locally_owned_size());
    if (serial)
    {
      Map(dst.begin(), n) = factor.solve(ConstMap(src.begin(), n));
      return;
    }
    const int n_local = static_cast<int>(n);
    MPI_Gatherv(src.begin(), n_local, MPI_DOUBLE, rhs.data(), counts.data(), offsets.data(),
                MPI_DOUBLE, 0, communicator);
    if (first_rank)
      solution = factor.solve(rhs);
    MPI_Scatterv(solution.data(), counts.data(), offsets.data(), MPI_DOUBLE, dst.begin(), n_local,
                 MPI_DOUBLE, 0, communicator);
  }
} // namespace seem::solver
