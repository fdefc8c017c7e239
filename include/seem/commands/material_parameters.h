// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_MATERIAL_PARAMETERS_H
#define SEEM_COMMANDS_MATERIAL_PARAMETERS_H

#include <seem/commands/parameters.h>
#include <seem/database/material.h>
#include <seem/law/seem_law.h>

#include <memory>

namespace seem::commands
{
  using database::ElasticityChoice;

  /// Section "Material" of commands that use the stochastic law.
  struct MaterialParameters
  {
    law::SeemLawParameters law; ///< the seed is set by whoever owns the parameter
    ElasticityChoice elasticity = ElasticityChoice::as_harvested;

    /// @param[in] monotone  the strain only grows, so that nothing depends on the record
    static void declare(dealii::ParameterHandler &prm, const bool monotone = false);
    static MaterialParameters parse(const Parameters &parameters);
  };
} // namespace seem::commands

#endif
