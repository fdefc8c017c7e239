// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_POINT_RESULTS_H
#define SEEM_SOURCE_COMMANDS_POINT_RESULTS_H

#include <seem/commands/point_ensemble.h>
#include <seem/database/event_database.h>
#include <seem/statistics/curves.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace seem::io
{
  class Hdf5Writer;
}

namespace seem::commands
{
  /// One ensemble of `seem point`.
  struct LabelledEnsemble
  {
    std::string source; ///< "model" (event-driven) or "bernoulli"
    std::string label;
    PointEnsemble ensemble;
  };

  /// Model against atomistic runs, one label.
  struct PointComparison
  {
    std::string source;
    std::string label;
    statistics::CurveFigures model;
    double model_events = 0.0; ///< per unit strain, over the same range [-]
    std::optional<statistics::CurveFigures> aqs;
    std::optional<double> aqs_events; ///< per unit strain, from the database [-]
    law::Activity activity;           ///< of the whole ensemble
    double work = 0.0;                ///< PointEnsemble::work [GPa]
    double energy_drift = 0.0;        ///< PointEnsemble::energy_drift() [GPa]
    std::size_t n_paths = 0;
    double final_strain = 0.0;
  };

  /// All that `seem point` found.
  struct PointResults
  {
    std::vector<LabelledEnsemble> ensembles;
    std::vector<statistics::Curve> aqs; ///< the runs, in the order of the manifest
    std::vector<std::string> aqs_names; ///< their names
    std::vector<PointComparison> comparisons;
  };

  /// What point.h5 says about itself besides the paths.
  struct PointProvenance
  {
    std::filesystem::path database_file;
    std::string database_checksum;
    std::map<std::string, std::string> settings;
  };

  /// Write it into a new file of paths.
  void write_provenance(io::Hdf5Writer &file, const PointProvenance &provenance,
                        const std::string &description);

  /// Figures of each ensemble and of the runs of its label.
  std::vector<PointComparison> compare(const std::vector<LabelledEnsemble> &ensembles,
                                       const std::vector<statistics::Curve> &aqs,
                                       const database::EventDatabase &database);

  /// The comparisons as a table for people.
  std::string comparison_text(const std::vector<PointComparison> &comparisons);

  void write_mean(const std::filesystem::path &path, const PointResults &results);
  void write_paths(const std::filesystem::path &path, const PointResults &results,
                   const std::size_t n_paths);
  void write_grid(const std::filesystem::path &path, const database::EventDatabase &database);
  void write_summary(const std::filesystem::path &path,
                     const std::vector<PointComparison> &comparisons);
  void write_point_file(const std::filesystem::path &path, const PointResults &results,
                        const PointProvenance &provenance);
} // namespace seem::commands

#endif
