// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_MATERIAL_PARAMETERS_H
#define SEEM_COMMANDS_MATERIAL_PARAMETERS_H

#include <seem/commands/parameters.h>
#include <seem/database/material.h>
#include <seem/law/material_law.h>
#include <seem/law/seem_law.h>

#include <cstddef>
#include <memory>

namespace seem::commands
{
  using database::ElasticityChoice;

  /// Which material law the points of a command follow.
  enum class LawKind
  {
    seem,           ///< law::SeemLaw, the stochastic one
    mean_flow,      ///< law::MeanFlowLaw, its deterministic limit of large volumes
    linear_elastic, ///< law::LinearElasticLaw
    j2              ///< law::J2Law
  };

  /// Section "Material" of commands that use a law.
  struct MaterialParameters
  {
    LawKind kind = LawKind::seem;
    law::SeemLawParameters law; ///< seed, plane_strain: set by whoever owns the parameters
    ElasticityChoice elasticity = ElasticityChoice::as_harvested; ///< of seem and mean_flow

    double shear_modulus = 0.0;     ///< of linear_elastic and j2 [GPa]; 0: G0 of the database
    double yield_stress = 0.0;      ///< of j2, in uniaxial tension [GPa]
    double hardening_modulus = 0.0; ///< of j2, per equivalent plastic strain [GPa]

    /// Whether a state may serve points of different strain: no flow without events.
    bool hyperelastic_between_events() const
    {
      return kind == LawKind::seem || kind == LawKind::linear_elastic;
    }

    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError naming the parameter that does not fit the others
    static MaterialParameters parse(const Parameters &parameters);
  };

  /**
   * Volumes per state that make_law() must allow for under the rule sub-RVE.
   * @param[in] ratio  largest m [-]
   * @throws InputError if that is more than random numbers tell apart
   */
  std::size_t largest_number_of_volumes(const double ratio);

  /**
   * The law that the parameters name, of one representative volume scaled by m.
   * @param[in] n_volumes  if not 0: law::SubVolumeLaw of that law with up to so many volumes per
   * state
   */
  std::shared_ptr<const law::MaterialLaw> make_law(const MaterialParameters &parameters,
                                                   const database::EventDatabase &database,
                                                   const std::size_t n_volumes = 0);
} // namespace seem::commands

#endif
