// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"
#include "support/tangent_numbers.h"

#include <seem/law/linear_elastic_law.h>

#include <deal.II/base/mpi.h>
#include <deal.II/lac/trilinos_vector.h>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace
{
  using namespace seem;
  using seem::testing::numbers;
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
    const std::vector<law::Tangent> tangents = points.evaluate();
    Vector forces, product;
    specimen.body.balance->initialise_vector(forces);
    specimen.body.balance->initialise_vector(product);
    specimen.body.balance->internal_forces(points.stress, forces);
    specimen.body.balance->set_tangents(tangents);
    specimen.body.balance->vmult(product, random);
    for (const auto i : forces.locally_owned_elements())
      EXPECT_NEAR(forces[i], product[i], 1e-10);
  }

  TEST_F(BalanceOperatorTest, TangentsAreKeptToTheLastBitAndRenewedPointByPoint)
  {
    auto &balance = *specimen.body.balance;
    const std::vector<law::Tangent> tangents = random_tangents();
    balance.set_tangents(tangents);
    std::vector<law::Tangent> kept = balance.tangents();
    ASSERT_EQ(kept.size(), tangents.size());
    for (std::size_t p = 0; p < tangents.size(); ++p)
      EXPECT_EQ(numbers(kept[p]), numbers(tangents[p])) << p;

    // Some in ascending order, then one before them, then all that are left.
    law::Tangent other = tangents.empty() ? law::Tangent{} : tangents[0];
    other.bulk = 99.0;
    other.shear = 3.3;
    other.secant = 7.7;
    std::vector<solver::PointTangent> some;
    for (std::size_t p = 1; p < tangents.size(); p += 3)
      some.push_back({p, other});
    if (!tangents.empty())
      some.push_back({0, other});
    balance.set_tangents(some);
    kept = balance.tangents();
    for (std::size_t p = 0; p < tangents.size(); ++p)
      EXPECT_EQ(numbers(kept[p]), numbers(p % 3 == 1 || p == 0 ? other : tangents[p])) << p;

    // The operator does not distinguish how it was told.
    Vector by_points, at_once;
    balance.initialise_vector(by_points);
    balance.initialise_vector(at_once);
    balance.vmult(by_points, random);
    balance.set_tangents(kept);
    balance.vmult(at_once, random);
    at_once -= by_points;
    EXPECT_EQ(at_once.l2_norm(), 0.0);

    std::vector<law::SymmetricTensor> tensors, stresses;
    for (std::size_t p = 0; p < kept.size(); ++p)
    {
      tensors.push_back(law::symmetric_tensor(noise(p), noise(p + 1), noise(p + 2), 0, 0, 1.0));
      const law::SymmetricTensor e = law::deviator(tensors[p]), n = kept[p].direction;
      stresses.push_back(kept[p].bulk * law::trace(tensors[p]) * law::identity() +
                         2.0 * kept[p].secant * (e - n.dot(e) * n) +
                         2.0 * kept[p].shear * n.dot(e) * n);
    }
    balance.apply_tangents(tensors);
    for (std::size_t p = 0; p < kept.size(); ++p)
      EXPECT_LT((tensors[p] - stresses[p]).norm(), 1e-12 * stresses[p].norm()) << p;
  }

  TEST(BalanceOperator, OneSweepDoesWhatItsPartsDo)
  {
    // More cells than a sweep takes together, and an odd number of them.
    const law::LinearElasticLaw law(20.0, 130.0);
    for (const std::array<unsigned int, 2> n_cells : {std::array{29u, 13u}, std::array{3u, 1u}})
    {
      seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, n_cells, law,
                                               [](const auto &) { return State(); });
      auto &balance = *specimen.body.balance;
      auto &points = specimen.points;
      Vector u, lift, forces, expected;
      for (Vector *vector : {&u, &lift, &forces, &expected})
        balance.initialise_vector(*vector);
      for (const auto i : u.locally_owned_elements())
      {
        u[i] = specimen.body.discretisation.constraints.is_constrained(i) ? 0.0 : noise(i);
        lift[i] = noise(i + 1000);
      }
      const law::SymmetricTensor mean = law::simple_shear(0.03);
      // Tangents that tell their points.
      const auto tell = [](law::Tangent &tangent, const std::size_t p) {
        tangent.secant = 10.0 + static_cast<double>(p);
      };

      std::vector<law::SymmetricTensor> strains(points.size());
      balance.compute_strains(u, &lift, mean, strains);
      points.strain = strains;
      std::vector<law::Tangent> tangents = points.evaluate();
      for (std::size_t p = 0; p < points.size(); ++p)
        tell(tangents[p], p);
      const double norm = balance.internal_forces(points.stress, expected);

      points.strain.assign(points.size(), law::SymmetricTensor::Zero());
      points.stress = points.strain;
      forces = 1.0;
      std::size_t n_told = 0;
      const double norm_of_sweep = balance.respond_to(
          u, &lift, mean, points.strain, points.stress, forces,
          [&](const std::size_t begin, const std::size_t end, law::Tangent *of_points) {
            EXPECT_EQ(begin, n_told);
            n_told = end;
            points.evaluate(begin, end, of_points);
            for (std::size_t p = begin; p < end; ++p)
              tell(of_points[p - begin], p);
          });
      EXPECT_EQ(n_told, points.size());
      EXPECT_EQ(norm_of_sweep, norm);
      for (std::size_t p = 0; p < points.size(); ++p)
        EXPECT_EQ(points.strain[p], strains[p]) << p;
      const std::vector<law::Tangent> kept = balance.tangents();
      for (std::size_t p = 0; p < points.size(); ++p)
        EXPECT_EQ(numbers(kept[p]), numbers(tangents[p])) << p;
      EXPECT_GT(expected.l2_norm(), 0.0);
      forces -= expected;
      EXPECT_EQ(forces.l2_norm(), 0.0);
    }
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
