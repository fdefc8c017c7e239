// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/spectral_preconditioner.h>

#include <deal.II/base/mpi.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/lac/solver_cg.h>

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <set>
#include <string>

namespace
{
  using namespace seem;
  using Vector = solver::BalanceOperator<2>::Vector;

  /// A number in (-1, 1) that depends on @p i alone.
  double noise(const std::uint64_t i)
  {
    return 2.0 * RandomStream(29, {i, 0}).uniform(0, RandomPurpose::initial_state)[0] - 1.0;
  }

  /// Shear modulus exp(spread noise), along simple shear 0.8 of it: a contrast of exp(2 spread).
  law::Tangent tangent(const PointKey &key, const double spread)
  {
    const double shear = std::exp(spread * noise(64 * key.cell + key.quadrature_point));
    return {5.7, 0.8 * shear, shear, law::simple_shear(1.0).normalized()};
  }

  /// A periodic box of cells that are no cubes.
  template <int dim>
  class Box
  {
  public:
    Box(const std::array<unsigned int, dim> &n_cells, const double spread,
        const bool mean_dilatation = true,
        const solver::PreconditionerKind kind = solver::PreconditionerKind::spectral)
        : body(MPI_COMM_WORLD, mesh_of(n_cells),
               solver::periodic_shear<dim>([](const double t) { return t; }),
               {1, {dim == 2 ? 2.5 : 1.0, mean_dilatation}, kind})
    {
      std::vector<law::Tangent> tangents;
      std::vector<law::SymmetricTensor> stress;
      for (const auto &point : body.balance->quadrature_points())
      {
        const std::uint64_t i = 64 * point.key.cell + point.key.quadrature_point;
        tangents.push_back(tangent(point.key, spread));
        stress.push_back(law::symmetric_tensor(noise(i + 5), noise(i + 6), noise(i + 7), 0.0, 0.0,
                                               noise(i + 8)));
      }
      body.balance->set_tangents(tangents);
      body.preconditioner->update(*body.balance, tangents);
      for (Vector *v : {&rhs, &solution})
        body.balance->initialise_vector(*v);
      body.balance->internal_forces(stress, rhs);
    }

    /// CG steps to @p tolerance.
    unsigned int solve(const double tolerance)
    {
      dealii::SolverControl control(100, tolerance * rhs.l2_norm());
      dealii::SolverCG<Vector> cg(control);
      solution = 0.0;
      cg.solve(*body.balance, solution, rhs, *body.preconditioner);
      return control.last_step();
    }

    /// Forces of other, unrelated stresses.
    Vector other_forces() const
    {
      std::vector<law::SymmetricTensor> stress;
      for (const auto &point : body.balance->quadrature_points())
        stress.push_back(law::simple_shear(noise(64 * point.key.cell + 1)));
      Vector forces;
      body.balance->initialise_vector(forces);
      body.balance->internal_forces(stress, forces);
      return forces;
    }

    solver::Body<dim> body;
    Vector rhs, solution;

  private:
    static std::shared_ptr<const solver::SpecimenMesh<dim>>
    mesh_of(const std::array<unsigned int, dim> &n_cells)
    {
      auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
      std::array<double, dim> edges;
      std::array<bool, dim> periodic;
      for (unsigned int d = 0; d < dim; ++d)
        edges[d] = n_cells[d] * (1.0 + 0.2 * d);
      periodic.fill(true);
      solver::make_box<dim>(*mesh, edges, n_cells, periodic);
      return mesh;
    }
  };

  TEST(SpectralPreconditioner, IsTheInverseOfAHomogeneousPlaneBody)
  {
    for (const bool mean_dilatation : {true, false})
      for (const std::array<unsigned int, 2> &n_cells :
           {std::array<unsigned int, 2>{{16, 12}}, {{5, 14}}, {{1, 6}}, {{8, 2}}, {{3, 1}}})
      {
        Box<2> box(n_cells, 0.0, mean_dilatation);
        Vector back = box.rhs;
        box.body.preconditioner->vmult(box.solution, box.rhs);
        box.body.balance->vmult(back, box.solution);
        back -= box.rhs;
        EXPECT_GT(box.rhs.l2_norm(), 0.1);
        EXPECT_LT(back.l2_norm(), 1e-13 * box.rhs.l2_norm())
            << n_cells[0] << " x " << n_cells[1] << ", mean dilatation " << mean_dilatation;
      }
  }

  TEST(SpectralPreconditioner, IsTheInverseOfAHomogeneousBodyInSpaceToSinglePrecision)
  {
    for (const bool mean_dilatation : {true, false})
      for (const std::array<unsigned int, 3> &n_cells :
           {std::array<unsigned int, 3>{{8, 6, 4}}, {{3, 4, 7}}, {{4, 1, 2}}})
      {
        Box<3> box(n_cells, 0.0, mean_dilatation);
        Vector back = box.rhs;
        box.body.preconditioner->vmult(box.solution, box.rhs);
        box.body.balance->vmult(back, box.solution);
        back -= box.rhs;
        EXPECT_GT(box.rhs.l2_norm(), 0.1);
        EXPECT_LT(back.l2_norm(), 2e-6 * box.rhs.l2_norm())
            << n_cells[0] << " x " << n_cells[1] << " x " << n_cells[2] << ", mean dilatation "
            << mean_dilatation;
      }
  }

  TEST(SpectralPreconditioner, NeedsFewStepsWhateverTheMesh)
  {
    // Moduli of contrast 1.8, uncorrelated from point to point.
    const unsigned int coarse = Box<2>({{16, 24}}, 0.3).solve(1e-8);
    EXPECT_LE(coarse, 10u);
    EXPECT_LE(Box<2>({{64, 96}}, 0.3).solve(1e-8), coarse + 1);
    EXPECT_LE(Box<2>({{64, 96}}, 0.3).solve(1e-3), 4u);
    const unsigned int space = Box<3>({{6, 8, 4}}, 0.3).solve(1e-8);
    EXPECT_LE(space, 10u);
    EXPECT_LE(Box<3>({{12, 16, 8}}, 0.3).solve(1e-8), space + 1);
    EXPECT_LE(Box<3>({{12, 16, 8}}, 0.3).solve(1e-3), 4u);
  }

  TEST(SpectralPreconditioner, LeadsToTheSolutionOfTheDirectSolver)
  {
    Box<2> box({{12, 10}}, 0.3),
        reference({{12, 10}}, 0.3, true, solver::PreconditionerKind::direct);
    EXPECT_GT(box.solve(1e-12), 2u);
    EXPECT_LE(reference.solve(1e-12), 2u);
    const double size = reference.solution.l2_norm();
    box.solution -= reference.solution;
    EXPECT_LT(box.solution.l2_norm(), 1e-10 * size);
  }

  TEST(SpectralPreconditioner, IsSymmetricAndCopiesConstrainedEntries)
  {
    Box<2> box({{6, 10}}, 0.3);
    const Vector other = box.other_forces();
    Vector a = other, b = other;
    box.body.preconditioner->vmult(a, box.rhs);
    box.body.preconditioner->vmult(b, other);
    EXPECT_NEAR(other * a, box.rhs * b, 1e-13 * std::abs(other * a));
    EXPECT_GT(std::abs(other * a), 1e-3 * other.l2_norm() * a.l2_norm());

    Vector ones = other;
    ones = 1.0;
    box.body.preconditioner->vmult(a, ones);
    unsigned int n_constrained = 0;
    const auto &constraints = box.body.discretisation.constraints;
    for (const auto i : box.body.discretisation.dof_handler.locally_owned_dofs())
      if (constraints.is_constrained(i))
      {
        ++n_constrained;
        EXPECT_EQ(a(i), 1.0);
      }
    // 7 x 11 nodes, of them 60 - 1 free.
    EXPECT_EQ(dealii::Utilities::MPI::sum(n_constrained, MPI_COMM_WORLD), 2u * (7 * 11 - 59));
  }

  TEST(SpectralPreconditioner, FollowsTheDirectionOfTheTangents)
  {
    // All points soft along one direction: the mean has it.
    const law::SymmetricTensor n =
        law::symmetric_tensor(0.3, -0.5, 0.2, 0.0, 0.0, 0.4).normalized();
    std::vector<law::Tangent> tangents(12, {5.0, 0.3, 1.0, n});
    for (std::size_t i = 0; i < tangents.size(); i += 2)
      tangents[i].direction = -n;
    law::Tangent mean = solver::mean_tangent<2>(tangents, MPI_COMM_WORLD);
    EXPECT_NEAR(std::abs(mean.direction.dot(n)), 1.0, 1e-14);
    EXPECT_NEAR(mean.shear, 0.3, 1e-14);
    EXPECT_NEAR(mean.secant, 1.0, 1e-14);
    EXPECT_EQ(mean.bulk, 5.0);

    // Two directions, two thirds of the points along n: the mean along each is kept.
    const law::SymmetricTensor shear =
        law::symmetric_tensor(0.5, 0.3, -0.8, 0.0, 0.0, 0.0).normalized();
    const law::SymmetricTensor across = (shear - shear.dot(n) * n).normalized();
    for (std::size_t i = 0; i < tangents.size(); i += 3)
      tangents[i] = {8.0, 0.3, 1.0, across};
    mean = solver::mean_tangent<2>(tangents, MPI_COMM_WORLD);
    EXPECT_NEAR(std::abs(mean.direction.dot(n)), 1.0, 1e-14);
    EXPECT_NEAR(mean.shear, 1.0 - 0.7 * 2.0 / 3.0, 1e-14);
    EXPECT_NEAR(mean.secant, 1.0 - 0.5 * 0.7 / 3.0, 1e-14); // shared by two directions
    EXPECT_NEAR(mean.bulk, 6.0, 1e-14);
  }

  TEST(SpectralPreconditioner, RefusesAMeanStiffnessThatIsNotPositiveOnAllRanks)
  {
    Box<2> box({{4, 4}}, 0.0);
    const std::vector<law::Tangent> tangents(box.body.balance->quadrature_points().size(),
                                             {-100.0, -20.0, -20.0, law::SymmetricTensor::Zero()});
    EXPECT_THROW(box.body.preconditioner->update(*box.body.balance, tangents), StepError);
  }

  /// The message of the error that the preconditioner meets for @p discretisation; empty: none.
  template <int dim>
  std::string refusal(const solver::Discretisation<dim> &discretisation)
  {
    try
    {
      const solver::SpectralPreconditioner<dim> preconditioner(discretisation, {});
    }
    catch (const InputError &error)
    {
      EXPECT_FALSE(solver::SpectralPreconditioner<dim>::obstacle(discretisation).empty());
      return error.what();
    }
    EXPECT_EQ(solver::SpectralPreconditioner<dim>::obstacle(discretisation), "");
    return "";
  }

  TEST(SpectralPreconditioner, IsTheAutomaticChoiceWhereItIsPossibleAndFast)
  {
    const auto is_spectral = [](const std::array<unsigned int, 2> &n_cells, const bool periodic,
                                const unsigned int degree) {
      const auto mesh = seem::testing::box_mesh<2>(n_cells, periodic);
      solver::PrescribedComponents<2> prescribed;
      if (!periodic)
        prescribed[2] = {{true, true}};
      const solver::Discretisation<2> discretisation(MPI_COMM_WORLD, *mesh, mesh->n_refinements,
                                                     degree, prescribed);
      const auto chosen = solver::make_preconditioner<2>(
          solver::PreconditionerKind::automatic, *mesh, discretisation, prescribed, {1.0, true});
      return dynamic_cast<const solver::SpectralPreconditioner<2> *>(chosen.get()) != nullptr;
    };
    EXPECT_TRUE(is_spectral({{4, 8}}, true, 1));
    EXPECT_TRUE(is_spectral({{1, 2 * 127}}, true, 1));
    EXPECT_FALSE(is_spectral({{1, 2 * 131}}, true, 1)); // a prime without a fast transform
    EXPECT_FALSE(is_spectral({{4, 8}}, true, 2));
    EXPECT_FALSE(is_spectral({{4, 8}}, false, 1));
  }

  TEST(SpectralPreconditioner, NamesWhatStandsInItsWayAndTheCure)
  {
    const auto box = seem::testing::box_mesh<2>({{4, 8}}, true);
    const auto message_of = [&](const solver::SpecimenMesh<2> &mesh, const unsigned int degree,
                                const solver::PrescribedComponents<2> &prescribed) {
      return refusal(
          solver::Discretisation<2>(MPI_COMM_WORLD, mesh, mesh.n_refinements, degree, prescribed));
    };
    EXPECT_EQ(message_of(*box, 1, {}), "");
    EXPECT_EQ(message_of(*box, 2, {}),
              "the preconditioner spectral needs a box of equal linear cells that is periodic in "
              "all directions, but of this body: its elements are quadratic. Choose "
              "\"Solver/Preconditioner\" = automatic");
    const solver::PrescribedComponents<2> lower_y = {{2, {{true, true}}}};
    EXPECT_NE(message_of(*box, 1, lower_y).find("some of its boundaries are held"),
              std::string::npos);

    solver::SpecimenMesh<2> strip;
    solver::make_box<2>(strip, {{8.0, 4.0}}, {{8, 4}}, {{true, false}});
    EXPECT_NE(message_of(strip, 1, lower_y).find("it is not periodic in all directions"),
              std::string::npos);

    // Unequal cells: the middle line of nodes is moved.
    solver::SpecimenMesh<2> graded;
    solver::make_box<2>(graded, {{8.0, 4.0}}, {{8, 4}}, {{true, true}});
    graded.coarse.clear();
    dealii::GridGenerator::subdivided_hyper_rectangle(
        graded.coarse, std::vector<std::vector<double>>{{3.0, 5.0}, {2.0, 2.0}}, dealii::Point<2>(),
        dealii::Point<2>(8.0, 4.0), true);
    EXPECT_NE(message_of(graded, 1, {}).find("it is not a box of equal cells"), std::string::npos);

    // Equal edges, but a line of nodes has moved along itself.
    solver::SpecimenMesh<2> sheared;
    solver::make_box<2>(sheared, {{9.0, 9.0}}, {{3, 3}}, {{true, true}});
    std::set<unsigned int> moved;
    for (const auto &cell : sheared.coarse.active_cell_iterators())
      for (const unsigned int v : cell->vertex_indices())
        if (std::abs(cell->vertex(v)[1] - 3.0) < 1e-9 && moved.insert(cell->vertex_index(v)).second)
          cell->vertex(v)[0] += 1e-3;
    EXPECT_NE(message_of(sheared, 1, {}).find("it is not a box of equal cells"), std::string::npos);
  }
} // namespace
