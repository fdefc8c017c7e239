// SPDX-License-Identifier: LGPL-2.1-or-later
#include "figure_tables.h"

#include <seem/io/csv_writer.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::commands
{
  void write_figure_1(const std::filesystem::path &directory, const statistics::Trajectory &run,
                      const statistics::Curve &curve, const std::vector<double> &event_strains)
  {
    std::vector<int> event(run.n_rows(), 0);
    for (const double strain : event_strains)
    {
      // The row nearest: the file of a run may have been written with fewer digits than the
      // database.
      auto row = std::lower_bound(run.strain.begin(), run.strain.end(), strain);
      if (row == run.strain.end() ||
          (row != run.strain.begin() && strain - *(row - 1) < *row - strain))
        --row;
      event[static_cast<std::size_t>(row - run.strain.begin())] = 1;
    }
    io::CsvWriter csv(directory / "figure_1.csv",
                      {"strain", "tau_GPa", "energy_eV", "x1_eV", "event"});
    for (std::size_t i = 0; i < run.n_rows(); ++i)
      csv.row(run.strain[i], run.tau[i], run.energy[i], curve.x1[i], event[i]);
    csv.close();
  }

  void write_figure_2(const std::filesystem::path &directory,
                      const database::EventDatabase &database, const database::BinMeans &means,
                      const database::FlowMap &map, const std::vector<database::FixedPoint> &points)
  {
    const std::vector<double> &tau = database.axes[0].edges, &x1 = database.axes[1].edges;
    io::CsvWriter csv(directory / "figure_2.csv",
                      {"tau_low_GPa", "tau_high_GPa", "x1_low_eV", "x1_high_eV", "exposure",
                       "n_events", "rate", "mean_dtau_GPa", "mean_dx1_eV", "smooth_rate",
                       "smooth_mean_dtau_GPa", "smooth_mean_dx1_eV", "dtau_dgamma_GPa",
                       "dx1_dgamma_eV"});
    for (std::size_t j = 0; j < means.n_x1; ++j)
      for (std::size_t i = 0; i < means.n_tau; ++i)
      {
        const std::size_t bin = i + means.n_tau * j;
        csv.row(tau[i], tau[i + 1], x1[j], x1[j + 1], means.exposure[bin], means.n_events[bin],
                means.rate[bin], means.mean_dtau[bin], means.mean_dx1[bin], map.rate[bin],
                map.mean_dtau[bin], map.mean_dx1[bin], map.dtau[bin], map.dx1[bin]);
      }
    csv.close();

    io::CsvWriter nullclines(directory / "figure_2_nullclines.csv",
                             {"of", "curve", "tau_GPa", "x1_eV"});
    const auto write_curves = [&](const char *of, const std::vector<double> &values) {
      std::size_t number = 0;
      for (const database::PlaneCurve &curve : database::zero_curves(map, values))
      {
        for (std::size_t k = 0; k < curve.tau.size(); ++k)
          nullclines.row(of, number, curve.tau[k], curve.x1[k]);
        ++number;
      }
    };
    write_curves("tau", map.dtau);
    write_curves("X1", map.dx1);
    nullclines.close();

    io::CsvWriter fixed(directory / "figure_2_fixed_points.csv",
                        {"tau_GPa", "x1_eV", "attracting"});
    for (const database::FixedPoint &point : points)
      fixed.row(point.tau, point.x1, point.attracting ? 1 : 0);
    fixed.close();
  }

  void write_figure_paths(const std::filesystem::path &file, const std::vector<FigurePath> &paths)
  {
    io::CsvWriter csv(file, {"source", "name", "strain", "tau_GPa", "x1_eV"});
    for (const FigurePath &path : paths)
      for (std::size_t i = 0; i < path.curve.strain.size(); ++i)
        csv.row(path.source, path.name, path.curve.strain[i], path.curve.tau[i], path.curve.x1[i]);
    csv.close();
  }

  void write_figure_3b(const std::filesystem::path &directory,
                       const database::EventDatabase &database, const std::size_t bin,
                       const database::JumpHistogram &histogram)
  {
    io::CsvWriter csv(directory / "figure_3b.csv",
                      {"dtau_low_GPa", "dtau_high_GPa", "dx1_low_eV", "dx1_high_eV", "n_events"});
    const std::size_t n_dtau = histogram.dtau_edges.size() - 1;
    for (std::size_t k = 0; k < histogram.counts.size(); ++k)
      csv.row(histogram.dtau_edges[k % n_dtau], histogram.dtau_edges[k % n_dtau + 1],
              histogram.dx1_edges[k / n_dtau], histogram.dx1_edges[k / n_dtau + 1],
              histogram.counts[k]);
    csv.close();

    io::CsvWriter line(directory / "figure_3b_line.csv", {"dtau_GPa", "dx1_eV"});
    for (std::size_t k = 0; k < histogram.line_dtau.size(); ++k)
      line.row(histogram.line_dtau[k], histogram.line_dx1[k]);
    line.close();

    const database::Axis &tau = database.axes[0], &x1 = database.axes[1];
    const std::size_t i = bin % tau.n_bins(), j = bin / tau.n_bins();
    io::CsvWriter about(directory / "figure_3b_bin.csv",
                        {"tau_low_GPa", "tau_high_GPa", "x1_low_eV", "x1_high_eV", "mean_tau_GPa",
                         "mean_x1_eV", "n_events", "n_ageing", "n_gaining"});
    about.row(tau.edges[i], tau.edges[i + 1], x1.edges[j], x1.edges[j + 1],
              histogram.mean_state.tau, histogram.mean_state.x[0], histogram.n_events,
              histogram.n_ageing, histogram.n_gaining);
    about.close();
  }

  void write_figure_5(const std::filesystem::path &directory, const std::vector<FigureMean> &means)
  {
    io::CsvWriter csv(directory / "figure_5.csv",
                      {"source", "label", "cooling_rate_K_per_s", "strain", "tau_GPa", "tau_se_GPa",
                       "x1_eV", "x1_se_eV", "n"});
    for (const auto &[source, cooling_rate, mean] : means)
      for (std::size_t i = 0; i < mean.strain.size(); ++i)
        csv.row(source, mean.label, cooling_rate, mean.strain[i], mean.tau[i], mean.tau_error[i],
                mean.x1[i], mean.x1_error[i], mean.n_curves);
    csv.close();
  }

  void write_figure_s1(const std::filesystem::path &directory,
                       const database::EventDatabase &database,
                       const statistics::ElasticCalibration &calibration)
  {
    io::CsvWriter csv(directory / "figure_S1.csv",
                      {"run", "label", "glass", "cooling_rate_K_per_s", "x1_eV", "modulus_GPa"});
    for (const auto &[info, x1, modulus] : calibration.first)
      csv.row(info.name, info.label, info.glass, info.cooling_rate, x1, modulus);
    csv.close();

    io::CsvWriter fit(directory / "figure_S1_fit.csv",
                      {"of", "strain", "g0_GPa", "g0_se_GPa", "u_a_eV", "u_a_se_eV"});
    const double none = std::numeric_limits<double>::quiet_NaN();
    fit.row("first moduli", calibration.first_strain, calibration.fit.constants.g0, none,
            calibration.fit.constants.u_a, none);
    fit.row("database", none, database.elasticity.g0.value, database.elasticity.g0.standard_error,
            database.elasticity.u_a.value, database.elasticity.u_a.standard_error);
    fit.close();

    io::CsvWriter branches(directory / "figure_S1_branches.csv",
                           {"over", "low", "high", "n_pieces", "n_glasses", "modulus_GPa",
                            "modulus_se_GPa", "elasticity_GPa"});
    const auto write_bins = [&](const char *over, const auto &bins) {
      for (const statistics::ResidualBin &bin : bins)
        branches.row(over, bin.low, bin.high, bin.n_pieces, bin.n_glasses,
                     bin.tangent + bin.residual.value, bin.residual.standard_error, bin.tangent);
    };
    write_bins("tau", calibration.branches.tau);
    write_bins("x1", calibration.branches.x1);
    branches.close();
  }
} // namespace seem::commands
