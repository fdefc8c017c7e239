// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_output.h"
#include "elapsed_time.h"

#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/solver/collective.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

namespace seem::commands
{
  namespace
  {
    using Mode = io::CsvWriter::Mode;

    const char *name_of(const law::Support support)
    {
      switch (support)
      {
      case law::Support::inside:
        return "inside";
      case law::Support::outside:
        return "outside";
      default:
        return "forced";
      }
    }

    /// An energy in eV of one in GPa nm^3.
    double energy_in_eV(const double energy)
    {
      constexpr double cube = units::A_per_nm * units::A_per_nm * units::A_per_nm;
      return energy * cube / units::GPa_per_eV_per_A3;
    }

    /// What a killed run may lose of history.h5, whose every flush costs some system calls.
    constexpr double seconds_between_flushes = 10.0;

    /// Share of the progress after which another line is printed where lines stay.
    constexpr double line_share = 0.1;
  } // namespace

  io::CsvWriter open_table(const std::filesystem::path &file,
                           const std::vector<std::string> &columns, const RowCounts *resume)
  {
    if (resume == nullptr)
      return {file, columns, Mode::growing};
    const auto found = resume->find(file.filename().string());
    if (found == resume->end())
      throw InputError(fmt::format("{}: the run that is to be continued did not write this table",
                                   file.string()));
    return io::CsvWriter::resume(file, columns, found->second);
  }

  HistoryTable::HistoryTable(const std::filesystem::path &directory,
                             const std::vector<std::string> &columns, const bool with_hdf5,
                             const RowCounts *resume)
      : csv(open_table(directory / "history.csv", columns, resume))
  {
    if (with_hdf5 && resume != nullptr)
      hdf5 = std::make_unique<io::Hdf5Table>(
          io::Hdf5Table::resume(directory / "history.h5", columns, csv.n_rows()));
    else if (with_hdf5)
      hdf5 = std::make_unique<io::Hdf5Table>(
          directory / "history.h5", columns, "run history",
          "History of seem run, one row per accepted load step; what the columns mean: "
          "doc/file_formats.md");
  }

  void HistoryTable::flush()
  {
    csv.flush();
    if (!hdf5 || seconds_since(flushed) < seconds_between_flushes)
      return;
    hdf5->flush();
    flushed = std::chrono::steady_clock::now();
  }

  void HistoryTable::finish()
  {
    csv.flush();
    if (hdf5)
      hdf5->flush();
  }

  RunTables::RunTables(const std::filesystem::path &directory, const RunLoading &loading,
                       const OutputParameters &output, const RowCounts *resume)
      : loading(loading), history(directory,
                                  {"step",
                                   "time",
                                   "strain",
                                   "stress_GPa",
                                   "strain_xx",
                                   "strain_yy",
                                   "strain_zz",
                                   "gamma_yz",
                                   "gamma_xz",
                                   "gamma_xy",
                                   "stress_xx_GPa",
                                   "stress_yy_GPa",
                                   "stress_zz_GPa",
                                   "stress_yz_GPa",
                                   "stress_xz_GPa",
                                   "stress_xy_GPa",
                                   "mean_tau_GPa",
                                   "mean_x1_eV",
                                   "std_x1_eV",
                                   "mean_plastic_strain",
                                   "n_passes",
                                   "n_events",
                                   "n_spontaneous",
                                   "n_triggered",
                                   "largest_pass",
                                   "participation",
                                   "n_events_total",
                                   "n_outside",
                                   "n_forced",
                                   "n_energy_gaining",
                                   "backward_share",
                                   "largest_local_shear",
                                   "high_pressure_share",
                                   "work_GPa",
                                   "elastic_GPa",
                                   "inelastic_GPa",
                                   "event_heat_GPa",
                                   "redistribution_heat_GPa",
                                   "first_law_residual_GPa",
                                   "n_clusters",
                                   "n_bands",
                                   "cluster_volume_share",
                                   "largest_cluster_share",
                                   "band_angle_deg",
                                   "band_normal_x",
                                   "band_normal_y",
                                   "band_normal_z",
                                   "band_length_nm",
                                   "band_width_nm",
                                   "band_width_cells",
                                   "band_plastic_strain"},
                                  output.history_hdf5, resume),
        timings(open_table(directory / "timings.csv",
                           {"step", "wall_s", "newton_steps", "linear_steps", "preconditioners",
                            "law_s", "strain_s", "linear_s", "setup_s"},
                           resume))
  {
    if (resume != nullptr)
      n_events = resume->at("events");
    if (output.event_csv)
      event_log = std::make_unique<io::CsvWriter>(open_table(
          directory / "events.csv",
          {"step", "pass", "cell", "quadrature_point", "copy", "number", "path", "tau_GPa", "x1_eV",
           "dtau_GPa", "dx1_eV", "heat_GPa", "plastic_shear", "support"},
          resume));
    if (loading.steps.stepping == solver::Stepping::next_event)
      avalanches = std::make_unique<io::CsvWriter>(
          open_table(directory / "avalanches.csv",
                     {"avalanche", "step", "time", "strain", "stress_GPa", "n_events",
                      "n_spontaneous", "n_states", "participation", "duration", "plastic_strain",
                      "stress_drop_GPa", "strain_jump", "event_heat_GPa", "redistribution_heat_GPa",
                      "heat_eV", "cell", "quadrature_point"},
                     resume));
  }

  void RunTables::write(const solver::StepRecord &r, const solver::ShearBands &bands,
                        const solver::SolverEffort &effort,
                        std::vector<solver::LoggedEvent> &events)
  {
    const unsigned long n_step_events = r.n_spontaneous + r.n_triggered;
    n_events += n_step_events;
    const auto strain = [&](const int c) { return (c < 3 ? 1.0 : law::sqrt2) * r.mean_strain[c]; };
    const auto stress = [&](const int c) { return r.mean_stress[c] / (c < 3 ? 1.0 : law::sqrt2); };
    history.row(r.step, r.time, loading.driven_strain(r), loading.driven_stress(r), strain(0),
                strain(1), strain(2), strain(3), strain(4), strain(5), stress(0), stress(1),
                stress(2), stress(3), stress(4), stress(5), r.mean_tau, r.mean_x1, r.std_x1,
                r.mean_plastic_shear, r.n_passes, n_step_events, r.n_spontaneous, r.n_triggered,
                r.largest_pass, r.participation, n_events, r.n_outside, r.n_forced, r.n_gaining,
                r.backward_share(), r.largest_local_shear, r.high_pressure_share, r.energy.work,
                r.energy.elastic, r.energy.inelastic, r.energy.event_heat,
                r.energy.redistribution_heat, r.energy.residual(), bands.n_clusters, bands.n_bands,
                bands.volume_share, bands.largest_share, bands.angle, bands.normal[0],
                bands.normal[1], bands.normal[2], bands.length, bands.width, bands.width_cells,
                bands.mean_strain);
    history.flush();
    timings.row(r.step, seconds_since(start), effort.n_newton_steps, effort.n_linear_steps,
                effort.n_preconditioners, effort.law_seconds, effort.strain_seconds,
                effort.linear_seconds, effort.setup_seconds);
    timings.flush();

    if (avalanches && r.avalanche.number > 0)
    {
      const solver::Avalanche &a = r.avalanche;
      const double stress = loading.driven_stress(a.stress_before, a.tau_before);
      const double strain_jump = loading.strain_jump(r);
      avalanches->row(a.number, r.step, r.time, loading.driven_strain(r) - strain_jump, stress,
                      n_step_events, r.n_spontaneous, r.n_fired_states, r.participation,
                      r.n_firing_passes, r.plastic_shear, stress - loading.driven_stress(r),
                      strain_jump, a.event_heat, a.redistribution_heat, energy_in_eV(a.released),
                      a.trigger.cell, a.trigger.quadrature_point);
      avalanches->flush();
    }

    if (!event_log)
      return;
    std::sort(events.begin(), events.end(), solver::comes_before);
    for (const solver::LoggedEvent &e : events)
      event_log->row(e.step, e.pass, e.record.key.cell, e.record.key.quadrature_point,
                     e.record.key.copy, e.record.number, e.record.path, e.record.before.tau,
                     e.record.before.x[0], e.record.jump.dtau, e.record.jump.dx[0], e.record.heat,
                     e.record.plastic_shear, std::string(name_of(e.record.support)));
    event_log->flush();
  }

  void RunTables::finish()
  {
    history.finish();
  }

  RowCounts RunTables::n_rows() const
  {
    RowCounts rows = {
        {"history.csv", history.n_rows()}, {"timings.csv", timings.n_rows()}, {"events", n_events}};
    if (event_log)
      rows["events.csv"] = event_log->n_rows();
    if (avalanches)
      rows["avalanches.csv"] = avalanches->n_rows();
    return rows;
  }

  ReactionTable::ReactionTable(const std::filesystem::path &directory, const unsigned int dim,
                               const std::map<std::string, dealii::types::boundary_id> &by_name,
                               const RowCounts *resume)
      : table(open_table(
            directory / "reactions.csv",
            dim == 2 ? std::vector<std::string>{"step", "time", "boundary", "name", "force_x_nN",
                                                "force_y_nN", "moment_z_nN_nm"}
                     : std::vector<std::string>{"step", "time", "boundary", "name", "force_x_nN",
                                                "force_y_nN", "force_z_nN", "moment_x_nN_nm",
                                                "moment_y_nN_nm", "moment_z_nN_nm"},
            resume))
  {
    for (const auto &[name, id] : by_name)
      names[id] = name;
  }

  void ReactionTable::write(const solver::StepRecord &r, const dealii::types::boundary_id boundary,
                            const std::vector<double> &f)
  {
    const auto found = names.find(boundary);
    const std::string name = found == names.end() ? std::string() : found->second;
    const auto id = static_cast<unsigned int>(boundary);
    if (f.size() == 3)
      table.row(r.step, r.time, id, name, f[0], f[1], f[2]);
    else
      table.row(r.step, r.time, id, name, f[0], f[1], f[2], f[3], f[4], f[5]);
    table.flush();
  }

  Progress::Progress(const RunLoading &loading, const double begin)
      : loading(loading), begin(begin), terminal(isatty(fileno(stderr)) != 0), next_line(begin)
  {
  }

  void Progress::show(const solver::StepRecord &record)
  {
    const double final_time = loading.steps.final_time;
    const bool last = record.time >= final_time;
    if (!terminal && !last && record.time < next_line)
      return;
    next_line = record.time + line_share * (final_time - begin);

    const double elapsed = seconds_since(start);
    const double left = elapsed * ((final_time - begin) / (record.time - begin) - 1.0);
    fmt::print(stderr,
               "{}step {:5}  t {:.4f} of {:g}  strain {:.4f}  stress {:6.3f} GPa  {:3} passes  "
               "elapsed {}  left {}   {}",
               terminal ? "\r" : "", record.step, record.time, final_time,
               loading.driven_strain(record), loading.driven_stress(record), record.n_passes,
               duration(elapsed), duration(left), terminal && !last ? "" : "\n");
    std::fflush(stderr);
  }

  template <int dim>
  void write_final_field(const std::filesystem::path &file,
                         const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
                         const solver::MaterialPoints &points, const MPI_Comm communicator)
  {
    struct Row
    {
      PointKey key;
      std::array<double, 6> values;
      unsigned int n_events;
    };
    std::vector<Row> rows(points.size());
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::PointFields fields = points.fields(p);
      rows[p] = {
          quadrature_points[p].key,
          {{quadrature_points[p].position[0], quadrature_points[p].position[1],
            quadrature_points[p].position[dim - 1], fields.plastic_shear, fields.tau, fields.x1}},
          fields.n_events};
    }

    std::vector<Row> all = solver::gather_records(communicator, rows);
    solver::run_collectively(communicator, [&] {
      if (dealii::Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      std::sort(all.begin(), all.end(), [](const Row &a, const Row &b) {
        return std::tie(a.key.cell, a.key.quadrature_point) <
               std::tie(b.key.cell, b.key.quadrature_point);
      });
      std::vector<std::string> columns = {"cell",  "quadrature_point", "x_nm",
                                          "y_nm",  "plastic_strain",   "tau_GPa",
                                          "x1_eV", "n_events"};
      if (dim == 3)
        columns.insert(columns.begin() + 4, "z_nm");
      io::CsvWriter csv(file, columns);
      for (const Row &r : all)
        if constexpr (dim == 2)
          csv.row(r.key.cell, r.key.quadrature_point, r.values[0], r.values[1], r.values[3],
                  r.values[4], r.values[5], r.n_events);
        else
          csv.row(r.key.cell, r.key.quadrature_point, r.values[0], r.values[1], r.values[2],
                  r.values[3], r.values[4], r.values[5], r.n_events);
      csv.close();
    });
  }

  template void write_final_field(const std::filesystem::path &,
                                  const std::vector<solver::QuadraturePoint<2>> &,
                                  const solver::MaterialPoints &, MPI_Comm);
  template void write_final_field(const std::filesystem::path &,
                                  const std::vector<solver::QuadraturePoint<3>> &,
                                  const solver::MaterialPoints &, MPI_Comm);

  void write_point_mean(const std::filesystem::path &file, const PointEnsemble &ensemble)
  {
    io::CsvWriter csv(file, {"strain", "tau_GPa", "tau_std_GPa", "x1_eV", "x1_std_eV", "n"});
    for (std::size_t i = 0; i < ensemble.strain.size(); ++i)
      csv.row(ensemble.strain[i], ensemble.mean_tau[i], ensemble.std_tau[i], ensemble.mean_x1[i],
              ensemble.std_x1[i], ensemble.n_paths());
    csv.close();
  }
} // namespace seem::commands
