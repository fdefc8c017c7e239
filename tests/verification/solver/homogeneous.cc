// SPDX-License-Identifier: LGPL-2.1-or-later
// The points of a homogeneous cell are the law alone; blocks of them average out as independent
// volumes do.
#include "../synthetic_database.h"
#include "../verification.h"

#include <seem/solver/body.h>
#include <seem/solver/load_stepper.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <vector>

namespace
{
  using namespace seem;

  /// A periodic box under simple shear gamma_xy = t.
  template <int dim>
  solver::Body<dim> sheared_box(const unsigned int n)
  {
    auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
    std::array<double, dim> edges;
    std::array<unsigned int, dim> n_cells;
    std::array<bool, dim> periodic;
    edges.fill(8.0 * n);
    n_cells.fill(n);
    periodic.fill(true);
    solver::make_box<dim>(*mesh, edges, n_cells, periodic);
    return {MPI_COMM_WORLD,
            mesh,
            solver::periodic_shear<dim>([](const double t) { return t; }),
            {1, {dim == 2 ? 4.0 : 1.0, true}}};
  }

  template <int dim>
  void expect_the_law_alone(const double volume_ratio)
  {
    const law::SeemLaw law = verification::tabulated_law(7);
    const State initial = seem::testing::make_state(0.3, 0.006);
    solver::Body<dim> body = sheared_box<dim>(1);
    std::vector<law::PointData> data;
    std::vector<double> volumes;
    for (const auto &point : body.balance->quadrature_points())
    {
      // Points of one cell may differ in m.
      data.push_back({point.key, volume_ratio + 0.1 * point.key.quadrature_point});
      volumes.push_back(point.volume);
    }
    solver::MaterialPoints points(law, data, volumes);
    points.initialise([&](const std::size_t, const PointKey &) { return initial; });
    solver::Equilibrium<dim> equilibrium(*body.balance, points, *body.preconditioner, body.program,
                                         MPI_COMM_WORLD, {});
    solver::LoadParameters load;
    load.final_time = 0.2;
    load.largest_increment = 2e-3;
    solver::LoadStepper<dim> stepper(equilibrium, points, MPI_COMM_WORLD, load);
    stepper.run([](const solver::StepRecord &) {});

    for (std::size_t p = 0; p < points.size(); ++p)
    {
      seem::testing::MaterialPoint alone(law, data[p], initial);
      alone.shear_to(0.2);
      EXPECT_GT(alone.events.records.size(), 10u);
      EXPECT_EQ(points.fields(p).n_events, alone.events.records.size());
      EXPECT_LT((points.strain[p] - alone.strain).norm(), 1e-13);
      EXPECT_LT((points.stress[p] - alone.response().stress).norm(), 1e-10);
      EXPECT_NEAR(points.fields(p).x1, alone.fields().x1, 1e-12);
    }
  }

  TEST(VerifyHomogeneousCell, EveryPointIsTheLawAloneWithItsKeyAndVolume)
  {
    for (const double volume_ratio : {0.5, 1.0, 3.0})
    {
      expect_the_law_alone<2>(volume_ratio);
      expect_the_law_alone<3>(volume_ratio);
    }
  }

  TEST(VerifyHomogeneousCell, TheMeanStressOfBlocksUnderEqualStrainScattersAsTheInverseRoot)
  {
    // Independent volumes: any likeness of the random numbers of neighbours, in the cell or across
    // cells, would show in blocks of them.
    constexpr unsigned int n = 64;
    const law::SeemLaw law = verification::tabulated_law(3);
    const solver::Body<2> body = sheared_box<2>(n);
    std::map<std::pair<unsigned int, unsigned int>, double> stress; // of cells, by place
    for (const auto &point : body.balance->quadrature_points())
    {
      seem::testing::MaterialPoint alone(law, {point.key, 1.0},
                                         seem::testing::make_state(0.0, 0.006));
      alone.shear_to(0.1);
      stress[{static_cast<unsigned int>(point.position[0] / 8.0),
              static_cast<unsigned int>(point.position[1] / 8.0)}] +=
          0.25 * alone.shear_stress_xy();
    }
    if (dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) > 1)
      GTEST_SKIP() << "blocks lie on several ranks";
    ASSERT_EQ(stress.size(), n * n);

    const auto scatter = [&](const unsigned int edge) {
      verification::Sample means;
      for (unsigned int i = 0; i < n; i += edge)
        for (unsigned int j = 0; j < n; j += edge)
        {
          double sum = 0.0;
          for (unsigned int k = 0; k < edge * edge; ++k)
            sum += stress.at({i + k % edge, j + k / edge});
          means.add(sum / (edge * edge));
        }
      return means;
    };
    const double single = scatter(1).variance();
    for (const unsigned int edge : {2u, 4u, 8u, 16u})
    {
      const verification::Sample means = scatter(edge);
      const double ratio = means.variance() * edge * edge / single;
      std::printf("[          ] blocks of %2u x %2u cells: %.1f MPa, variance %.3f of that of "
                  "independent cells\n",
                  edge, edge, 1e3 * std::sqrt(means.variance()), ratio);
      // Of the variance of a normal sample, and of the single cells'.
      verification::expect_within_errors(
          ratio, 1.0, std::sqrt(2.0 / (means.size() - 1.0) + 2.0 / (n * n)), "variance");
    }
  }
} // namespace
