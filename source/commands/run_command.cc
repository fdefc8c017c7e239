// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_output.h"
#include "text_file.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/parameters.h>
#include <seem/commands/replay_command.h>
#include <seem/commands/run_command.h>
#include <seem/commands/state_data.h>
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/core/version.h>
#include <seem/io/database_file.h>
#include <seem/solver/collective.h>
#include <seem/solver/field_output.h>
#include <seem/solver/periodic_box.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>

namespace seem::commands
{
  namespace
  {
    namespace mpi = dealii::Utilities::MPI;

    constexpr const char *replay_file_name = "replay.h5";

    /// The specimen's lengths with "automatic" resolved.
    struct Lengths
    {
      double cell_edge; ///< [nm]
      double thickness; ///< [nm]
      double rve;       ///< representative volume [nm^3]
    };

    Lengths resolve_lengths(const RunParameters &parameters,
                            const database::EventDatabase &database)
    {
      Lengths lengths;
      // Four quadrature points share a Q1 cell.
      const double states_per_cell = parameters.support == solver::StateSupport::cell ? 1.0 : 4.0;
      lengths.rve = database.volume / std::pow(units::A_per_nm, 3);
      lengths.thickness =
          parameters.thickness > 0.0 ? parameters.thickness : std::cbrt(lengths.rve);
      lengths.cell_edge = parameters.cell_edge > 0.0
                              ? parameters.cell_edge
                              : std::sqrt(states_per_cell * lengths.rve / lengths.thickness);
      return lengths;
    }

    /// States that the points may start from, at zero stress.
    std::vector<State> starting_states(const Parameters &parameters, const RunParameters &run,
                                       const database::EventDatabase &database)
    {
      std::vector<State> states;
      if (!run.drawn_initial_state)
      {
        states.emplace_back();
        states.back().x[0] = run.initial_x1;
        database::fill_memory(database, states.back());
        return states;
      }
      std::set<std::string> labels;
      for (const database::Sample &sample : database.samples)
      {
        labels.insert(sample.label);
        if (run.label.empty() || sample.label == run.label)
          states.push_back({0.0, sample.initial.x});
      }
      if (states.empty())
        throw parameters.error(
            "Initial state/Label",
            fmt::format("the database has no such samples; it has {}", fmt::join(labels, ", ")));
      return states;
    }

    /// The point model with the states' median m, to draw beside the specimen.
    PointEnsemble point_ensemble_beside(const law::MaterialLaw &law, const RunParameters &run,
                                        const std::vector<State> &states, const double median)
    {
      PointEnsembleSettings settings;
      settings.strain = strain_grid(run.load.final_strain, run.load.final_strain / 200);
      settings.volume_ratio = run.volume_rule == law::VolumeRule::one ? 1.0 : median;
      std::vector<State> initial;
      if (run.drawn_initial_state)
        settings.volume_initial = [&](const PointKey &key) {
          return draw_initial_state(states, run.seed, key);
        };
      for (std::size_t i = 0; i < run.n_point_paths; ++i)
        initial.push_back(draw_initial_state(states, run.seed, {i, 0}));
      return run_point_ensemble(law, initial, settings);
    }

    /// Says when fields are due: at every multiple of an interval of strain and at the end.
    class FieldSchedule
    {
    public:
      FieldSchedule(const double interval, const double final_strain)
          : interval(interval), final_strain(final_strain), next(interval)
      {
      }

      bool due(const double strain)
      {
        constexpr double round_off = 1e-9;
        const bool reached = interval > 0.0 && strain >= next * (1.0 - round_off);
        while (interval > 0.0 && next <= strain * (1.0 + round_off))
          next += interval;
        return reached || strain >= final_strain;
      }

    private:
      double interval, final_strain, next;
    };

    /// What is summed up over the steps of a run.
    struct Totals
    {
      unsigned long n_events = 0, n_passes = 0, n_outside = 0, n_forced = 0, n_gaining = 0;
      double forward_strain = 0.0, backward_strain = 0.0, largest_local_shear = 0.0,
             high_pressure_share = 0.0;
      double peak_strain = 0.0, peak_stress = 0.0;

      void add(const solver::StepRecord &record)
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
        const double stress = record.mean_stress[5] / law::sqrt2;
        if (stress > peak_stress)
        {
          peak_stress = stress;
          peak_strain = record.strain;
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
      fmt::print(
          "time [s]: law {:.1f}, linear solves {:.1f}, matrices and preconditioners {:.1f}; {} "
          "Newton steps, {} linear steps, {} preconditioners\n",
          effort.law_seconds, effort.linear_seconds, effort.setup_seconds, effort.n_newton_steps,
          effort.n_linear_steps, effort.n_preconditioners);
      print_notices(totals, static_cast<double>(totals.n_events));
    }
  } // namespace

  int run_command(const CommandLine &command_line)
  {
    const MPI_Comm communicator = MPI_COMM_WORLD;
    const bool first_rank = mpi::this_mpi_process(communicator) == 0;

    const Parameters parameters = Parameters::load(
        RunParameters::declare, command_line.parameter_file, command_line.assignments);
    const RunParameters run = RunParameters::parse(parameters);
    // Every rank reads the (small) database: all see the same error.
    const database::EventDatabase database = io::read_database(run.database_file);
    const std::vector<State> states = starting_states(parameters, run, database);
    const Lengths lengths = resolve_lengths(run, database);

    const std::filesystem::path directory = output_directory(command_line, parameters);
    std::optional<OutputGuard> guard;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      guard.emplace(directory, command_line.overwrite);
    });

    solver::PeriodicBox<2> box(
        communicator, {{run.n_cells[0] * lengths.cell_edge, run.n_cells[1] * lengths.cell_edge}},
        run.n_cells);
    solver::BalanceOperator<2> balance(box.dof_handler, box.constraints, lengths.thickness);
    if (first_rank)
      fmt::print(
          "seem {} run on {} ranks: {} x {} cells of {:.3f} nm, thickness {:.3f} nm, {} degrees of "
          "freedom\n",
          program_version, mpi::n_mpi_processes(communicator), run.n_cells[0], run.n_cells[1],
          lengths.cell_edge, lengths.thickness, box.dof_handler.n_dofs());

    const auto quadrature_points = balance.quadrature_points();
    std::vector<double> volumes;
    for (const solver::QuadraturePoint<2> &point : quadrature_points)
      volumes.push_back(point.volume);
    const StateData state_data =
        make_state_data(quadrature_points, balance.n_quadrature_points_per_cell(), run.support,
                        run.volume_rule, lengths.rve, communicator);
    const std::size_t n_volumes = run.volume_rule == law::VolumeRule::sub_rve
                                      ? largest_number_of_volumes(state_data.largest)
                                      : 0;
    const std::shared_ptr<const law::MaterialLaw> law = make_law(run.material, database, n_volumes);

    solver::MaterialPoints points(*law, state_data.data, volumes);
    points.initialise([&](std::size_t, const PointKey &key) {
      return draw_initial_state(states, run.seed, key);
    });
    solver::Equilibrium<2> equilibrium(balance, points, communicator, run.equilibrium);
    solver::LoadStepper<2> stepper(equilibrium, points, communicator, run.load);

    // Everything is built: only now files appear.
    std::optional<RunTables> tables;
    const std::filesystem::path fields_directory = directory / "fields";
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      write_text_file(directory / "parameters.prm", parameters.print(ParameterFormat::prm));
      std::filesystem::create_directories(fields_directory);
      std::filesystem::remove(directory / replay_file_name); // of an earlier run
      tables.emplace(directory, run.load.log_events);
    });
    solver::FieldOutput<2> fields(box, balance, points, fields_directory.string());
    Progress progress(run.load.final_strain);

    solver::StepRecord last;
    Totals totals;
    FieldSchedule schedule(run.field_interval, run.load.final_strain);
    const auto on_step = [&](const solver::StepRecord &record) {
      last = record;
      totals.add(record);

      std::vector<solver::LoggedEvent> events;
      if (run.load.log_events)
        events = solver::gather_records(communicator, stepper.events());
      solver::run_collectively(communicator, [&] {
        if (!first_rank)
          return;
        tables->write(record, equilibrium.effort, events);
        progress.show(record);
      });

      if (schedule.due(record.strain))
        fields.write(equilibrium.u, record.strain);
    };
    try
    {
      stepper.run(on_step);
    }
    catch (const solver::UpdateError &error)
    {
      const std::filesystem::path file = directory / replay_file_name;
      solver::run_collectively(communicator, [&] {
        if (error.rank == static_cast<int>(mpi::this_mpi_process(communicator)))
          io::write_replay(file,
                           make_replay(parameters, run, n_volumes, *law, *points.failed_update()));
      });
      throw Error(fmt::format("{}\nThat update was kept; to repeat it: seem point --replay {}",
                              error.what(), file.string()));
    }

    write_final_field(directory / "final_field.csv", quadrature_points, points, communicator);
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      if (run.n_point_paths > 0)
        write_point_mean(directory / "point_mean.csv",
                         point_ensemble_beside(*law, run, states, state_data.median));
      print_summary(totals, last, equilibrium.effort);
      if (run.figures)
      {
        const std::string warning = draw_figures("run.py", directory);
        if (!warning.empty())
          fmt::print(stderr, "seem: warning: {}\n", warning);
      }
      fmt::print("written to {}: history.csv, final_field.csv, fields/fields.pvd (ParaView){}\n",
                 directory.string(), run.figures ? ", stress_strain.png, plastic_strain.png" : "");
    });
    return 0;
  }
} // namespace seem::commands
