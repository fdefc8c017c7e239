// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_RUN_CHECKPOINT_H
#define SEEM_SOURCE_COMMANDS_RUN_CHECKPOINT_H

#include "run_body.h"
#include "run_recorder.h"

#include <seem/commands/checkpoint.h>
#include <seem/solver/load_stepper.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <optional>

namespace seem::commands
{
  /**
   * Checkpoints of a run in the directory "checkpoint" of its output: every so many steps or
   * minutes, at SIGUSR1, at SIGTERM, which then ends the run, and at its end. While it lives, these
   * signals are caught.
   */
  template <int dim>
  class RunCheckpoint
  {
  public:
    /// References are kept.
    RunCheckpoint(const RunContext &context, const std::filesystem::path &directory,
                  const solver::Body<dim> &body, solver::MaterialPoints &points,
                  solver::Equilibrium<dim> &equilibrium, MPI_Comm communicator);

    RunCheckpoint(const RunCheckpoint &) = delete;
    RunCheckpoint &operator=(const RunCheckpoint &) = delete;
    ~RunCheckpoint();

    /**
     * Go on from the last checkpoint: restores points, equilibrium and stepper. All ranks call it.
     * @throws InputError on all ranks if there is none, or it does not belong to this run
     */
    void resume(solver::LoadStepper<dim> &stepper);

    /// What RunRecorder::state() was at the checkpoint; nullptr if the run was not resumed.
    const nlohmann::json *recorded() const
    {
      return recorder_state ? &*recorder_state : nullptr;
    }

    /// The hooks of LoadStepper::run(), with the steps handed on to @p recorder.
    solver::RunHooks<dim> hooks(RunRecorder<dim> &recorder,
                                const solver::LoadStepper<dim> &stepper);

  private:
    solver::Request request(unsigned int last_step);
    void save(const typename solver::Equilibrium<dim>::Snapshot &snapshot,
              const solver::LoadProgress &progress, RunRecorder<dim> &recorder);

    const RunContext &context;
    CheckpointDirectory directory;
    const solver::Body<dim> &body;
    solver::MaterialPoints &points;
    solver::Equilibrium<dim> &equilibrium;
    MPI_Comm communicator;
    bool first_rank;
    std::optional<nlohmann::json> recorder_state;
    unsigned int step_of_last = 0;
    std::chrono::steady_clock::time_point time_of_last = std::chrono::steady_clock::now();
  };
} // namespace seem::commands

#endif
