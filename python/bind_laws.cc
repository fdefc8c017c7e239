// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/core/exceptions.h>
#include <seem/database/grid_event_source.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/material_law.h>
#include <seem/law/seem_law.h>

#include <fmt/format.h>
#include <pybind11/stl.h>

// Every law that Python offers is bound here; Point and shear_ensemble() see a MaterialLaw only.

namespace seem::python
{
  using law::J2Law;
  using law::LinearElasticLaw;
  using law::MaterialLaw;
  using law::SeemLaw;
  using law::StateField;

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
      return std::make_shared<SeemLaw>(
          elasticity ? std::shared_ptr<const law::Elasticity>(elasticity) : elasticity_of(database),
          std::make_shared<database::GridEventSource>(database), parameters);
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
             "database               the statistics; pooled by GridEventSource\n"
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
