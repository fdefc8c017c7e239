// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_output.h"
#include "elapsed_time.h"

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

    /// Share of the progress after which another line is printed where lines stay.
    constexpr double line_share = 0.1;
  } // namespace

  RunTables::RunTables(const std::filesystem::path &directory, const bool log_events)
      : history(directory / "history.csv",
                {"step",
                 "strain",
                 "stress_xy_GPa",
                 "stress_xx_GPa",
                 "stress_yy_GPa",
                 "stress_zz_GPa",
                 "mean_tau_GPa",
                 "mean_x1_eV",
                 "std_x1_eV",
                 "mean_plastic_strain",
                 "n_passes",
                 "n_events",
                 "n_spontaneous",
                 "n_triggered",
                 "largest_pass",
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
                 "first_law_residual_GPa"},
                Mode::growing),
        timings(directory / "timings.csv",
                {"step", "wall_s", "newton_steps", "linear_steps", "preconditioners", "law_s",
                 "linear_s", "setup_s"},
                Mode::growing)
  {
    if (log_events)
      event_log = std::make_unique<io::CsvWriter>(
          directory / "events.csv",
          std::vector<std::string>{"step", "pass", "cell", "quadrature_point", "copy", "number",
                                   "path", "tau_GPa", "x1_eV", "dtau_GPa", "dx1_eV", "heat_GPa",
                                   "plastic_shear", "support"},
          Mode::growing);
  }

  void RunTables::write(const solver::StepRecord &r, const solver::SolverEffort &effort,
                        std::vector<solver::LoggedEvent> &events)
  {
    const unsigned long n_step_events = r.n_spontaneous + r.n_triggered;
    n_events += n_step_events;
    history.row(r.step, r.strain, r.mean_stress[5] / law::sqrt2, r.mean_stress[0], r.mean_stress[1],
                r.mean_stress[2], r.mean_tau, r.mean_x1, r.std_x1, r.mean_plastic_shear, r.n_passes,
                n_step_events, r.n_spontaneous, r.n_triggered, r.largest_pass, n_events,
                r.n_outside, r.n_forced, r.n_gaining, r.backward_share(), r.largest_local_shear,
                r.high_pressure_share, r.energy.work, r.energy.elastic, r.energy.inelastic,
                r.energy.event_heat, r.energy.redistribution_heat, r.energy.residual());
    history.flush();
    timings.row(r.step, seconds_since(start), effort.n_newton_steps, effort.n_linear_steps,
                effort.n_preconditioners, effort.law_seconds, effort.linear_seconds,
                effort.setup_seconds);
    timings.flush();

    if (!event_log)
      return;
    const auto order = [](const solver::LoggedEvent &e) {
      return std::make_tuple(e.pass, e.record.key.cell, e.record.key.quadrature_point,
                             e.record.key.copy, e.record.number);
    };
    std::sort(events.begin(), events.end(),
              [&](const auto &a, const auto &b) { return order(a) < order(b); });
    for (const solver::LoggedEvent &e : events)
      event_log->row(e.step, e.pass, e.record.key.cell, e.record.key.quadrature_point,
                     e.record.key.copy, e.record.number, e.record.path, e.record.before.tau,
                     e.record.before.x[0], e.record.jump.dtau, e.record.jump.dx[0], e.record.heat,
                     e.record.plastic_shear, std::string(name_of(e.record.support)));
    event_log->flush();
  }

  Progress::Progress(const double final_strain)
      : final_strain(final_strain), terminal(isatty(fileno(stderr)) != 0)
  {
  }

  void Progress::show(const solver::StepRecord &record)
  {
    const bool last = record.strain >= final_strain;
    if (!terminal && !last && record.strain < next_line)
      return;
    next_line = record.strain + line_share * final_strain;

    const double elapsed = seconds_since(start);
    const double left = elapsed * (final_strain / record.strain - 1.0);
    fmt::print(stderr,
               "{}step {:5}  strain {:.4f} of {:g}  stress {:6.3f} GPa  {:3} passes  elapsed {}  "
               "left {}   {}",
               terminal ? "\r" : "", record.step, record.strain, final_strain,
               record.mean_stress[5] / law::sqrt2, record.n_passes, duration(elapsed),
               duration(left), terminal && !last ? "" : "\n");
    std::fflush(stderr);
  }

  void write_final_field(const std::filesystem::path &file,
                         const std::vector<solver::QuadraturePoint<2>> &quadrature_points,
                         const solver::MaterialPoints &points, const MPI_Comm communicator)
  {
    struct Row
    {
      PointKey key;
      std::array<double, 5> values;
      unsigned int n_events;
    };
    std::vector<Row> rows(points.size());
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::PointFields fields = points.fields(p);
      rows[p] = {quadrature_points[p].key,
                 {{quadrature_points[p].position[0], quadrature_points[p].position[1],
                   fields.plastic_shear, fields.tau, fields.x1}},
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
      io::CsvWriter csv(file, {"cell", "quadrature_point", "x_nm", "y_nm", "plastic_strain",
                               "tau_GPa", "x1_eV", "n_events"});
      for (const Row &r : all)
        csv.row(r.key.cell, r.key.quadrature_point, r.values[0], r.values[1], r.values[2],
                r.values[3], r.values[4], r.n_events);
      csv.close();
    });
  }

  void write_point_mean(const std::filesystem::path &file, const PointEnsemble &ensemble)
  {
    io::CsvWriter csv(file, {"strain", "tau_GPa", "tau_std_GPa", "x1_eV", "x1_std_eV", "n"});
    for (std::size_t i = 0; i < ensemble.strain.size(); ++i)
      csv.row(ensemble.strain[i], ensemble.mean_tau[i], ensemble.std_tau[i], ensemble.mean_x1[i],
              ensemble.std_x1[i], ensemble.n_paths());
    csv.close();
  }
} // namespace seem::commands
