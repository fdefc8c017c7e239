// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/material_point.h"

#include <seem/core/exceptions.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/mixed_control.h>
#include <seem/law/seem_law.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;
using ::testing::HasSubstr;

namespace
{
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr Control e = Control::strain, s = Control::stress;
  constexpr double shear_modulus = 25.0;

  const InitialState at_rest = [](const PointKey &) { return make_state(0.0, 0.0); };

  /// A law of linear elasticity with G = 25 GPa, K = 60 GPa.
  SeemLaw linear_law(const ScriptedEventSource &source, const unsigned int max_events = 100000)
  {
    SeemLawParameters p;
    p.bulk_modulus = 60.0;
    p.max_events_per_update = max_events;
    return {std::make_shared<TaylorElasticity>(shear_modulus, infinity, infinity, infinity, 16.5),
            std::make_shared<ScriptedEventSource>(source), p};
  }

  /// The glass of the paper, Table I, that yields near 1.6 GPa: events of either sign of dX1.
  SeemLaw glass()
  {
    SeemLawParameters p;
    p.bulk_modulus = 148.0;
    p.energy_bound = EnergyBound::clip;
    return {std::make_shared<TaylorElasticity>(25.9, 0.101, 8.4, 2.9, 16.5),
            std::make_shared<ScriptedEventSource>(
                std::vector<double>{0.5, 1.2, 1.6}, std::vector<double>{50, 200, 600, 5000},
                [](const State &state, const double u) {
                  return make_jump(0.05 + 0.1 * u, (u < 0.7 ? 2e-5 : -1e-5) * state.tau);
                }),
            p};
  }

  LoadPath proportional(const SymmetricTensor &load)
  {
    return [load](const double t) { return SymmetricTensor(t * load); };
  }

  MixedControlParameters increments_of(const double largest)
  {
    MixedControlParameters p;
    p.largest_increment = largest;
    return p;
  }

  /// work - (elastic + inelastic + heat of events + heat of redistribution)
  double first_law_residual(const MixedControl &point)
  {
    const EnergyDensity now = point.energy(), start = point.initial_energy();
    const PointBalance &b = point.balance();
    return b.work - (now.elastic - start.elastic + now.inelastic - start.inelastic + b.event_heat +
                     b.redistribution_heat);
  }

  /// Linear elasticity with another stress.
  class AlteredLaw : public MaterialLaw
  {
  public:
    using Alter = std::function<void(const SymmetricTensor &, Response &)>;

    AlteredLaw(const double bulk_modulus, Alter alter)
        : elastic(shear_modulus, bulk_modulus), alter(std::move(alter))
    {
    }

    std::vector<StateField> state_layout() const override
    {
      return elastic.state_layout();
    }

    void initialise(double *, const PointData &, const InitialState &) const override
    {
    }

    Response evaluate(const double *state, const SymmetricTensor &strain) const override
    {
      Response response = elastic.evaluate(state, strain);
      alter(strain, response);
      return response;
    }

    Activity advance(double *, const PointData &, const SymmetricTensor &, const SymmetricTensor &,
                     EventObserver *) const override
    {
      return {};
    }

    EnergyDensity energy(const double *state, const SymmetricTensor &strain) const override
    {
      return elastic.energy(state, strain);
    }

    PointFields fields(const double *state, const SymmetricTensor &strain) const override
    {
      return elastic.fields(state, strain);
    }

  private:
    LinearElasticLaw elastic;
    Alter alter;
  };

  /// No stress beyond eps_xx = 0.01.
  AlteredLaw brittle()
  {
    return {70.0, [](const SymmetricTensor &strain, Response &response) {
              if (strain[0] > 0.01)
                response.stress *= std::numeric_limits<double>::quiet_NaN();
            }};
  }

  /// Perfectly plastic in shear: tau = min(G gamma, 1 GPa) on a monotone path.
  AlteredLaw perfectly_plastic()
  {
    return {60.0, [](const SymmetricTensor &strain, Response &response) {
              const double tau = shear_stress(deviator(response.stress));
              if (tau <= 1.0)
                return;
              response.stress -= (1.0 - 1.0 / tau) * deviator(response.stress);
              response.tangent.shear = 0.0;
              response.tangent.secant = shear_modulus / tau;
              response.tangent.direction = deviator(strain).normalized();
            }};
  }
} // namespace

TEST(MixedControl, UniaxialStressGivesYoungsModulusAndPoissonsRatio)
{
  // E = 9 K G/(3 K + G) = 78.75 GPa, nu = (3 K - 2 G)/(2 (3 K + G)) = 0.3125
  const LinearElasticLaw law(30.0, 70.0);
  MixedControl point(law, {}, at_rest, {e, s, s, e, e, e},
                     proportional(symmetric_tensor(0.02, 0, 0, 0, 0, 0)), 0.0, increments_of(0.3));
  ASSERT_TRUE(point.follow_to(1.0));
  EXPECT_EQ(point.time(), 1.0);
  EXPECT_NEAR(point.stress()[0], 1.575, 1e-9);
  EXPECT_NEAR(point.strain()[1], -0.00625, 1e-12);
  EXPECT_NEAR(point.strain()[2], -0.00625, 1e-12);
  EXPECT_NEAR(point.balance().work, 0.5 * 1.575 * 0.02, 1e-11);
}

TEST(MixedControl, EachComponentCanBePrescribedAsEither)
{
  // Of all six stresses the inverse of Hooke's law: eps = s/(2 G) + p/(3 K) 1.
  const LinearElasticLaw law(30.0, 70.0);
  const SymmetricTensor stress = symmetric_tensor(0.5, -0.2, 0.3, 0.11, -0.12, 0.13);
  const SymmetricTensor strain =
      symmetric_tensor(0.3 / 60 + 0.2 / 210, -0.4 / 60 + 0.2 / 210, 0.1 / 60 + 0.2 / 210, 0.11 / 60,
                       -0.12 / 60, 0.13 / 60);
  for (unsigned int mask = 0; mask < 64; ++mask)
  {
    ComponentControl control;
    SymmetricTensor load;
    for (unsigned int i = 0; i < 6; ++i)
    {
      control[i] = (mask >> i) % 2 == 0 ? s : e;
      load[i] = control[i] == s ? stress[i] : strain[i];
    }
    MixedControl point(law, {}, at_rest, control, proportional(load), 0.0, increments_of(1.0));
    ASSERT_TRUE(point.follow_to(1.0));
    EXPECT_LT((point.strain() - strain).norm(), 1e-11) << mask;
    EXPECT_LT((point.stress() - stress).norm(), 3e-9) << mask;
  }
}

TEST(MixedControl, OfStrainsAloneItIsTheLawAlongThePath)
{
  const SeemLaw law = glass();
  const PointData data{{5, 1}, 1.0};
  const SymmetricTensor load = symmetric_tensor(0.02, -0.03, 0.01, 0.005, 0, 0.1);
  std::vector<double> state(law.state_size());
  law.initialise(state.data(), data, make_state(0.1, 0.002));
  const Activity direct = law.advance(state.data(), data, SymmetricTensor::Zero(), load, nullptr);
  ASSERT_GT(direct.n_events, 20u);

  for (const double largest : {1.0, 0.0123})
  {
    MixedControl point(
        law, data, [](const PointKey &) { return make_state(0.1, 0.002); }, {e, e, e, e, e, e},
        proportional(load), 0.0, increments_of(largest));
    ASSERT_TRUE(point.follow_to(0.31));
    ASSERT_TRUE(point.follow_to(1.0));
    EXPECT_EQ(point.activity().n_events, direct.n_events);
    EXPECT_LT((point.stress() - law.evaluate(state.data(), load).stress).norm(), 1e-10);
    EXPECT_NEAR(point.fields().x1, law.fields(state.data(), load).x1, 1e-14);
    EXPECT_EQ(point.balance().redistribution_heat, 0.0);
    EXPECT_NEAR(point.balance().event_heat, direct.heat, 1e-12);
  }
}

TEST(MixedControl, AHeldStressKeepsItsValueAndEventsBecomeStrain)
{
  // Linear and without X1 every event adds dtau/G of plastic shear; the rest is tau/G.
  const SeemLaw law = linear_law({700.0, make_jump(0.005, 0.0)});
  MixedControl point(
      law, {{3, 0}, 1.0}, at_rest, {e, e, e, e, e, s},
      [](const double t) { return symmetric_tensor(0, 0, 0, 0, 0, std::min(t, 1.0)); }, 0.0,
      increments_of(1e-3));
  ASSERT_TRUE(point.follow_to(1.0));
  const unsigned int n = point.activity().n_events;
  ASSERT_GT(n, 10u);
  EXPECT_NEAR(sqrt2 * point.strain()[5], (1.0 + 0.005 * n) / shear_modulus, 1e-9);
  EXPECT_NEAR(point.stress()[5], sqrt2, 1e-9);

  // Held, nothing happens: the clock runs with the strain.
  const SymmetricTensor strain = point.strain();
  ASSERT_TRUE(point.follow_to(2.0));
  EXPECT_EQ(point.time(), 2.0);
  EXPECT_EQ(point.activity().n_events, n);
  EXPECT_LT((point.strain() - strain).norm(), 1e-12);

  // In a linear material the trapezoids are exact. The load gives dtau^2/(2 G) as heat after each
  // event at its stress, and more after those that fire while the stress comes back (8 %).
  EXPECT_NEAR(first_law_residual(point), 0.0, 1e-10);
  const double unit = n * 0.005 * 0.005 / (2.0 * shear_modulus);
  EXPECT_GT(point.balance().redistribution_heat, unit);
  EXPECT_LT(point.balance().redistribution_heat, 1.5 * unit);
}

TEST(MixedControl, TheFirstLawHoldsInTensionBetterWithSmallerIncrements)
{
  const SeemLaw law = glass();
  std::vector<double> residuals;
  for (const double largest : {4e-3, 1e-3})
  {
    MixedControl point(law, {{7, 0}, 1.0}, at_rest, {e, s, s, s, s, s},
                       proportional(symmetric_tensor(0.2, 0, 0, 0, 0, 0)), 0.0,
                       increments_of(largest));
    ASSERT_TRUE(point.follow_to(1.0));
    EXPECT_GT(point.activity().n_events, 50u);
    for (int i = 1; i < 6; ++i)
      EXPECT_NEAR(point.stress()[i], 0.0, 1e-9);
    // In uniaxial tension tau = sigma/sqrt(3).
    EXPECT_NEAR(point.stress()[0], std::sqrt(3.0) * point.fields().tau, 1e-8);
    EXPECT_GT(point.balance().redistribution_heat, 0.0);
    EXPECT_GT(point.balance().event_heat, 0.5 * point.balance().work);
    residuals.push_back(std::abs(first_law_residual(point)) / point.balance().work);
  }
  EXPECT_LT(residuals[0], 1e-2);
  EXPECT_LT(residuals[1], 1e-3);
}

TEST(MixedControl, TheInitialStressIsTakenOffWhereStressIsPrescribed)
{
  const SeemLaw law = linear_law({0.0, make_jump(0.1, 0.0)});
  const auto initial = [](const PointKey &) { return make_state(0.3, 0.0); };
  const LoadPath none = proportional(SymmetricTensor::Zero());
  MixedControl unloaded(law, {}, initial, {e, e, e, e, e, s}, none, 0.0);
  EXPECT_NEAR(unloaded.stress()[5], 0.0, 1e-9);
  EXPECT_NEAR(sqrt2 * unloaded.strain()[5], -0.3 / shear_modulus, 1e-11);
  EXPECT_EQ(unloaded.activity().n_events, 0u);
  EXPECT_EQ(unloaded.balance().work, 0.0);
  EXPECT_NEAR(unloaded.initial_energy().elastic, 0.0, 1e-12);

  MixedControl held(law, {}, initial, {e, e, e, e, e, e}, none, 0.0);
  EXPECT_NEAR(held.stress()[5], sqrt2 * 0.3, 1e-12);
}

TEST(MixedControl, ALoadThatBeginsAboveZeroIsAppliedAtTheBegin)
{
  const LinearElasticLaw law(30.0, 70.0);
  MixedControl point(
      law, {}, at_rest, {s, s, s, e, e, e},
      [](const double) { return symmetric_tensor(0.7, 0.7, 0.7, 0, 0, 0.01); }, -2.0);
  EXPECT_TRUE(point.strain().isZero(0.0));
  ASSERT_TRUE(point.follow_to(-2.0));
  EXPECT_EQ(point.time(), -2.0);
  EXPECT_NEAR(trace(point.strain()), 0.01, 1e-11); // p/K
  EXPECT_NEAR(point.stress()[5], sqrt2 * 0.6, 1e-12);
}

TEST(MixedControl, StressBeyondTheStrengthEndsTheLoadAtTheStrength)
{
  // Far more than one event per reloading above 0.8 GPa, where 2.5e-5 GPa hold one on average.
  const SeemLaw law =
      linear_law({{0.8}, {0.0, 1e6}, [](const State &, double) { return make_jump(0.2, 0.0); }});
  MixedControl point(law, {}, at_rest, {e, e, e, e, e, s},
                     proportional(symmetric_tensor(0, 0, 0, 0, 0, 2.0)), 0.0, increments_of(0.01));
  ASSERT_TRUE(point.follow_to(0.35));
  EXPECT_EQ(point.limit(), "");
  EXPECT_FALSE(point.follow_to(1.0));
  EXPECT_NEAR(point.time(), 0.4, 2e-4);
  EXPECT_NEAR(point.fields().tau, 2.0 * point.time(), 1e-8);
  EXPECT_NEAR(sqrt2 * point.strain()[5],
              (point.fields().tau + 0.2 * point.activity().n_events) / shear_modulus, 1e-8);
  EXPECT_NEAR(first_law_residual(point), 0.0, 1e-9);
  EXPECT_THAT(point.limit(),
              HasSubstr("the prescribed stress exceeds what the material carries at t = 0.40"));
  EXPECT_THAT(point.limit(), HasSubstr("tau = 0.80"));
  // It stays where it is.
  const double time = point.time();
  EXPECT_FALSE(point.follow_to(2.0));
  EXPECT_EQ(point.time(), time);
}

TEST(MixedControl, APerfectlyPlasticMaterialHasAStrengthToo)
{
  const AlteredLaw law = perfectly_plastic();
  MixedControl point(law, {}, at_rest, {s, s, s, s, s, s},
                     proportional(symmetric_tensor(0, 0, 0, 0, 2.0, 0)), 0.0, increments_of(0.03));
  EXPECT_FALSE(point.follow_to(1.0));
  EXPECT_NEAR(point.time(), 0.5, 1e-6);
  // Driven by strain it flows, with the free stresses at zero.
  MixedControl driven(law, {}, at_rest, {s, s, s, s, e, s},
                      proportional(symmetric_tensor(0, 0, 0, 0, 0.1, 0)), 0.0, increments_of(0.03));
  ASSERT_TRUE(driven.follow_to(1.0));
  EXPECT_NEAR(driven.stress()[4], sqrt2, 1e-9);
}

TEST(MixedControl, AnIncrementTooLongForTheLawIsCut)
{
  const ScriptedEventSource source(1000.0, make_jump(0.01, 0.0));
  const SymmetricTensor load = symmetric_tensor(0.1, 0, 0, 0, 0, 0);
  const auto run = [&](const SeemLaw &law) {
    MixedControl point(law, {{1, 0}, 1.0}, at_rest, {e, e, e, e, e, e}, proportional(load), 0.0,
                       increments_of(1.0));
    EXPECT_TRUE(point.follow_to(1.0));
    return std::make_pair(point.activity().n_events, point.stress());
  };
  const auto whole = run(linear_law(source)), cut = run(linear_law(source, 4));
  ASSERT_GT(whole.first, 50u);
  EXPECT_EQ(cut.first, whole.first);
  EXPECT_LT((cut.second - whole.second).norm(), 1e-9);
}

TEST(MixedControl, NoEquilibriumIsAnErrorThatNamesTimeStateAndResiduals)
{
  const AlteredLaw law = brittle();
  MixedControl point(law, {{17, 3}, 1.0}, at_rest, {e, s, s, e, e, e},
                     proportional(symmetric_tensor(0.04, 0, 0, 0, 0, 0)), 0.0, increments_of(0.1));
  try
  {
    point.follow_to(1.0);
    FAIL() << "no error";
  }
  catch (const Error &error)
  {
    EXPECT_FALSE(error.recoverable());
    for (const char *part : {"cell 17, quadrature point 3", "t = 0.25",
                             "tau = ", "X1 = ", "unbalanced stresses [GPa]: nan"})
      EXPECT_THAT(error.what(), HasSubstr(part));
  }
  EXPECT_NEAR(point.time(), 0.25, 1e-6);
  EXPECT_NEAR(point.strain()[0], 0.01, 1e-7);
}

TEST(MixedControl, AnIncrementThatIsNotPositiveIsRefused)
{
  const LinearElasticLaw law(30.0, 70.0);
  EXPECT_THROW(MixedControl(law, {}, at_rest, {e, e, e, e, e, e},
                            proportional(SymmetricTensor::Zero()), 0.0, increments_of(0.0)),
               InputError);
}
