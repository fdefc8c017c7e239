// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/core/exceptions.h>
#include <seem/law/linear_elastic_law.h>

#include <deal.II/base/mpi.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/grid/grid_tools.h>

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace
{
  using namespace seem;

  constexpr double shear = 20.0, bulk = 130.0; // [GPa]

  template <int dim>
  State zero_state(const solver::QuadraturePoint<dim> &)
  {
    return {};
  }

  template <int dim>
  std::array<bool, dim> only(const unsigned int component)
  {
    std::array<bool, dim> mask = {};
    mask[component] = true;
    return mask;
  }

  /// A box between smooth walls: lower faces of all directions.
  template <int dim>
  solver::Loading<dim> walls()
  {
    solver::Loading<dim> loading;
    for (unsigned int d = 0; d < dim; ++d)
      loading.motions.push_back(
          {2 * d, only<dim>(d),
           [](const dealii::Point<dim> &, const unsigned int, const double) { return 0.0; }});
    return loading;
  }

  /// The displacement of every node is @p gradient x.
  template <int dim>
  void expect_displacement(const seem::testing::TestBody<dim> &body,
                           const dealii::Tensor<2, dim> &gradient)
  {
    const auto &dofs = body.body.discretisation.dof_handler;
    solver::Load::Vector displacement;
    body.equilibrium->displacement(body.body.discretisation, displacement);
    const dealii::MappingQ1<dim> mapping;
    std::vector<dealii::types::global_dof_index> indices(dofs.get_fe().n_dofs_per_cell());
    for (const auto &cell : dofs.active_cell_iterators())
    {
      if (!cell->is_locally_owned())
        continue;
      cell->get_dof_indices(indices);
      for (unsigned int i = 0; i < indices.size(); ++i)
      {
        const auto x =
            mapping.transform_unit_to_real_cell(cell, dofs.get_fe().unit_support_point(i));
        const unsigned int c = dofs.get_fe().system_to_component_index(i).first;
        EXPECT_NEAR(displacement(indices[i]), gradient[c] * x, 1e-10);
      }
    }
  }

  template <int dim>
  void check_patch(const unsigned int degree)
  {
    // A linear displacement on the whole boundary of a distorted mesh is linear inside.
    std::array<unsigned int, dim> n_cells;
    n_cells.fill(3);
    n_cells[0] = 4;
    auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
    std::array<double, dim> edges;
    for (unsigned int d = 0; d < dim; ++d)
      edges[d] = 2.0 + d;
    solver::make_box<dim>(*mesh, edges, n_cells, {});
    dealii::GridTools::distort_random(0.2, mesh->coarse, true, 3);

    dealii::Tensor<2, dim> gradient;
    law::SymmetricTensor expected = law::SymmetricTensor::Zero();
    for (unsigned int i = 0; i < dim; ++i)
      for (unsigned int j = 0; j < dim; ++j)
        gradient[i][j] = 0.01 * (1.0 + i) - 0.004 * j;
    for (unsigned int i = 0; i < dim; ++i)
    {
      expected[static_cast<int>(i)] = gradient[i][i];
      for (unsigned int j = i + 1; j < dim; ++j)
        expected[static_cast<int>(6 - i - j)] = (gradient[i][j] + gradient[j][i]) / law::sqrt2;
    }
    solver::Loading<dim> loading;
    std::array<bool, dim> all;
    all.fill(true);
    for (unsigned int id = 0; id < 2 * dim; ++id)
      loading.motions.push_back(
          {id, all, [gradient](const dealii::Point<dim> &x, const unsigned int c, const double t) {
             return t * (gradient[c] * x);
           }});
    const law::LinearElasticLaw law(shear, bulk);
    seem::testing::TestBody<dim> body(MPI_COMM_WORLD, mesh, loading, law, zero_state<dim>,
                                      {degree, {1.7, true}});
    body.equilibrium->solve(1.0, solver::Accuracy::rest);
    for (const law::SymmetricTensor &strain : body.points.strain)
      EXPECT_LT((strain - expected).norm(), 1e-11);
    expect_displacement(body, gradient);
  }

  TEST(LoadProgram, PassesThePatchTest)
  {
    for (const unsigned int degree : {1u, 2u})
    {
      check_patch<2>(degree);
      check_patch<3>(degree);
    }
  }

  TEST(LoadProgram, TheDisplacementOfAMeanStrainIsItsSymmetricGradient)
  {
    solver::Loading<3> loading;
    loading.mean = [](const double t) {
      return law::SymmetricTensor(t *
                                  law::symmetric_tensor(0.01, -0.02, 0.03, 0.004, -0.005, 0.006));
    };
    const law::LinearElasticLaw law(shear, bulk);
    seem::testing::TestBody<3> body(MPI_COMM_WORLD, seem::testing::box_mesh<3>({{2, 4, 2}}, true),
                                    loading, law, zero_state<3>);
    body.equilibrium->solve(0.5, solver::Accuracy::rest);
    const double e[3][3] = {
        {0.005, 0.003, -0.0025}, {0.003, -0.01, 0.002}, {-0.0025, 0.002, 0.015}};
    expect_displacement(body, dealii::Tensor<2, 3>(e));
  }

  TEST(LoadProgram, ABoxPulledBetweenWallsHasYoungsModulusAndItsReaction)
  {
    solver::Loading<3> loading = walls<3>();
    loading.motions.push_back(
        {1, only<3>(0), [](const dealii::Point<3> &, const unsigned int, const double t) {
           return 4 * seem::testing::cell_edge * t;
         }});
    const law::LinearElasticLaw law(shear, bulk);
    seem::testing::TestBody<3> body(MPI_COMM_WORLD, seem::testing::box_mesh<3>({{4, 2, 2}}, false),
                                    loading, law, zero_state<3>);
    // In two steps: the second does work from the first stress on.
    double work = body.equilibrium->solve(0.004, solver::Accuracy::rest).work;
    work += body.equilibrium->solve(0.01, solver::Accuracy::rest).work;
    const double young = 9.0 * bulk * shear / (3.0 * bulk + shear);
    for (const law::SymmetricTensor &stress : body.points.stress)
    {
      EXPECT_NEAR(stress[0], young * 0.01, 1e-9);
      EXPECT_NEAR(stress[1], 0.0, 1e-9);
    }
    // 12 x 6 x 6 nm; its force times half its way is the work.
    const auto reaction = body.equilibrium->reaction(1);
    EXPECT_NEAR(reaction[0], young * 0.01 * 36.0, 1e-7);
    EXPECT_NEAR(reaction[1], 0.0, 1e-7);
    EXPECT_NEAR(work, 0.5 * reaction[0] * 0.12, 1e-8);
    // About z: minus the force at the middle of the face, y = 3 nm.
    EXPECT_NEAR(reaction[5], -3.0 * reaction[0], 1e-6);
  }

  TEST(LoadProgram, ATractionDoesWhatItsStressDoes)
  {
    solver::Loading<2> loading = walls<2>();
    // A pressure of -0.3 t GPa on the upper x: tension along its normal.
    loading.tractions.push_back({1, [](const dealii::Point<2> &, const dealii::Tensor<1, 2> &normal,
                                       const double t) { return 0.3 * t * normal; }});
    const law::LinearElasticLaw law(shear, bulk);
    seem::testing::TestBody<2> body(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{4, 6}}, false),
                                    loading, law, zero_state<2>,
                                    {2, {seem::testing::thickness, true}});
    double work = body.equilibrium->solve(0.3, solver::Accuracy::rest).work;
    work += body.equilibrium->solve(1.0, solver::Accuracy::rest).work;
    // Plane strain: eps_xx = (1 - nu^2) sigma / E
    const double young = 9.0 * bulk * shear / (3.0 * bulk + shear);
    const double nu = (3.0 * bulk - 2.0 * shear) / (2.0 * (3.0 * bulk + shear));
    const double strain = (1.0 - nu * nu) * 0.3 / young;
    for (std::size_t p = 0; p < body.points.size(); ++p)
    {
      EXPECT_NEAR(body.points.stress[p][0], 0.3, 1e-9);
      EXPECT_NEAR(body.points.strain[p][0], strain, 1e-11);
    }
    EXPECT_NEAR(work, 0.5 * 0.3 * strain * 12.0 * 18.0 * seem::testing::thickness, 1e-7);
  }

  TEST(LoadProgram, ABodyThatCanMoveAsAWholeIsRefusedAndTheMotionNamed)
  {
    const auto message = [](solver::Loading<2> loading) {
      try
      {
        solver::Body<2>(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{2, 2}}, false),
                        std::move(loading), {});
      }
      catch (const InputError &error)
      {
        return std::string(error.what());
      }
      return std::string("accepted");
    };
    const auto zero = [](const dealii::Point<2> &, const unsigned int, const double) {
      return 0.0;
    };
    solver::Loading<2> loading;
    loading.motions.push_back({0, only<2>(0), zero});
    EXPECT_NE(message(loading).find("a translation along y"), std::string::npos)
        << message(loading);
    loading.motions.push_back({2, only<2>(1), zero});
    EXPECT_EQ(message(loading), "accepted");
    loading.motions.push_back({17, only<2>(1), zero});
    EXPECT_NE(message(loading).find("no boundary 17"), std::string::npos) << message(loading);
  }
} // namespace
