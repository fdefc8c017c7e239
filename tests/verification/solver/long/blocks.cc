// SPDX-License-Identifier: LGPL-2.1-or-later
// Scatter of the mean stress of a coupled medium with its size.
#include "../../synthetic_database.h"
#include "../../verification.h"

#include <seem/solver/body.h>
#include <seem/solver/load_stepper.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

namespace
{
  using namespace seem;

  constexpr std::array<double, 3> strains = {{0.03, 0.06, 0.1}};
  using Stresses = std::array<double, strains.size()>;

  /// Mean stress of a periodic specimen of n x n cells at the strains.
  Stresses specimen(const unsigned int n, const std::uint64_t seed)
  {
    const law::SeemLaw law = verification::tabulated_law(seed);
    auto mesh = std::make_shared<solver::SpecimenMesh<2>>();
    solver::make_box<2>(*mesh, {{8.0 * n, 8.0 * n}}, {{n, n}}, {{true, true}});
    solver::Body<2> body(MPI_COMM_WORLD, mesh,
                         solver::periodic_shear<2>([](const double t) { return t; }),
                         {1, {4.0, true}});
    std::vector<law::PointData> data;
    std::vector<double> volumes;
    for (const auto &point : body.balance->quadrature_points())
    {
      data.push_back({point.key, 1.0});
      volumes.push_back(point.volume);
    }
    solver::MaterialPoints points(law, std::move(data), std::move(volumes));
    points.initialise(
        [&](const std::size_t, const PointKey &) { return seem::testing::make_state(0.0, 0.006); });
    solver::Equilibrium<2> equilibrium(*body.balance, points, *body.preconditioner, body.program,
                                       MPI_COMM_WORLD, {});
    solver::LoadParameters load;
    load.final_time = strains.back();
    load.largest_increment = 2e-3;
    load.kinks = {strains.begin(), strains.end()};
    solver::LoadStepper<2> stepper(equilibrium, points, MPI_COMM_WORLD, load);
    Stresses result = {};
    stepper.run([&](const solver::StepRecord &record) {
      for (std::size_t i = 0; i < strains.size(); ++i)
        if (std::abs(record.time - strains[i]) < 1e-9)
          result[i] = record.mean_stress[5] / law::sqrt2;
    });
    return result;
  }

  TEST(VerifyBlocks, TheMeanStressOfACoupledMediumScattersAsTheInverseRootOfItsVolume)
  {
    const std::array<unsigned int, 4> sizes = {{2, 4, 8, 16}};
    const std::array<unsigned int, 4> replicas = {{400, 200, 200, 100}};
    std::array<std::array<verification::Sample, strains.size()>, 4> stress;
    for (std::size_t s = 0; s < sizes.size(); ++s)
      for (unsigned int seed = 1; seed <= replicas[s]; ++seed)
      {
        const Stresses one = specimen(sizes[s], seed);
        for (std::size_t i = 0; i < strains.size(); ++i)
          stress[s][i].add(one[i]);
      }
    for (std::size_t i = 0; i < strains.size(); ++i)
    {
      std::array<double, 4> deviation;
      for (std::size_t s = 0; s < sizes.size(); ++s)
      {
        deviation[s] = std::sqrt(stress[s][i].variance());
        std::printf("[          ] strain %.2f, %2u x %2u cells: mean %.4f GPa, scatter %.2f +- "
                    "%.2f MPa, times the root of the cells %.1f MPa\n",
                    strains[i], sizes[s], sizes[s], stress[s][i].mean(), 1e3 * deviation[s],
                    1e3 * deviation[s] / std::sqrt(2.0 * replicas[s]),
                    1e3 * deviation[s] * sizes[s]);
      }
      const double slope = std::log(deviation[3] / deviation[0]) / std::log(64.0);
      const double error = std::sqrt(0.5 / replicas[0] + 0.5 / replicas[3]) / std::log(64.0);
      std::printf("[          ] strain %.2f: slope in the volume %.3f +- %.3f\n", strains[i], slope,
                  error);
      // Before the yield the medium has no length beyond the cell.
      if (i == 0)
      {
        EXPECT_NEAR(slope, -0.5, 5.0 * error);
      }
    }
  }
} // namespace
