// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_checkpoint.h"
#include "elapsed_time.h"

#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/io/table_reader.h>
#include <seem/solver/collective.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <csignal>

namespace seem::commands
{
  namespace mpi = dealii::Utilities::MPI;
  using nlohmann::json;

  namespace
  {
    /// Set by the handlers; a signal may come at any instruction.
    volatile std::sig_atomic_t save_requested = 0, end_requested = 0;

    extern "C" void request_save(int)
    {
      save_requested = 1;
    }

    extern "C" void request_end(int)
    {
      end_requested = 1;
    }

    json to_json(const solver::LoadProgress &p)
    {
      const solver::EnergyBalance &b = p.balance;
      return {{"time", p.time},
              {"step", p.step},
              {"increment", p.increment},
              {"event_interval", p.event_interval},
              {"n_avalanches", p.n_avalanches},
              {"balance", {b.work, b.elastic, b.inelastic, b.event_heat, b.redistribution_heat}},
              {"initial_energy", {p.initial_energy.elastic, p.initial_energy.inelastic}}};
    }

    solver::LoadProgress progress_of(const json &j)
    {
      solver::LoadProgress p;
      p.time = j.at("time");
      p.step = j.at("step");
      p.increment = j.at("increment");
      p.event_interval = j.at("event_interval");
      p.n_avalanches = j.at("n_avalanches");
      const auto b = j.at("balance").get<std::vector<double>>();
      p.balance = {b.at(0), b.at(1), b.at(2), b.at(3), b.at(4)};
      const auto e = j.at("initial_energy").get<std::vector<double>>();
      p.initial_energy = {e.at(0), e.at(1)};
      return p;
    }
  } // namespace

  template <int dim>
  RunCheckpoint<dim>::RunCheckpoint(const RunContext &context, const std::filesystem::path &output,
                                    const solver::Body<dim> &body, solver::MaterialPoints &points,
                                    solver::Equilibrium<dim> &equilibrium,
                                    const MPI_Comm communicator)
      : context(context), directory(output / "checkpoint"), body(body), points(points),
        equilibrium(equilibrium), communicator(communicator),
        first_rank(mpi::this_mpi_process(communicator) == 0)
  {
    // A run that begins anew must never be continued from what its directory held before.
    if (!context.command_line.restart)
      solver::run_collectively(communicator, [&] {
        if (first_rank)
          directory.remove();
      });
    save_requested = end_requested = 0;
    std::signal(SIGUSR1, request_save);
    std::signal(SIGTERM, request_end);
  }

  template <int dim>
  RunCheckpoint<dim>::~RunCheckpoint()
  {
    std::signal(SIGUSR1, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }

  template <int dim>
  void RunCheckpoint<dim>::resume(solver::LoadStepper<dim> &stepper)
  {
    json run;
    solver::run_collectively(communicator, [&] {
      run = directory.read_run();
      const std::string checksum = io::file_checksum(context.run.database_file);
      if (run.at("database_checksum") != checksum)
        throw InputError(fmt::format("{}: its checksum is {}, but the run that is to be continued "
                                     "used a database with {}",
                                     context.run.database_file.string(), checksum,
                                     run.at("database_checksum").get<std::string>()));
    });
    directory.restore<dim>(run, body, points, equilibrium, communicator);
    const solver::LoadProgress progress = progress_of(run.at("progress"));
    stepper.resume(progress);
    step_of_last = progress.step;
    recorder_state = run.at("recorder");

    if (!first_rank)
      return;
    fmt::print("continued after step {} at t = {:.6g}\n", progress.step, progress.time);
    const auto then = run.at("parameters").get<std::map<std::string, std::string>>();
    for (const auto &[path, value] : context.parameters.as_text())
    {
      const auto found = then.find(path);
      if (found == then.end() || found->second != value)
        fmt::print(stderr, "seem: notice: \"{}\" is {} now; it was {}\n", path,
                   value.empty() ? "empty" : value,
                   found == then.end()     ? "not known"
                   : found->second.empty() ? "empty"
                                           : found->second);
    }
  }

  template <int dim>
  solver::Request RunCheckpoint<dim>::request(const unsigned int last_step)
  {
    if (end_requested != 0)
      return solver::Request::end;
    const CheckpointParameters &due = context.run.checkpoint;
    // The clocks of the ranks differ: that of the first one decides.
    const bool by_time =
        first_rank && due.minutes > 0.0 && seconds_since(time_of_last) > 60.0 * due.minutes;
    const bool by_steps = due.steps > 0 && last_step >= step_of_last + due.steps;
    return save_requested != 0 || by_time || by_steps ? solver::Request::save
                                                      : solver::Request::none;
  }

  template <int dim>
  void RunCheckpoint<dim>::save(const typename solver::Equilibrium<dim>::Snapshot &snapshot,
                                const solver::LoadProgress &progress, RunRecorder<dim> &recorder)
  {
    save_requested = 0;
    time_of_last = std::chrono::steady_clock::now();
    step_of_last = progress.step;
    json run = {{"program", "seem"},
                {"program_version", program_version},
                {"parameters", context.parameters.as_text()},
                {"database_checksum", io::file_checksum(context.run.database_file)},
                {"progress", to_json(progress)},
                {"recorder", recorder.state()}};
    directory.write<dim>(body, points, snapshot, equilibrium.reference_tangents(), run,
                         communicator);
  }

  template <int dim>
  solver::RunHooks<dim> RunCheckpoint<dim>::hooks(RunRecorder<dim> &recorder,
                                                  const solver::LoadStepper<dim> &stepper)
  {
    solver::RunHooks<dim> result;
    result.on_step = [&](const solver::StepRecord &record) {
      recorder.step(record, stepper.events());
    };
    result.request = [this, &stepper] { return request(stepper.progress().step); };
    result.save = [this, &recorder](const auto &snapshot, const solver::LoadProgress &progress) {
      save(snapshot, progress, recorder);
    };
    return result;
  }

  template class RunCheckpoint<2>;
  template class RunCheckpoint<3>;
} // namespace seem::commands
