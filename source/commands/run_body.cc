// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_body.h"
#include "run_output.h"
#include "text_file.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/replay_command.h>
#include <seem/commands/state_data.h>
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/solver/body.h>
#include <seem/solver/collective.h>
#include <seem/solver/field_output.h>
#include <seem/solver/mesh_report.h>

#include <deal.II/base/mpi.h>
#include <deal.II/grid/grid_tools.h>

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

    constexpr const char *replay_file_name = "replay.h5";

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
      for (std::size_t i = 0; i < run.n_point_paths; ++i)
        initial.push_back(draw_initial_state(states, run.seed, {i, 0}));
      return run_point_ensemble(law, initial, settings);
    }

    /// Says when fields are due: at every multiple of an interval of time and at the end.
    class FieldSchedule
    {
    public:
      FieldSchedule(const double interval, const double final_time, const double begin)
          : interval(interval), final_time(final_time), next(begin + interval)
      {
      }

      bool due(const double time)
      {
        constexpr double round_off = 1e-9;
        const bool reached = interval > 0.0 && time >= next - round_off * final_time;
        while (interval > 0.0 && next <= time + round_off * final_time)
          next += interval;
        return reached || time >= final_time;
      }

    private:
      double interval, final_time, next;
    };

    /// What is summed up over the steps of a run.
    struct Totals
    {
      unsigned long n_events = 0, n_passes = 0, n_outside = 0, n_forced = 0, n_gaining = 0;
      double forward_strain = 0.0, backward_strain = 0.0, largest_local_shear = 0.0,
             high_pressure_share = 0.0;
      double peak_strain = 0.0, peak_stress = 0.0;

      void add(const solver::StepRecord &record, const RunLoading &loading)
      {
        n_events += record.n_spontaneous + record.n_triggered;
        n_passes += record.n_passes;
        n_outside += record.n_outside;
        n_forced += record.n_forced;
        n_gaining += record.n_gaining;
        forward_strain += record.forward_strain;
        backward_strain += record.backward_strain;
        largest_local_shear = std::max(largest_local_shear, record.largest_local_shear);
        high_pressure_share = std::max(high_pressure_share, record.high_pressure_share);
        const double stress = loading.driven_stress(record);
        if (std::abs(stress) > std::abs(peak_stress))
        {
          peak_stress = stress;
          peak_strain = loading.driven_strain(record);
        }
      }
    };

    /// Where the run went beyond what atomistic runs of monotone shear at fixed volume support.
    void print_notices(const Totals &totals, const double n_events)
    {
      const auto notice = [](const std::string &text) {
        fmt::print(stderr, "seem: notice: {}; no atomistic data stand behind that\n", text);
      };
      const double path = totals.forward_strain + totals.backward_strain;
      if (totals.backward_strain > 0.01 * path)
        notice(fmt::format("{:.1f} % of the points' shear path was unloading or reloading",
                           100.0 * totals.backward_strain / path));
      if (totals.largest_local_shear > 0.5)
        notice(fmt::format("local shear strain reached {:.2f}", totals.largest_local_shear));
      if (totals.high_pressure_share > 0.0)
        notice(fmt::format("up to {:.2f} % of the points had a pressure above their shear stress",
                           100.0 * totals.high_pressure_share));
      if (totals.n_outside + totals.n_forced > 0.01 * n_events)
        notice(fmt::format("{:.1f} % of the events were drawn in states that were never visited",
                           100.0 * (totals.n_outside + totals.n_forced) / n_events));
    }

    void print_summary(const Totals &totals, const solver::StepRecord &last,
                       const solver::SolverEffort &effort)
    {
      const solver::EnergyBalance &e = last.energy;
      fmt::print(
          "peak stress {:.4f} GPa at strain {:.4f}; {} events in {} passes, {} steps; of the "
          "events {} drawn outside the visited states, {} forced above the highest sampled "
          "stress, {} at the energy bound\n",
          totals.peak_stress, totals.peak_strain, totals.n_events, totals.n_passes, last.step,
          totals.n_outside, totals.n_forced, totals.n_gaining);
      fmt::print(
          "first law per volume [GPa]: work of the reactions {:.6f} = elastic {:.6f} + "
          "inelastic {:.6f} + heat of events {:.6f} + heat of redistribution {:.6f} + residual "
          "{:.2e} ({:.4f} % of the work)\n",
          e.work, e.elastic, e.inelastic, e.event_heat, e.redistribution_heat, e.residual(),
          100.0 * e.residual() / e.work);
      fmt::print("time [s]: law {:.1f}, strains and forces {:.1f}, linear solves {:.1f}, "
                 "preconditioners {:.1f}; {} "
                 "Newton steps, {} linear steps, {} preconditioners\n",
                 effort.law_seconds, effort.strain_seconds, effort.linear_seconds,
                 effort.setup_seconds, effort.n_newton_steps, effort.n_linear_steps,
                 effort.n_preconditioners);
      print_notices(totals, static_cast<double>(totals.n_events));
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

      solver::BodySettings settings;
      settings.degree = run.specimen.degree;
      settings.element = {dim == 2 ? lengths.thickness : 1.0, run.specimen.mean_dilatation};
      settings.preconditioner = run.preconditioner;
      solver::Loading<dim> loading = run.loading.make<dim>(*mesh);
      return std::make_unique<solver::Body<dim>>(communicator, std::move(mesh), std::move(loading),
                                                 settings);
    }

    template <int dim>
    SpecimenLengths lengths_of(const RunContext &context)
    {
      const bool per_cell = context.run.support == solver::StateSupport::cell;
      return specimen_lengths(context.run.specimen, context.representative_volume,
                              per_cell ? 1 : context.run.specimen.n_points_per_cell());
    }

    /// Lengths of the specimen along its periodic directions [nm], else 0.
    template <int dim>
    std::array<double, dim> periods_of(const solver::SpecimenMesh<dim> &mesh)
    {
      std::array<double, dim> periods = {};
      const auto box = dealii::GridTools::compute_bounding_box(mesh.coarse);
      for (const solver::PeriodicFaces &faces : mesh.periodic)
        periods[faces.direction] = box.side_length(faces.direction);
      return periods;
    }

    /// The laws of the specimen's parts and the one of every state.
    solver::MaterialLaws laws_of_states(const law::MaterialLaw &main,
                                        const std::vector<MaterialRegion> &regions,
                                        const std::vector<unsigned int> &regions_of_cells,
                                        const std::size_t n_states)
    {
      solver::MaterialLaws result;
      result.laws.push_back(&main);
      for (const MaterialRegion &region : regions)
        result.laws.push_back(region.law.get());
      const std::size_t n_per_cell =
          regions_of_cells.empty() ? 1 : n_states / regions_of_cells.size();
      for (const unsigned int region : regions_of_cells)
        result.law_of_state.insert(result.law_of_state.end(), n_per_cell, region);
      return result;
    }

    /// `seem run --check-mesh`
    template <int dim>
    void check_mesh(const RunContext &context)
    {
      const SpecimenLengths lengths = lengths_of<dim>(context);
      solver::SpecimenMesh<dim> mesh;
      for (const std::string &notice : make_specimen<dim>(context.run.specimen, lengths, mesh))
        fmt::print(stderr, "seem: notice: {}\n", notice);
      const solver::MeshReport report = solver::make_mesh_report(
          mesh, {context.run.specimen.degree, dim == 2 ? lengths.thickness : 1.0,
                 context.representative_volume, context.run.support == solver::StateSupport::cell});
      fmt::print("{}", solver::mesh_report_text(report));
    }
  } // namespace

  template <int dim>
  void run_body(const RunContext &context)
  {
    const MPI_Comm communicator = MPI_COMM_WORLD;
    const bool first_rank = mpi::this_mpi_process(communicator) == 0;
    const RunParameters &run = context.run;
    if (context.command_line.check_mesh)
    {
      solver::run_collectively(communicator, [&] {
        if (first_rank)
          check_mesh<dim>(context);
      });
      return;
    }

    const std::filesystem::path directory =
        output_directory(context.command_line, context.parameters);
    std::optional<OutputGuard> guard;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      guard.emplace(directory, context.command_line.overwrite);
    });

    const SpecimenLengths lengths = lengths_of<dim>(context);
    const std::unique_ptr<solver::Body<dim>> body = make_body<dim>(context, lengths, communicator);
    const solver::BalanceOperator<dim> &balance = *body->balance;
    if (first_rank)
      fmt::print("seem {} run on {} ranks: {} cells of degree {}{}, {} degrees of freedom\n",
                 program_version, mpi::n_mpi_processes(communicator), body->mesh->n_cells(),
                 run.specimen.degree,
                 dim == 2 ? fmt::format(", plane strain, thickness {:.3f} nm", lengths.thickness)
                          : std::string(),
                 body->discretisation.dof_handler.n_dofs());

    const auto quadrature_points = balance.quadrature_points();
    std::vector<double> volumes;
    for (const solver::QuadraturePoint<dim> &point : quadrature_points)
      volumes.push_back(point.volume);
    const std::vector<unsigned int> regions =
        regions_of_cells(run.regions, context.parameters, *body, communicator);
    const StateData state_data =
        make_state_data(quadrature_points, balance.n_quadrature_points_per_cell(), regions,
                        run.support, run.volume_rule, context.representative_volume, communicator);
    const std::size_t n_volumes = run.volume_rule == law::VolumeRule::sub_rve
                                      ? largest_number_of_volumes(state_data.largest)
                                      : 0;
    const std::shared_ptr<const law::MaterialLaw> law =
        make_law(run.material, context.database, n_volumes);

    solver::MaterialPoints points(
        laws_of_states(*law, run.regions, regions, state_data.data.size()), state_data.data,
        volumes);
    const InitialStateField<dim> initial = make_initial_state_field<dim>(
        run.initial, context.states, context.database, run.seed, periods_of(*body->mesh));
    points.initialise([&](const std::size_t p, const PointKey &key) {
      return initial(quadrature_points[p].position, key);
    });
    solver::Equilibrium<dim> equilibrium(*body->balance, points, *body->preconditioner,
                                         body->program, communicator, run.equilibrium,
                                         run.loading.begin);
    solver::LoadStepper<dim> stepper(equilibrium, points, communicator, run.loading.steps);

    // Everything is built: only now files appear.
    std::optional<RunTables> tables;
    std::optional<ReactionTable> reactions;
    const std::filesystem::path fields_directory = directory / "fields";
    const std::vector<dealii::types::boundary_id> moved = body->program.moved_boundaries();
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      write_text_file(directory / "parameters.prm", context.parameters.print(ParameterFormat::prm));
      std::filesystem::create_directories(fields_directory);
      std::filesystem::remove(directory / replay_file_name); // of an earlier run
      tables.emplace(directory, run.loading);
      if (!moved.empty())
        reactions.emplace(directory, dim, body->mesh->boundary_names);
    });
    solver::FieldOutput<dim> fields(*body, points, fields_directory.string());
    Progress progress(run.loading);

    solver::StepRecord last;
    Totals totals;
    FieldSchedule schedule(run.field_interval, run.loading.steps.final_time, run.loading.begin);
    const auto on_step = [&](const solver::StepRecord &record) {
      last = record;
      totals.add(record, run.loading);

      std::vector<solver::LoggedEvent> events;
      if (run.loading.steps.log_events)
        events = solver::gather_records(communicator, stepper.events());
      std::vector<std::vector<double>> forces;
      for (const dealii::types::boundary_id id : moved)
      {
        const auto reaction = equilibrium.reaction(id);
        forces.emplace_back(reaction.begin(), reaction.end());
      }
      solver::run_collectively(communicator, [&] {
        if (!first_rank)
          return;
        tables->write(record, equilibrium.effort, events);
        for (std::size_t i = 0; i < moved.size(); ++i)
          reactions->write(record, moved[i], forces[i]);
        progress.show(record);
      });

      if (schedule.due(record.time))
        fields.write(equilibrium);
    };
    solver::RunEnd end = solver::RunEnd::done;
    try
    {
      end = stepper.run(on_step);
    }
    catch (const solver::UpdateError &error)
    {
      const std::filesystem::path file = directory / replay_file_name;
      solver::run_collectively(communicator, [&] {
        if (error.rank == static_cast<int>(mpi::this_mpi_process(communicator)))
          io::write_replay(
              file, make_replay(context.parameters, run, n_volumes, *law, *points.failed_update()));
      });
      throw Error(fmt::format("{}\nThat update was kept; to repeat it: seem point --replay {}",
                              error.what(), file.string()));
    }
    if (end == solver::RunEnd::runaway)
      fields.write(equilibrium);

    write_final_field<dim>(directory / "final_field.csv", quadrature_points, points, communicator);
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      const bool monotone_shear = run.loading.kind == RunLoadingKind::periodic_shear &&
                                  context.parameters.text("Loading/Strain path").empty();
      const bool same_everywhere =
          run.initial.kind == InitialKind::drawn || run.initial.kind == InitialKind::constant;
      if (run.n_point_paths > 0 && monotone_shear && same_everywhere)
        write_point_mean(directory / "point_mean.csv",
                         point_ensemble_beside(*law, run, context.states, state_data.median));
      if (end == solver::RunEnd::runaway)
        fmt::print(
            "the body carries no more than the load of t = {:.6g}: beyond it the strain runs "
            "away, and the run ended there\n",
            last.time);
      print_summary(totals, last, equilibrium.effort);
      if (run.figures)
      {
        const std::string warning = draw_figures("run.py", directory);
        if (!warning.empty())
          fmt::print(stderr, "seem: warning: {}\n", warning);
      }
      fmt::print("written to {}: history.csv, final_field.csv, fields/fields.pvd (ParaView){}{}\n",
                 directory.string(), moved.empty() ? "" : ", reactions.csv",
                 run.figures ? ", stress_strain.png, plastic_strain.png" : "");
    });
  }

  template void run_body<2>(const RunContext &);
  template void run_body<3>(const RunContext &);
} // namespace seem::commands
