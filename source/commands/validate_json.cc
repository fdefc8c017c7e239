// SPDX-License-Identifier: LGPL-2.1-or-later
#include "validate_results.h"

#include <seem/core/version.h>

#include <nlohmann/json.hpp>

namespace seem::commands
{
  namespace
  {
    using nlohmann::ordered_json;

    ordered_json json(const statistics::Estimate &estimate)
    {
      return {{"value", estimate.value}, {"standard_error", estimate.standard_error}};
    }

    ordered_json json(const statistics::Compared &compared)
    {
      return {{"runs", json(compared.runs)},
              {"model", json(compared.model)},
              {"difference", compared.difference()},
              {"difference_standard_error", compared.standard_error()},
              {"difference_percent", compared.percent()}};
    }

    ordered_json json(const statistics::CurveDistance &distance)
    {
      return {{"rms", distance.rms}, {"rms_in_standard_errors", distance.in_errors}};
    }

    ordered_json json(const statistics::SizeDistance &distance)
    {
      return {{"ks_distance", json(distance.distance)},
              {"critical_5_percent", distance.critical},
              {"between_glasses", distance.between_glasses}};
    }

    ordered_json json(const statistics::EventWindows &runs, const statistics::EventWindows &model)
    {
      return {{"per_unit_strain", json(statistics::Compared{runs.per_strain, model.per_strain})},
              {"fano_factor", json(statistics::Compared{runs.fano, model.fano})}};
    }

    ordered_json json(const statistics::AgeHazard &runs, const statistics::AgeHazard &model)
    {
      ordered_json result = ordered_json::array();
      for (std::size_t k = 0; k < runs.low.size(); ++k)
        result.push_back({{"strain_since_event_from", runs.low[k]},
                          {"strain_since_event_to", runs.high[k]},
                          {"runs", json(runs.hazard[k])},
                          {"model", json(model.hazard[k])}});
      return result;
    }

    ordered_json json(const statistics::LabelValidation &label)
    {
      return {{"label", label.label},
              {"cooling_rate_K_per_s", label.cooling_rate},
              {"n_runs", label.n_runs},
              {"n_glasses", label.n_glasses},
              {"n_paths", label.n_paths},
              {"judged", label.judged},
              {"common_strain", label.common_strain},
              {"mean_stress_GPa", json(label.tau)},
              {"mean_x1_eV", json(label.x1)},
              {"yield_peak_GPa", json(label.yield_peak)},
              {"yield_peak_of_few_paths_GPa", json(label.few_paths_peak)},
              {"end_stress_GPa", json(label.end_stress)},
              {"end_x1_eV", json(label.end_x1)},
              {"end_u_eV", json(label.end_u)},
              {"scatter_of_stress_GPa", json(label.scatter_tau)},
              {"scatter_of_x1_eV", json(label.scatter_x1)},
              {"events", json(label.run_events, label.model_events)},
              {"event_stress_drop", json(label.dtau)},
              {"event_heat", json(label.heat)},
              {"event_plastic_strain", json(label.plastic_strain)},
              {"hazard_per_unit_strain", json(label.run_hazard, label.model_hazard)}};
    }

    ordered_json json(const statistics::Spread &spread)
    {
      return {{"slowest", spread.slow},
              {"fastest", spread.fast},
              {"end_strain", spread.end_strain},
              {"tau_GPa", json(spread.tau)},
              {"x1_eV", json(spread.x1)},
              {"u_eV", json(spread.u)},
              {"initial_x1_eV", spread.initial_x1},
              {"initial_u_eV", spread.initial_u},
              {"mean_stress_GPa", spread.mean_stress}};
    }

    ordered_json json(const statistics::EqualStateRatio &ratio)
    {
      return {{"stress_drop", json(ratio.dtau)},
              {"heat", json(ratio.heat)},
              {"hazard", json(ratio.rate)},
              {"effective_number_of_events", ratio.n_events}};
    }

    ordered_json json(const FoldResult &fold)
    {
      const statistics::HarvestReport &report = fold.report;
      return {{"held_out", fold.fold.name},
              {"n_training_runs", fold.fold.training.size()},
              {"n_held_out_runs", fold.fold.held_out.size()},
              {"u0_eV", report.u0.value},
              {"G0_GPa", report.elasticity.g0.value},
              {"uA_eV", report.elasticity.u_a.value},
              {"n_events", report.events.in_table},
              {"warnings", report.warnings}};
    }

    ordered_json json(const HoldOutResult &result)
    {
      const statistics::Validation &v = result.validation;
      ordered_json labels = ordered_json::array(), folds = labels, ratios = labels, spread = labels;
      for (const statistics::LabelValidation &label : v.labels)
        labels.push_back(json(label));
      for (const FoldResult &fold : result.folds)
        folds.push_back(json(fold));
      for (const statistics::PreparationRatio &ratio : v.ratios)
        ratios.push_back({{"label", ratio.label},
                          {"reference", ratio.reference},
                          {"runs", json(ratio.runs)},
                          {"model", json(ratio.model)}});
      for (const statistics::Spread &one : v.spread)
        spread.push_back(json(one));
      const law::Activity &a = result.activity;
      return {{"held_out", statistics::name(result.hold_out)},
              {"overall",
               {{"yield_peak_rms_percent", v.yield_peak_percent},
                {"end_stress_rms_percent", v.end_stress_percent},
                {"events_rms_percent", v.events_percent},
                {"mean_stress_rms_GPa", v.tau_rms},
                {"mean_x1_rms_eV", v.x1_rms}}},
              {"labels", labels},
              {"spread_of_labels", spread},
              {"ratios_at_equal_state", ratios},
              {"model_events",
               {{"all", a.n_events},
                {"outside", a.n_outside},
                {"forced", a.n_forced},
                {"capped", a.n_capped},
                {"gaining", a.n_gaining}}},
              {"folds", folds}};
    }
  } // namespace

  std::string validation_json(const ValidateResults &results)
  {
    ordered_json checks = ordered_json::array(), hold_outs = checks;
    for (const HoldOutResult &result : results.hold_outs)
      hold_outs.push_back(json(result));
    for (const statistics::Check &check : results.checks)
      checks.push_back({{"quantity", check.quantity},
                        {"label", check.label},
                        {"unit", check.unit},
                        {"value", check.value},
                        {"limit", check.limit},
                        {"judged", check.judged},
                        {"passed", check.passed}});
    const ordered_json document = {{"kind", "validation"},
                                   {"schema_version", 1},
                                   {"program", "seem"},
                                   {"program_version", program_version},
                                   {"passed", results.passed},
                                   {"judged", statistics::any_judged(results.checks)},
                                   {"checks", checks},
                                   {"hold_outs", hold_outs},
                                   {"settings", results.settings}};
    // Labels and names need not be UTF-8.
    return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }
} // namespace seem::commands
