// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/component_ensemble.h>
#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <cmath>

namespace seem::commands
{
  double ComponentPath::first_law_residual() const
  {
    return balance.work - (elevated.elastic + elevated.inelastic + balance.event_heat +
                           balance.redistribution_heat);
  }

  std::vector<double>
  ComponentEnsemble::column(const std::size_t row,
                            const std::function<double(const ComponentRow &)> &number) const
  {
    std::vector<double> values;
    for (const ComponentPath &path : paths)
      if (row < path.rows.size())
        values.push_back(number(path.rows[row]));
    return values;
  }

  ComponentEnsemble run_component_ensemble(const law::MaterialLaw &law, const PointLoading &loading,
                                           const std::vector<State> &initial,
                                           const ComponentEnsembleSettings &settings)
  {
    if (initial.empty())
      throw InputError("a point ensemble needs at least one path");
    if (!(settings.volume_ratio > 0.0) || !std::isfinite(settings.volume_ratio))
      throw InputError(
          fmt::format("the volume ratio m = {} must be positive", settings.volume_ratio));

    law::MixedControlParameters parameters;
    parameters.largest_increment = loading.largest_increment;
    ComponentEnsemble ensemble;
    ensemble.times = loading.times;
    for (std::size_t i = 0; i < initial.size(); ++i)
    {
      ComponentPath path;
      path.initial = initial[i];
      path.replica = settings.first_replica + i;
      const law::PointData data = {{path.replica, settings.quadrature_point},
                                   settings.volume_ratio};
      law::MixedControl point(
          law, data,
          settings.volume_initial ? settings.volume_initial
                                  : [&](const PointKey &) { return initial[i]; },
          loading.control, loading.path, loading.times.front(), parameters);

      auto kink = loading.kinks.begin();
      for (const double time : loading.times)
      {
        bool carried = true;
        for (; carried && kink != loading.kinks.end() && *kink < time; ++kink)
          carried = point.follow_to(*kink);
        if (!carried || !point.follow_to(time))
          break;
        path.rows.push_back({point.strain(), point.stress(), point.fields()});
      }
      path.limit = point.limit();
      path.end_time = point.time();
      path.activity = point.activity();
      path.balance = point.balance();
      path.elevated = point.energy();
      path.elevated.elastic -= point.initial_energy().elastic;
      path.elevated.inelastic -= point.initial_energy().inelastic;
      ensemble.paths.push_back(std::move(path));
      if (settings.on_path)
        settings.on_path();
    }
    return ensemble;
  }
} // namespace seem::commands
