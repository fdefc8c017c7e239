// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/law/linear_elastic_law.h>

#include <deal.II/base/mpi.h>
#include <deal.II/lac/trilinos_vector.h>

#include <gtest/gtest.h>

#include <cmath>

namespace
{
  using namespace seem;
  using Vector = solver::BalanceOperator<2>::Vector;

  /// A number in (-1, 1) that depends on @p i alone.
  double noise(const std::uint64_t i)
  {
    return 2.0 * RandomStream(11, {i, 0}).uniform(0, RandomPurpose::initial_state)[0] - 1.0;
  }

  class BalanceOperatorTest : public ::testing::Test
  {
  protected:
    BalanceOperatorTest()
        : law(20.0, 130.0),
          specimen(MPI_COMM_WORLD, {{6, 4}}, law, [](const auto &) { return State(); })
    {
      specimen.body.balance->initialise_vector(random);
      for (const auto i : random.locally_owned_elements())
        random[i] = specimen.body.discretisation.constraints.is_constrained(i) ? 0.0 : noise(i);
    }

    /// Tangents that differ from point to point, with a direction.
    std::vector<law::Tangent> random_tangents() const
    {
      std::vector<law::Tangent> tangents;
      for (const auto &point : specimen.quadrature_points)
      {
        const std::uint64_t i = point.key.cell * 8 + point.key.quadrature_point;
        const law::SymmetricTensor direction = law::deviator(
            law::symmetric_tensor(noise(i), noise(i + 1), noise(i + 2), 0, 0, noise(i + 3)));
        tangents.push_back(
            {130.0, 12.0 + noise(i + 4), 18.0 + noise(i + 5), direction.normalized()});
      }
      return tangents;
    }

    const law::LinearElasticLaw law;
    seem::testing::PeriodicSpecimen specimen;
    Vector random;
  };

  TEST_F(BalanceOperatorTest, VolumesOfThePointsAddUpToTheBody)
  {
    double volume = 0.0;
    for (const auto &point : specimen.quadrature_points)
      volume += point.volume;
    // 18 x 12 x 2.5 nm
    EXPECT_NEAR(dealii::Utilities::MPI::sum(volume, MPI_COMM_WORLD), 540.0, 1e-9);
  }

  TEST_F(BalanceOperatorTest, WithoutFluctuationEveryPointHasTheMeanStrain)
  {
    Vector zero;
    specimen.body.balance->initialise_vector(zero);
    specimen.body.balance->compute_strains(zero, nullptr, law::simple_shear(0.03),
                                           specimen.points.strain);
    for (const auto &strain : specimen.points.strain)
      EXPECT_LT((strain - law::simple_shear(0.03)).norm(), 1e-16);
  }

  TEST_F(BalanceOperatorTest, TheVolumeStrainIsTheSameAtAllPointsOfACell)
  {
    specimen.body.balance->compute_strains(random, nullptr, law::SymmetricTensor::Zero(),
                                           specimen.points.strain);
    const unsigned int n_q = specimen.body.balance->n_quadrature_points_per_cell();
    for (std::size_t p = 0; p < specimen.points.size(); ++p)
      EXPECT_NEAR(law::trace(specimen.points.strain[p]),
                  law::trace(specimen.points.strain[p / n_q * n_q]), 1e-13);
  }

  TEST_F(BalanceOperatorTest, APeriodicFluctuationHasNoMeanStrain)
  {
    specimen.body.balance->compute_strains(random, nullptr, law::SymmetricTensor::Zero(),
                                           specimen.points.strain);
    law::SymmetricTensor mean = law::SymmetricTensor::Zero();
    for (std::size_t p = 0; p < specimen.points.size(); ++p)
      mean += specimen.points.volume(p) * specimen.points.strain[p];
    for (unsigned int c = 0; c < 6; ++c)
      EXPECT_NEAR(dealii::Utilities::MPI::sum(mean[c], MPI_COMM_WORLD), 0.0, 1e-11);
  }

  TEST_F(BalanceOperatorTest, TheMatrixAndTheMatrixFreeOperatorAgree)
  {
    specimen.body.balance->set_tangents(random_tangents());
    dealii::TrilinosWrappers::SparseMatrix matrix;
    specimen.body.balance->make_sparsity(matrix);
    specimen.body.balance->assemble(matrix);

    Vector free, assembled;
    specimen.body.balance->initialise_vector(free);
    specimen.body.balance->initialise_vector(assembled);
    specimen.body.balance->vmult(free, random);
    matrix.vmult(assembled, random);
    for (const auto i : free.locally_owned_elements())
      if (!specimen.body.discretisation.constraints.is_constrained(i))
      {
        EXPECT_NEAR(free[i], assembled[i], 1e-10) << "degree of freedom " << i;
      }
  }

  TEST_F(BalanceOperatorTest, TheOperatorIsTheDerivativeOfTheInternalForces)
  {
    // Linear elasticity: the forces of a displacement are the operator on it, whatever its size.
    auto &points = specimen.points;
    specimen.body.balance->compute_strains(random, nullptr, law::SymmetricTensor::Zero(),
                                           points.strain);
    points.evaluate();
    Vector forces, product;
    specimen.body.balance->initialise_vector(forces);
    specimen.body.balance->initialise_vector(product);
    specimen.body.balance->internal_forces(points.stress, forces);
    specimen.body.balance->set_tangents(points.tangent);
    specimen.body.balance->vmult(product, random);
    for (const auto i : forces.locally_owned_elements())
      EXPECT_NEAR(forces[i], product[i], 1e-10);
  }

  TEST_F(BalanceOperatorTest, AUniformStressIsBalanced)
  {
    specimen.points.stress.assign(specimen.points.size(),
                                  law::symmetric_tensor(0.3, -0.2, 0.7, 0, 0, 1.1));
    Vector forces;
    specimen.body.balance->initialise_vector(forces);
    const double scale = specimen.body.balance->internal_forces(specimen.points.stress, forces);
    EXPECT_GT(scale, 1.0);
    EXPECT_LT(forces.l2_norm(), 1e-13 * scale);
  }
} // namespace
