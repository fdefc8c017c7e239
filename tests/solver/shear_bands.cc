// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/shear_bands.h>

#include "support/periodic_specimen.h"
#include "support/scripted_event_source.h"

#include <seem/law/linear_elastic_law.h>
#include <seem/solver/body.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

namespace
{
  using namespace seem;
  using solver::ShearBands;
  using solver::ShearBandSettings;

  /// A plastic strain painted on cells by their centres, in units of their edge: cell (i, j) has
  /// its centre at (i + 0.5, j + 0.5).
  template <int dim>
  using Paint = std::function<double(const dealii::Point<dim> &)>;

  template <int dim>
  ShearBands bands_of(const MPI_Comm communicator, const std::array<unsigned int, dim> &n_cells,
                      const bool periodic, const Paint<dim> &paint,
                      const ShearBandSettings &settings = {})
  {
    solver::BodySettings body_settings;
    body_settings.element.thickness = dim == 2 ? seem::testing::thickness : 1.0;
    solver::Loading<dim> loading;
    if (periodic)
      loading = solver::periodic_shear<dim>([](const double t) { return t; });
    else
    {
      std::array<bool, dim> all;
      all.fill(true);
      loading.motions.push_back({2, all, [](const auto &, unsigned int, double) { return 0.0; }});
    }
    const solver::Body<dim> body(communicator, seem::testing::box_mesh<dim>(n_cells, periodic),
                                 std::move(loading), body_settings);
    const solver::ShearBandFinder<dim> finder(body.discretisation, *body.balance, settings);

    const auto points = body.balance->quadrature_points();
    const unsigned int n_q = body.balance->n_quadrature_points_per_cell();
    std::vector<double> values;
    for (std::size_t p = 0; p < points.size(); p += n_q)
    {
      dealii::Point<dim> centre;
      for (unsigned int q = 0; q < n_q; ++q)
        centre += points[p + q].position / (n_q * seem::testing::cell_edge);
      values.push_back(paint(centre));
    }
    return finder.find(values);
  }

  constexpr double edge = seem::testing::cell_edge;

  TEST(ShearBands, AHorizontalBandThatClosesUponItself)
  {
    const ShearBands bands = bands_of<2>(MPI_COMM_WORLD, {{12, 10}}, true, [](const auto &x) {
      return x[1] > 3 && x[1] < 5 ? 0.3 : 0.02;
    });
    EXPECT_EQ(bands.n_clusters, 1u);
    EXPECT_EQ(bands.n_bands, 1u);
    EXPECT_NEAR(bands.threshold, 2.0 * (0.2 * 0.3 + 0.8 * 0.02), 1e-14);
    EXPECT_NEAR(bands.volume_share, 0.2, 1e-14);
    EXPECT_NEAR(bands.largest_share, 0.2, 1e-14);
    EXPECT_NEAR(bands.angle, 0.0, 1e-6);
    EXPECT_NEAR(bands.length, 12 * edge, 1e-10);
    EXPECT_NEAR(bands.width, 2 * edge, 1e-10);
    EXPECT_NEAR(bands.width_cells, 2.0, 1e-10);
    EXPECT_NEAR(bands.mean_strain, 0.3, 1e-14);
    EXPECT_NEAR(std::abs(bands.normal[1]), 1.0, 1e-10);
  }

  TEST(ShearBands, AVerticalBandAcrossThePeriodicBoundaryIsOne)
  {
    const Paint<2> paint = [](const auto &x) { return x[0] < 1 || x[0] > 10 ? 0.2 : 0.0; };
    const ShearBands bands = bands_of<2>(MPI_COMM_WORLD, {{12, 10}}, true, paint);
    EXPECT_EQ(bands.n_clusters, 1u);
    EXPECT_EQ(bands.n_bands, 1u);
    EXPECT_NEAR(bands.angle, 90.0, 1e-6);
    EXPECT_NEAR(bands.width, 3 * edge, 1e-10);
    EXPECT_NEAR(bands.width_cells, 3.0, 1e-10);
    EXPECT_NEAR(bands.length, 10 * edge, 1e-10);
    EXPECT_NEAR(bands.normal[0], 1.0, 1e-10);

    // Between free sides they are two.
    const ShearBands open = bands_of<2>(MPI_COMM_WORLD, {{12, 10}}, false, paint);
    EXPECT_EQ(open.n_clusters, 2u);
    EXPECT_EQ(open.n_bands, 2u);
    EXPECT_NEAR(open.largest_share, 2.0 / 12.0, 1e-14);
    EXPECT_NEAR(open.width_cells, 2.0, 1e-10);
  }

  TEST(ShearBands, AnInclinedBandHasItsAngleAndItsWidth)
  {
    // Strips of a square around its centre. Where they leave it they are cut along its sides,
    // which turns their axis by less than a degree.
    for (const double degrees : {20.0, -35.0, 60.0})
    {
      const double angle = degrees * M_PI / 180.0;
      const ShearBands bands = bands_of<2>(MPI_COMM_WORLD, {{64, 64}}, false, [&](const auto &x) {
        const double across = -std::sin(angle) * (x[0] - 32.0) + std::cos(angle) * (x[1] - 32.0);
        return std::abs(across) < 3.0 ? 0.5 : 0.0;
      });
      EXPECT_EQ(bands.n_bands, 1u);
      EXPECT_NEAR(bands.angle, degrees, 1.0);
      EXPECT_NEAR(bands.width, 6.0 * edge, 0.05 * 6.0 * edge);
      EXPECT_NEAR(bands.width_cells, 6.0, 0.05 * 6.0);
      EXPECT_NEAR(bands.normal[0], std::abs(std::sin(angle)), 0.02);
    }
  }

  TEST(ShearBands, ADiagonalBandThroughTheCornersIsUnwrapped)
  {
    // y = x shifted, so that the band leaves the square and comes back.
    for (const double shift : {0.0, 11.0})
    {
      const ShearBands bands = bands_of<2>(MPI_COMM_WORLD, {{24, 24}}, true, [&](const auto &x) {
        const double across = std::remainder(x[1] - x[0] - shift, 24.0);
        return std::abs(across) < 2.4 ? 0.5 : 0.0; // five cells in each row
      });
      EXPECT_EQ(bands.n_clusters, 1u);
      EXPECT_NEAR(bands.angle, 45.0, 1.5);
      EXPECT_NEAR(bands.length, 24 * std::sqrt(2.0) * edge, 0.06 * 24 * std::sqrt(2.0) * edge);
      EXPECT_NEAR(bands.width, 5 / std::sqrt(2.0) * edge, 0.1 * 5 / std::sqrt(2.0) * edge);
    }
  }

  TEST(ShearBands, OfTwoBandsTheLargerIsDescribed)
  {
    const ShearBands bands = bands_of<2>(MPI_COMM_WORLD, {{16, 12}}, true, [](const auto &x) {
      return x[1] < 1 ? 0.9 : x[1] > 5 && x[1] < 8 ? 0.4 : 0.0;
    });
    EXPECT_EQ(bands.n_clusters, 2u);
    EXPECT_EQ(bands.n_bands, 2u);
    EXPECT_NEAR(bands.volume_share, 4.0 / 12.0, 1e-14);
    EXPECT_NEAR(bands.largest_share, 3.0 / 12.0, 1e-14);
    EXPECT_NEAR(bands.width_cells, 3.0, 1e-10);
    EXPECT_NEAR(bands.mean_strain, 0.4, 1e-14);
  }

  TEST(ShearBands, SpotsAreClustersButNoBands)
  {
    const ShearBands bands = bands_of<2>(MPI_COMM_WORLD, {{12, 10}}, true, [](const auto &x) {
      const bool spot = x[0] < 2 && x[1] < 2;
      const bool touches_by_a_corner = x[0] > 2 && x[0] < 3 && x[1] > 2 && x[1] < 3;
      return spot || touches_by_a_corner ? 0.5 : 0.0;
    });
    EXPECT_EQ(bands.n_clusters, 2u);
    EXPECT_EQ(bands.n_bands, 0u);
    EXPECT_NEAR(bands.largest_share, 4.0 / 120.0, 1e-14);
    EXPECT_TRUE(std::isnan(bands.angle));
    EXPECT_TRUE(std::isnan(bands.width));
  }

  TEST(ShearBands, TheThresholdFollowsTheMeanAndHasAFloor)
  {
    const Paint<2> stripe = [](const auto &x) { return x[1] < 2 ? 0.009 : 0.0; };
    EXPECT_EQ(bands_of<2>(MPI_COMM_WORLD, {{8, 10}}, true, stripe).n_clusters, 0u);
    const ShearBands low = bands_of<2>(MPI_COMM_WORLD, {{8, 10}}, true, stripe, {2.0, 0.001});
    EXPECT_EQ(low.n_bands, 1u);
    EXPECT_NEAR(low.threshold, 2 * 0.2 * 0.009, 1e-15);
    EXPECT_EQ(bands_of<2>(MPI_COMM_WORLD, {{8, 10}}, true, stripe, {6.0, 0.001}).n_clusters, 0u);
  }

  TEST(ShearBands, InSpaceTheNormalOfAPlate)
  {
    const ShearBands flat = bands_of<3>(MPI_COMM_WORLD, {{6, 5, 4}}, true, [](const auto &x) {
      return x[1] < 1 || x[1] > 4 ? 0.5 : 0.0;
    });
    EXPECT_EQ(flat.n_bands, 1u);
    EXPECT_NEAR(flat.normal[1], 1.0, 1e-10);
    EXPECT_NEAR(flat.width_cells, 2.0, 1e-10);
    EXPECT_NEAR(flat.length, 6 * edge, 1e-10);
    EXPECT_TRUE(std::isnan(flat.angle));

    const ShearBands inclined =
        bands_of<3>(MPI_COMM_WORLD, {{16, 4, 16}}, false,
                    [](const auto &x) { return std::abs(x[0] + x[2] - 16.0) < 2.5 ? 0.5 : 0.0; });
    EXPECT_EQ(inclined.n_bands, 1u);
    EXPECT_NEAR(inclined.normal[0], std::sqrt(0.5), 0.02);
    EXPECT_NEAR(inclined.normal[1], 0.0, 1e-9);
    EXPECT_NEAR(inclined.normal[2], std::sqrt(0.5), 0.02);
  }

  TEST(ShearBands, TheyDoNotDependOnTheNumberOfRanks)
  {
    // A rough field with many clusters.
    const Paint<2> paint = [](const auto &x) {
      std::mt19937 generator(static_cast<unsigned int>(100 * x[0] + 7919 * x[1]));
      return std::pow(std::uniform_real_distribution<>(0.0, 1.0)(generator), 2.0);
    };
    const ShearBandSettings settings = {1.2, 0.01};
    const ShearBands alone = bands_of<2>(MPI_COMM_SELF, {{20, 12}}, true, paint, settings);
    const ShearBands together = bands_of<2>(MPI_COMM_WORLD, {{20, 12}}, true, paint, settings);
    EXPECT_GT(alone.n_clusters, 5u);
    EXPECT_EQ(together.n_clusters, alone.n_clusters);
    EXPECT_EQ(together.n_bands, alone.n_bands);
    EXPECT_NEAR(together.largest_share, alone.largest_share, 1e-14);
    EXPECT_NEAR(together.volume_share, alone.volume_share, 1e-14);
    EXPECT_TRUE(std::abs(together.width - alone.width) < 1e-10 ||
                (std::isnan(alone.width) && std::isnan(together.width)));
  }

  TEST(ShearBands, CellsAreTheMeansOfTheirPoints)
  {
    // A law whose plastic strain is a number that it is given: X1.
    class Painted final : public law::MaterialLaw
    {
    public:
      std::vector<law::StateField> state_layout() const override
      {
        return {{"plastic strain", "-", 1}};
      }
      void initialise(double *state, const law::PointData &data,
                      const law::InitialState &initial) const override
      {
        state[0] = initial(data.key).x[0];
      }
      law::Response evaluate(const double *, const law::SymmetricTensor &strain) const override
      {
        return elastic.evaluate(nullptr, strain);
      }
      law::Activity advance(double *, const law::PointData &, const law::SymmetricTensor &,
                            const law::SymmetricTensor &, law::EventObserver *) const override
      {
        return {};
      }
      law::EnergyDensity energy(const double *, const law::SymmetricTensor &strain) const override
      {
        return elastic.energy(nullptr, strain);
      }
      law::PointFields fields(const double *state, const law::SymmetricTensor &) const override
      {
        return {0.0, 0.0, state[0], 0};
      }
      law::LinearElasticLaw elastic{20.0, 100.0};
    };
    const Painted law;
    // Two of the four points of a row of cells: 0.4, the others 0.2; mean 0.3.
    const seem::testing::PeriodicSpecimen specimen(
        MPI_COMM_WORLD, {{6, 8}}, law, [](const solver::QuadraturePoint<2> &point) {
          const double y = point.position[1] / edge;
          const double strain = y > 2 && y < 3 ? (y > 2.5 ? 0.4 : 0.2) : 0.0;
          return seem::testing::make_state(0.0, strain);
        });
    const solver::ShearBandFinder<2> finder(specimen.body.discretisation, *specimen.body.balance,
                                            {});
    const ShearBands bands = finder.find(specimen.points);
    EXPECT_EQ(bands.n_bands, 1u);
    EXPECT_NEAR(bands.mean_strain, 0.3, 1e-14);
    EXPECT_NEAR(bands.width_cells, 1.0, 1e-10);
  }
} // namespace
