// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_POINT_COMPONENTS_H
#define SEEM_SOURCE_COMMANDS_POINT_COMPONENTS_H

#include "point_results.h"

#include <seem/commands/component_ensemble.h>

#include <filesystem>
#include <string>
#include <vector>

namespace seem::commands
{
  /// The ensemble of one preparation.
  struct LabelledComponents
  {
    std::string label;
    ComponentEnsemble ensemble;
  };

  void write_component_mean(const std::filesystem::path &path,
                            const std::vector<LabelledComponents> &ensembles);
  void write_component_paths(const std::filesystem::path &path,
                             const std::vector<LabelledComponents> &ensembles, std::size_t n_paths);
  void write_component_summary(const std::filesystem::path &path,
                               const std::vector<LabelledComponents> &ensembles);
  void write_component_file(const std::filesystem::path &path,
                            const std::vector<LabelledComponents> &ensembles,
                            const PointProvenance &provenance);

  /// For people: how far the paths got, events, and the first law.
  std::string component_text(const std::vector<LabelledComponents> &ensembles);

  /// Where the paths leave what the data support, or end early; for people.
  std::vector<std::string> component_notices(const std::vector<LabelledComponents> &ensembles);
} // namespace seem::commands

#endif
