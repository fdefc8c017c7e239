// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/bernoulli_integrator.h>

#include <cmath>

namespace seem::law
{
  BernoulliIntegrator::BernoulliIntegrator(std::shared_ptr<const Elasticity> shear_elasticity,
                                           std::shared_ptr<const EventSource> event_source,
                                           const std::uint64_t seed)
      : elasticity(std::move(shear_elasticity)), source(std::move(event_source)), seed(seed)
  {
  }

  State BernoulliIntegrator::step(const State &state, const double increment,
                                  const double volume_ratio, const PointKey &key,
                                  const std::uint32_t number, bool &fired) const
  {
    const double gamma = elasticity->elastic_strain(state.tau, state.x[0]) + increment;

    State next = state;
    next.tau = elasticity->stress(gamma, state.x[0]);

    fired = false;
    if (state.tau < 0.0)
      return next;

    const RandomStream stream(seed, key);
    const RandomWords words = stream.words(number, RandomPurpose::bernoulli);
    fired = to_open_interval(words[3]) <
            -std::expm1(-volume_ratio * source->rate(state).rate * increment);
    if (fired)
    {
      const Jump jump = source->draw(state, words).jump;
      next.tau -= jump.dtau / volume_ratio;
      for (std::size_t i = 0; i < next.x.size(); ++i)
        next.x[i] += jump.dx[i] / volume_ratio;
    }
    return next;
  }
} // namespace seem::law
