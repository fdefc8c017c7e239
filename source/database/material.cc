// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/grid_event_source.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/material.h>
#include <seem/database/smooth_event_source.h>
#include <seem/law/paper_elasticity.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::database
{
  std::shared_ptr<const law::Elasticity> make_elasticity(const EventDatabase &database,
                                                         const ElasticityChoice choice)
  {
    const double none = std::numeric_limits<double>::infinity();
    const double omega = database.atomic_volume();
    const double g0 = database.elasticity.g0.value, u_a = database.elasticity.u_a.value;
    const double tau_a = database.elasticity.tau_a.value, tau_b = database.elasticity.tau_b.value;
    switch (choice)
    {
    case ElasticityChoice::as_harvested:
      break;
    case ElasticityChoice::energy_consistent:
      return std::make_shared<const law::TaylorElasticity>(g0, u_a, tau_a, tau_b, omega);
    case ElasticityChoice::linear:
      return std::make_shared<const law::TaylorElasticity>(g0, u_a, none, none, omega);
    case ElasticityChoice::paper:
      return std::make_shared<const law::PaperElasticity>(g0, u_a, tau_a, tau_b, omega);
    }
    return harvested_elasticity(database, omega);
  }

  std::shared_ptr<const law::EventSource> make_event_source(const EventDatabase &database)
  {
    if (database.smoothing)
      return std::make_shared<const SmoothEventSource>(database, *database.smoothing);
    return std::make_shared<const GridEventSource>(database);
  }

  std::vector<double> event_rates(const EventDatabase &database)
  {
    if (database.smoothing)
      return SmoothEventSource(database, *database.smoothing).rates();
    return GridEventSource(database).pooled_rates();
  }

  void fill_memory(const EventDatabase &database, State &initial)
  {
    if (!database.memory || database.samples.empty())
      return;
    const auto distance = [&](const Sample &sample) {
      return std::abs(sample.initial.x[0] - initial.x[0]);
    };
    initial.x[1] = std::min_element(
                       database.samples.begin(), database.samples.end(),
                       [&](const Sample &a, const Sample &b) { return distance(a) < distance(b); })
                       ->initial.x[1];
  }

  std::shared_ptr<const law::SeemLaw> make_seem_law(const EventDatabase &database,
                                                    const law::SeemLawParameters &parameters,
                                                    const ElasticityChoice choice)
  {
    // The source checks the database, so it comes first.
    const auto source = make_event_source(database);
    return std::make_shared<const law::SeemLaw>(make_elasticity(database, choice), source,
                                                parameters);
  }
} // namespace seem::database
