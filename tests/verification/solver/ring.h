// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_SOLVER_RING_H
#define SEEM_TESTS_VERIFICATION_SOLVER_RING_H

#include "support/periodic_specimen.h"

#include <seem/law/j2_law.h>
#include <seem/solver/specimen_shapes.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

namespace seem::verification
{
  /**
   * Pressure in units of 2 k ln(b/a), the exact limit of a ring of perfectly plastic J2 material in
   * plane strain (R. Hill, The Mathematical Theory of Plasticity, 1950, chapter V.2), after the
   * inner wall of a quarter has been pushed outwards by a tenth of its radius.
   */
  template <int dim>
  double limit_pressure(const unsigned int degree, const bool mean_dilatation, const double edge)
  {
    constexpr double inner = 80.0, outer = 160.0; // radii [nm]
    constexpr double shear = 26.0, bulk = 148.0;  // [GPa]
    constexpr double yield_in_shear = 0.26;       // k [GPa]
    auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
    solver::make_ring<dim>(*mesh, {inner, outer, true}, edge, dim == 3 ? 10.0 : 0.0);
    const double thickness = dim == 3 ? 10.0 : 2.5;

    solver::Loading<dim> loading;
    const auto hold = [&](const char *name, const unsigned int component) {
      std::array<bool, dim> mask = {};
      mask[component] = true;
      loading.motions.push_back(
          {mesh->boundary_names.at(name), mask,
           [](const dealii::Point<dim> &, const unsigned int, const double) { return 0.0; }});
    };
    hold("lower x", 0);
    hold("lower y", 1);
    if (dim == 3)
    {
      hold("lower z", 2);
      hold("upper z", 2);
    }
    std::array<bool, dim> plane = {};
    plane[0] = plane[1] = true;
    const dealii::types::boundary_id wall = mesh->boundary_names.at("inner");
    loading.motions.push_back(
        {wall, plane, [](const dealii::Point<dim> &x, const unsigned int c, const double t) {
           return t * x[c];
         }});

    const law::J2Law law({shear, bulk, std::sqrt(3.0) * yield_in_shear, 0.0});
    seem::testing::TestBody<dim> body(MPI_COMM_WORLD, mesh, loading, law,
                                      [](const auto &) { return State(); },
                                      {degree, {dim == 3 ? 1.0 : thickness, mean_dilatation}});
    solver::LoadParameters parameters;
    parameters.final_time = 0.1;
    parameters.largest_increment = 0.01;
    solver::LoadStepper<dim> stepper(*body.equilibrium, body.points, MPI_COMM_WORLD, parameters);
    stepper.run([](const solver::StepRecord &) {});

    // The pressure works on the volume that the polygon of the wall sweeps: integral of x.n.
    double swept = 0.0;
    for (const auto &cell : body.body.discretisation.dof_handler.active_cell_iterators())
    {
      if (!cell->is_locally_owned())
        continue;
      for (const unsigned int f : cell->face_indices())
        if (cell->at_boundary(f) && cell->face(f)->boundary_id() == wall)
        {
          // x.n is constant along a chord.
          const auto middle = cell->face(f)->center();
          swept += std::hypot(middle[0], middle[1]) * cell->face(f)->measure();
        }
    }
    swept = dealii::Utilities::MPI::sum(swept, MPI_COMM_WORLD) * (dim == 3 ? 1.0 : thickness);

    solver::Load unit;
    body.body.program.evaluate(1.0, unit);
    solver::Load::Vector zero;
    body.body.balance->initialise_vector(zero);
    std::vector<law::SymmetricTensor> strains(body.points.size());
    body.body.balance->compute_strains(zero, &unit.lift, law::SymmetricTensor::Zero(), strains);
    const double work = dealii::Utilities::MPI::sum(
        body.points.contraction(body.points.stress, strains), MPI_COMM_WORLD);
    const double ratio = work / swept / (2.0 * yield_in_shear * std::log(outer / inner));
    std::printf("[          ] %dD, degree %u, mean dilatation %d, cells of %.1f nm: %.5f of the "
                "limit pressure\n",
                dim, degree, mean_dilatation, edge, ratio);
    return ratio;
  }
} // namespace seem::verification

#endif
