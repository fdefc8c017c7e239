// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_BERNOULLI_INTEGRATOR_H
#define SEEM_LAW_BERNOULLI_INTEGRATOR_H

#include <seem/core/random_stream.h>
#include <seem/core/state.h>
#include <seem/law/elasticity.h>
#include <seem/law/event_source.h>

#include <cstdint>
#include <memory>

namespace seem::law
{
  /**
   * The paper's integrator (Xu et al. 2024, Eq. 4) of monotone simple shear: one trial per strain
   * increment. With r uniform in (0, 1) an event fires when \f[ r < p = 1 - \exp(-m\,\lambda(\tau,
   * X)\,\Delta\gamma), \f] the rate taken at the state before the increment; the step is the
   * elastic one plus, if it fired, the jump (the stress deficit at fixed strain, so the elastic
   * step is not counted twice). The paper prints Theta[r - lambda dgamma], which would fire with
   * probability 1 - p: a misprint.
   *
   * It converges to the event-driven SeemLaw as the increment falls, and is for comparison with the
   * paper only.
   */
  class BernoulliIntegrator
  {
  public:
    BernoulliIntegrator(std::shared_ptr<const Elasticity> elasticity,
                        std::shared_ptr<const EventSource> source, std::uint64_t seed);

    /**
     * One increment.
     * @param[in] state         before the increment; a tau against the shear is unloading and draws
     * no hazard
     * @param[in] increment     shear strain increment [-], positive
     * @param[in] volume_ratio  m [-]
     * @param[in] key           name of the path
     * @param[in] number        number of the increment
     * @param[out] fired        whether an event happened
     */
    State step(const State &state, double increment, double volume_ratio, const PointKey &key,
               std::uint32_t number, bool &fired) const;

  private:
    std::shared_ptr<const Elasticity> elasticity;
    std::shared_ptr<const EventSource> source;
    std::uint64_t seed;
  };
} // namespace seem::law

#endif
