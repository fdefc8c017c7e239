// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/grid_event_source.h>
#include <seem/database/material.h>

#include <limits>

namespace seem::database
{
  std::shared_ptr<const law::Elasticity> make_elasticity(const EventDatabase &database,
                                                         const ElasticityChoice choice)
  {
    const double none = std::numeric_limits<double>::infinity();
    const bool linear = choice == ElasticityChoice::linear;
    const ElasticConstants &constants = database.elasticity;
    return std::make_shared<const law::TaylorElasticity>(
        constants.g0.value, constants.u_a.value, linear ? none : constants.tau_a.value,
        linear ? none : constants.tau_b.value, database.atomic_volume());
  }

  std::shared_ptr<const law::SeemLaw> make_seem_law(const EventDatabase &database,
                                                    const law::SeemLawParameters &parameters,
                                                    const ElasticityChoice choice)
  {
    // The source checks the database, so it comes first.
    const auto source = std::make_shared<const GridEventSource>(database);
    return std::make_shared<const law::SeemLaw>(make_elasticity(database, choice), source,
                                                parameters);
  }
} // namespace seem::database
