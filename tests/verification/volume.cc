// SPDX-License-Identifier: LGPL-2.1-or-later
// Volumes of m representative volumes: the mean stays, fluctuations fall as m^-1/2.
#include "synthetic_database.h"
#include "verification.h"

using namespace seem;
using namespace seem::law;
using namespace seem::verification;
using namespace seem::testing;

TEST(VerifyVolume, FluctuationsFallWithTheRootOfTheVolumeAndTheMeanStays)
{
  // tau = 25 gamma - jump n/m with n Poisson of mean m rate gamma: by hand
  // tau = 2.5 - 0.5 = 2.0 GPa, standard deviation 0.05 sqrt(10/m) GPa.
  const double jump = 0.05, rate = 100.0, end = 0.1;
  const SeemLaw law(hooke(), std::make_shared<ScriptedEventSource>(rate, make_jump(jump, 0.0)),
                    parameters(60));
  const unsigned int n = ensemble(1500);
  std::vector<double> log_m, log_deviation;
  for (double m = 1.0; m <= 256.0; m *= 2.0)
  {
    Sample tau;
    for (std::uint64_t cell = 0; cell < n; ++cell)
    {
      const Followed point =
          follow(law, {{cell, static_cast<std::uint16_t>(m)}, m}, make_state(0.0, 0.0),
                 {simple_shear(end)}, [](auto) { return 10u; });
      tau.add(law.evaluate(point.state.data(), point.strain).stress[5] / sqrt2);
    }
    const double deviation = jump * std::sqrt(rate * end / m);
    expect_within_errors(tau.mean(), 2.0, deviation / std::sqrt(n), "mean tau");
    // Kurtosis of the Poisson distribution: 3 + 1/mean.
    expect_within_errors(tau.variance(), deviation * deviation,
                         deviation * deviation * std::sqrt((2.0 + 1.0 / (m * rate * end)) / n),
                         "variance of tau");
    log_m.push_back(std::log(m));
    log_deviation.push_back(0.5 * std::log(tau.variance()));
  }
  double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0;
  for (std::size_t i = 0; i < log_m.size(); ++i)
  {
    mean_x += log_m[i] / log_m.size();
    mean_y += log_deviation[i] / log_m.size();
  }
  for (std::size_t i = 0; i < log_m.size(); ++i)
  {
    xx += (log_m[i] - mean_x) * (log_m[i] - mean_x);
    xy += (log_m[i] - mean_x) * (log_deviation[i] - mean_y);
  }
  const double slope = xy / xx;
  const double standard_error = std::sqrt(0.5 / n / xx);
  std::printf("[          ] slope %.4f +- %.4f\n", slope, standard_error);
  EXPECT_NEAR(slope, -0.5, std::max(0.03, 5.0 * standard_error));
}
