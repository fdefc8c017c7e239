// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_recorder.h"
#include "text_file.h"

#include <seem/commands/replay_command.h>
#include <seem/solver/collective.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

namespace seem::commands
{
  using nlohmann::json;

  namespace
  {
    namespace mpi = dealii::Utilities::MPI;

    /// Where the states are: at their point, or at the mean of the points of their cell.
    template <int dim>
    std::vector<solver::StatePlace>
    places_of(const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
              const StateData &states)
    {
      std::vector<solver::StatePlace> places;
      if (states.data.empty())
        return places;
      const std::size_t n_shared = quadrature_points.size() / states.data.size();
      for (std::size_t s = 0; s < states.data.size(); ++s)
      {
        dealii::Point<dim> sum;
        for (std::size_t p = s * n_shared; p < (s + 1) * n_shared; ++p)
          sum += quadrature_points[p].position;
        solver::StatePlace place{states.data[s].key, {}, states.data[s].volume_ratio};
        for (unsigned int d = 0; d < dim; ++d)
          place.position[d] = sum[d] / static_cast<double>(n_shared);
        places.push_back(place);
      }
      return places;
    }
  } // namespace

  template <int dim>
  RunRecorder<dim>::RunRecorder(const RunContext &context, const std::filesystem::path &directory,
                                const solver::Body<dim> &body,
                                solver::Equilibrium<dim> &equilibrium,
                                const solver::MaterialPoints &points,
                                const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
                                const StateData &states, RunClock &clock,
                                const MPI_Comm communicator, const json *resume)
      : context(context), parameters(context.run.output), directory(directory),
        equilibrium(equilibrium), points(points), clock(clock), communicator(communicator),
        first_rank(mpi::this_mpi_process(communicator) == 0),
        moved(body.program.moved_boundaries()),
        fields(body, points, (directory / "fields").string(), parameters.fields),
        band_finder(body.discretisation, *body.balance, parameters.shear_bands),
        schedule(parameters, context.run.loading.begin, context.run.loading.steps.final_time),
        progress(context.run.loading, equilibrium.time()),
        selection(parameters.event_filter, places_of(quadrature_points, states)),
        time_of_fields(std::numeric_limits<double>::quiet_NaN())
  {
    const RunClock::Scope scope(clock, RunClock::output);
    std::optional<RowCounts> rows;
    if (resume != nullptr)
    {
      rows = resume->at("rows").get<RowCounts>();
      restore(*resume);
    }
    const RowCounts *const kept = rows ? &*rows : nullptr;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      write_text_file(directory / "parameters.prm", context.parameters.print(ParameterFormat::prm));
      std::filesystem::create_directories(directory / "fields");
      std::filesystem::remove(directory / replay_file_name); // of an earlier run
      tables.emplace(directory, context.run.loading, parameters, kept);
      if (!moved.empty())
        reactions.emplace(directory, dim, body.mesh->boundary_names, kept);
      field_index.emplace(open_table(directory / "fields" / "fields.csv",
                                     {"number", "step", "time", "strain", "stress_GPa", "reasons"},
                                     kept));
    });
    const std::string log_file = (directory / "events.h5").string();
    if (parameters.event_hdf5 && resume != nullptr)
      event_log = std::make_unique<solver::EventLogFile>(
          communicator, log_file, resume->at("events_in_log").get<unsigned long>());
    else if (parameters.event_hdf5)
      event_log = std::make_unique<solver::EventLogFile>(communicator, log_file, selection.places(),
                                                         parameters.event_filter_text);
  }

  template <int dim>
  json RunRecorder<dim>::state()
  {
    RowCounts rows;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      tables->finish();
      rows = tables->n_rows();
      if (reactions)
        rows["reactions.csv"] = reactions->n_rows();
      rows["fields.csv"] = field_index->n_rows();
    });
    if (event_log)
      event_log->flush();
    const FieldSchedule::Memory memory = schedule.memory();
    json result = {
        {"rows", rows},
        {"events_in_log", event_log ? event_log->n_events() : 0ul},
        {"summary", sums.numbers()},
        {"last_step", last.step},
        {"last_time", last.time},
        {"field_times", fields.series().times},
        {"field_meshes", fields.series().mesh},
        {"schedule", {memory.next_time, memory.largest_stress, memory.peak_is_past ? 1.0 : 0.0}}};
    if (std::isfinite(time_of_fields))
      result["time_of_fields"] = time_of_fields;
    return result;
  }

  template <int dim>
  void RunRecorder<dim>::restore(const json &state)
  {
    sums.restore(state.at("summary").get<std::map<std::string, double>>());
    last.step = state.at("last_step");
    last.time = state.at("last_time");
    fields.resume({state.at("field_times").get<std::vector<double>>(),
                   state.at("field_meshes").get<std::vector<unsigned int>>()});
    const auto memory = state.at("schedule").get<std::vector<double>>();
    schedule.resume({memory.at(0), memory.at(1), memory.at(2) > 0.0});
    if (state.contains("time_of_fields"))
      time_of_fields = state.at("time_of_fields");
  }

  template <int dim>
  void RunRecorder<dim>::write_fields(const std::string &reasons)
  {
    const std::size_t number = fields.series().times.size();
    fields.write(equilibrium);
    time_of_fields = last.time;
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      field_index->row(number, last.step, last.time, context.run.loading.driven_strain(last),
                       context.run.loading.driven_stress(last), reasons);
      field_index->flush();
    });
  }

  template <int dim>
  void RunRecorder<dim>::step(const solver::StepRecord &record,
                              const std::vector<solver::LoggedEvent> &events)
  {
    const RunClock::Scope scope(clock, RunClock::output);
    last = record;
    sums.add(record, survey_points(points, communicator), band_finder.find(points),
             context.run.loading);

    std::vector<solver::LoggedEvent> logged, all;
    if (parameters.logs_events())
      logged = selection.select(events);
    if (event_log)
      event_log->append(logged);
    if (parameters.event_csv)
      all = solver::gather_records(communicator, logged);
    std::vector<std::vector<double>> forces;
    for (const dealii::types::boundary_id id : moved)
    {
      const auto reaction = equilibrium.reaction(id);
      forces.emplace_back(reaction.begin(), reaction.end());
    }
    solver::run_collectively(communicator, [&] {
      if (!first_rank)
        return;
      tables->write(record, sums.bands, equilibrium.effort, all);
      for (std::size_t i = 0; i < moved.size(); ++i)
        reactions->write(record, moved[i], forces[i]);
      progress.show(record);
    });

    const std::string reasons =
        schedule.reasons(record.step, record.time, context.run.loading.driven_stress(record));
    if (!reasons.empty())
      write_fields(reasons);
  }

  template <int dim>
  void RunRecorder<dim>::finish()
  {
    const RunClock::Scope scope(clock, RunClock::output);
    // A run may end before its final time.
    if (!(time_of_fields == last.time))
      write_fields("end");
    if (event_log)
      event_log->flush();
    solver::run_collectively(communicator, [&] {
      if (first_rank)
        tables->finish();
    });
  }

  template <int dim>
  std::string RunRecorder<dim>::file_names() const
  {
    std::string names =
        fmt::format("history.csv, final_field.csv, fields/{} (ParaView)", fields.series_name());
    const auto add = [&](const bool is_there, const char *name) {
      if (is_there)
        names += fmt::format(", {}", name);
    };
    add(parameters.history_hdf5, "history.h5");
    add(!moved.empty(), "reactions.csv");
    add(context.run.loading.steps.stepping == solver::Stepping::next_event, "avalanches.csv");
    add(parameters.event_csv, "events.csv");
    add(parameters.event_hdf5, "events.h5");
    return names;
  }

  template class RunRecorder<2>;
  template class RunRecorder<3>;
} // namespace seem::commands
