// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_CHECKPOINT_H
#define SEEM_COMMANDS_CHECKPOINT_H

#include <seem/commands/parameters.h>
#include <seem/solver/body.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/material_points.h>

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

namespace seem::commands
{
  /// Section "Checkpoint".
  struct CheckpointParameters
  {
    unsigned int steps = 0; ///< between two; 0: not by steps
    double minutes = 15.0;  ///< between two, by the clock on the wall; 0: not by time

    static void declare(dealii::ParameterHandler &prm);
    static CheckpointParameters parse(const Parameters &parameters);
  };
  /**
   * Where a run stands after its last accepted step, in a directory: `run.json`, written by rank 0,
   * and the cells of each rank in `cells_<rank>.h5`. Any number of ranks can go on from it.
   *
   * The directory is written beside the last one (".new") and takes its name only when it is
   * whole; the last one keeps the name ".old" while that happens. So whenever the process dies, one
   * of the three is a whole checkpoint, and read_checkpoint() finds it.
   *
   * `cells_<rank>.h5`, all by cell: `/cell` [n][2] (low and high 32 bits of cell_key()),
   * `/displacement` [n][n_dofs] [nm], `/strain` [n][n_q][6], `/tangent` [n][n_q][9] of the
   * preconditioner (bulk, shear, secant [GPa], direction), `/material` [n], `/state`, the states of
   * the law one after another.
   */
  class CheckpointDirectory
  {
  public:
    explicit CheckpointDirectory(std::filesystem::path path) : path(std::move(path))
    {
    }

    /**
     * Write the committed states and strains of @p points and a snapshot of the equilibrium. All
     * ranks call it.
     * @param[in] snapshot   of the last accepted step
     * @param[in] reference  Equilibrium::reference_tangents()
     * @param[in] run        all else, of rank 0; the name "equilibrium" is added
     * @throws Error on all ranks if a file cannot be written; the last checkpoint is still there
     */
    template <int dim>
    void write(const solver::Body<dim> &body, const solver::MaterialPoints &points,
               const typename solver::Equilibrium<dim>::Snapshot &snapshot,
               const std::vector<law::Tangent> &reference, const nlohmann::json &run,
               MPI_Comm communicator) const;

    /// What write() was given as run, on every rank; each reads the file.
    /// @throws InputError if there is no checkpoint, or it is damaged
    nlohmann::json read_run() const;

    /**
     * Restore points and equilibrium. All ranks call it.
     * @param[in] run  of read_run()
     * @throws InputError on all ranks if a file is damaged, or belongs to another mesh or other
     * laws
     */
    template <int dim>
    void restore(const nlohmann::json &run, const solver::Body<dim> &body,
                 solver::MaterialPoints &points, solver::Equilibrium<dim> &equilibrium,
                 MPI_Comm communicator) const;

    /// True if read_run() finds something to read.
    bool exists() const
    {
      return !whole().empty();
    }

    /// Remove what an earlier run left. @throws Error naming the directory if that fails
    void remove() const;

  private:
    /// The directory that holds a whole checkpoint; empty if there is none.
    std::filesystem::path whole() const;

    std::filesystem::path path;
  };
} // namespace seem::commands

#endif
