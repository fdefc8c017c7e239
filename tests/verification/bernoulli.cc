// SPDX-License-Identifier: LGPL-2.1-or-later
// The paper's integrator converges to the event-driven law at first order of the increment.
#include "synthetic_database.h"
#include "verification.h"

#include <seem/law/bernoulli_integrator.h>

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using seem::testing::make_state;

namespace
{
  /// Means over an ensemble at the end of the path.
  struct Ensemble
  {
    Sample tau, x1, n_events;
  };

  const State initial = make_state(0.2, 0.004);
  constexpr double end = 0.16;

  Ensemble event_driven(const unsigned int n)
  {
    const SeemLaw law = tabulated_law(11);
    Ensemble result;
    for (std::uint64_t cell = 0; cell < n; ++cell)
    {
      const Followed point =
          follow(law, {{cell, 0}, 1.0}, initial, {simple_shear(end)}, [](auto) { return 1u; });
      result.tau.add(law.evaluate(point.state.data(), point.strain).stress[5] / sqrt2);
      result.x1.add(point.state[0]);
      result.n_events.add(point.total.n_events);
    }
    return result;
  }

  Ensemble bernoulli(const unsigned int n, const unsigned int n_increments)
  {
    const BernoulliIntegrator integrator(table_1(), synthetic_source(), 12 + n_increments);
    Ensemble result;
    for (std::uint64_t cell = 0; cell < n; ++cell)
    {
      State state = initial;
      unsigned int count = 0;
      for (std::uint32_t i = 0; i < n_increments; ++i)
      {
        bool fired = false;
        state = integrator.step(state, end / n_increments, 1.0, {cell, 0}, i, fired);
        count += fired;
      }
      result.tau.add(state.tau);
      result.x1.add(state.x[0]);
      result.n_events.add(count);
    }
    return result;
  }
} // namespace

TEST(VerifyBernoulli, TheErrorOfTheMeansFallsInProportionToTheIncrement)
{
  const unsigned int n = ensemble(40000);
  const Ensemble exact = event_driven(n);
  // Increments of 4e-3, 2e-3, 1e-3.
  const Ensemble runs[] = {bernoulli(n, 40), bernoulli(n, 80), bernoulli(n, 160)};

  const auto check = [&](Sample Ensemble::*quantity, const char *what, const double visible) {
    const double truth = (exact.*quantity).mean(), truth_error = (exact.*quantity).standard_error();
    double error[3], standard_error[3];
    for (int i = 0; i < 3; ++i)
    {
      error[i] = (runs[i].*quantity).mean() - truth;
      standard_error[i] = (runs[i].*quantity).standard_error();
      std::printf("[          ] %s, increment %.0e: error %.5f +- %.5f\n", what, end / (40 << i),
                  error[i], std::hypot(standard_error[i], truth_error));
    }
    // The coarse error is no accident, unless the ensemble is cut down.
    if (SEEM_VERIFICATION_SHARE == 1.0)
    {
      EXPECT_GT(std::abs(error[0]), visible * std::hypot(standard_error[0], truth_error)) << what;
    }
    // Proportional errors vanish in the extrapolation to a zero increment. The second order is
    // measured by the coarse pair: a quarter of it is left for the fine one.
    const auto extrapolated = [&](const int i) { return 2.0 * error[i + 1] - error[i]; };
    const auto extrapolation_error = [&](const int i) {
      return std::sqrt(4.0 * standard_error[i + 1] * standard_error[i + 1] +
                       standard_error[i] * standard_error[i] + truth_error * truth_error);
    };
    expect_within_errors(extrapolated(1), 0.25 * extrapolated(0),
                         std::hypot(extrapolation_error(1), 0.25 * extrapolation_error(0)), what);
    EXPECT_LE(std::abs(extrapolated(1)), 0.1 * std::abs(error[0]) + 5.0 * extrapolation_error(1))
        << what;
  };
  check(&Ensemble::tau, "tau", 10.0);
  check(&Ensemble::x1, "X1", 5.0);
  check(&Ensemble::n_events, "events", 10.0);
}
