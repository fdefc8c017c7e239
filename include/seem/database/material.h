// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_MATERIAL_H
#define SEEM_DATABASE_MATERIAL_H

#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>
#include <seem/law/seem_law.h>

#include <memory>

namespace seem::database
{
  /// Which shear elasticity is made from the constants of a database.
  enum class ElasticityChoice
  {
    energy_consistent, ///< Eq. (7) of the paper as energy, strain and tangent follow from it
    linear             ///< the same with tauA = tauB = infinity: G = G0 (1 - X1/uA)
  };

  /**
   * The elasticity of a database, for the atomic volume of its representative volume.
   * @throws InputError if a constant is not positive
   */
  std::shared_ptr<const law::Elasticity>
  make_elasticity(const EventDatabase &database,
                  ElasticityChoice choice = ElasticityChoice::energy_consistent);

  /**
   * The stochastic law with the elasticity and the event statistics of a database, which it copies:
   * the database may go.
   * @throws InputError if the database is inconsistent or holds no event, or a parameter is wrong
   */
  std::shared_ptr<const law::SeemLaw>
  make_seem_law(const EventDatabase &database, const law::SeemLawParameters &parameters,
                ElasticityChoice choice = ElasticityChoice::energy_consistent);
} // namespace seem::database

#endif
