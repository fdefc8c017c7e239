// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/core/exceptions.h>
#include <seem/solver/matrix_preconditioner.h>

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace
{
  using namespace seem;
  using Vector = solver::BalanceOperator<2>::Vector;

  /// A periodic body with a direct factor of its stiffness, moduli differing from point to point.
  class DirectFactor : public ::testing::Test
  {
  protected:
    DirectFactor()
        : body(MPI_COMM_WORLD, seem::testing::box_mesh<2>({{6, 10}}, true),
               solver::periodic_shear<2>([](const double t) { return t; }),
               {1, {2.5, true}, solver::PreconditionerKind::direct})
    {
    }

    void update(const double sign)
    {
      std::vector<law::Tangent> tangents;
      for (const auto &point : body.balance->quadrature_points())
      {
        const double shear =
            sign * (30.0 + 9.0 * std::sin(3.0 * point.position[0] + 7.0 * point.position[1]));
        tangents.push_back({sign * 100.0, 0.7 * shear, shear, law::simple_shear(1.0).normalized()});
      }
      body.balance->set_tangents(tangents);
      body.preconditioner->update(*body.balance, tangents);
    }

    solver::Body<2> body;
  };

  TEST_F(DirectFactor, InvertsTheOperatorAlsoAfterARenewal)
  {
    for (const double sign : {1.0, 1.3})
    {
      update(sign);
      Vector rhs, solution, back;
      for (Vector *v : {&rhs, &solution, &back})
        body.balance->initialise_vector(*v);
      std::vector<law::SymmetricTensor> stress;
      for (const auto &point : body.balance->quadrature_points())
        stress.push_back(law::symmetric_tensor(std::sin(point.position[0]), 0.2, 0.0, 0.0, 0.0,
                                               std::cos(2.0 * point.position[1])));
      body.balance->internal_forces(stress, rhs);
      body.preconditioner->vmult(solution, rhs);
      body.balance->vmult(back, solution);
      back -= rhs;
      EXPECT_GT(rhs.l2_norm(), 1.0);
      EXPECT_LT(back.l2_norm(), 1e-11 * rhs.l2_norm());
    }
  }

  TEST_F(DirectFactor, RefusesAStiffnessThatIsNotPositiveOnAllRanks)
  {
    EXPECT_THROW(update(-1.0), StepError);
  }
} // namespace
