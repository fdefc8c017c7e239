// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ELASTIC_MODEL_H
#define SEEM_STATISTICS_ELASTIC_MODEL_H

#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>
#include <seem/law/tabulated_elasticity.h>
#include <seem/statistics/taylor_constants.h>

#include <memory>
#include <optional>

namespace seem::statistics
{
  /// What a harvest knows of the elasticity, without the atomic volume, which each run has its own
  /// of: Eq. (7), or a table in its stead.
  struct ElasticModel
  {
    TaylorConstants constants;
    std::optional<database::ElasticityTable> table;

    /// The elasticity for @p atomic_volume [Angstrom^3 per atom].
    std::unique_ptr<const law::Elasticity> elasticity(const double atomic_volume) const
    {
      if (table)
        return std::make_unique<const law::TabulatedElasticity>(table->tau, table->x1,
                                                                table->compliance, atomic_volume);
      return std::make_unique<const law::TaylorElasticity>(constants.elasticity(atomic_volume));
    }
  };
} // namespace seem::statistics

#endif
