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
  /// Section "Material" of commands that use the stochastic law.
  struct MaterialParameters
  {
    law::SeemLawParameters law; ///< the seed is set by whoever owns the parameter
    bool linear = false;        ///< linear elasticity instead of Eq. (7)

    /// @param[in] monotone  the strain only grows, so that nothing depends on the record
    static void declare(dealii::ParameterHandler &prm, const bool monotone = false);
    static MaterialParameters parse(const Parameters &parameters);
  };

  /// The elasticity of a database, as harvested or (@p linear) with tauA = tauB = infinity.
  std::shared_ptr<const law::Elasticity> make_elasticity(const database::EventDatabase &database,
                                                         const bool linear);
} // namespace seem::commands

#endif
