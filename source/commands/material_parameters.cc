// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/material_parameters.h>

#include <deal.II/base/parameter_handler.h>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  void MaterialParameters::declare(dealii::ParameterHandler &prm, const bool monotone)
  {
    prm.enter_subsection("Material");
    prm.declare_entry("Bulk modulus", "0", patterns::Double(0.0),
                      "Bulk modulus K [GPa]; shear runs at fixed volume do not contain it.", true);
    prm.declare_entry(
        "Elasticity", "as harvested",
        patterns::Selection("as harvested|energy consistent|linear|paper"),
        "Shear elasticity between events: as X1 of the database was computed (its table if it has "
        "one, else Eq. 7); Eq. (7) with the constants of the database; linear, G = G0 (1 - X1/uA); "
        "or what the paper does, the energy of Eq. (7) stepped with that G, which does not "
        "conserve energy (seem point only).");
    prm.declare_entry("Energy bound", "clip", patterns::Selection("report|redraw|clip"),
                      "What to do with a drawn event that would create energy: keep and count it, "
                      "draw again, or lower its dX1 to the bound.");
    if (!monotone)
      prm.declare_entry(
          "Record", "true", patterns::Bool(),
          "Hazard is drawn only where the elastic strain exceeds its record since the "
          "last event; false: on every forward increment.");
    prm.leave_subsection();
  }

  MaterialParameters MaterialParameters::parse(const Parameters &parameters)
  {
    MaterialParameters result;
    result.law.bulk_modulus = parameters.number("Material/Bulk modulus");
    if (!(result.law.bulk_modulus > 0.0))
      throw parameters.error("Material/Bulk modulus", "must be greater than 0");
    const std::string elasticity = parameters.text("Material/Elasticity");
    result.elasticity = elasticity == "as harvested"        ? ElasticityChoice::as_harvested
                        : elasticity == "energy consistent" ? ElasticityChoice::energy_consistent
                        : elasticity == "linear"            ? ElasticityChoice::linear
                                                            : ElasticityChoice::paper;
    const std::string bound = parameters.text("Material/Energy bound");
    result.law.energy_bound = bound == "report"   ? law::EnergyBound::report
                              : bound == "redraw" ? law::EnergyBound::redraw
                                                  : law::EnergyBound::clip;
    if (parameters.has("Material/Record"))
      result.law.record = parameters.boolean("Material/Record");
    return result;
  }
} // namespace seem::commands
