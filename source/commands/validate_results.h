// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_VALIDATE_RESULTS_H
#define SEEM_SOURCE_COMMANDS_VALIDATE_RESULTS_H

#include "validate_folds.h"

#include <seem/statistics/validation.h>
#include <seem/statistics/validation_verdict.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace seem::commands
{
  /// All folds of one kind of hold-out, seen together.
  struct HoldOutResult
  {
    statistics::HoldOut hold_out = statistics::HoldOut::glass;
    std::vector<FoldResult> folds;
    statistics::Validation validation;
    std::vector<statistics::ValidationPath> runs, model; ///< of all folds
    law::Activity activity;                              ///< of all model paths
  };

  /// All that `seem validate` found.
  struct ValidateResults
  {
    std::vector<HoldOutResult> hold_outs;
    statistics::Thresholds thresholds;
    std::vector<statistics::Check> checks; ///< of HoldOut::glass; empty if it was not asked for
    bool passed = true;
    std::map<std::string, std::string> settings;
  };

  /// The results as tables for people.
  std::string validation_text(const ValidateResults &results);

  /// The results for programs; numbers that are none are null.
  std::string validation_json(const ValidateResults &results);

  void write_validation_curves(const std::filesystem::path &path, const ValidateResults &results);
  void write_validation_labels(const std::filesystem::path &path, const ValidateResults &results);
  void write_validation_folds(const std::filesystem::path &path, const ValidateResults &results);
  void write_validation_events(const std::filesystem::path &path, const ValidateResults &results);
  void write_validation_sizes(const std::filesystem::path &path, const ValidateResults &results);
  void write_validation_hazard(const std::filesystem::path &path, const ValidateResults &results);
} // namespace seem::commands

#endif
