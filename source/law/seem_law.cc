// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/hazard_clock.h>
#include <seem/law/seem_law.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::law
{
  namespace
  {
    /// Redraws of a jump that breaks the energy bound before it is clipped.
    constexpr std::uint16_t max_redraws = 64;

    /// Below this shear stress [GPa] the direction of the stress means nothing: the strain
    /// increment's is taken.
    constexpr double small_stress = 1e-10;

    /// The straight path e(s) = e + s de of the elastic strain deviator, 0 <= s <= length.
    class Path
    {
    public:
      Path(const SymmetricTensor &e_begin, const SymmetricTensor &de)
          : de(de), square_de(de.squaredNorm())
      {
        restart(e_begin, 1.0);
      }

      /// The rest of the path, of length @p rest, from @p e_begin on.
      void restart(const SymmetricTensor &e_begin, const double rest)
      {
        e = e_begin;
        length = rest;
        square_e = e.squaredNorm();
        e_de = e.dot(de);
      }

      bool finite() const
      {
        return std::isfinite(square_e) && std::isfinite(square_de);
      }

      SymmetricTensor at(const double s) const
      {
        return e + s * de;
      }

      /// gamma_el at @p s.
      double gamma(const double s) const
      {
        return s > 0.0 ? shear_strain(at(s)) : std::sqrt(2.0 * square_e);
      }

      /// Where gamma_el is smallest: it falls before and grows after.
      double turning_point() const
      {
        if (e_de >= 0.0 && square_de > 0.0)
          return 0.0;
        return square_de > 0.0 ? std::min(-e_de / square_de, length) : length;
      }

      /// Where |e(s)|^2 reaches @p square on its growing part; beyond the path if nowhere.
      double growing_root(const double square) const
      {
        if (!(square_de > 0.0))
          return std::numeric_limits<double>::infinity();
        // Continued loading begins at its record up to round-off: no need to solve for it.
        if (e_de > 0.0 && square_e >= (1.0 - 1e-15) * square)
          return 0.0;
        const double a = square_e - square;
        const double root = std::sqrt(std::max(0.0, e_de * e_de - a * square_de));
        // The form without cancellation.
        return e_de > 0.0 ? -a / (e_de + root) : (root - e_de) / square_de;
      }

      /// Where e(s):record turns negative; beyond the path if nowhere or if there is no record.
      double reversal(const SymmetricTensor &record) const
      {
        const double now = e.dot(record);
        if (now < 0.0)
          return 0.0;
        const double rate = de.dot(record);
        return rate < 0.0 ? -now / rate : std::numeric_limits<double>::infinity();
      }

      /// How far gamma_el moves, down and up, from the begin to @p s.
      double variation(const double s) const
      {
        if (!(s > 0.0))
          return 0.0;
        const double lowest = gamma(std::min(turning_point(), s));
        return (gamma(0.0) - lowest) + (gamma(s) - lowest);
      }

      SymmetricTensor e;
      SymmetricTensor de;
      double length;

    private:
      double square_e;  ///< e:e
      double e_de;      ///< e:de
      double square_de; ///< de:de
    };
  } // namespace

  struct SeemLaw::Unpacked
  {
    InternalVariables x = {};
    double remaining = 0.0;
    std::uint32_t n_events = 0;
    SymmetricTensor plastic = SymmetricTensor::Zero();
    SymmetricTensor record = SymmetricTensor::Zero();
  };

  SeemLaw::SeemLaw(std::shared_ptr<const Elasticity> shear_elasticity,
                   std::shared_ptr<const EventSource> event_source,
                   const SeemLawParameters &parameters)
      : elasticity(std::move(shear_elasticity)), source(std::move(event_source)),
        parameters(parameters), n_x(source->n_internal_variables()),
        energy_per_x1(units::energy_density(elasticity->atomic_volume()))
  {
    if (n_x < 1 || n_x > max_internal_variables)
      throw InputError(
          fmt::format("the event source has {} internal variables; 1 to {} are possible", n_x,
                      max_internal_variables));
    if (!(parameters.bulk_modulus > 0.0))
      throw InputError(fmt::format(
          "the bulk modulus is {} GPa; it must be given and positive (shear runs at fixed volume "
          "do not contain it)",
          parameters.bulk_modulus));
  }

  std::vector<StateField> SeemLaw::state_layout() const
  {
    return {{"internal variables X, X1 first", "eV per atom", n_x},
            {"remaining hazard", "-", 1},
            {"number of events", "-", 1},
            {"plastic strain (Mandel)", "-", 6},
            {"elastic strain deviator at the record (Mandel)", "-", 6}};
  }

  SeemLaw::Unpacked SeemLaw::unpack(const double *state) const
  {
    Unpacked u;
    std::copy_n(state, n_x, u.x.begin());
    state += n_x;
    u.remaining = state[0];
    u.n_events = static_cast<std::uint32_t>(state[1]);
    u.plastic = Eigen::Map<const SymmetricTensor>(state + 2);
    u.record = Eigen::Map<const SymmetricTensor>(state + 8);
    return u;
  }

  void SeemLaw::pack(const Unpacked &u, double *state) const
  {
    std::copy_n(u.x.begin(), n_x, state);
    state += n_x;
    state[0] = u.remaining;
    state[1] = u.n_events;
    Eigen::Map<SymmetricTensor>(state + 2) = u.plastic;
    Eigen::Map<SymmetricTensor>(state + 8) = u.record;
  }

  void SeemLaw::initialise(double *state, const PointData &point, const State &initial) const
  {
    const RandomStream stream(parameters.seed, point.key);
    Unpacked u;
    u.x = initial.x;
    u.remaining = stream.exponential(0, RandomPurpose::threshold);
    u.record = simple_shear(elasticity->elastic_strain(initial.tau, initial.x[0]));
    u.plastic = -u.record;
    pack(u, state);
  }

  Response SeemLaw::evaluate(const double *state, const SymmetricTensor &strain) const
  {
    const Unpacked u = unpack(state);
    const SymmetricTensor e = deviator(strain) - u.plastic;
    const double norm = e.norm();
    const double gamma = sqrt2 * norm;
    const double tau = elasticity->stress(gamma, u.x[0]);

    Response response;
    response.tangent.bulk = parameters.bulk_modulus;
    response.tangent.shear = elasticity->tangent(tau, u.x[0]);
    if (tau > small_stress)
    {
      response.tangent.direction = e / norm;
      response.tangent.secant = tau / gamma;
    }
    else
    {
      response.tangent.direction = SymmetricTensor::Zero();
      response.tangent.secant = response.tangent.shear;
    }
    response.stress =
        2.0 * response.tangent.secant * e + parameters.bulk_modulus * trace(strain) * identity();
    return response;
  }

  double SeemLaw::dissipation(const State &before, const Jump &jump) const
  {
    const double elastic_change =
        elasticity->energy_density(before.tau - jump.dtau, before.x[0] + jump.dx[0]) -
        elasticity->energy_density(before.tau, before.x[0]);
    return -(elastic_change + energy_per_x1 * jump.dx[0]);
  }

  SeemLaw::DrawnJump SeemLaw::draw_jump(const RandomStream &stream, const std::uint32_t number,
                                        const State &before, const double volume_ratio) const
  {
    const auto draw = [&](const std::uint16_t repeat) {
      Jump jump = source->draw(before, stream.uniform(number, RandomPurpose::jump, repeat)[0]);
      jump.dtau /= volume_ratio;
      for (std::size_t i = 0; i < n_x; ++i)
        jump.dx[i] /= volume_ratio;
      return DrawnJump{jump, dissipation(before, jump), false};
    };

    DrawnJump drawn = draw(0);
    if (drawn.heat >= 0.0)
      return drawn;

    drawn.gaining = true;
    if (parameters.energy_bound == EnergyBound::report)
      return drawn;
    if (parameters.energy_bound == EnergyBound::redraw)
      for (std::uint16_t repeat = 1; repeat <= max_redraws; ++repeat)
      {
        const DrawnJump other = draw(repeat);
        if (other.heat >= 0.0)
          return {other.jump, other.heat, true};
      }

    // Clip: u_el(tau - dtau, X1 + dX1) + dX1 grows with dX1, so D falls with it and one root of D =
    // 0 lies below.
    const auto heat_at = [&](const double dx) {
      drawn.jump.dx[0] = dx;
      return dissipation(before, drawn.jump);
    };
    double high = drawn.jump.dx[0];
    double low = high;
    for (double width = std::max(std::abs(high), 1e-6); heat_at(low) < 0.0; width *= 2.0)
    {
      high = low;
      low = low - width;
    }
    for (unsigned int i = 0; i < 60; ++i)
    {
      const double middle = 0.5 * (low + high);
      (heat_at(middle) >= 0.0 ? low : high) = middle;
    }
    drawn.heat = heat_at(low);
    return drawn;
  }

  Activity SeemLaw::advance(double *state, const PointData &point,
                            const SymmetricTensor &strain_begin, const SymmetricTensor &strain_end,
                            EventObserver *observer) const
  {
    Activity activity;
    const RandomStream stream(parameters.seed, point.key);
    Unpacked u = unpack(state);
    Path path(deviator(strain_begin) - u.plastic, deviator(strain_end - strain_begin));

    if (!path.finite())
      throw InputError(fmt::format("cell {}, quadrature point {}: the strain is not finite",
                                   point.key.cell, point.key.quadrature_point));
    if (path.de.isZero(0.0))
      return activity;

    while (path.length > 0.0)
    {
      // What comes first: the turn against the record, the record, or the end of the path? Every
      // round of the loop ends the path, clears the record or fires an event; a cleared record
      // cannot be cleared again, and the number of events is bounded.
      const double reversal = path.reversal(u.record);
      double loading = path.turning_point();
      if (parameters.record)
        loading = std::max(loading, path.growing_root(u.record.squaredNorm()));

      if (reversal < path.length && reversal <= loading)
      {
        activity.backward_strain += path.variation(reversal);
        path.restart(path.at(reversal), path.length - reversal);
        u.record.setZero();
        continue;
      }
      if (loading >= path.length)
      {
        activity.backward_strain += path.variation(path.length);
        break;
      }

      activity.backward_strain += path.variation(loading);
      const double gamma_begin = path.gamma(loading);
      const double gamma_end = path.gamma(path.length);
      const ClockReading clock = run_clock(*source, *elasticity, u.x, gamma_begin, gamma_end,
                                           point.volume_ratio, u.remaining);
      activity.forward_strain += std::max(0.0, clock.gamma_el - gamma_begin);
      if (!clock.fired)
      {
        u.remaining = clock.remaining;
        u.record = path.at(path.length);
        break;
      }

      // The event, at fixed strain, along the stress deviator.
      const double s_event = std::clamp(path.growing_root(0.5 * clock.gamma_el * clock.gamma_el),
                                        loading, path.length);
      const SymmetricTensor e_before = path.at(s_event);
      const double rest = path.length - s_event;

      const State before = {elasticity->stress(clock.gamma_el, u.x[0]), u.x};
      const SymmetricTensor direction =
          (before.tau > small_stress ? e_before : path.de).normalized();
      const DrawnJump drawn = draw_jump(stream, u.n_events, before, point.volume_ratio);

      for (std::size_t i = 0; i < n_x; ++i)
        u.x[i] += drawn.jump.dx[i];
      const double gamma_after = elasticity->elastic_strain(before.tau - drawn.jump.dtau, u.x[0]);
      const SymmetricTensor e_after = gamma_after / sqrt2 * direction;
      u.plastic += e_before - e_after;

      ++activity.n_events;
      activity.n_outside += clock.support == Support::outside;
      activity.n_forced += clock.support == Support::forced;
      activity.n_capped += elasticity->capped(u.x[0]);
      activity.n_gaining += drawn.gaining;
      activity.heat += drawn.heat;
      if (observer != nullptr)
        observer->event({point.key, u.n_events, 1.0 - rest, before, drawn.jump, drawn.heat,
                         clock.gamma_el - gamma_after, clock.support});

      path.restart(e_after, rest);
      u.record = e_after;
      u.remaining = stream.exponential(++u.n_events, RandomPurpose::threshold);

      if (activity.n_events > parameters.max_events_per_update)
        throw StepError(fmt::format(
            "cell {}, quadrature point {}: more than {} events in one update at tau = {:.4g} GPa, "
            "X1 = {:.4g} eV, m = {:.4g}",
            point.key.cell, point.key.quadrature_point, parameters.max_events_per_update,
            before.tau, before.x[0], point.volume_ratio));
    }
    pack(u, state);
    return activity;
  }

  EnergyDensity SeemLaw::energy(const double *state, const SymmetricTensor &strain) const
  {
    const Unpacked u = unpack(state);
    const double tau = elasticity->stress(shear_strain(deviator(strain) - u.plastic), u.x[0]);
    const double volume_strain = trace(strain);
    return {elasticity->energy_density(tau, u.x[0]) +
                0.5 * parameters.bulk_modulus * volume_strain * volume_strain,
            energy_per_x1 * u.x[0]};
  }

  PointFields SeemLaw::fields(const double *state, const SymmetricTensor &strain) const
  {
    const Unpacked u = unpack(state);
    return {elasticity->stress(shear_strain(deviator(strain) - u.plastic), u.x[0]), u.x[0],
            shear_strain(u.plastic), u.n_events};
  }
} // namespace seem::law
