// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/version.h>
#include <seem/statistics/report.h>

#include <nlohmann/json.hpp>

#include <cmath>

namespace seem::statistics
{
  namespace
  {
    using Json = nlohmann::ordered_json;

    /// A number, or null if it is not finite.
    Json number(const double value)
    {
      return std::isfinite(value) ? Json(value) : Json(nullptr);
    }

    Json json_of(const Estimate &estimate)
    {
      return {{"value", number(estimate.value)},
              {"standard_error", number(estimate.standard_error)}};
    }

    /// A standard error of zero is one that was not estimated.
    Json json_of(const database::FittedNumber &fitted)
    {
      return {{"value", number(fitted.value)},
              {"standard_error",
               fitted.standard_error > 0.0 ? number(fitted.standard_error) : Json(nullptr)}};
    }

    Json json_of(const database::FittedNumber &fitted, const Interval *const interval)
    {
      Json result = json_of(fitted);
      result["identified"] = std::isfinite(fitted.value);
      result["interval_95"] =
          interval == nullptr ? Json(nullptr) : Json{number(interval->low), number(interval->high)};
      return result;
    }

    Json json_of(const NoiseFloor &floor)
    {
      return {{"floor", number(floor.floor)},
              {"noise", number(floor.spread)},
              {"centre", number(floor.centre)},
              {"given", floor.given}};
    }

    Json json_of(const Distribution &distribution)
    {
      Json quantiles = Json::array();
      for (std::size_t i = 0; i < distribution.quantiles.size(); ++i)
        quantiles.push_back({{"probability", Distribution::probabilities[i]},
                             {"value", number(distribution.quantiles[i])}});
      return {{"mean", number(distribution.mean)}, {"quantiles", std::move(quantiles)}};
    }

    Json json_of(const std::vector<ResidualBin> &bins)
    {
      Json result = Json::array();
      for (const ResidualBin &bin : bins)
        result.push_back({{"low", bin.low},
                          {"high", bin.high},
                          {"n_pieces", bin.n_pieces},
                          {"n_glasses", bin.n_glasses},
                          {"tangent_GPa", bin.tangent},
                          {"residual_GPa", json_of(bin.residual)},
                          {"p_value", number(bin.p_value)}});
      return result;
    }

    Json samples_of(const HarvestReport &report)
    {
      Json labels = Json::array();
      for (const auto &[label, x1] : report.initial_x1)
      {
        Json entry = {{"label", label}, {"initial_X1_eV_per_atom", number(x1)}};
        if (const auto found = report.labels.find(label); found != report.labels.end())
        {
          const CurveFigures &figures = found->second;
          entry["n_runs"] = figures.n_curves;
          entry["n_glasses"] = figures.n_glasses;
          entry["yield_peak_GPa"] = json_of(figures.yield_peak);
          entry["yield_strain"] = figures.yield_strain;
          entry["end_stress_GPa"] = json_of(figures.end_stress);
          entry["end_X1_eV_per_atom"] = json_of(figures.end_x1);
          entry["common_strain"] = figures.common_strain;
        }
        labels.push_back(std::move(entry));
      }
      return {{"n_runs", report.n_runs},
              {"n_glasses", report.n_glasses},
              {"labels", std::move(labels)}};
    }

    Json elasticity_of(const HarvestReport &report)
    {
      const ElasticIntervals *const intervals = report.intervals ? &*report.intervals : nullptr;
      const auto end = [&](Interval ElasticIntervals::*member) {
        return intervals == nullptr ? nullptr : &(intervals->*member);
      };
      const BranchResiduals &branches = report.branches;
      Json result = {
          {"source", name(report.elasticity_source)},
          {"n_resamples", report.n_bootstrap},
          {"n_fit_runs", report.n_fit_runs},
          {"n_fit_glasses", report.n_fit_glasses},
          {"n_fit_rows", report.n_fit_rows},
          {"G0_GPa", json_of(report.elasticity.g0, end(&ElasticIntervals::g0))},
          {"uA_eV_per_atom", json_of(report.elasticity.u_a, end(&ElasticIntervals::u_a))},
          {"tauA_GPa", json_of(report.elasticity.tau_a, end(&ElasticIntervals::tau_a))},
          {"tauB_GPa", json_of(report.elasticity.tau_b, end(&ElasticIntervals::tau_b))},
          {"u0_eV_per_atom", json_of(report.u0)},
          {"first_strain",
           {{"G0_GPa", json_of(report.first_g0)}, {"uA_eV_per_atom", json_of(report.first_u_a)}}},
          {"branches",
           {{"n_pieces", branches.n_pieces},
            {"spread_GPa", number(branches.spread)},
            {"bias_GPa", number(branches.bias)},
            {"explained_variance", number(branches.explained_variance)},
            {"reduced_chi_squared", number(branches.reduced_chi_squared)},
            {"n_cells", branches.n_cells},
            {"by_tau_GPa", json_of(branches.tau)},
            {"by_X1_eV_per_atom", json_of(branches.x1)}}},
          {"drift_per_strain",
           {{"quiet_stress_GPa", number(report.drift.quiet_stress)},
            {"quiet_X1_eV_per_atom", number(report.drift.quiet_x1)},
            {"event_stress_GPa", number(report.drift.event_stress)},
            {"event_X1_eV_per_atom", number(report.drift.event_x1)}}}};
      if (report.table)
        result["table"] = {{"n_tau", report.table->tau.size()},
                           {"n_X1", report.table->x1.size()},
                           {"relative_error", number(report.table->relative_error())}};
      return result;
    }

    Json events_of(const HarvestReport &report)
    {
      const EventCounts &counts = report.events;
      Json aftershocks = Json::array();
      for (const Aftershock &shock : report.aftershocks)
        aftershocks.push_back(
            {{"first_increment", shock.first},
             {"last_increment", shock.last},
             {"n_increments", shock.n_increments},
             {"n_events", shock.n_events},
             {"rate_ratio",
              {{"value", number(shock.ratio)}, {"standard_error", number(shock.standard_error)}}}});
      const EventFigures &figures = report.event_figures;
      return {{"definition", name(report.definition)},
              {"event_increments", counts.used},
              {"event_increments_next_to_another", counts.used_in_runs},
              {"in_table", counts.in_table},
              {"by_definition",
               {{"stress drop", counts.stress_drop},
                {"stress deficit", counts.stress_deficit},
                {"energy loss", counts.energy_loss},
                {"union", counts.any_loss}}},
              {"floors",
               {{"energy_eV_per_cell", json_of(report.floors.energy)},
                {"deficit_GPa", json_of(report.floors.deficit)},
                {"drop_GPa", report.floors.drop}}},
              {"gaining_energy", report.n_violating},
              {"with_negative_plastic_strain", report.n_negative_plastic},
              {"stress_deficit_GPa", json_of(figures.dtau)},
              {"dX1_eV_per_atom", json_of(figures.dx1)},
              {"plastic_strain", json_of(figures.plastic_strain)},
              {"heat_eV_per_cell", json_of(figures.heat)},
              {"aftershocks", std::move(aftershocks)}};
    }

    Json json_of(const DirectionTest &test)
    {
      return {{"chi_squared", number(test.chi_squared)}, {"p_value", number(test.p_value)}};
    }

    Json isotropy_of(const Isotropy &isotropy)
    {
      if (!isotropy.tested)
        return {{"tested", false}, {"reason", isotropy.reason}};
      Json directions = Json::array();
      for (const DirectionEffect &effect : isotropy.directions)
        directions.push_back({{"direction", effect.direction},
                              {"n_runs", effect.n_runs},
                              {"stress_difference_GPa", json_of(effect.stress)},
                              {"rate_ratio", json_of(effect.rate_ratio)}});
      return {{"tested", true},
              {"n_glasses", isotropy.n_glasses},
              {"n_runs", isotropy.n_runs},
              {"residual_degrees_of_freedom", isotropy.degrees_of_freedom},
              {"stress", json_of(isotropy.stress)},
              {"rate", json_of(isotropy.rate)},
              {"directions", std::move(directions)}};
    }
  } // namespace

  std::string HarvestReport::json() const
  {
    const Json report = {{"kind", "harvest report"},
                         {"schema_version", 1},
                         {"program_version", program_version},
                         {"samples", samples_of(*this)},
                         {"increments",
                          {{"n", n_increments},
                           {"n_unloading", n_unloading},
                           {"n_unloading_events", n_unloading_events},
                           {"strain", number(strain_increment)}}},
                         {"elasticity", elasticity_of(*this)},
                         {"events", events_of(*this)},
                         {"isotropy", isotropy_of(isotropy)},
                         {"grid",
                          {{"tau_GPa", {tau_range[0], tau_range[1]}},
                           {"X1_eV_per_atom", {x1_range[0], x1_range[1]}},
                           {"n_bins", n_bins},
                           {"n_visited", n_visited},
                           {"n_full", n_full},
                           {"n_pooled", n_pooled},
                           {"n_clamped_increments", n_clamped},
                           {"minimum_events", minimum_events}}},
                         {"warnings", warnings}};
    return report.dump(2) + "\n";
  }
} // namespace seem::statistics
