// SPDX-License-Identifier: LGPL-2.1-or-later
#include "seem_law_update.h"

#include <seem/law/hazard_clock.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::law
{
  namespace
  {
    /// Redraws of a jump that breaks the energy bound before it is clipped.
    constexpr std::uint16_t max_redraws = 64;
  } // namespace

  SeemLaw::DrawnJump SeemLaw::draw_jump(const RandomStream &stream, const std::uint32_t number,
                                        const RandomWords &words, const State &before,
                                        const double volume_ratio) const
  {
    const double energy_before = elasticity->energy_density(before.tau, before.x[0]);
    const auto draw = [&](const RandomWords &random) {
      DrawnJump drawn = {source->draw(before, random)};
      Jump &jump = drawn.event.jump;
      if (volume_ratio != 1.0)
      {
        jump.dtau /= volume_ratio;
        for (std::size_t i = 0; i < n_x; ++i)
          jump.dx[i] /= volume_ratio;
      }
      const StrainAndEnergy after =
          elasticity->strain_and_energy(before.tau - jump.dtau, before.x[0] + jump.dx[0]);
      drawn.gamma_after = after.elastic_strain;
      drawn.heat = energy_before - after.energy_density - energy_per_x1 * jump.dx[0];
      return drawn;
    };

    DrawnJump drawn = draw(words);
    drawn.gaining = !(drawn.heat >= 0.0);
    // In this order, since the sign cannot be foreseen.
    if (parameters.energy_bound == EnergyBound::report || !drawn.gaining)
      return drawn;

    if (parameters.energy_bound == EnergyBound::redraw)
      for (std::uint16_t repeat = 1; repeat <= max_redraws; ++repeat)
      {
        DrawnJump other = draw(stream.words(number, RandomPurpose::jump, repeat));
        other.gaining = true;
        if (other.heat >= 0.0)
          return other;
      }

    // Clip: D = 0 is the X1 that keeps the energy u_el + X1 at the new stress.
    Jump &jump = drawn.event.jump;
    const double tau_after = before.tau - jump.dtau;
    const double x1_after =
        elasticity->inelastic_energy(energy_before / energy_per_x1 + before.x[0], tau_after);
    jump.dx[0] = x1_after - before.x[0];
    drawn.gamma_after = elasticity->elastic_strain(tau_after, before.x[0] + jump.dx[0]);
    drawn.heat = 0.0;
    return drawn;
  }

  SymmetricTensor SeemLaw::scattered(const RandomStream &stream, const std::uint32_t number,
                                     const SymmetricTensor &n) const
  {
    SymmetricTensor xi;
    for (std::uint16_t i = 0; i < 3; ++i)
    {
      // Box and Muller.
      const auto u = stream.uniform(number, RandomPurpose::direction, i);
      const double radius = std::sqrt(-2.0 * std::log(u[0]));
      const double angle = 2.0 * M_PI * u[1];
      xi[2 * i] = radius * std::cos(angle);
      xi[2 * i + 1] = radius * std::sin(angle);
    }
    if (parameters.plane_strain)
      xi[3] = xi[4] = 0.0;
    xi = deviator(xi);
    xi -= xi.dot(n) * n;
    return (n + parameters.direction_spread * xi).normalized();
  }

  Activity SeemLaw::Update::run()
  {
    follow(/*first_only=*/false);
    if (activity.admissible_share == 1.0)
      p.store(state, law.n_x);
    return activity;
  }

  double SeemLaw::Update::first_event()
  {
    return follow(/*first_only=*/true);
  }


  double SeemLaw::Update::follow(const bool first_only)
  {
    while (path.length > 0.0)
    {
      // What comes first: the turn against the record, the record, or the end of the path? Every
      // round of the loop ends the path, clears the record or fires an event; a cleared record
      // cannot be cleared again, and the number of events is bounded.
      double loading = 0.0, gamma_begin = p.clock_start;
      if (!(at_record && path.grows()))
      {
        const double reversal = path.reversal(p.record);
        const double turning = path.turning_point();
        loading = turning;
        if (law.parameters.record)
          loading = std::max(loading, path.growing_root(p.record.squaredNorm()));

        if (reversal < path.length && reversal <= loading)
        {
          stop_clock();
          activity.backward_strain += path.variation(reversal);
          path.restart(path.at(reversal), path.length - reversal);
          p.record.setZero();
          at_record = false;
          continue;
        }

        const bool restarts = p.record.isZero(0.0) || (!law.parameters.record && turning > 0.0);
        if (restarts)
          stop_clock();
        activity.backward_strain += path.variation(std::min(loading, path.length));
        gamma_begin = path.gamma(std::min(loading, path.length));
        if (restarts)
          start_clock(gamma_begin);
        if (loading >= path.length)
          break;
      }

      const double gamma_end = path.gamma(path.length);
      if (gamma_end < p.firing)
      {
        activity.forward_strain += gamma_end - gamma_begin;
        p.record = path.at(path.length);
        break;
      }

      activity.forward_strain += std::max(0.0, p.firing - gamma_begin);
      if (activity.n_events == law.parameters.max_events_per_update)
      {
        // Up to the last event that is allowed; below 1 even if that lies at the very end.
        activity = {};
        activity.admissible_share = std::min(1.0 - path.length, 1.0 - 1e-9);
        break;
      }
      const double s =
          std::clamp(path.growing_root(0.5 * p.firing * p.firing), loading, path.length);
      if (first_only)
        return 1.0 - (path.length - s);
      fire(s);
    }
    return std::numeric_limits<double>::infinity();
  }

  void SeemLaw::Update::stop_clock()
  {
    const double here = law.parameters.record ? shear_strain(p.record) : path.gamma(0.0);
    const double end = std::min(here, p.firing);
    if (end > p.clock_start)
    {
      p.here.tau = elasticity.stress(p.clock_start, p.here.x[0]);
      p.threshold -= hazard(source, elasticity, p.here, p.clock_start, end, point.volume_ratio);
      p.threshold = std::max(p.threshold, 0.0);
    }
    p.clock_start = end;
  }

  void SeemLaw::Update::start_clock(const double gamma)
  {
    p.clock_start = gamma;
    p.here.tau = elasticity.stress(gamma, p.here.x[0]);
    p.firing = firing_strain(source, elasticity, p.here, gamma, point.volume_ratio, p.threshold);
  }

  void SeemLaw::Update::fire(const double s)
  {
    // First, so that the processor can work on it beside the rest.
    const RandomWords words = stream.words(p.n_events, RandomPurpose::jump);
    const double next_threshold = -std::log(to_open_interval(words[3]));
    const SymmetricTensor e_before = path.at(s);
    const double rest = path.length - s;
    State &here = p.here;
    here.tau = elasticity.stress(p.firing, here.x[0]);
    const bool has_direction = here.tau > small_stress;
    const DrawnJump drawn = law.draw_jump(stream, p.n_events, words, here, point.volume_ratio);
    const auto &[jump, support] = drawn.event;
    if (observer != nullptr)
      observer->event({point.key, p.n_events, 1.0 - rest, here, jump, drawn.heat,
                       p.firing - drawn.gamma_after, support});

    for (std::size_t i = 0; i < law.n_x; ++i)
      here.x[i] += jump.dx[i];
    here.tau = std::abs(here.tau - jump.dtau);
    const double gamma_after = drawn.gamma_after;
    SymmetricTensor e_after;
    if (!has_direction)
      e_after = gamma_after / sqrt2 * path.de.normalized();
    else if (law.parameters.direction_spread > 0.0)
      e_after =
          elastic_strain_after(sqrt2 / p.firing * e_before, p.firing / sqrt2, gamma_after / sqrt2);
    else
      e_after = gamma_after / p.firing * e_before;
    p.plastic += e_before - e_after;
    p.heat += drawn.heat;

    ++activity.n_events;
    activity.n_outside += support == Support::outside;
    activity.n_forced += support == Support::forced;
    activity.n_capped += elasticity.capped(here.x[0]);
    activity.n_gaining += drawn.gaining;
    activity.heat += drawn.heat;
    activity.plastic_shear += p.firing - gamma_after;

    path.restart(e_after, rest);
    p.record = e_after;
    ++p.n_events;
    p.threshold = next_threshold;
    at_record = gamma_after > 0.0;
    p.clock_start = std::abs(gamma_after);
    p.firing =
        firing_strain(source, elasticity, here, p.clock_start, point.volume_ratio, p.threshold);
  }

  SymmetricTensor SeemLaw::Update::elastic_strain_after(const SymmetricTensor &n, const double a,
                                                        const double r) const
  {
    const SymmetricTensor drawn = law.scattered(stream, p.n_events, n);
    SymmetricTensor across = drawn - drawn.dot(n) * n;
    double sine = across.norm();
    if (!(sine > 0.0))
      return r * n;
    across /= sine;
    sine = std::min(sine, std::abs(r) / a);
    const double cosine = std::sqrt(1.0 - sine * sine);
    const double slip =
        a * cosine - std::copysign(std::sqrt(std::max(0.0, r * r - a * a * sine * sine)), r);
    return a * n - slip * (cosine * n + sine * across);
  }
} // namespace seem::law
