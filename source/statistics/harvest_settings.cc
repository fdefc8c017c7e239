// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/harvest_settings.h>

#include <fmt/format.h>

#include <cmath>

namespace seem::statistics
{
  namespace
  {
    constexpr std::array<EventDefinition, 4> definitions = {
        {EventDefinition::stress_drop, EventDefinition::stress_deficit,
         EventDefinition::energy_loss, EventDefinition::any_loss}};

    constexpr std::array<ElasticitySource, 5> sources = {
        {ElasticitySource::branch_fit, ElasticitySource::tabulated, ElasticitySource::loading_curve,
         ElasticitySource::linear, ElasticitySource::given}};

    template <typename Choice, std::size_t n>
    Choice choose(const std::array<Choice, n> &choices, const std::string &text, const char *what)
    {
      std::string possible;
      for (const Choice choice : choices)
      {
        if (name(choice) == text)
          return choice;
        possible += (possible.empty() ? "'" : ", '") + name(choice) + "'";
      }
      throw InputError(fmt::format("{} '{}' is not one of {}", what, text, possible));
    }

    void require(const bool condition, const std::string &message)
    {
      if (!condition)
        throw InputError("harvest settings: " + message);
    }

    void require_positive(const double value, const char *name)
    {
      require(value > 0.0 && std::isfinite(value),
              fmt::format("{} = {} must be positive", name, value));
    }

    void require_floor(const std::optional<double> &value, const char *name)
    {
      require(!value || (*value >= 0.0 && std::isfinite(*value)),
              fmt::format("{} = {} must not be negative", name, value.value_or(0.0)));
    }

    std::string text(const double value)
    {
      return fmt::format("{}", value);
    }

    std::string text(const std::optional<double> &value)
    {
      return value ? text(*value) : "auto";
    }

    std::string text(const std::optional<std::array<double, 2>> &range)
    {
      return range ? fmt::format("{}, {}", (*range)[0], (*range)[1]) : "auto";
    }
  } // namespace

  std::string name(const EventDefinition definition)
  {
    switch (definition)
    {
    case EventDefinition::stress_drop:
      return "stress drop";
    case EventDefinition::stress_deficit:
      return "stress deficit";
    case EventDefinition::energy_loss:
      return "energy loss";
    case EventDefinition::any_loss:
      break;
    }
    return "union";
  }

  std::string name(const ElasticitySource source)
  {
    switch (source)
    {
    case ElasticitySource::branch_fit:
      return "branch fit";
    case ElasticitySource::tabulated:
      return "tabulated";
    case ElasticitySource::loading_curve:
      return "loading curve";
    case ElasticitySource::linear:
      return "linear";
    case ElasticitySource::given:
      break;
    }
    return "given";
  }

  EventDefinition event_definition(const std::string &name)
  {
    return choose(definitions, name, "event definition");
  }

  ElasticitySource elasticity_source(const std::string &name)
  {
    return choose(sources, name, "elasticity");
  }

  void HarvestSettings::check() const
  {
    require(!reference_energy || std::isfinite(*reference_energy),
            "the reference energy is not a finite number");
    if (elasticity == ElasticitySource::given)
    {
      require_positive(given.g0, "G0");
      require(given.u_a > 0.0, fmt::format("uA = {} must be positive", given.u_a));
      require(given.tau_a > 0.0, fmt::format("tauA = {} must be positive", given.tau_a));
      require(given.tau_b > 0.0, fmt::format("tauB = {} must be positive", given.tau_b));
    }
    require_positive(first_strain, "first strain");
    require_positive(loading_strain, "loading strain");
    require(fit_rows > 0, "fit rows = 0 must be positive");
    require_positive(piece_strain, "piece strain");
    require(robust_scale >= 0.0 && std::isfinite(robust_scale),
            fmt::format("robust scale = {} must not be negative", robust_scale));
    for (const std::size_t n : table_nodes)
      require(n >= 2, fmt::format("{} nodes of the elasticity table, expected 2 or more", n));
    require_positive(table_curvature, "table curvature");
    require_floor(energy_floor, "energy floor");
    require_floor(deficit_floor, "deficit floor");
    require_floor(drop_floor, "drop floor");
    require_positive(floor_factor, "floor factor");
    for (const std::size_t n : n_bins)
      require(n > 0, "at least one bin per axis is needed");
    for (const auto &range : {tau_range, x1_range})
      require(!range || ((*range)[1] > (*range)[0] && std::isfinite((*range)[1] - (*range)[0])),
              "a given range must have a positive width");
    require(minimum_events >= 0.0 && std::isfinite(minimum_events),
            fmt::format("minimum events = {} must not be negative", minimum_events));
    for (const std::optional<double> &value :
         {estimator.rate_curvature, estimator.size_curvature, estimator.relaxation_strain})
      require(!value || (*value > 0.0 && std::isfinite(*value)),
              "curvatures and relaxation strain of the estimator must be positive");
    require(estimator.kernel_events >= 1.0 && std::isfinite(estimator.kernel_events),
            fmt::format("kernel events = {} must be at least 1", estimator.kernel_events));
  }

  std::map<std::string, std::string> HarvestSettings::as_text() const
  {
    std::map<std::string, std::string> result = {
        {"material", material},
        {"reference energy", text(reference_energy)},
        {"elasticity", name(elasticity)},
        {"first strain", text(first_strain)},
        {"loading strain", text(loading_strain)},
        {"fit rows", fmt::format("{}", fit_rows)},
        {"piece strain", text(piece_strain)},
        {"robust scale", text(robust_scale)},
        {"event definition", name(event_definition)},
        {"energy floor", text(energy_floor)},
        {"deficit floor", text(deficit_floor)},
        {"drop floor", text(drop_floor)},
        {"floor factor", text(floor_factor)},
        {"merge consecutive", merge_consecutive ? "true" : "false"},
        {"tau bins", fmt::format("{}", n_bins[0])},
        {"X1 bins", fmt::format("{}", n_bins[1])},
        {"tau range", text(tau_range)},
        {"X1 range", text(x1_range)},
        {"minimum events", text(minimum_events)},
        {"estimator", name(estimator.kind)},
        {"rate curvature", text(estimator.rate_curvature)},
        {"size curvature", text(estimator.size_curvature)},
        {"kernel events", text(estimator.kernel_events)},
        {"memory", estimator.memory ? "true" : "false"},
        {"relaxation strain", text(estimator.relaxation_strain)},
        {"bootstrap resamples", fmt::format("{}", n_bootstrap)},
        {"seed", fmt::format("{}", seed)}};
    if (elasticity == ElasticitySource::given)
    {
      result["given G0"] = text(given.g0);
      result["given uA"] = text(given.u_a);
      result["given tauA"] = text(given.tau_a);
      result["given tauB"] = text(given.tau_b);
      if (given_table)
        result["given table"] =
            fmt::format("{} x {} nodes", given_table->tau.size(), given_table->x1.size());
    }
    if (elasticity == ElasticitySource::tabulated)
    {
      result["table stress nodes"] = fmt::format("{}", table_nodes[0]);
      result["table X1 nodes"] = fmt::format("{}", table_nodes[1]);
      result["table curvature"] = text(table_curvature);
    }
    return result;
  }
} // namespace seem::statistics
