// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/core/exceptions.h>
#include <seem/database/material.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/material_law.h>
#include <seem/law/mean_flow_law.h>
#include <seem/law/seem_law.h>
#include <seem/law/sub_volume_law.h>

#include <fmt/format.h>
#include <pybind11/stl.h>

// Every law that Python offers is bound here; Point and shear_ensemble() see a MaterialLaw only.

namespace seem::python
{
  using law::J2Law;
  using law::LinearElasticLaw;
  using law::MaterialLaw;
  using law::MeanFlowLaw;
  using law::SeemLaw;
  using law::StateField;
  using law::SubVolumeLaw;

  namespace
  {
    law::EnergyBound energy_bound_of(const std::string &name)
    {
      if (name == "report")
        return law::EnergyBound::report;
      if (name == "redraw")
        return law::EnergyBound::redraw;
      if (name == "clip")
        return law::EnergyBound::clip;
      throw InputError(
          fmt::format("energy_bound is '{}'; it must be report, redraw or clip", name));
    }

    /// @p given, or that of the database.
    std::shared_ptr<const law::Elasticity>
    chosen_elasticity(const std::shared_ptr<law::Elasticity> &given,
                      const database::EventDatabase &database)
    {
      return given ? std::shared_ptr<const law::Elasticity>(given) : elasticity_of(database);
    }

    std::shared_ptr<MeanFlowLaw>
    make_mean_flow_law(const database::EventDatabase &database, const double bulk_modulus,
                       const std::string &energy_bound, const bool record, const double sub_step,
                       const std::uint64_t max_sub_steps,
                       const std::shared_ptr<law::Elasticity> &elasticity)
    {
      law::MeanFlowLawParameters parameters;
      parameters.bulk_modulus = bulk_modulus;
      parameters.energy_bound = energy_bound_of(energy_bound);
      parameters.record = record;
      parameters.sub_step = sub_step;
      parameters.max_sub_steps = max_sub_steps;
      return std::make_shared<MeanFlowLaw>(chosen_elasticity(elasticity, database),
                                           database::make_event_source(database), parameters);
    }

    std::shared_ptr<SeemLaw> make_seem_law(const database::EventDatabase &database,
                                           const double bulk_modulus, const std::uint64_t seed,
                                           const std::string &energy_bound, const bool record,
                                           const double direction_spread, const bool plane_strain,
                                           const unsigned int max_events_per_update,
                                           const std::shared_ptr<law::Elasticity> &elasticity)
    {
      law::SeemLawParameters parameters;
      parameters.bulk_modulus = bulk_modulus;
      parameters.seed = seed;
      parameters.energy_bound = energy_bound_of(energy_bound);
      parameters.record = record;
      parameters.direction_spread = direction_spread;
      parameters.plane_strain = plane_strain;
      parameters.max_events_per_update = max_events_per_update;
      return std::make_shared<SeemLaw>(chosen_elasticity(elasticity, database),
                                       database::make_event_source(database), parameters);
    }
  } // namespace

  void bind_laws(py::module_ &module)
  {
    using py::arg;
    py::class_<StateField>(module, "StateField", "One group of numbers in a point's state.")
        .def_readonly("name", &StateField::name, "What the numbers are.")
        .def_readonly("unit", &StateField::unit, "Their unit.")
        .def_readonly("size", &StateField::size, "How many there are.")
        .def("__repr__", [](const StateField &field) {
          return fmt::format("<seem.StateField {} [{}]: {}>", field.name, field.unit, field.size);
        });

    py::class_<MaterialLaw, std::shared_ptr<MaterialLaw>>(
        module, "MaterialLaw",
        "A material law at small strain. It holds no state: Point does, and shear_ensemble() for "
        "many.")
        .def_property_readonly(
            "state_layout", &MaterialLaw::state_layout,
            "Names, units and sizes of the parts of a state, in order: list of StateField.")
        .def_property_readonly("state_size", &MaterialLaw::state_size, "Numbers per state.");

    const law::SeemLawParameters standard;
    py::class_<SeemLaw, MaterialLaw, std::shared_ptr<SeemLaw>>(
        module, "SeemLaw",
        "The stochastic evolution elasto-plastic law (Xu et al. 2024, Eqs. 3, 4, 7).\n\n"
        "Between events it is hyperelastic: with the elastic strain deviator e, gamma_el = sqrt(2 "
        "e:e), N = e/|e|,\n"
        "s = sqrt(2) tau(gamma_el, X1) N and p = K tr(strain). Events come with the rate m "
        "lambda(tau, X1) per unit of\n"
        "gamma_el where it exceeds its record since the last event, and change (tau, X) to (tau - "
        "dtau/m, X + dX/m) at\n"
        "fixed strain; m is the volume ratio of the point. Unloading and reloading are elastic.")
        .def(py::init(&make_seem_law), arg("database"), py::kw_only(), arg("bulk_modulus"),
             arg("seed") = standard.seed, arg("energy_bound") = "clip",
             arg("record") = standard.record, arg("direction_spread") = standard.direction_spread,
             arg("plane_strain") = standard.plane_strain,
             arg("max_events_per_update") = standard.max_events_per_update,
             arg("elasticity") = py::none(),
             "database               the statistics; pooled or smooth as it says\n"
             "bulk_modulus           K [GPa]; shear runs at fixed volume do not contain it, so it "
             "has no default\n"
             "seed                   of the random numbers\n"
             "energy_bound           what to do with a drawn event that would create energy, D = "
             "-(Delta u_el + dX1) < 0:\n"
             "                       'clip' lower dX1 to the bound, 'redraw' draw again, 'report' "
             "keep and count it\n"
             "record                 False: every forward increment draws hazard, reloading too\n"
             "direction_spread       scatter of the plastic strain's direction about the stress "
             "deviator [-]\n"
             "plane_strain           no scatter out of the xy plane\n"
             "max_events_per_update  more events in one step raise StepError\n"
             "elasticity             an Elasticity instead of the database's");

    const law::MeanFlowLawParameters mean_flow;
    py::class_<MeanFlowLaw, MaterialLaw, std::shared_ptr<MeanFlowLaw>>(
        module, "MeanFlowLaw",
        "The deterministic limit m -> infinity of SeemLaw, where only the mean of the events is "
        "felt: along the shear "
        "clock,\n\n"
        "    dX = lambda <dX> dgamma,  dtau = (G_t - lambda <dtau>) dgamma\n\n"
        "The volume ratio and the name of a point do nothing, and there are no events: the "
        "dissipation is "
        "Activity.heat.")
        .def(py::init(&make_mean_flow_law), arg("database"), py::kw_only(), arg("bulk_modulus"),
             arg("energy_bound") = "clip", arg("record") = mean_flow.record,
             arg("sub_step") = mean_flow.sub_step, arg("max_sub_steps") = mean_flow.max_sub_steps,
             arg("elasticity") = py::none(),
             "sub_step       length of a sub-step in shear strain [-]; the error is of first order "
             "in it\n"
             "max_sub_steps  more in one step raise StepError\n"
             "The others are those of SeemLaw.");

    py::class_<SubVolumeLaw, MaterialLaw, std::shared_ptr<SubVolumeLaw>>(
        module, "SubVolumeLaw",
        "A point that holds n = max(1, round(m)) representative volumes of a base law side by side "
        "under equal strain. "
        "Stress,\n"
        "energies, X1 and plastic shear are means over them, counts of events sums. In "
        "Point.events, copy is the "
        "number of\n"
        "the volume, and jump and heat are those of that volume alone.")
        .def(py::init([](const std::shared_ptr<MaterialLaw> &base, const std::size_t n_max) {
               return std::make_shared<SubVolumeLaw>(base, n_max);
             }),
             arg("base").none(false), py::kw_only(), arg("n_max"),
             "base: the law of one volume; n_max: largest number of volumes of a point, which "
             "fixes the size of the "
             "state.");

    py::class_<LinearElasticLaw, MaterialLaw, std::shared_ptr<LinearElasticLaw>>(
        module, "LinearElasticLaw",
        "Isotropic linear elasticity, sigma = 2 G dev(strain) + K tr(strain) 1.")
        .def(py::init<double, double>(), py::kw_only(), arg("shear_modulus"), arg("bulk_modulus"),
             "shear_modulus G and bulk_modulus K [GPa]; ValueError if one is not positive.");

    py::class_<J2Law, MaterialLaw, std::shared_ptr<J2Law>>(
        module, "J2Law",
        "J2 plasticity with linear isotropic hardening: q = sqrt(3/2 s:s) <= y0 + H alpha, "
        "s = 2 G (dev(strain) - e_p),\n"
        "p = K tr(strain). Simple shear yields at tau = y0/sqrt(3). Increments are radial returns: "
        "exact on a\n"
        "proportional path however it is cut. The state is that of the last advance().")
        .def(py::init([](const double shear_modulus, const double bulk_modulus,
                         const double yield_stress, const double hardening) {
               return std::make_shared<J2Law>(
                   law::J2LawParameters{shear_modulus, bulk_modulus, yield_stress, hardening});
             }),
             py::kw_only(), arg("shear_modulus"), arg("bulk_modulus"), arg("yield_stress"),
             arg("hardening") = 0.0,
             "shear_modulus G, bulk_modulus K, yield_stress y0 in uniaxial tension, hardening H = "
             "d sigma_y/d alpha, all in GPa;\n"
             "ValueError if G, K or y0 is not positive or H negative.");
  }
} // namespace seem::python
