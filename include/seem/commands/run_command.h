// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_COMMAND_H
#define SEEM_COMMANDS_RUN_COMMAND_H

#include <seem/commands/checkpoint.h>
#include <seem/commands/command_line.h>
#include <seem/commands/initial_state_field.h>
#include <seem/commands/material_parameters.h>
#include <seem/commands/material_regions.h>
#include <seem/commands/output_parameters.h>
#include <seem/commands/run_loading.h>
#include <seem/commands/specimen_parameters.h>
#include <seem/law/volume_rule.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/load_stepper.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Section "Ensemble": runs that differ in their seeds.
  struct EnsembleParameters
  {
    unsigned int n_runs = 1;
    unsigned int n_ranks = 1; ///< of each run

    static void declare(dealii::ParameterHandler &prm);
    static EnsembleParameters parse(const Parameters &parameters);
  };

  /// Parameters of `seem run`.
  struct RunParameters
  {
    std::filesystem::path database_file;
    MaterialParameters material;
    std::vector<MaterialRegion> regions; ///< parts of the specimen with laws of their own
    law::VolumeRule volume_rule = law::VolumeRule::check;
    solver::StateSupport support = solver::StateSupport::point;
    std::uint64_t seed = 1;

    SpecimenParameters specimen;
    RunLoading loading;

    InitialStateParameters initial;

    solver::EquilibriumParameters equilibrium;
    solver::PreconditionerKind preconditioner = solver::PreconditionerKind::automatic;
    solver::MultigridPrecision multigrid_precision = solver::MultigridPrecision::double_precision;

    OutputParameters output;
    CheckpointParameters checkpoint;
    EnsembleParameters ensemble;

    static void declare(dealii::ParameterHandler &prm);

    /**
     * @param[in,out] problems  if given: collects what does not fit, section by section; what a
     * section with a mistake says is then not in the result
     * @throws InputError naming the key that does not fit the others, and the cure
     */
    static RunParameters parse(const Parameters &parameters, Problems *problems = nullptr);
  };

  /**
   * `seem run`: quasistatic deformation of a specimen in plane strain or space, the stochastic law
   * at every quadrature point or in every cell. Writes history.csv, timings.csv, parameters.prm,
   * fields/fields.pvd, final_field.csv, reactions.csv if boundaries move, avalanches.csv in
   * next-event stepping, on demand events.csv, history.h5, events.h5, point_mean.csv, and draws
   * figures. With --check-mesh it only reports on the mesh; with --validate it builds everything,
   * solves nothing, and reports all problems. All ranks call it.
   * With --restart it goes on from the checkpoint in the output directory.
   * @return exit status; 75 if it was told to end (SIGTERM) and left a checkpoint
   */
  int run_command(const CommandLine &command_line);
} // namespace seem::commands

#endif
