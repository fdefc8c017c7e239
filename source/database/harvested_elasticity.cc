// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/harvested_elasticity.h>
#include <seem/law/tabulated_elasticity.h>

namespace seem::database
{
  std::unique_ptr<const law::Elasticity> harvested_elasticity(const EventDatabase &database,
                                                              const double atomic_volume)
  {
    if (const std::optional<ElasticityTable> &table = database.elasticity_table)
      return std::make_unique<const law::TabulatedElasticity>(table->tau, table->x1,
                                                              table->compliance, atomic_volume);
    const ElasticConstants &constants = database.elasticity;
    return std::make_unique<const law::TaylorElasticity>(constants.g0.value, constants.u_a.value,
                                                         constants.tau_a.value,
                                                         constants.tau_b.value, atomic_volume);
  }

  double plastic_strain_at_begin(const law::Elasticity &elasticity, const EventTable &events,
                                 const std::size_t i)
  {
    const double tau = events.tau[i], x1 = events.x[0][i];
    return elasticity.strain_and_energy(tau, x1).elastic_strain -
           elasticity.strain_and_energy(tau - events.dtau[i], x1 + events.dx[0][i]).elastic_strain;
  }
} // namespace seem::database
