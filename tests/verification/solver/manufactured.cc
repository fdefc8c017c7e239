// SPDX-License-Identifier: LGPL-2.1-or-later
// Order of convergence against an exact solution of linear elasticity.
#include "support/periodic_specimen.h"

#include <seem/law/linear_elastic_law.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/grid/grid_tools.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

namespace
{
  using namespace seem;

  constexpr double shear = 20.0; // [GPa]

  /**
   * Equilibrium without body force after Papkovich and Neuber: with h harmonic and nu Poisson's
   * ratio, u = 4 (1 - nu) h e_x - grad(x h), whose divergence does not vanish. Here h = cos(a x +
   * 0.3) exp(k y) [cos(b z - 0.2)], k^2 = a^2 + b^2.
   */
  template <int dim>
  class ExactField
  {
  public:
    explicit ExactField(const double bulk)
        : lame(bulk - 2.0 / 3.0 * shear), c(2.0 + 2.0 * shear / (lame + shear))
    {
    }

    double displacement(const dealii::Point<dim> &x, const unsigned int i) const
    {
      const Harmonic h(x);
      return amplitude * ((i == 0 ? (c - 1.0) * h({}) : 0.0) - x[0] * h({i}));
    }

    dealii::Tensor<1, dim> traction(const dealii::Point<dim> &x,
                                    const dealii::Tensor<1, dim> &normal) const
    {
      const Harmonic h(x);
      dealii::Tensor<2, dim> gradient;
      for (unsigned int i = 0; i < dim; ++i)
        for (unsigned int j = 0; j < dim; ++j)
          gradient[i][j] = amplitude * ((i == 0 ? (c - 1.0) * h({j}) : 0.0) -
                                        (j == 0 ? h({i}) : 0.0) - x[0] * h({i, j}));
      return lame * trace(gradient) * normal + shear * (gradient + transpose(gradient)) * normal;
    }

  private:
    static constexpr double amplitude = 0.01;

    /// h and its derivatives at a point.
    class Harmonic
    {
    public:
      explicit Harmonic(const dealii::Point<dim> &x)
      {
        const double a = 1.3, b = dim == 3 ? 0.9 : 0.0, k = std::sqrt(a * a + b * b);
        factors[0] = {{std::cos(a * x[0] + 0.3), -a * std::sin(a * x[0] + 0.3),
                       -a * a * std::cos(a * x[0] + 0.3)}};
        const double e = std::exp(k * (x[1] - 1.5));
        factors[1] = {{e, k * e, k * k * e}};
        if (dim == 3)
          factors[dim - 1] = {{std::cos(b * x[dim - 1] - 0.2), -b * std::sin(b * x[dim - 1] - 0.2),
                               -b * b * std::cos(b * x[dim - 1] - 0.2)}};
      }

      /// Derivative along @p directions.
      double operator()(const std::vector<unsigned int> &directions) const
      {
        std::array<unsigned int, dim> order = {};
        for (const unsigned int d : directions)
          ++order[d];
        double product = 1.0;
        for (unsigned int d = 0; d < dim; ++d)
          product *= factors[d][order[d]];
        return product;
      }

    private:
      std::array<std::array<double, 3>, dim> factors;
    };

    double lame, c;
  };

  struct Case
  {
    unsigned int degree;
    unsigned int n_refinements;
    double bulk;
    bool mean_dilatation = true;
    solver::PreconditionerKind preconditioner = solver::PreconditionerKind::automatic;
  };

  /// |u_h - u|/|u| in L2 on a distorted mesh: displacements prescribed, tractions on one face.
  template <int dim>
  double error(const Case &c)
  {
    auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
    std::array<double, dim> edges;
    std::array<unsigned int, dim> n_cells;
    for (unsigned int d = 0; d < dim; ++d)
    {
      n_cells[d] = d == 1 ? 3 : 2;
      edges[d] = n_cells[d];
    }
    solver::make_box<dim>(*mesh, edges, n_cells, {});
    dealii::GridTools::distort_random(0.2, mesh->coarse, true, 3);
    mesh->n_refinements = c.n_refinements;

    const ExactField<dim> exact(c.bulk);
    solver::Loading<dim> loading;
    std::array<bool, dim> all;
    all.fill(true);
    for (unsigned int id = 0; id < 2 * dim; ++id)
      if (id != 1)
        loading.motions.push_back(
            {id, all, [exact](const dealii::Point<dim> &x, const unsigned int i, const double t) {
               return t * exact.displacement(x, i);
             }});
    loading.tractions.push_back(
        {1, [exact](const dealii::Point<dim> &x, const dealii::Tensor<1, dim> &normal,
                    const double t) { return t * exact.traction(x, normal); }});
    const law::LinearElasticLaw law(shear, c.bulk);
    seem::testing::TestBody<dim> body(MPI_COMM_WORLD, mesh, loading, law,
                                      [](const auto &) { return State(); },
                                      {c.degree, {1.7, c.mean_dilatation}, c.preconditioner});
    body.equilibrium->solve(1.0, solver::Accuracy::rest);

    const auto &dofs = body.body.discretisation.dof_handler;
    solver::Load::Vector u;
    body.equilibrium->displacement(body.body.discretisation, u);
    const dealii::MappingQ1<dim> mapping;
    const dealii::QGauss<dim> quadrature(c.degree + 3);
    dealii::FEValues<dim> values(mapping, dofs.get_fe(), quadrature,
                                 dealii::update_values | dealii::update_quadrature_points |
                                     dealii::update_JxW_values);
    std::vector<dealii::Vector<double>> computed(quadrature.size(), dealii::Vector<double>(dim));
    double difference = 0.0, norm = 0.0;
    for (const auto &cell : dofs.active_cell_iterators())
    {
      if (!cell->is_locally_owned())
        continue;
      values.reinit(cell);
      values.get_function_values(u, computed);
      for (unsigned int q = 0; q < quadrature.size(); ++q)
        for (unsigned int i = 0; i < dim; ++i)
        {
          const double value = exact.displacement(values.quadrature_point(q), i);
          difference += std::pow(computed[q][i] - value, 2) * values.JxW(q);
          norm += value * value * values.JxW(q);
        }
    }
    return std::sqrt(dealii::Utilities::MPI::sum(difference, MPI_COMM_WORLD) /
                     dealii::Utilities::MPI::sum(norm, MPI_COMM_WORLD));
  }

  /// The order between each two of three meshes is @p degree + 1.
  template <int dim>
  void expect_order(const unsigned int degree, const unsigned int coarsest)
  {
    double coarse = error<dim>({degree, coarsest, 110.0});
    for (unsigned int r = coarsest + 1; r < coarsest + 3; ++r)
    {
      const double fine = error<dim>({degree, r, 110.0});
      const double order = std::log2(coarse / fine);
      std::printf("[          ] %dD, degree %u, %u refinements: error %.3e, order %.3f\n", dim,
                  degree, r, fine, order);
      EXPECT_GT(order, degree + 0.9);
      EXPECT_LT(order, degree + 1.2);
      coarse = fine;
    }
    EXPECT_LT(coarse, 5e-3);
  }

  TEST(VerifyManufactured, TheDisplacementOfLinearElementsIsOfSecondOrder)
  {
    expect_order<2>(1, 2);
    expect_order<3>(1, 1);
  }

  TEST(VerifyManufactured, TheDisplacementOfQuadraticElementsIsOfThirdOrder)
  {
    expect_order<2>(2, 1);
    expect_order<3>(2, 0);
  }

  TEST(VerifyManufactured, MeanDilatationKeepsTheErrorOfANearlyIncompressibleBody)
  {
    const auto direct = solver::PreconditionerKind::direct;
    const double compressible = error<2>({1, 3, 110.0, true, direct});
    const double incompressible = error<2>({1, 3, 1e5 * shear, true, direct});
    const double full_integration = error<2>({1, 3, 1e5 * shear, false, direct});
    std::printf("[          ] K/G 5.5: %.3e; K/G 1e5: %.3e, without mean dilatation %.3e\n",
                compressible, incompressible, full_integration);
    EXPECT_LT(incompressible, 2.0 * compressible);
    EXPECT_GT(full_integration, 10.0 * incompressible);
  }
} // namespace
