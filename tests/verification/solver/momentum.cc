// SPDX-License-Identifier: LGPL-2.1-or-later
// Balance of momentum at the end of a step with avalanches, by a route that shares nothing with the
// solver's operator: nodal forces with FEValues and the definition of mean dilatation.
#include "../synthetic_database.h"
#include "../verification.h"
#include "support/periodic_specimen.h"

#include <seem/solver/cell_key.h>
#include <seem/solver/specimen_shapes.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

namespace
{
  using namespace seem;
  using Vector = solver::Load::Vector;

  /// Nodal forces of the points' stresses, condensed; and the norm of those of the cells.
  template <int dim>
  double nodal_forces(const seem::testing::TestBody<dim> &body, const bool mean_dilatation,
                      const double thickness, Vector &forces)
  {
    const auto &discretisation = body.body.discretisation;
    std::map<std::uint64_t, std::size_t> first; // point of each cell, by its key
    for (std::size_t p = 0; p < body.points.size(); ++p)
      first.try_emplace(body.quadrature_points[p].key.cell, p);
    const dealii::MappingQ1<dim> mapping;
    const dealii::QGauss<dim> quadrature(discretisation.degree + 1);
    dealii::FEValues<dim> values(mapping, discretisation.fe, quadrature,
                                 dealii::update_gradients | dealii::update_JxW_values);
    std::vector<dealii::types::global_dof_index> indices(discretisation.fe.n_dofs_per_cell());
    dealii::Vector<double> local(indices.size());
    forces = 0.0;
    double squares = 0.0;
    for (const auto &cell : discretisation.dof_handler.active_cell_iterators())
    {
      if (!cell->is_locally_owned())
        continue;
      values.reinit(cell);
      const std::size_t p = first.at(solver::cell_key<dim>(cell->id()));
      double volume = 0.0;
      for (unsigned int q = 0; q < quadrature.size(); ++q)
        volume += values.JxW(q);
      for (unsigned int i = 0; i < indices.size(); ++i)
      {
        const unsigned int c = discretisation.fe.system_to_component_index(i).first;
        double mean = 0.0;
        for (unsigned int q = 0; q < quadrature.size(); ++q)
          mean += values.shape_grad(i, q)[c] * values.JxW(q) / volume;
        local(i) = 0.0;
        for (unsigned int q = 0; q < quadrature.size(); ++q)
        {
          const auto gradient = values.shape_grad(i, q);
          // The strain of a unit displacement of this degree of freedom.
          law::SymmetricTensor strain = law::SymmetricTensor::Zero();
          for (unsigned int d = 0; d < dim; ++d)
            strain[static_cast<int>(d == c ? d : 6 - d - c)] +=
                d == c ? gradient[d] : gradient[d] / law::sqrt2;
          if (mean_dilatation)
            strain += (mean - gradient[c]) / 3.0 * law::identity();
          local(i) += body.points.stress[p + q].dot(strain) * values.JxW(q) * thickness;
        }
        squares += local(i) * local(i);
      }
      cell->get_dof_indices(indices);
      discretisation.constraints.distribute_local_to_global(local, indices, forces);
    }
    forces.compress(dealii::VectorOperation::add);
    return std::sqrt(dealii::Utilities::MPI::sum(squares, MPI_COMM_WORLD));
  }

  /// Run to t = 0.1 and return the unbalanced force over the scale of the tolerance.
  template <int dim>
  double unbalanced(std::shared_ptr<const solver::SpecimenMesh<dim>> mesh,
                    solver::Loading<dim> loading, const unsigned int degree)
  {
    const law::SeemLaw law = verification::tabulated_law(5);
    const double thickness = dim == 2 ? 4.0 : 1.0;
    const bool mean_dilatation = degree == 1;
    seem::testing::TestBody<dim> body(
        MPI_COMM_WORLD, std::move(mesh), std::move(loading), law,
        [](const auto &) { return seem::testing::make_state(0.0, 0.006); },
        {degree, {thickness, mean_dilatation}});
    solver::LoadParameters load;
    load.final_time = 0.1;
    load.largest_increment = 4e-3;
    solver::LoadStepper<dim> stepper(*body.equilibrium, body.points, MPI_COMM_WORLD, load);
    unsigned long n_triggered = 0;
    stepper.run([&](const solver::StepRecord &record) { n_triggered += record.n_triggered; });
    EXPECT_GT(n_triggered, 100u);
    Vector forces;
    body.body.balance->initialise_vector(forces);
    const double scale = nodal_forces(body, mean_dilatation, thickness, forces);
    const double ratio = forces.l2_norm() / scale;
    std::printf("[          ] %dD, degree %u: unbalanced force %.1e of the nodal forces, %lu "
                "triggered events\n",
                dim, degree, ratio, n_triggered);
    return ratio;
  }

  TEST(VerifyMomentum, ForcesBalanceToTheToleranceAfterAvalanches)
  {
    const double tolerance = solver::EquilibriumParameters().tolerance * 1.01;
    const auto shear = [](const double t) { return t; };
    EXPECT_LE(unbalanced<2>(seem::testing::box_mesh<2>({{8, 6}}, true),
                            solver::periodic_shear<2>(shear), 1),
              tolerance);
    EXPECT_LE(unbalanced<2>(seem::testing::box_mesh<2>({{4, 4}}, true),
                            solver::periodic_shear<2>(shear), 2),
              tolerance);
    EXPECT_LE(unbalanced<3>(seem::testing::box_mesh<3>({{4, 2, 2}}, true),
                            solver::periodic_shear<3>(shear), 1),
              tolerance);
    // A plate with a hole, its lower side held, its upper side pulled.
    auto plate = std::make_shared<solver::SpecimenMesh<2>>();
    solver::make_plate_with_hole<2>(*plate, {64.0, 64.0, 12.0}, 8.0);
    solver::Loading<2> pull;
    for (const char *name : {"lower y", "upper y"})
    {
      const bool upper = name[0] == 'u';
      pull.motions.push_back(
          {plate->boundary_names.at(name),
           {{true, true}},
           [upper](const dealii::Point<2> &, const unsigned int c, const double t) {
             return upper && c == 1 ? 64.0 * t : 0.0;
           }});
    }
    EXPECT_LE(unbalanced<2>(plate, pull, 1), tolerance);
  }
} // namespace
