// SPDX-License-Identifier: LGPL-2.1-or-later
// An event in an inclusion of a periodic body of uniform moduli: Fourier series and Eshelby.
#include "support/periodic_specimen.h"
#include "support/scripted_event_source.h"

#include <seem/law/seem_law.h>

#include <deal.II/base/mpi.h>

#include <Eigen/Dense>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstdio>
#include <functional>
#include <limits>
#include <vector>

namespace
{
  using namespace seem;

  constexpr double shear = 26.0, bulk = 148.0; // [GPa]
  constexpr double edge = 48.0;                // of the periodic cell [nm]
  constexpr double tau = 0.5;                  // [GPa]
  constexpr double pi = 3.14159265358979323846;

  /// Linear elastic, G = 26 GPa; what is initial stress has been an eigenstrain.
  law::SeemLaw elastic_law(std::shared_ptr<const law::EventSource> source)
  {
    constexpr double none = std::numeric_limits<double>::infinity();
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = bulk;
    return {std::make_shared<law::TaylorElasticity>(shear, none, none, none, 16.0),
            std::move(source), parameters};
  }

  /// A profile in the middle of the cell: its value, and its Fourier integral by |k|.
  template <int dim>
  struct Profile
  {
    std::function<double(double)> value;
    std::function<double(double)> transform;
    int n_modes; ///< along each axis, in either direction
  };

  template <int dim>
  Profile<dim> gaussian(const double width)
  {
    return {[width](const double r) { return std::exp(-0.5 * r * r / (width * width)); },
            [width](const double k) {
              return std::pow(std::sqrt(2.0 * pi) * width, dim) *
                     std::exp(-0.5 * k * k * width * width);
            },
            16};
  }

  /// A sharp disc.
  Profile<2> disc(const double radius)
  {
    return {[radius](const double r) { return r < radius ? 1.0 : 0.0; },
            [radius](const double k) {
              return k > 0.0 ? 2.0 * pi * radius * std::cyl_bessel_j(1.0, k * radius) / k
                             : pi * radius * radius;
            },
            200};
  }

  /**
   * The exact solution on the lattice x = i edge/n + offset, i = 0..n: displacement by component,
   * last the shear stress xy. With the stress tau chi(x) N put in, N = xy + yx, equilibrium of a
   * uniform isotropic body asks for
   * @f[ \hat u = \frac{i\tau\hat\chi}{G k^2} \left(1 - \frac{(K + G/3) k k}{(K + 4G/3) k^2}\right)
   * N k @f]
   * and zero mean strain (T. Mura, Micromechanics of Defects in Solids, 1987, chapter 1).
   */
  template <int dim>
  std::vector<std::vector<double>> exact_fields(const Profile<dim> &profile, const unsigned int n,
                                                const double offset)
  {
    using Complex = std::complex<double>;
    using Matrix = Eigen::MatrixXcd;
    const int m = profile.n_modes, n_modes = 2 * m + 1, n_nodes = static_cast<int>(n) + 1;
    const double unit = 2.0 * pi / edge;
    // exp(i k (x - edge/2)) along an axis, [n_nodes][n_modes]
    Matrix wave(n_nodes, n_modes);
    for (int x = 0; x < n_nodes; ++x)
      for (int k = -m; k <= m; ++k)
        wave(x, k + m) = std::polar(1.0, unit * k * (x * edge / n + offset - 0.5 * edge));

    const int n_z = dim == 3 ? n_nodes : 1;
    std::vector<std::vector<double>> fields(dim + 1,
                                            std::vector<double>(n_nodes * n_nodes * n_z, 0.0));
    const double projection = (bulk + shear / 3.0) / (bulk + 4.0 / 3.0 * shear);
    for (int kz = dim == 3 ? -m : 0; kz <= (dim == 3 ? m : 0); ++kz)
    {
      std::vector<Matrix> modes(dim + 1, Matrix::Zero(n_modes, n_modes));
      for (int kx = -m; kx <= m; ++kx)
        for (int ky = -m; ky <= m; ++ky)
        {
          const std::array<double, 3> k = {{unit * kx, unit * ky, unit * kz}};
          const double square = k[0] * k[0] + k[1] * k[1] + k[2] * k[2];
          const Complex chi = tau * profile.transform(std::sqrt(square)) / std::pow(edge, dim);
          modes[dim](kx + m, ky + m) = chi;
          if (square == 0.0)
            continue;
          const std::array<double, 3> force = {{k[1], k[0], 0.0}};
          const double along = projection * 2.0 * k[0] * k[1] / square;
          for (int d = 0; d < dim; ++d)
            modes[d](kx + m, ky + m) =
                Complex(0.0, 1.0) * chi / (shear * square) * (force[d] - along * k[d]);
          modes[dim](kx + m, ky + m) +=
              shear * Complex(0.0, 1.0) *
              (k[0] * modes[1](kx + m, ky + m) + k[1] * modes[0](kx + m, ky + m));
        }
      for (int f = 0; f <= dim; ++f)
      {
        const Matrix plane = wave * modes[f] * wave.transpose();
        for (int z = 0; z < n_z; ++z)
        {
          const Complex factor = dim == 3 ? wave(z, kz + m) : Complex(1.0);
          for (int y = 0; y < n_nodes; ++y)
            for (int x = 0; x < n_nodes; ++x)
              fields[f][(z * n_nodes + y) * n_nodes + x] += (plane(x, y) * factor).real();
        }
      }
    }
    return fields;
  }

  /// A periodic cell of n cells along each axis in which the profile's stress is put in and
  /// balanced.
  template <int dim>
  class Inclusion
  {
  public:
    Inclusion(const unsigned int n, const unsigned int degree, const Profile<dim> &profile)
        : n(n), profile(profile),
          law(elastic_law(std::make_shared<seem::testing::ScriptedEventSource>(0.0, Jump()))),
          body(MPI_COMM_WORLD, box(n),
               solver::periodic_shear<dim>([](const double t) { return t; }), law,
               [&profile](const solver::QuadraturePoint<dim> &point) {
                 return seem::testing::make_state(
                     tau * profile.value(point.position.distance(centre())), 0.0);
               },
               {degree, {1.0, true}})
    {
      body.equilibrium->solve(0.0, solver::Accuracy::rest);
    }

    static dealii::Point<dim> centre()
    {
      dealii::Point<dim> middle;
      for (unsigned int d = 0; d < dim; ++d)
        middle[d] = 0.5 * edge;
      return middle;
    }

    static std::shared_ptr<const solver::SpecimenMesh<dim>> box(const unsigned int n)
    {
      auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
      std::array<double, dim> edges;
      std::array<unsigned int, dim> n_cells;
      std::array<bool, dim> periodic;
      edges.fill(edge);
      n_cells.fill(n);
      periodic.fill(true);
      solver::make_box<dim>(*mesh, edges, n_cells, periodic);
      return mesh;
    }

    /// Difference from the series over its norm, both over the vertices.
    double displacement_error() const
    {
      const auto exact = exact_fields(profile, n, 0.0);
      solver::Load::Vector u;
      body.equilibrium->displacement(body.body.discretisation, u);
      double difference = 0.0, norm = 0.0;
      for (const auto &cell : body.body.discretisation.dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          for (const unsigned int v : cell->vertex_indices())
            for (unsigned int d = 0; d < dim; ++d)
            {
              const double value = exact[d][place(cell->vertex(v), 0.0)];
              difference += std::pow(u(cell->vertex_dof_index(v, d)) - value, 2);
              norm += value * value;
            }
      return std::sqrt(dealii::Utilities::MPI::sum(difference, MPI_COMM_WORLD) /
                       dealii::Utilities::MPI::sum(norm, MPI_COMM_WORLD));
    }

    /// The same of the mean shear stress of each cell.
    double stress_error() const
    {
      const auto exact = exact_fields(profile, n, 0.5 * edge / n);
      double difference = 0.0, norm = 0.0;
      for_each_cell([&](const dealii::Point<dim> &middle, const double stress) {
        const double value = exact[dim][place(middle, 0.5 * edge / n)];
        difference += std::pow(stress - value, 2);
        norm += value * value;
      });
      return std::sqrt(dealii::Utilities::MPI::sum(difference, MPI_COMM_WORLD) /
                       dealii::Utilities::MPI::sum(norm, MPI_COMM_WORLD));
    }

    /// Call visit(middle, mean shear stress xy) for every cell of this rank.
    void for_each_cell(const std::function<void(const dealii::Point<dim> &, double)> &visit) const
    {
      const unsigned int n_q = body.body.balance->n_quadrature_points_per_cell();
      for (std::size_t first = 0; first < body.points.size(); first += n_q)
      {
        dealii::Point<dim> middle;
        double stress = 0.0, volume = 0.0;
        for (std::size_t p = first; p < first + n_q; ++p)
        {
          const double v = body.points.volume(p);
          for (unsigned int d = 0; d < dim; ++d)
            middle[d] += v * body.quadrature_points[p].position[d];
          stress += v * body.points.stress[p][5] / law::sqrt2;
          volume += v;
        }
        visit(dealii::Point<dim>(middle / volume), stress / volume);
      }
    }

  private:
    /// Place of @p x in the lattice of exact_fields().
    std::size_t place(const dealii::Point<dim> &x, const double offset) const
    {
      std::size_t index = 0;
      for (unsigned int d = dim; d-- > 0;)
        index = index * (n + 1) + static_cast<std::size_t>(std::lround((x[d] - offset) * n / edge));
      return index;
    }

    unsigned int n;
    Profile<dim> profile;
    law::SeemLaw law;
    mutable seem::testing::TestBody<dim> body;
  };

  template <int dim>
  void expect_second_order(const unsigned int degree, const unsigned int n)
  {
    const Profile<dim> profile = gaussian<dim>(edge / 10.0);
    const Inclusion<dim> coarse(n, degree, profile), fine(2 * n, degree, profile);
    const double displacement = fine.displacement_error(), stress = fine.stress_error();
    const double displacement_order = std::log2(coarse.displacement_error() / displacement);
    const double stress_order = std::log2(coarse.stress_error() / stress);
    std::printf(
        "[          ] %dD, degree %u, %u cells: error of the displacement %.3e (order %.2f), "
        "of the stress %.3e (order %.2f)\n",
        dim, degree, 2 * n, displacement, displacement_order, stress, stress_order);
    // At the vertices quadratic elements are of fourth order; the mean stress of a cell differs
    // from that in its middle by the second.
    EXPECT_GT(displacement_order, degree == 1 ? 1.9 : 3.6);
    EXPECT_GT(stress_order, 1.75);
    EXPECT_LT(displacement, 0.02);
    EXPECT_LT(stress, 0.05);
  }

  TEST(VerifyInclusion, ADiffuseEigenstrainMovesTheBodyAsItsFourierSeriesSays)
  {
    expect_second_order<2>(1, 32);
    expect_second_order<2>(2, 16);
    expect_second_order<3>(1, 8);
  }

  TEST(VerifyInclusion, TheErrorOfASharpInclusionFallsWithTheCells)
  {
    // The rim is a staircase of quadrature points.
    const Profile<2> profile = disc(edge / 8.0);
    double coarse = Inclusion<2>(16, 1, profile).displacement_error();
    EXPECT_LT(coarse, 0.2);
    for (const unsigned int n : {32u, 64u})
    {
      const double fine = Inclusion<2>(n, 1, profile).displacement_error();
      std::printf("[          ] %u cells: error %.4f, order %.2f\n", n, fine,
                  std::log2(coarse / fine));
      EXPECT_LT(fine, 0.75 * coarse);
      coarse = fine;
    }
    EXPECT_LT(coarse, 0.015);
  }

  TEST(VerifyInclusion, TheStressAroundIsAQuadrupoleThatDecaysWithTheSquareOfTheDistance)
  {
    // J. D. Eshelby, doi:10.1098/rspa.1957.0133, for a circular cylinder in plane strain: inside
    // tau/(4 (1 - nu)), outside tau/(1 - nu) (-R^2/(2 r^2) + 3 R^4/(4 r^4)) cos(4 theta).
    const double radius = edge / 16.0;
    const double nu = (3.0 * bulk - 2.0 * shear) / (2.0 * (3.0 * bulk + shear));
    const Inclusion<2> inclusion(96, 1, disc(radius));
    const double background = -tau * pi * radius * radius / (edge * edge) / (4.0 * (1.0 - nu));

    double inside = 0.0, n_inside = 0.0;
    constexpr unsigned int n_rings = 3;
    const std::array<double, n_rings> rings = {{2.0 * radius, 3.0 * radius, 4.0 * radius}};
    std::array<double, n_rings> harmonic = {}, expected = {};
    // Signs along the axes and along the diagonals, the outermost ring.
    double along_axes = 0.0, along_diagonals = 0.0;
    inclusion.for_each_cell([&](const dealii::Point<2> &middle, const double stress) {
      const auto distance = middle - Inclusion<2>::centre();
      const double r = distance.norm(), theta = std::atan2(distance[1], distance[0]);
      if (r < 0.7 * radius)
      {
        inside += stress;
        n_inside += 1.0;
      }
      for (unsigned int i = 0; i < n_rings; ++i)
        if (std::abs(r - rings[i]) < 0.15 * radius)
        {
          const double a = radius / r;
          harmonic[i] += stress * std::cos(4.0 * theta);
          expected[i] += tau / (1.0 - nu) * (-0.5 * a * a + 0.75 * a * a * a * a) *
                         std::pow(std::cos(4.0 * theta), 2);
          if (i + 1 == n_rings)
            (std::cos(4.0 * theta) > 0.0 ? along_axes : along_diagonals) += stress;
        }
    });
    inside = dealii::Utilities::MPI::sum(inside, MPI_COMM_WORLD) /
             dealii::Utilities::MPI::sum(n_inside, MPI_COMM_WORLD);
    std::printf("[          ] inside: %.4f of Eshelby's stress\n",
                inside / (tau / (4.0 * (1.0 - nu))));
    EXPECT_NEAR(inside / (tau / (4.0 * (1.0 - nu)) + background), 1.0, 0.03);
    for (unsigned int i = 0; i < n_rings; ++i)
    {
      const double ratio = dealii::Utilities::MPI::sum(harmonic[i], MPI_COMM_WORLD) /
                           dealii::Utilities::MPI::sum(expected[i], MPI_COMM_WORLD);
      std::printf("[          ] r = %.0f R: %.4f of Eshelby's quadrupole\n", rings[i] / radius,
                  ratio);
      EXPECT_NEAR(ratio, 1.0, 0.05);
    }
    // The stress put in is that of an eigenstrain against tau: it is lowered along the axes.
    EXPECT_LT(dealii::Utilities::MPI::sum(along_axes, MPI_COMM_WORLD), 0.0);
    EXPECT_GT(dealii::Utilities::MPI::sum(along_diagonals, MPI_COMM_WORLD), 0.0);
  }

  /// One event at every point whose X1 is above 0.5, that takes 0.1 GPa off tau.
  class OneEvent final : public law::EventSource
  {
  public:
    std::size_t n_internal_variables() const override
    {
      return 1;
    }

    law::RatePiece rate(const State &state) const override
    {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      // X1 = 1 before the event, 0 after it.
      if (state.x[0] < 0.5)
        return {0.0, infinity, law::Support::inside};
      if (state.tau < threshold)
        return {0.0, threshold, law::Support::inside};
      return {infinity, infinity, law::Support::forced};
    }

    law::DrawnEvent draw(const State &, const RandomWords &) const override
    {
      return {seem::testing::make_jump(0.1, -1.0), law::Support::inside};
    }

    void for_each_jump(const State &,
                       const std::function<void(const Jump &, double)> &visit) const override
    {
      visit(seem::testing::make_jump(0.1, -1.0), 1.0);
    }

    static constexpr double threshold = 0.2; // [GPa]
  };

  template <int dim>
  void expect_exact_drop(const unsigned int degree, const unsigned int n)
  {
    const law::SeemLaw law = elastic_law(std::make_shared<OneEvent>());
    const auto fires = [](const dealii::Point<dim> &x) {
      return x.distance(Inclusion<dim>::centre()) < edge / 6.0;
    };
    seem::testing::TestBody<dim> body(
        MPI_COMM_WORLD, Inclusion<dim>::box(n),
        solver::periodic_shear<dim>([](const double t) { return t; }), law,
        [&](const solver::QuadraturePoint<dim> &point) {
          return seem::testing::make_state(0.0, fires(point.position) ? 1.0 : 0.0);
        },
        {degree, {1.0, true}});
    double fired = 0.0;
    unsigned long n_fired = 0;
    for (const auto &point : body.quadrature_points)
      if (fires(point.position))
      {
        fired += point.volume;
        ++n_fired;
      }
    fired = dealii::Utilities::MPI::sum(fired, MPI_COMM_WORLD);
    n_fired = dealii::Utilities::MPI::sum(n_fired, MPI_COMM_WORLD);

    solver::LoadParameters parameters;
    parameters.final_time = parameters.largest_increment = 0.01;
    solver::LoadStepper<dim> stepper(*body.equilibrium, body.points, MPI_COMM_WORLD, parameters);
    stepper.run([&](const solver::StepRecord &record) {
      EXPECT_EQ(record.n_spontaneous, n_fired);
      EXPECT_EQ(record.n_triggered, 0u);
      const double stress = record.mean_stress[5] / law::sqrt2;
      const double drop = 0.1 * fired / std::pow(edge, dim);
      EXPECT_GT(drop, 1e-3);
      EXPECT_NEAR(stress, shear * 0.01 - drop, 1e-11);
    });
  }

  TEST(VerifyInclusion, AnEventTakesItsStressTimesItsShareOfTheVolumeOffTheMean)
  {
    // 2 G eps_p V_0/V, whatever the mesh makes of the field around.
    expect_exact_drop<2>(1, 16);
    expect_exact_drop<2>(2, 8);
    expect_exact_drop<3>(1, 8);
  }
} // namespace
