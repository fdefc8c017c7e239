// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_MATERIAL_PARAMETERS_H
#define SEEM_COMMANDS_MATERIAL_PARAMETERS_H

#include <seem/commands/parameters.h>
#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>
#include <seem/law/seem_law.h>

#include <memory>

namespace seem::commands
{
  /// Which shear elasticity a command uses between events.
  enum class ElasticityChoice
  {
    as_harvested,      ///< the one that X1 of the database was computed with
    energy_consistent, ///< Eq. (7) with the constants of the database
    linear,            ///< the same with tauA = tauB = infinity
    paper              ///< law::PaperElasticity, inconsistent: in the point model only
  };

  /// Section "Material" of commands that use the stochastic law.
  struct MaterialParameters
  {
    law::SeemLawParameters law; ///< the seed is set by whoever owns the parameter
    ElasticityChoice elasticity = ElasticityChoice::as_harvested;

    /// @param[in] monotone  the strain only grows, so that nothing depends on the record
    static void declare(dealii::ParameterHandler &prm, const bool monotone = false);
    static MaterialParameters parse(const Parameters &parameters);
  };

  /// The elasticity of a database, for the atomic volume of its representative volume.
  std::shared_ptr<const law::Elasticity> make_elasticity(const database::EventDatabase &database,
                                                         const ElasticityChoice choice);
} // namespace seem::commands

#endif
