// SPDX-License-Identifier: LGPL-2.1-or-later
// Tangent and objectivity of the law of a database in three dimensions, events included.
#include "synthetic_database.h"
#include "verification.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using namespace seem::testing;

namespace
{
  /// Components of R^T stress R, averaged over an ensemble on the rotated path.
  struct MeanStress
  {
    Sample components[6], n_events;
  };

  MeanStress mean_stress(const SeemLaw &law, const Eigen::Matrix3d &rotation,
                         const std::vector<SymmetricTensor> &corners, const std::uint16_t group,
                         const unsigned int n)
  {
    std::vector<SymmetricTensor> rotated;
    for (const SymmetricTensor &corner : corners)
      rotated.push_back(rotate(rotation, corner));
    MeanStress result;
    for (std::uint64_t cell = 0; cell < n; ++cell)
    {
      const Followed point = follow(law, {{cell, group}, 1.0}, make_state(0.0, 0.004), rotated,
                                    [](auto) { return 1u; });
      const SymmetricTensor back =
          rotate(rotation.transpose(), law.evaluate(point.state.data(), point.strain).stress);
      for (int i = 0; i < 6; ++i)
        result.components[i].add(back[i]);
      result.n_events.add(point.total.n_events);
    }
    return result;
  }

  void expect_same_means(const MeanStress &a, const MeanStress &b)
  {
    for (int i = 0; i < 6; ++i)
      expect_within_errors(
          a.components[i].mean() - b.components[i].mean(), 0.0,
          std::hypot(a.components[i].standard_error(), b.components[i].standard_error()) + 1e-14,
          "mean stress");
    expect_within_errors(a.n_events.mean() - b.n_events.mean(), 0.0,
                         std::hypot(a.n_events.standard_error(), b.n_events.standard_error()),
                         "events");
  }
} // namespace

TEST(VerifyTensorForm, TheTangentIsTheDerivativeOfTheStressAfterEvents)
{
  const double h = 1e-6;
  std::mt19937 generator(31);
  unsigned int n_events = 0;
  for (const double spread : {0.0, 0.3})
  {
    const SeemLaw law = tabulated_law(5, EnergyBound::clip, spread);
    for (std::uint64_t cell = 0; cell < 50; ++cell)
    {
      std::vector<SymmetricTensor> corners;
      for (int i = 0; i < 4; ++i)
        corners.push_back(random_tensor(generator, 0.1));
      const Followed point =
          follow(law, {{cell, 0}, 1.0}, make_state(0.1, 0.02), corners, [](auto) { return 2u; });
      n_events += point.total.n_events;
      const auto tangent = matrix(law.evaluate(point.state.data(), point.strain).tangent);
      const auto stress = [&](const int i, const double step) {
        SymmetricTensor strain = point.strain;
        strain[i] += step;
        return law.evaluate(point.state.data(), strain).stress;
      };
      for (int i = 0; i < 6; ++i)
      {
        const SymmetricTensor slope = (stress(i, h) - stress(i, -h)) / (2.0 * h);
        EXPECT_NEAR((slope - tangent.col(i)).norm(), 0.0, 2e-6);
      }
    }
  }
  EXPECT_GT(n_events, 2000u);
}

TEST(VerifyTensorForm, ARotatedPathHasTheSameEventsAndTheRotatedStress)
{
  std::mt19937 generator(32);
  const SeemLaw law = tabulated_law(6, EnergyBound::redraw);
  const auto run = [&](const std::vector<SymmetricTensor> &corners) {
    return follow(law, {{8, 1}, 1.0}, make_state(0.0, 0.006), corners, [](auto) { return 2u; });
  };
  const Followed reference = run(turning_path());
  EXPECT_GT(reference.total.n_events, 50u);
  for (int i = 0; i < 20; ++i)
  {
    const Eigen::Matrix3d r = random_rotation(generator);
    std::vector<SymmetricTensor> rotated_corners;
    for (const SymmetricTensor &corner : turning_path())
      rotated_corners.push_back(rotate(r, corner));
    const Followed rotated = run(rotated_corners);
    ASSERT_EQ(rotated.events.size(), reference.events.size());
    for (std::size_t k = 0; k < rotated.events.size(); ++k)
    {
      EXPECT_EQ(rotated.events[k].jump.dtau, reference.events[k].jump.dtau);
      EXPECT_NEAR(rotated.places[k], reference.places[k], 1e-10);
      EXPECT_NEAR(rotated.events[k].before.tau, reference.events[k].before.tau, 1e-10);
      EXPECT_NEAR(rotated.events[k].before.x[0], reference.events[k].before.x[0], 1e-12);
      EXPECT_NEAR(rotated.events[k].heat, reference.events[k].heat, 1e-10);
    }
    const SymmetricTensor stress = law.evaluate(rotated.state.data(), rotated.strain).stress;
    const SymmetricTensor expected =
        rotate(r, law.evaluate(reference.state.data(), reference.strain).stress);
    EXPECT_NEAR((stress - expected).norm(), 0.0, 1e-9);
  }
}

TEST(VerifyTensorForm, ScatteredEventsKnowNoAxes)
{
  // The drawn directions belong to the axes, so single paths differ; their distribution must not.
  const SeemLaw law = tabulated_law(7, EnergyBound::report, 0.4);
  const std::vector<SymmetricTensor> corners = {
      symmetric_tensor(0.06, -0.02, -0.04, 0.0, 0.01, 0.05),
      symmetric_tensor(0.08, -0.02, -0.06, 0.04, -0.05, 0.02)};
  const unsigned int n = ensemble(6000);
  std::mt19937 generator(33);
  const MeanStress plain = mean_stress(law, Eigen::Matrix3d::Identity(), corners, 0, n);
  EXPECT_GT(plain.n_events.mean(), 5.0);
  for (const std::uint16_t group : {1, 2})
    expect_same_means(mean_stress(law, random_rotation(generator), corners, group, n), plain);
}

TEST(VerifyTensorForm, InPlaneStrainScatteredEventsKnowNoAxesOfThePlane)
{
  SeemLawParameters p = parameters(8, EnergyBound::report, 0.4);
  p.plane_strain = true;
  const SeemLaw law(table_1(), synthetic_source(), p);
  const std::vector<SymmetricTensor> corners = {symmetric_tensor(0.05, -0.03, 0, 0, 0, 0.05),
                                                symmetric_tensor(0.09, -0.08, 0, 0, 0, 0.02)};
  const unsigned int n = ensemble(6000);
  const Eigen::Matrix3d turned(Eigen::AngleAxisd(0.9, Eigen::Vector3d::UnitZ()));
  const MeanStress plain = mean_stress(law, Eigen::Matrix3d::Identity(), corners, 0, n);
  expect_same_means(mean_stress(law, turned, corners, 1, n), plain);
  for (const int i : {3, 4})
    for (const double stress : plain.components[i].values)
      EXPECT_EQ(stress, 0.0);
}
