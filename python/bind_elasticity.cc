// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/database/material.h>
#include <seem/law/elasticity.h>

#include <limits>

namespace seem::python
{
  using law::Elasticity;
  using law::TaylorElasticity;

  std::shared_ptr<const Elasticity> elasticity_of(const database::EventDatabase &database)
  {
    return database::make_elasticity(database);
  }

  void bind_elasticity(py::module_ &module)
  {
    using py::arg;
    py::class_<Elasticity, std::shared_ptr<Elasticity>>(
        module, "Elasticity",
        "Shear elasticity between two plastic events, at constant X1: one consistent set of "
        "energy, elastic strain\n"
        "and tangent, d(energy_density) = tau d(elastic_strain) and tangent = d "
        "tau/d(elastic_strain).\n"
        "tau may have either sign. All functions take numbers or arrays, which are broadcast.")
        .def("energy_density", py::vectorize(&Elasticity::energy_density), arg("tau"), arg("x1"),
             "Elastic energy per unit volume [GPa] at shear stress tau [GPa] and x1 [eV per atom].")
        .def("elastic_strain", py::vectorize(&Elasticity::elastic_strain), arg("tau"), arg("x1"),
             "Elastic shear strain gamma_el = g(tau, X1) [-] at tau [GPa] and x1 [eV per atom].")
        .def("tangent", py::vectorize(&Elasticity::tangent), arg("tau"), arg("x1"),
             "Tangent modulus G_t = d tau/d gamma_el [GPa] at tau [GPa] and x1 [eV per atom].")
        .def("stress", py::vectorize(&Elasticity::stress), arg("gamma_el"), arg("x1"),
             "The inverse of elastic_strain: tau [GPa] at elastic shear strain gamma_el [-].")
        .def("inelastic_energy", py::vectorize(&Elasticity::inelastic_energy), arg("excess_energy"),
             arg("tau"),
             "X1 [eV per atom], the solution of X1 = excess_energy - u_el(tau, X1), Eq. (5), at "
             "the excess energy\n"
             "u - u0 [eV per atom] and tau [GPa].")
        .def("capped", py::vectorize(&Elasticity::capped), arg("x1"),
             "True where x1 is so large that the model is capped.")
        .def_property_readonly("atomic_volume", &Elasticity::atomic_volume,
                               "Volume per atom Omega [Angstrom^3].");

    const double none = std::numeric_limits<double>::infinity();
    py::class_<TaylorElasticity, Elasticity, std::shared_ptr<TaylorElasticity>>(
        module, "TaylorElasticity",
        "The paper's elasticity (Xu et al. 2024, Eq. 7) and what follows from it by d u_el = Omega "
        "tau d gamma:\n\n"
        "    c    = 1/(1 - X1/uA)\n"
        "    u_el = Omega tau^2/(2 G0) [c + (tau/tauA)^2 + (tau/tauB)^4]\n"
        "    g    = tau/G0 [c + 2/3 (tau/tauA)^2 + 3/5 (tau/tauB)^4]\n"
        "    G_t  = G0/[c + 2 (tau/tauA)^2 + 3 (tau/tauB)^4]\n\n"
        "In c, X1 is capped at 0.9 uA. With tauA = tauB = infinity it is linear, G = G0 (1 - "
        "X1/uA).")
        .def(py::init<double, double, double, double, double>(), py::kw_only(), arg("g0"),
             arg("u_a"), arg("tau_a") = none, arg("tau_b") = none, arg("atomic_volume"),
             "g0 [GPa], u_a [eV per atom], tau_a and tau_b [GPa] (infinity leaves a term out), "
             "atomic_volume\n"
             "[Angstrom^3]. ValueError if one of them is not positive.")
        .def("elastic_energy", py::vectorize(&TaylorElasticity::elastic_energy), arg("tau"),
             arg("x1"), "u_el of Eq. (7) [eV per atom] at tau [GPa] and x1 [eV per atom].")
        .def("inelastic_energy_first_order",
             py::vectorize(&TaylorElasticity::inelastic_energy_first_order), arg("excess_energy"),
             arg("tau"), "The first-order closed form of inelastic_energy, Eq. (8).");
  }
} // namespace seem::python
