// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/law/linear_elastic_law.h>

#include <deal.II/lac/solver_cg.h>

#include <gtest/gtest.h>

#include <cmath>

namespace
{
  using namespace seem;
  using Vector = solver::BalanceOperator<2>::Vector;

  /// A number in (-1, 1) that depends on @p i alone.
  double noise(const std::uint64_t i)
  {
    return 2.0 * RandomStream(23, {i, 0}).uniform(0, RandomPurpose::initial_state)[0] - 1.0;
  }

  /// Simple shear between plates: lower y held, upper y moved along x, the sides free.
  template <int dim>
  solver::Loading<dim> plates()
  {
    solver::Loading<dim> loading;
    std::array<bool, dim> all;
    all.fill(true);
    for (const dealii::types::boundary_id id : {2, 3})
      loading.motions.push_back(
          {id, all, [id](const dealii::Point<dim> &, const unsigned int c, const double t) {
             return id == 3 && c == 0 ? t : 0.0;
           }});
    return loading;
  }

  struct Case
  {
    unsigned int degree;
    bool periodic;
    double bulk; ///< mean shear modulus 1
  };

  /// CG steps to @p tolerance with moduli of contrast 1.8, uncorrelated from point to point.
  template <int dim>
  unsigned int n_steps(const std::array<unsigned int, dim> &n_cells, const Case &c,
                       const double tolerance)
  {
    solver::Loading<dim> loading =
        c.periodic ? solver::periodic_shear<dim>([](const double t) { return t; }) : plates<dim>();
    solver::Body<dim> body(MPI_COMM_WORLD, seem::testing::box_mesh<dim>(n_cells, c.periodic),
                           std::move(loading),
                           {c.degree, {1.0, c.degree == 1}, solver::PreconditionerKind::multigrid});
    std::vector<law::Tangent> tangents;
    std::vector<law::SymmetricTensor> stress;
    for (const auto &point : body.balance->quadrature_points())
    {
      const std::uint64_t i = 64 * point.key.cell + point.key.quadrature_point;
      const double shear = std::exp(0.3 * noise(i));
      tangents.push_back({c.bulk, shear, shear, law::SymmetricTensor::Zero()});
      stress.push_back(law::simple_shear(noise(i + 7)));
    }
    body.balance->set_tangents(tangents);
    body.preconditioner->update(*body.balance, tangents);
    Vector rhs, solution;
    body.balance->initialise_vector(rhs);
    body.balance->initialise_vector(solution);
    body.balance->internal_forces(stress, rhs);
    dealii::SolverControl control(100, tolerance * rhs.l2_norm());
    dealii::SolverCG<Vector> cg(control);
    cg.solve(*body.balance, solution, rhs, *body.preconditioner);
    return control.last_step();
  }

  TEST(Multigrid, NeedsAsManyStepsOnAFineMeshAsOnACoarseOneInThePlane)
  {
    for (const bool periodic : {true, false})
    {
      const unsigned int coarse = n_steps<2>({{32, 48}}, {1, periodic, 2.5}, 1e-8);
      const unsigned int fine = n_steps<2>({{64, 96}}, {1, periodic, 2.5}, 1e-8);
      EXPECT_LE(coarse, 8u) << "periodic: " << periodic;
      EXPECT_LE(fine, coarse + 1) << "periodic: " << periodic;
    }
  }

  TEST(Multigrid, NeedsAsManyStepsOnAFineMeshAsOnACoarseOneInSpace)
  {
    const unsigned int coarse = n_steps<3>({{8, 8, 8}}, {1, false, 2.5}, 1e-8);
    const unsigned int fine = n_steps<3>({{16, 16, 16}}, {1, false, 2.5}, 1e-8);
    EXPECT_LE(coarse, 8u);
    EXPECT_LE(fine, coarse + 1);
    // Held at one node only: without the projection of the translations 9.
    const unsigned int periodic = n_steps<3>({{8, 8, 8}}, {1, true, 2.5}, 1e-8);
    EXPECT_LE(periodic, 7u);
    EXPECT_LE(n_steps<3>({{16, 16, 16}}, {1, true, 2.5}, 1e-8), periodic + 1);
    // K/G of Cu64Zr36
    EXPECT_LE(n_steps<3>({{16, 16, 16}}, {1, true, 5.7}, 1e-8), 8u);
  }

  TEST(Multigrid, ConvergesForQuadraticElements)
  {
    for (const bool periodic : {true, false})
    {
      EXPECT_LE(n_steps<2>({{16, 24}}, {2, periodic, 2.5}, 1e-8), 8u) << "periodic: " << periodic;
      EXPECT_LE(n_steps<3>({{4, 4, 4}}, {2, periodic, 2.5}, 1e-8), 8u) << "periodic: " << periodic;
    }
  }

  TEST(Multigrid, AFewStepsAreEnoughForAPassAtTheBulkModulusOfGlass)
  {
    // K/G = 148/26 of Cu64Zr36, a factor 1e-3 as in a pass.
    EXPECT_LE(n_steps<2>({{64, 64}}, {1, true, 5.7}, 1e-3), 4u);
    EXPECT_LE(n_steps<3>({{8, 8, 8}}, {1, true, 5.7}, 1e-3), 4u);
  }
} // namespace
