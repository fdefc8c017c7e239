// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/material_parameters.h>
#include <seem/database/material.h>

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
        "Elasticity", "energy consistent", patterns::Selection("energy consistent|linear"),
        "Shear elasticity between events: Eq. (7) with the constants of the database, "
        "or linear, G = G0 (1 - X1/uA).");
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
    result.linear = parameters.text("Material/Elasticity") == "linear";
    const std::string bound = parameters.text("Material/Energy bound");
    result.law.energy_bound = bound == "report"   ? law::EnergyBound::report
                              : bound == "redraw" ? law::EnergyBound::redraw
                                                  : law::EnergyBound::clip;
    if (parameters.has("Material/Record"))
      result.law.record = parameters.boolean("Material/Record");
    return result;
  }

  std::shared_ptr<const law::Elasticity> make_elasticity(const database::EventDatabase &database,
                                                         const bool linear)
  {
    return database::make_elasticity(database, linear
                                                   ? database::ElasticityChoice::linear
                                                   : database::ElasticityChoice::energy_consistent);
  }
} // namespace seem::commands
