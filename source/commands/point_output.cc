// SPDX-License-Identifier: LGPL-2.1-or-later
#include "point_quantiles.h"
#include "point_results.h"

#include <seem/core/version.h>
#include <seem/database/material.h>
#include <seem/io/csv_writer.h>
#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

namespace seem::commands
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    /// Standard deviation over curves at one strain; NaN for a single one.
    double deviation(const std::vector<statistics::Curve> &curves,
                     std::vector<double> statistics::Curve::*column, const double strain,
                     const double mean)
    {
      if (curves.size() < 2)
        return not_a_number;
      double sum = 0.0;
      for (const statistics::Curve &curve : curves)
      {
        const double d = statistics::interpolate(curve.strain, curve.*column, strain) - mean;
        sum += d * d;
      }
      return std::sqrt(sum / static_cast<double>(curves.size() - 1));
    }

    /// A column of all curves at one strain.
    std::vector<double> at(const std::vector<statistics::Curve> &curves,
                           std::vector<double> statistics::Curve::*column, const double strain)
    {
      std::vector<double> values;
      for (const statistics::Curve &curve : curves)
        values.push_back(statistics::interpolate(curve.strain, curve.*column, strain));
      return values;
    }

    /// The number of all paths at one row.
    std::vector<double> at(const std::vector<std::vector<double>> &paths, const std::size_t row)
    {
      std::vector<double> values;
      for (const std::vector<double> &path : paths)
        values.push_back(path[row]);
      return values;
    }

    /// A run on the strain grid of the model; NaN beyond its end.
    std::vector<double> on_grid(const statistics::Curve &curve, const std::vector<double> &values,
                                const std::vector<double> &strain)
    {
      std::vector<double> result;
      for (const double at : strain)
        result.push_back(at > curve.strain.back() * (1.0 + 1e-9)
                             ? not_a_number
                             : statistics::interpolate(curve.strain, values, at));
      return result;
    }

    void append(std::vector<double> &all, const std::vector<double> &more)
    {
      all.insert(all.end(), more.begin(), more.end());
    }
  } // namespace

  void write_mean(const std::filesystem::path &path, const PointResults &results)
  {
    std::vector<std::string> columns = {"source",      "label",      "strain", "tau_GPa",
                                        "tau_std_GPa", "tau_se_GPa", "x1_eV",  "x1_std_eV",
                                        "x1_se_eV",    "n"};
    columns.insert(columns.end(), quantile_columns.begin(), quantile_columns.end());
    io::CsvWriter csv(path, columns);
    const auto write_row = [&](const std::array<double, 10> &quantiles, const auto &...values) {
      std::apply([&](const auto &...q) { csv.row(values..., q...); }, quantiles);
    };
    const std::vector<double> &grid = results.ensembles.front().ensemble.strain;
    for (const auto &[label, curves] : statistics::by_label(results.aqs))
    {
      statistics::CurveSettings settings;
      settings.spacing = grid[1] - grid[0];
      settings.end_strain = grid.back();
      const statistics::MeanCurve mean = statistics::mean_curve(curves, settings);
      for (std::size_t i = 0; i < mean.strain.size(); ++i)
        write_row(quantile_values(at(curves, &statistics::Curve::tau, mean.strain[i]),
                                  at(curves, &statistics::Curve::x1, mean.strain[i])),
                  "aqs", label, mean.strain[i], mean.tau[i],
                  deviation(curves, &statistics::Curve::tau, mean.strain[i], mean.tau[i]),
                  mean.tau_error[i], mean.x1[i],
                  deviation(curves, &statistics::Curve::x1, mean.strain[i], mean.x1[i]),
                  mean.x1_error[i], mean.n_curves);
    }
    for (const auto &[source, label, e] : results.ensembles)
    {
      const double root = std::sqrt(static_cast<double>(e.n_paths()));
      for (std::size_t i = 0; i < e.strain.size(); ++i)
        write_row(quantile_values(at(e.tau, i), at(e.x1, i)), source, label, e.strain[i],
                  e.mean_tau[i], e.std_tau[i], e.std_tau[i] / root, e.mean_x1[i], e.std_x1[i],
                  e.std_x1[i] / root, e.n_paths());
    }
    csv.close();
  }

  void write_paths(const std::filesystem::path &path, const PointResults &results,
                   const std::size_t n_paths)
  {
    io::CsvWriter csv(path, {"source", "label", "path", "strain", "tau_GPa", "x1_eV"});
    const std::vector<double> &grid = results.ensembles.front().ensemble.strain;
    std::map<std::string, std::size_t> n_written;
    for (std::size_t k = 0; k < results.aqs.size(); ++k)
    {
      const statistics::Curve &curve = results.aqs[k];
      if (n_written[curve.label]++ >= n_paths)
        continue;
      for (const double strain : grid)
        if (strain <= curve.strain.back() * (1.0 + 1e-9))
          csv.row("aqs", curve.label, results.aqs_names[k], strain,
                  statistics::interpolate(curve.strain, curve.tau, strain),
                  statistics::interpolate(curve.strain, curve.x1, strain));
    }
    for (const auto &[source, label, e] : results.ensembles)
      for (std::size_t k = 0; k < std::min(n_paths, e.n_paths()); ++k)
        for (std::size_t i = 0; i < e.strain.size(); ++i)
          csv.row(source, label, e.replica[k], e.strain[i], e.tau[k][i], e.x1[k][i]);
    csv.close();
  }

  void write_grid(const std::filesystem::path &path, const database::EventDatabase &database)
  {
    io::CsvWriter csv(path, {"tau_low_GPa", "tau_high_GPa", "x1_low_eV", "x1_high_eV", "exposure",
                             "n_events", "rate", "pooled_rate"});
    const std::vector<double> &tau = database.axes[0].edges, &x1 = database.axes[1].edges;
    const std::size_t n_tau = database.axes[0].n_bins(), n_x1 = database.axes[1].n_bins();
    const std::vector<double> pooled = database::event_rates(database);
    // With more variables than X1 only the first layer of their bins is shown.
    for (std::size_t j = 0; j < n_x1; ++j)
      for (std::size_t i = 0; i < n_tau; ++i)
      {
        const std::size_t bin = i + n_tau * j;
        csv.row(tau[i], tau[i + 1], x1[j], x1[j + 1], database.exposure[bin],
                database.n_events[bin], database.rate[bin], pooled[bin]);
      }
    csv.close();
  }

  void write_provenance(io::Hdf5Writer &file, const PointProvenance &provenance,
                        const std::string &description)
  {
    file.attribute("/", "kind", "point ensemble");
    file.attribute("/", "schema_version", std::int64_t(1));
    file.attribute("/", "program", "seem");
    file.attribute("/", "program_version", program_version);
    file.attribute("/", "description", description);
    file.attribute("/", "database_file", provenance.database_file.filename().string());
    file.attribute("/", "database_checksum", provenance.database_checksum);
    file.group("/settings", "parameters of seem point, as text");
    for (const auto &[name, value] : provenance.settings)
      file.attribute("/settings", name, value);
  }

  void write_point_file(const std::filesystem::path &path, const PointResults &results,
                        const PointProvenance &provenance)
  {
    io::Hdf5Writer file(path);
    write_provenance(file, provenance,
                     "Paths of the point model in simple shear, and atomistic runs on the same "
                     "strains");

    const std::vector<double> &strain = results.ensembles.front().ensemble.strain;
    file.dataset("/strain", strain, "1", "engineering shear strain gamma of all paths");

    for (const std::string source : {"model", "bernoulli"})
    {
      std::vector<std::string> label;
      std::vector<std::uint32_t> replica;
      std::vector<double> initial_tau, initial_x1, tau, x1;
      for (const LabelledEnsemble &labelled : results.ensembles)
        if (labelled.source == source)
          for (std::size_t k = 0; k < labelled.ensemble.n_paths(); ++k)
          {
            label.push_back(labelled.label);
            replica.push_back(static_cast<std::uint32_t>(labelled.ensemble.replica[k]));
            initial_tau.push_back(labelled.ensemble.initial[k].tau);
            initial_x1.push_back(labelled.ensemble.initial[k].x[0]);
            append(tau, labelled.ensemble.tau[k]);
            append(x1, labelled.ensemble.x1[k]);
          }
      if (label.empty())
        continue;
      const std::string group = "/" + source;
      file.group(group, source == "model" ? "event-driven paths"
                                          : "paths of the Bernoulli "
                                            "integrator");
      file.dataset(group + "/label", label, "preparation of each path");
      file.dataset(group + "/replica", replica, "1", "cell id in the key of the random numbers");
      file.dataset(group + "/initial_tau", initial_tau, "GPa", "shear stress at zero strain");
      file.dataset(group + "/initial_x1", initial_x1, "eV", "X1 per atom at zero strain");
      file.dataset(group + "/tau", tau, {label.size(), strain.size()}, "GPa",
                   "shear stress [path][strain]");
      file.dataset(group + "/x1", x1, {label.size(), strain.size()}, "eV",
                   "inelastic energy per atom [path][strain]");
    }

    if (!results.aqs.empty())
    {
      std::vector<std::string> label;
      std::vector<double> tau, x1;
      for (const statistics::Curve &curve : results.aqs)
      {
        label.push_back(curve.label);
        append(tau, on_grid(curve, curve.tau, strain));
        append(x1, on_grid(curve, curve.x1, strain));
      }
      file.group("/aqs", "atomistic runs, interpolated; NaN beyond their end");
      file.dataset("/aqs/label", label, "preparation of each run");
      file.dataset("/aqs/name", results.aqs_names, "file of each run");
      file.dataset("/aqs/tau", tau, {label.size(), strain.size()}, "GPa",
                   "shear stress [run][strain]");
      file.dataset("/aqs/x1", x1, {label.size(), strain.size()}, "eV",
                   "inelastic energy per atom [run][strain]");
    }
    file.close();
  }
} // namespace seem::commands
