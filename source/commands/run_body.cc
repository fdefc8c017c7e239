// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_body.h"
#include "run_checkpoint.h"
#include "run_cost.h"
#include "run_points.h"
#include "run_recorder.h"
#include "text_file.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/replay_command.h>
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/solver/body.h>
#include <seem/solver/collective.h>
#include <seem/solver/field_output.h>
#include <seem/solver/mesh_report.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

namespace seem::commands
{
  namespace
  {
    namespace mpi = dealii::Utilities::MPI;

    /// EX_TEMPFAIL of sysexits.h: try again later.
    constexpr int interrupted_status = 75;

    /// The point model with the states' median m, to draw beside the specimen.
    PointEnsemble point_ensemble_beside(const law::MaterialLaw &law, const RunParameters &run,
                                        const std::vector<State> &states, const double median)
    {
      PointEnsembleSettings settings;
      const double final_strain = run.loading.steps.final_time;
      settings.strain = strain_grid(final_strain, final_strain / 200);
      settings.volume_ratio = run.volume_rule == law::VolumeRule::one ? 1.0 : median;
      std::vector<State> initial;
      if (run.initial.kind == InitialKind::drawn)
        settings.volume_initial = [&](const PointKey &key) {
          return draw_initial_state(states, run.seed, key);
        };
      for (std::size_t i = 0; i < run.output.n_point_paths; ++i)
        initial.push_back(draw_initial_state(states, run.seed, {i, 0}));
      return run_point_ensemble(law, initial, settings);
    }

    /// The body of a run, with notices for the user on the first rank.
    template <int dim>
    std::unique_ptr<solver::Body<dim>> make_body(const RunContext &context,
                                                 const SpecimenLengths &lengths,
                                                 const MPI_Comm communicator)
    {
      const RunParameters &run = context.run;
      auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
      const std::vector<std::string> notices = make_specimen<dim>(run.specimen, lengths, *mesh);
      if (mpi::this_mpi_process(communicator) == 0)
        for (const std::string &notice : notices)
          fmt::print(stderr, "seem: notice: {}\n", notice);

      solver::Loading<dim> loading = run.loading.make<dim>(*mesh);
      return std::make_unique<solver::Body<dim>>(communicator, std::move(mesh), std::move(loading),
                                                 body_settings(run, lengths));
    }

    /// `seem run --check-mesh`
    template <int dim>
    void check_mesh(const RunContext &context)
    {
      const SpecimenLengths lengths = specimen_lengths(context);
      solver::SpecimenMesh<dim> mesh;
      for (const std::string &notice : make_specimen<dim>(context.run.specimen, lengths, mesh))
        fmt::print(stderr, "seem: notice: {}\n", notice);
      const solver::MeshReport report = solver::make_mesh_report(
          mesh, {context.run.specimen.degree, dim == 2 ? lengths.thickness : 1.0,
                 context.representative_volume, context.run.support == solver::StateSupport::cell});
      fmt::print("{}", solver::mesh_report_text(report));
    }
  } // namespace

  SpecimenLengths specimen_lengths(const RunContext &context)
  {
    const SpecimenParameters &specimen = context.run.specimen;
    const bool per_cell = context.run.support == solver::StateSupport::cell;
    return specimen_lengths(specimen, context.representative_volume,
                            per_cell ? 1 : specimen.n_points_per_cell());
  }

  solver::BodySettings body_settings(const RunParameters &run, const SpecimenLengths &lengths)
  {
    solver::BodySettings settings;
    settings.degree = run.specimen.degree;
    settings.element = {run.specimen.dimension == 2 ? lengths.thickness : 1.0,
                        run.specimen.mean_dilatation};
    settings.preconditioner = run.preconditioner;
    settings.multigrid_precision = run.multigrid_precision;
    return settings;
  }

  template <int dim>
  int run_body(const RunContext &context)
  {
    const MPI_Comm communicator = context.communicator;
    const bool first_rank = mpi::this_mpi_process(communicator) == 0;
    const RunParameters &run = context.run;
    if (context.command_line.check_mesh)
    {
      solver::run_collectively(communicator, [&] {
        if (first_rank)
          check_mesh<dim>(context);
      });
      return 0;
    }

    RunClock clock;
    auto set_up = std::make_unique<RunClock::Scope>(clock, RunClock::set_up);
    const std::filesystem::path directory =
        output_directory(context.command_line, context.parameters);
    std::optional<OutputGuard> guard;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      guard.emplace(directory, context.command_line.overwrite || context.command_line.restart);
    });

    const SpecimenLengths lengths = specimen_lengths(context);
    const std::unique_ptr<solver::Body<dim>> body = make_body<dim>(context, lengths, communicator);
    if (first_rank)
      fmt::print("seem {} run on {} ranks: {} cells of degree {}{}, {} degrees of freedom\n",
                 program_version, mpi::n_mpi_processes(communicator), body->mesh->n_cells(),
                 run.specimen.degree,
                 dim == 2 ? fmt::format(", plane strain, thickness {:.3f} nm", lengths.thickness)
                          : std::string(),
                 body->discretisation.dof_handler.n_dofs());

    const RunPoints<dim> made = make_run_points<dim>(context, *body, communicator);
    solver::MaterialPoints &points = *made.points;
    set_up.reset();
    solver::Equilibrium<dim> equilibrium(*body->balance, points, *body->preconditioner,
                                         body->program, communicator, run.equilibrium,
                                         run.loading.begin);
    solver::LoadStepper<dim> stepper(equilibrium, points, communicator, run.loading.steps);

    RunCheckpoint<dim> checkpoint(context, directory, *body, points, equilibrium, communicator);
    if (context.command_line.restart)
      checkpoint.resume(stepper);

    // Everything is built: only now files appear.
    RunRecorder<dim> recorder(context, directory, *body, equilibrium, points,
                              made.quadrature_points, made.states, clock, communicator,
                              checkpoint.recorded());
    solver::RunEnd end = solver::RunEnd::done;
    try
    {
      end = stepper.run(checkpoint.hooks(recorder, stepper));
    }
    catch (const solver::UpdateError &error)
    {
      const std::filesystem::path file = directory / replay_file_name;
      solver::run_collectively(communicator, [&] {
        if (error.rank == static_cast<int>(mpi::this_mpi_process(communicator)))
          io::write_replay(file, make_replay(context.parameters, run, made.n_volumes, *made.law,
                                             *points.failed_update()));
      });
      throw Error(fmt::format("{}\nThat update was kept; to repeat it: seem point --replay {}",
                              error.what(), file.string()));
    }
    if (end == solver::RunEnd::interrupted)
    {
      if (first_rank)
        fmt::print(stderr,
                   "seem: told to end after step {} at t = {:.6g}; to go on from there: the same "
                   "command with --restart\n",
                   stepper.progress().step, stepper.progress().time);
      return interrupted_status;
    }
    recorder.finish();
    {
      const RunClock::Scope scope(clock, RunClock::output);
      write_final_field<dim>(directory / "final_field.csv", made.quadrature_points, points,
                             communicator);
    }

    const RunSummary &summary = recorder.summary();
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      const RunClock::Scope scope(clock, RunClock::comparison);
      const bool monotone_shear = run.loading.kind == RunLoadingKind::periodic_shear &&
                                  context.parameters.text("Loading/Strain path").empty();
      const bool same_everywhere =
          run.initial.kind == InitialKind::drawn || run.initial.kind == InitialKind::constant;
      if (run.output.n_point_paths > 0 && monotone_shear && same_everywhere)
        write_point_mean(directory / "point_mean.csv",
                         point_ensemble_beside(*made.law, run, context.states, made.states.median));
      if (end == solver::RunEnd::runaway)
        fmt::print(
            "the body carries no more than the load of t = {:.6g}: beyond it the strain runs "
            "away, and the run ended there\n",
            recorder.last_step().time);
      fmt::print("{}", summary.text(recorder.last_step()));
      for (const std::string &notice : summary.notices())
        fmt::print(stderr, "seem: notice: {}\n", notice);
      if (run.output.figures)
      {
        const std::string warning = draw_figures("run.py", directory);
        if (!warning.empty())
          fmt::print(stderr, "seem: warning: {}\n", warning);
      }
    });

    RunCost cost = make_run_cost(clock, equilibrium.effort, communicator);
    cost.n_steps = recorder.last_step().step;
    cost.n_passes = summary.n_passes;
    cost.n_events = summary.n_events;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      write_text_file(directory / "timings.json", cost.json());
      fmt::print("{}", cost.text());
      fmt::print("written to {}: {}, timings.json{}\n", directory.string(), recorder.file_names(),
                 run.output.figures ? ", stress_strain.png, plastic_strain.png" : "");
    });
    return 0;
  }

  template int run_body<2>(const RunContext &);
  template int run_body<3>(const RunContext &);
} // namespace seem::commands
