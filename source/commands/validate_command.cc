// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text_file.h"
#include "validate_results.h"

#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/validate_command.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <set>

namespace seem::commands
{
  namespace
  {
    /// A single label cannot be predicted from others; the rest of the validation can be done.
    void drop_label_of_one(const std::vector<statistics::Trajectory> &trajectories,
                           std::vector<statistics::HoldOut> &hold_out)
    {
      std::set<std::string> labels;
      for (const statistics::Trajectory &run : trajectories)
        labels.insert(run.info.label);
      const auto label = std::find(hold_out.begin(), hold_out.end(), statistics::HoldOut::label);
      if (labels.size() > 1 || label == hold_out.end() || hold_out.size() == 1)
        return;
      hold_out.erase(label);
      fmt::print(stderr, "seem: note: all runs are of one label: none is held out as a whole\n");
    }

    std::vector<HoldOutResult> collect(std::vector<FoldResult> folds,
                                       const statistics::ValidationSettings &metrics)
    {
      std::vector<HoldOutResult> results;
      for (FoldResult &fold : folds)
      {
        if (results.empty() || results.back().hold_out != fold.hold_out)
        {
          results.emplace_back();
          results.back().hold_out = fold.hold_out;
        }
        HoldOutResult &result = results.back();
        result.runs.insert(result.runs.end(), fold.runs.begin(), fold.runs.end());
        result.model.insert(result.model.end(), fold.model.begin(), fold.model.end());
        result.activity += fold.activity;
        result.folds.push_back(std::move(fold));
      }
      for (HoldOutResult &result : results)
        result.validation = statistics::validate(result.runs, result.model, metrics);
      return results;
    }

    void print_warnings(const std::vector<HoldOutResult> &results)
    {
      std::set<std::string> warnings;
      for (const HoldOutResult &result : results)
        for (const FoldResult &fold : result.folds)
          for (const std::string &warning : fold.report.warnings)
            if (warnings.insert(warning).second)
              fmt::print(stderr, "seem: warning: {} {} held out: {}\n", fold.fold.name,
                         statistics::name(result.hold_out), warning);
    }
  } // namespace

  int validate_command(const CommandLine &command_line)
  {
    const Parameters parameters = Parameters::load(
        ValidateParameters::declare, command_line.parameter_file, command_line.assignments);
    ValidateParameters validate = ValidateParameters::parse(parameters);
    const OutputGuard output(output_directory(command_line, parameters), command_line.overwrite);

    const std::vector<statistics::Trajectory> trajectories = read_atomistic_runs(validate.runs);
    drop_label_of_one(trajectories, validate.hold_out);
    std::vector<FoldResult> folds = run_folds(trajectories, validate);
    validate.metrics.strain_increment = folds.front().report.strain_increment;

    ValidateResults results;
    results.hold_outs = collect(std::move(folds), validate.metrics);
    results.thresholds = validate.thresholds;
    results.settings = parameters.as_text();
    for (const HoldOutResult &result : results.hold_outs)
      if (result.hold_out == statistics::HoldOut::glass)
        results.checks = statistics::hold_against(result.validation, validate.thresholds);
    results.passed = statistics::passed(results.checks);
    print_warnings(results.hold_outs);

    const std::string text = validation_text(results);
    write_text_file(output / "validation.txt", text);
    write_text_file(output / "validation.json", validation_json(results));
    write_validation_curves(output / "curves.csv", results);
    write_validation_labels(output / "labels.csv", results);
    write_validation_folds(output / "folds.csv", results);
    write_validation_events(output / "events.csv", results);
    write_validation_sizes(output / "sizes.csv", results);
    write_validation_hazard(output / "hazard.csv", results);
    fmt::print("{}\nResults: {}\n", text, output.path().string());
    std::fflush(stdout);
    if (validate.figures)
      if (const std::string warning = draw_figures("validation.py", output.path());
          !warning.empty())
        fmt::print(stderr, "seem: warning: {}\n", warning);
    return results.passed ? 0 : validation_failed_status;
  }
} // namespace seem::commands
