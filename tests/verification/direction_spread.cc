// SPDX-License-Identifier: LGPL-2.1-or-later
// Events with a scattered direction: the same drop and heat as the coaxial event, and the spread
// that was asked for.
#include "synthetic_database.h"
#include "verification.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using namespace seem::testing;

namespace
{
  /// An event at 1.5 GPa, never below.
  std::shared_ptr<const EventSource> at_ceiling(const Jump &jump)
  {
    return std::make_shared<ScriptedEventSource>(
        std::vector<double>{1.5}, std::vector<double>{0.0, std::numeric_limits<double>::infinity()},
        [jump](const State &, double) { return jump; });
  }

  SymmetricTensor plastic_strain(const std::vector<double> &state)
  {
    return Eigen::Map<const SymmetricTensor>(state.data() + 6);
  }

  /// The plastic strain of one event on the way along @p direction, by cell.
  struct OneEvent
  {
    Followed point;
    SymmetricTensor plastic;
  };

  OneEvent one_event(const SeemLaw &law, const std::uint64_t cell, const SymmetricTensor &direction)
  {
    const double gamma = table_1()->elastic_strain(1.5, 0.01) * (1.0 + 1e-12);
    OneEvent result = {follow(law, {{cell, 0}, 1.0}, make_state(0.0, 0.01),
                              {gamma / shear_strain(direction) * direction},
                              [](auto) { return 1u; }),
                       SymmetricTensor::Zero()};
    result.plastic = plastic_strain(result.point.state);
    return result;
  }

  /// Distribution of theta between the plastic strain and @p direction: tan(theta) = spread |xi|
  /// with xi of @p n_normals normal numbers, 2 or 4.
  void expect_spread(const SeemLaw &law, const SymmetricTensor &direction, const double spread,
                     const int n_normals)
  {
    const unsigned int n = ensemble(40000), n_classes = 20;
    const SymmetricTensor unit = direction.normalized();
    Sample squares;
    std::vector<double> histogram(n_classes);
    Sample across[6];
    for (std::uint64_t cell = 0; cell < n; ++cell)
    {
      const OneEvent event = one_event(law, cell, direction);
      ASSERT_EQ(event.point.total.n_events, 1u);
      const double along = event.plastic.dot(unit);
      ASSERT_GT(along, 0.0);
      const SymmetricTensor rest = (event.plastic - along * unit) / (along * spread);
      const double square = rest.squaredNorm();
      squares.add(square);
      // Distribution function of chi-square of 2 and 4 degrees of freedom.
      const double cdf =
          1.0 - std::exp(-0.5 * square) * (n_normals == 4 ? 1.0 + 0.5 * square : 1.0);
      ++histogram[std::min(n_classes - 1, static_cast<unsigned int>(cdf * n_classes))];
      for (int i = 0; i < 6; ++i)
        across[i].add(rest[i]);
    }
    expect_within_errors(squares.mean(), n_normals, std::sqrt(2.0 * n_normals / n), "tan^2");
    expect_within_errors(squares.variance(), 2.0 * n_normals,
                         std::sqrt((squares.moment(4) - std::pow(squares.moment(2), 2)) / n),
                         "variance of tan^2");
    expect_chi_square(histogram, std::vector<double>(n_classes, 1.0 / n_classes));

    // No direction across is preferred: unit variance along each, the projector's diagonal.
    SymmetricTensor projector = SymmetricTensor::Ones();
    projector.head<3>().array() -= 1.0 / 3.0;
    projector.array() -= unit.array().square();
    if (n_normals == 2)
      projector[3] = projector[4] = 0.0;
    for (int i = 0; i < 6; ++i)
    {
      expect_within_errors(across[i].mean(), 0.0, std::sqrt(projector[i] / n) + 1e-9, "across");
      expect_within_errors(across[i].variance(), projector[i],
                           projector[i] * std::sqrt(2.0 / n) + 1e-9, "variance across");
    }
  }
} // namespace

TEST(VerifyDirectionSpread, TheFirstEventIsThatOfTheCoaxialLaw)
{
  // Up to its first event both laws are one; the event differs in direction alone.
  std::mt19937 generator(41);
  unsigned int n_events = 0;
  for (const EnergyBound bound : {EnergyBound::report, EnergyBound::redraw, EnergyBound::clip})
    for (const double spread : {0.05, 0.5, 5.0})
    {
      const SeemLaw coaxial = tabulated_law(9, bound), scattered = tabulated_law(9, bound, spread);
      for (std::uint64_t cell = 0; cell < 200; ++cell)
      {
        const SymmetricTensor direction = random_tensor(generator, 1.0);
        const auto run = [&](const SeemLaw &law, const double share) {
          return follow(law, {{cell, 0}, 1.0}, make_state(0.0, 0.01), {share * direction},
                        [](auto) { return 1u; });
        };
        const double length = 0.2 / shear_strain(deviator(direction));
        const Followed whole = run(coaxial, length);
        ASSERT_GT(whole.events.size(), 0u);
        const double share = length * whole.places[0] * (1.0 + 1e-12);
        const Followed a = run(coaxial, share), b = run(scattered, share);
        if (a.events.size() != 1) // a second event at once
          continue;
        ++n_events;
        ASSERT_EQ(b.events.size(), 1u);
        EXPECT_EQ(a.events[0].jump.dtau, b.events[0].jump.dtau);
        EXPECT_EQ(a.events[0].jump.dx[0], b.events[0].jump.dx[0]);
        EXPECT_EQ(a.events[0].heat, b.events[0].heat);
        EXPECT_EQ(a.events[0].plastic_shear, b.events[0].plastic_shear);
        EXPECT_NEAR(a.events[0].before.tau, b.events[0].before.tau, 1e-13);
        EXPECT_NEAR(coaxial.fields(a.state.data(), a.strain).tau,
                    scattered.fields(b.state.data(), b.strain).tau, 1e-10);
        const EnergyDensity of_a = coaxial.energy(a.state.data(), a.strain);
        const EnergyDensity of_b = scattered.energy(b.state.data(), b.strain);
        EXPECT_NEAR(of_a.elastic, of_b.elastic, 1e-11);
        EXPECT_EQ(of_a.inelastic, of_b.inelastic);
        EXPECT_NEAR(trace(plastic_strain(b.state)), 0.0, 1e-16);
      }
    }
  EXPECT_GT(n_events, 1500u);
}

TEST(VerifyDirectionSpread, NoScatteredEventCreatesEnergyUnderABound)
{
  for (const EnergyBound bound : {EnergyBound::redraw, EnergyBound::clip})
    for (const double spread : {0.1, 1.0})
    {
      const SeemLaw law = tabulated_law(10, bound, spread);
      unsigned int n_events = 0, n_gaining = 0;
      for (std::uint64_t cell = 0; cell < 200; ++cell)
      {
        const Followed point = follow(law, {{cell, 0}, 1.0}, make_state(0.0, 0.004), turning_path(),
                                      [](auto) { return 3u; });
        double heat = 0.0;
        for (const EventRecord &record : point.events)
        {
          EXPECT_GE(record.heat, 0.0);
          heat += record.heat;
        }
        EXPECT_NEAR(point.total.heat, heat, 1e-14);
        n_events += point.total.n_events;
        n_gaining += point.total.n_gaining;
      }
      EXPECT_GT(n_events, 5000u);
      EXPECT_GT(n_gaining, 500u);
    }
}

TEST(VerifyDirectionSpread, TheDirectionHasTheSpreadOfFourNormalNumbers)
{
  const double spread = 0.15;
  const SeemLaw law(table_1(), at_ceiling(make_jump(0.1, 0.0005)),
                    parameters(12, EnergyBound::report, spread));
  expect_spread(law, symmetric_tensor(0.4, -0.3, -0.1, 0.2, -0.5, 0.3), spread, 4);
}

TEST(VerifyDirectionSpread, InPlaneStrainItHasTheSpreadOfTwo)
{
  const double spread = 0.15;
  SeemLawParameters p = parameters(13, EnergyBound::report, spread);
  p.plane_strain = true;
  const SeemLaw law(table_1(), at_ceiling(make_jump(0.1, 0.0005)), p);
  expect_spread(law, symmetric_tensor(0.4, -0.3, -0.1, 0, 0, 0.3), spread, 2);
}

TEST(VerifyDirectionSpread, ADirectionThatMissesTheNewStressIsTurnedTowardsTheOldOne)
{
  // From 1.5 to 0.5 GPa: with r/a the ratio of the elastic strains, sin(theta) <= r/a.
  const SymmetricTensor direction = symmetric_tensor(0.4, -0.3, -0.1, 0.2, -0.5, 0.3);
  const SymmetricTensor unit = direction.normalized();
  const double limit = table_1()->elastic_strain(0.5, 0.01) / table_1()->elastic_strain(1.5, 0.01);
  const SeemLaw law(table_1(), at_ceiling(make_jump(1.0, 0.0)),
                    parameters(14, EnergyBound::report, 2.0));
  unsigned int n_turned = 0;
  const unsigned int n = 2000;
  for (std::uint64_t cell = 0; cell < n; ++cell)
  {
    const OneEvent event = one_event(law, cell, direction);
    const double cosine = event.plastic.normalized().dot(unit);
    const double sine = std::sqrt(1.0 - cosine * cosine);
    EXPECT_LE(sine, limit * (1.0 + 1e-9));
    n_turned += sine > limit * (1.0 - 1e-9);
    EXPECT_NEAR(law.fields(event.point.state.data(), event.point.strain).tau, 0.5, 1e-9);
  }
  // Not turned: tan(theta) below its limit, chi-square of 4 degrees of freedom below q.
  const double q = std::pow(std::tan(std::asin(limit)) / 2.0, 2);
  const double p = std::exp(-0.5 * q) * (1.0 + 0.5 * q);
  expect_within_errors(n_turned / double(n), p, std::sqrt(p * (1.0 - p) / n), "share turned");
}
