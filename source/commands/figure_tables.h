// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_FIGURE_TABLES_H
#define SEEM_SOURCE_COMMANDS_FIGURE_TABLES_H

#include <seem/database/event_database.h>
#include <seem/database/flow_map.h>
#include <seem/database/jump_histogram.h>
#include <seem/statistics/curves.h>
#include <seem/statistics/elastic_calibration.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace seem::commands
{
  /// One path of the model or one run, for figures 3a and 4.
  struct FigurePath
  {
    std::string source; ///< "model" or "aqs"
    std::string name;   ///< of the run, or of the sample that the path began as
    statistics::Curve curve;
  };

  /// The mean of a preparation, for figure 5.
  struct FigureMean
  {
    std::string source; ///< "model" or "aqs"
    double cooling_rate = 0.0;
    statistics::MeanCurve curve;
  };

  /// figure_1.csv: the rows of a run; `event` is 1 where the increment that begins there holds an
  /// event of the database.
  void write_figure_1(const std::filesystem::path &directory, const statistics::Trajectory &run,
                      const statistics::Curve &curve, const std::vector<double> &event_strains);

  /// figure_2.csv: harvested and smooth statistics of each bin; figure_2_nullclines.csv;
  /// figure_2_fixed_points.csv.
  void write_figure_2(const std::filesystem::path &directory,
                      const database::EventDatabase &database, const database::BinMeans &means,
                      const database::FlowMap &map,
                      const std::vector<database::FixedPoint> &points);

  /// figure_3a.csv: the paths over the visits of figure_2.csv.
  /// figure_4.csv: the same paths against strain.
  void write_figure_paths(const std::filesystem::path &file, const std::vector<FigurePath> &paths);

  /// figure_3b.csv, figure_3b_line.csv and figure_3b_bin.csv.
  void write_figure_3b(const std::filesystem::path &directory,
                       const database::EventDatabase &database, std::size_t bin,
                       const database::JumpHistogram &histogram);

  void write_figure_5(const std::filesystem::path &directory, const std::vector<FigureMean> &means);

  /// figure_S1.csv, figure_S1_fit.csv and figure_S1_branches.csv.
  void write_figure_s1(const std::filesystem::path &directory,
                       const database::EventDatabase &database,
                       const statistics::ElasticCalibration &calibration);
} // namespace seem::commands

#endif
