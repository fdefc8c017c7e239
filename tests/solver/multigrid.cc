// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/law/linear_elastic_law.h>

#include <deal.II/grid/grid_tools.h>
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
    solver::MultigridPrecision precision = solver::MultigridPrecision::double_precision;
  };

  /// A body with moduli of contrast 1.8, uncorrelated from point to point, under rough forces.
  template <int dim>
  class System
  {
  public:
    System(std::shared_ptr<const solver::SpecimenMesh<dim>> mesh, const Case &c,
           const bool mean_dilatation)
        : body(MPI_COMM_WORLD, std::move(mesh),
               c.periodic ? solver::periodic_shear<dim>([](const double t) { return t; })
                          : plates<dim>(),
               {c.degree,
                {1.0, mean_dilatation},
                solver::PreconditionerKind::multigrid,
                c.precision})
    {
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
      for (Vector *v : {&rhs, &solution})
        body.balance->initialise_vector(*v);
      body.balance->internal_forces(stress, rhs);
    }

    /// @return steps of conjugate gradients
    unsigned int solve(const double tolerance)
    {
      dealii::SolverControl control(100, tolerance * rhs.l2_norm());
      dealii::SolverCG<Vector> cg(control);
      solution = 0.0;
      cg.solve(*body.balance, solution, rhs, *body.preconditioner);
      return control.last_step();
    }

    solver::Body<dim> body;
    Vector rhs, solution;
  };

  template <int dim>
  unsigned int n_steps(const std::array<unsigned int, dim> &n_cells, const Case &c,
                       const double tolerance)
  {
    return System<dim>(seem::testing::box_mesh<dim>(n_cells, c.periodic), c, c.degree == 1)
        .solve(tolerance);
  }

  double distance(const Vector &a, const Vector &b)
  {
    Vector difference(a);
    difference -= b;
    return difference.l2_norm() / b.l2_norm();
  }

  /// Small enough to be solved on the matrix of its level: with isotropic tangents the
  /// preconditioner is the inverse of the operator.
  template <int dim>
  void expect_inverse(const bool box)
  {
    for (const bool mean_dilatation : {true, false})
      for (const auto precision : {solver::MultigridPrecision::double_precision,
                                   solver::MultigridPrecision::single_precision})
      {
        std::array<double, dim> edges = {{3.0, 5.0}};
        std::array<unsigned int, dim> n_cells = {{2, 4}};
        std::array<bool, dim> periodic{};
        if constexpr (dim == 3)
        {
          edges[2] = 4.0;
          n_cells[2] = 3;
        }
        auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
        solver::make_box<dim>(*mesh, edges, n_cells, periodic);
        if (!box)
          dealii::GridTools::transform(
              [](const dealii::Point<dim> &x) {
                dealii::Point<dim> y = x;
                y[0] *= 1.0 + 0.05 * x[1] * x[dim - 1];
                y[1] += 0.1 * x[0];
                return y;
              },
              mesh->coarse);
        System<dim> system(mesh, {1, false, 2.5, precision}, mean_dilatation);
        Vector back(system.rhs);
        system.body.preconditioner->vmult(system.solution, system.rhs);
        system.body.balance->vmult(back, system.solution);
        const double error = distance(back, system.rhs);
        if (precision == solver::MultigridPrecision::double_precision)
          EXPECT_LT(error, 1e-12) << "mean dilatation: " << mean_dilatation;
        else
        {
          EXPECT_LT(error, 1e-5) << "mean dilatation: " << mean_dilatation;
          EXPECT_GT(error, 1e-9) << "not in single precision";
        }
      }
  }

  TEST(Multigrid, IsTheInverseOfASmallBody)
  {
    for (const bool box : {true, false})
    {
      SCOPED_TRACE(box ? "boxes of unequal edges" : "distorted cells");
      expect_inverse<2>(box);
      expect_inverse<3>(box);
    }
  }

  /// Single precision takes as many steps, to the same solution.
  template <int dim>
  void compare_precisions(const std::array<unsigned int, dim> &n_cells, Case c)
  {
    SCOPED_TRACE(::testing::Message() << "in " << dim << " dimensions, degree " << c.degree
                                      << ", periodic: " << c.periodic);
    const auto mesh = seem::testing::box_mesh<dim>(n_cells, c.periodic);
    System<dim> in_double(mesh, c, c.degree == 1);
    c.precision = solver::MultigridPrecision::single_precision;
    System<dim> in_single(mesh, c, c.degree == 1);
    EXPECT_LE(in_single.solve(1e-10), in_double.solve(1e-10) + 1);
    EXPECT_LT(distance(in_single.solution, in_double.solution), 1e-8);

    // One cycle differs by the round-off of float.
    in_double.body.preconditioner->vmult(in_double.solution, in_double.rhs);
    in_single.body.preconditioner->vmult(in_single.solution, in_single.rhs);
    const double one_cycle = distance(in_single.solution, in_double.solution);
    EXPECT_LT(one_cycle, 1e-4);
    EXPECT_GT(one_cycle, 1e-9) << "not in single precision";
  }

  TEST(Multigrid, InSinglePrecisionTakesAsManyStepsToTheSameSolution)
  {
    for (const bool periodic : {true, false})
      for (const unsigned int degree : {1, 2})
      {
        compare_precisions<2>({{64 / degree, 96 / degree}}, {degree, periodic, 2.5});
        compare_precisions<3>({{8, 8, 16 / degree}}, {degree, periodic, 2.5});
      }
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
