// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_MATERIAL_H
#define SEEM_DATABASE_MATERIAL_H

#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>
#include <seem/law/event_source.h>
#include <seem/law/seem_law.h>

#include <memory>
#include <vector>

namespace seem::database
{
  /// Which shear elasticity is made from a database.
  enum class ElasticityChoice
  {
    as_harvested,      ///< the one that X1 of the database was computed with
    energy_consistent, ///< Eq. (7) with the constants of the database
    linear,            ///< the same with tauA = tauB = infinity: G = G0 (1 - X1/uA)
    paper              ///< law::PaperElasticity, inconsistent: for the point model only
  };

  /**
   * The elasticity of a database, for the atomic volume of its representative volume.
   * @throws InputError if a constant is not positive or the table cannot be used
   */
  std::shared_ptr<const law::Elasticity>
  make_elasticity(const EventDatabase &database,
                  ElasticityChoice choice = ElasticityChoice::as_harvested);

  /**
   * The event statistics of a database: smooth if it says so (SmoothEventSource), else of pooled
   * bins (GridEventSource).
   * @throws InputError if the database is inconsistent or holds no event
   */
  std::shared_ptr<const law::EventSource> make_event_source(const EventDatabase &database);

  /// Rate in the middle of each bin as make_event_source() has it, [n_bins], per unit strain.
  std::vector<double> event_rates(const EventDatabase &database);

  /**
   * With a memory, give an initial state of known X1 that of the sample whose initial X1 is
   * nearest; without, nothing.
   */
  void fill_memory(const EventDatabase &database, State &initial);

  /**
   * The stochastic law with the elasticity and the event statistics of a database, which it copies:
   * the database may go.
   * @throws InputError if the database is inconsistent or holds no event, or a parameter is wrong
   */
  std::shared_ptr<const law::SeemLaw>
  make_seem_law(const EventDatabase &database, const law::SeemLawParameters &parameters,
                ElasticityChoice choice = ElasticityChoice::as_harvested);
} // namespace seem::database

#endif
