// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/material_parameters.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/database/material.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/mean_flow_law.h>
#include <seem/law/sub_volume_law.h>
#include <seem/law/volume_rule.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <utility>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr const char *automatic = "automatic";

    void declare_comparison_laws(dealii::ParameterHandler &prm)
    {
      prm.declare_entry("Shear modulus", automatic, WordOr(automatic, positive_number()),
                        "Shear modulus of the laws linear elastic and J2 [GPa]. Automatic: G0 of "
                        "the database.");
      prm.declare_entry("Yield stress", "0", patterns::Double(0.0),
                        "Of the law J2 in uniaxial tension [GPa]; simple shear yields at "
                        "1/sqrt(3) of it.");
      prm.declare_entry("Hardening modulus", "0", patterns::Double(0.0),
                        "Increase of the yield stress of the law J2 per equivalent plastic strain "
                        "[GPa].");
    }

    void declare_events(dealii::ParameterHandler &prm)
    {
      prm.declare_entry("Event direction", "coaxial", patterns::Selection("coaxial|scattered"),
                        "Plastic strain of an event along the stress deviator, or scattered about "
                        "it (in plane strain within the plane).");
      prm.declare_entry("Direction spread", "0", patterns::Double(0.0),
                        "Scatter of the event direction: that of N + spread xi, N the stress's, xi "
                        "a deviator of standard normal numbers across N [-].");
      prm.declare_entry("Largest number of events per update", "100000", patterns::Integer(1),
                        "A point that needs more in one update asks for a shorter load step [-].");
    }

    LawKind law_kind(const std::string &name)
    {
      return name == "mean flow"        ? LawKind::mean_flow
             : name == "linear elastic" ? LawKind::linear_elastic
             : name == "J2"             ? LawKind::j2
                                        : LawKind::seem;
    }

    /// Parameters of laws that are not in use must have their defaults.
    void check_unused(const Parameters &parameters, const LawKind kind)
    {
      const bool has_modulus = kind == LawKind::linear_elastic || kind == LawKind::j2;
      if (!has_modulus && parameters.text("Material/Shear modulus") != automatic)
        throw parameters.error("Material/Shear modulus",
                               "is only used if \"Material/Law\" is linear elastic or J2");
      for (const char *path : {"Material/Yield stress", "Material/Hardening modulus"})
        if (kind != LawKind::j2 && parameters.number(path) != 0.0)
          throw parameters.error(path, "is only used if \"Material/Law\" is J2");
      if (kind != LawKind::seem && parameters.text("Material/Event direction") != "coaxial")
        throw parameters.error("Material/Event direction",
                               "is only used if \"Material/Law\" is seem");
    }
  } // namespace

  void MaterialParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.enter_subsection("Material");
    prm.declare_entry("Law", "seem", patterns::Selection("seem|mean flow|linear elastic|J2"),
                      "Stochastic law (seem), its deterministic limit for large volumes (mean "
                      "flow), or laws to compare with: linear elastic, J2 plasticity.");
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
    prm.declare_entry("Record", "true", patterns::Bool(),
                      "Hazard is drawn only where the elastic strain exceeds its record since the "
                      "last event; false: on every forward increment. In monotone shear it changes "
                      "nothing.");
    declare_events(prm);
    declare_comparison_laws(prm);
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
    result.law.record = parameters.boolean("Material/Record");

    result.kind = law_kind(parameters.text("Material/Law"));
    check_unused(parameters, result.kind);
    if (parameters.text("Material/Shear modulus") != automatic)
      result.shear_modulus = parameters.number("Material/Shear modulus");
    result.yield_stress = parameters.number("Material/Yield stress");
    result.hardening_modulus = parameters.number("Material/Hardening modulus");
    if (result.kind == LawKind::j2 && !(result.yield_stress > 0.0))
      throw parameters.error("Material/Yield stress", "must be greater than 0 for the law J2");

    result.law.direction_spread = parameters.number("Material/Direction spread");
    const bool scattered = parameters.text("Material/Event direction") == "scattered";
    if (scattered != (result.law.direction_spread > 0.0))
      throw parameters.error(
          "Material/Direction spread",
          scattered ? "must be greater than 0 if \"Material/Event direction\" is scattered"
                    : "is only used if \"Material/Event direction\" is scattered");
    result.law.max_events_per_update =
        static_cast<unsigned int>(parameters.integer("Material/Largest number of events per "
                                                     "update"));
    return result;
  }

  namespace
  {
    std::shared_ptr<const law::MaterialLaw> make_plain_law(const MaterialParameters &parameters,
                                                           const database::EventDatabase &database)
    {
      const double shear_modulus =
          parameters.shear_modulus > 0.0 ? parameters.shear_modulus : database.elasticity.g0.value;
      if (parameters.kind == LawKind::linear_elastic)
        return std::make_shared<const law::LinearElasticLaw>(shear_modulus,
                                                             parameters.law.bulk_modulus);
      if (parameters.kind == LawKind::j2)
      {
        law::J2LawParameters j2;
        j2.shear_modulus = shear_modulus;
        j2.bulk_modulus = parameters.law.bulk_modulus;
        j2.yield_stress = parameters.yield_stress;
        j2.hardening = parameters.hardening_modulus;
        return std::make_shared<const law::J2Law>(j2);
      }

      const auto elasticity = database::make_elasticity(database, parameters.elasticity);
      const auto source = database::make_event_source(database);
      if (parameters.kind == LawKind::seem)
        return std::make_shared<const law::SeemLaw>(elasticity, source, parameters.law);
      law::MeanFlowLawParameters mean_flow;
      mean_flow.bulk_modulus = parameters.law.bulk_modulus;
      mean_flow.energy_bound = parameters.law.energy_bound;
      mean_flow.record = parameters.law.record;
      return std::make_shared<const law::MeanFlowLaw>(elasticity, source, mean_flow);
    }
  } // namespace

  std::size_t largest_number_of_volumes(const double ratio)
  {
    const double n = law::n_sub_volumes(ratio);
    if (!(n <= max_copies))
      throw InputError(fmt::format("m = {:.4g}: the volume rule sub-RVE takes up to {} "
                                   "representative volumes per state of the law",
                                   ratio, max_copies));
    return static_cast<std::size_t>(n);
  }

  std::shared_ptr<const law::MaterialLaw> make_law(const MaterialParameters &parameters,
                                                   const database::EventDatabase &database,
                                                   const std::size_t n_volumes)
  {
    auto law = make_plain_law(parameters, database);
    if (n_volumes == 0)
      return law;
    return std::make_shared<const law::SubVolumeLaw>(std::move(law), n_volumes);
  }
} // namespace seem::commands
