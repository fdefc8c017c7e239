// SPDX-License-Identifier: LGPL-2.1-or-later
#include "strain_path.h"

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

    /// Out of the way of the hot path.
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_strain(const PointData &point)
    {
      throw InputError(fmt::format("cell {}, quadrature point {}: the strain is not finite",
                                   point.key.cell, point.key.quadrature_point));
    }

    /// The places of a point's numbers behind its X.
    enum Slot : std::size_t
    {
      threshold,   ///< hazard that was left where the clock started
      clock_start, ///< gamma_el there
      firing,      ///< gamma_el of the next event on this branch
      n_events,
      heat,
      plastic,
      record = plastic + 6,
      n_slots = record + 6
    };
  } // namespace

  struct SeemLaw::PointState
  {
    PointState(const double *state, const std::size_t n_x)
    {
      std::copy_n(state, n_x, here.x.begin());
      state += n_x;
      threshold = state[Slot::threshold];
      clock_start = state[Slot::clock_start];
      firing = state[Slot::firing];
      n_events = static_cast<std::uint32_t>(state[Slot::n_events]);
      heat = state[Slot::heat];
      plastic = Eigen::Map<const SymmetricTensor>(state + Slot::plastic);
      record = Eigen::Map<const SymmetricTensor>(state + Slot::record);
    }

    PointState() = default;

    void store(double *state, const std::size_t n_x) const
    {
      std::copy_n(here.x.begin(), n_x, state);
      state += n_x;
      state[Slot::threshold] = threshold;
      state[Slot::clock_start] = clock_start;
      state[Slot::firing] = firing;
      state[Slot::n_events] = n_events;
      state[Slot::heat] = heat;
      Eigen::Map<SymmetricTensor>(state + Slot::plastic) = plastic;
      Eigen::Map<SymmetricTensor>(state + Slot::record) = record;
    }

    State here; ///< X; its tau is scratch space
    double threshold = 0.0;
    double clock_start = 0.0;
    double firing = 0.0;
    std::uint32_t n_events = 0;
    double heat = 0.0;
    SymmetricTensor plastic = SymmetricTensor::Zero();
    SymmetricTensor record =
        SymmetricTensor::Zero(); ///< zero: the clock waits for loading to begin
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
    if (!(parameters.direction_spread >= 0.0 && std::isfinite(parameters.direction_spread)))
      throw InputError(fmt::format("the direction spread is {}; it must be zero or positive",
                                   parameters.direction_spread));
  }

  std::vector<StateField> SeemLaw::state_layout() const
  {
    return {{"internal variables X, X1 first", "eV per atom", n_x},
            {"hazard left where the clock started", "-", 1},
            {"elastic shear strain where the clock started", "-", 1},
            {"elastic shear strain of the next event on this branch", "-", 1},
            {"number of events", "-", 1},
            {"heat", "GPa", 1},
            {"plastic strain (Mandel)", "-", 6},
            {"elastic strain deviator at the record (Mandel)", "-", 6}};
  }

  void SeemLaw::initialise(double *state, const PointData &point, const InitialState &initial) const
  {
    if (!(point.volume_ratio > 0.0 && std::isfinite(point.volume_ratio)))
      throw InputError(
          fmt::format("cell {}, quadrature point {}: the volume ratio is {}; it must be "
                      "positive and finite",
                      point.key.cell, point.key.quadrature_point, point.volume_ratio));
    State start = initial(point.key);
    if (std::isfinite(start.x[0]))
      start.x = source->completed(start.x);
    if (!std::isfinite(start.tau) || !std::all_of(start.x.begin(), start.x.end(),
                                                  [](const double x) { return std::isfinite(x); }))
      throw InputError(
          fmt::format("cell {}, quadrature point {}: the initial state, tau = {} GPa and "
                      "X1 = {} eV per atom, is not finite",
                      point.key.cell, point.key.quadrature_point, start.tau, start.x[0]));
    PointState p;
    p.here = {std::abs(start.tau), start.x};
    p.threshold = RandomStream(parameters.seed, point.key).exponential(0, RandomPurpose::threshold);
    p.record = simple_shear(elasticity->elastic_strain(start.tau, start.x[0]));
    p.plastic = -p.record;
    p.clock_start = shear_strain(p.record);
    if (p.clock_start > 0.0)
      p.firing = firing_strain(*source, *elasticity, p.here, p.clock_start, point.volume_ratio,
                               p.threshold);
    p.store(state, n_x);
  }

  void SeemLaw::respond(const double x1, const SymmetricTensor &e, const double square,
                        const double volume_strain, Response &response) const
  {
    const Moduli moduli = elasticity->moduli(2.0 * square, x1);
    const double norm = std::sqrt(square);
    Tangent &tangent = response.tangent;
    tangent.bulk = parameters.bulk_modulus;
    tangent.shear = moduli.tangent;
    tangent.secant = moduli.secant;
    if (sqrt2 * norm * moduli.secant > small_stress)
      tangent.direction = (1.0 / norm) * e;
    else
      tangent.direction = SymmetricTensor::Zero();
    response.stress = (2.0 * moduli.secant) * e;
    response.stress.head<3>().array() += parameters.bulk_modulus * volume_strain;
  }

  Response SeemLaw::evaluate(const double *state, const SymmetricTensor &strain) const
  {
    const SymmetricTensor e =
        deviator(strain) - Eigen::Map<const SymmetricTensor>(state + n_x + Slot::plastic);
    Response response;
    respond(state[0], e, e.squaredNorm(), trace(strain), response);
    return response;
  }

  SeemLaw::DrawnJump SeemLaw::draw_jump(const RandomStream &stream, const std::uint32_t number,
                                        const State &before, const double volume_ratio) const
  {
    const double energy_before = elasticity->energy_density(before.tau, before.x[0]);
    const auto draw = [&](const std::uint16_t repeat) {
      DrawnJump drawn = {
          source->draw(before, stream.uniform(number, RandomPurpose::jump, repeat)[0])};
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

    DrawnJump drawn = draw(0);
    if (drawn.heat >= 0.0)
      return drawn;

    drawn.gaining = true;
    if (parameters.energy_bound == EnergyBound::report)
      return drawn;
    if (parameters.energy_bound == EnergyBound::redraw)
      for (std::uint16_t repeat = 1; repeat <= max_redraws; ++repeat)
      {
        DrawnJump other = draw(repeat);
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

  /// One update with everything that may happen on its path.
  class SeemLaw::Update
  {
  public:
    /// The state @p begin is followed and stored in @p state, which may be the same.
    Update(const SeemLaw &law, double *state, const double *begin, const PointData &point,
           const SymmetricTensor &e_begin, const SymmetricTensor &de, EventObserver *observer)
        : law(law), elasticity(*law.elasticity), source(*law.source), point(point),
          observer(observer), stream(law.parameters.seed, point.key), state(state),
          p(begin, law.n_x), path(e_begin, de)
    {
    }

    /// Follow the path with its events. The state is stored unless they are too many.
    Activity run()
    {
      follow(/*first_only=*/false);
      if (activity.admissible_share == 1.0)
        p.store(state, law.n_x);
      return activity;
    }

    /// Share of the path up to its first event; infinity if there is none. The state stays.
    double first_event()
    {
      return follow(/*first_only=*/true);
    }

  private:
    /// @return where the first event happens if @p first_only, not fired then; else infinity
    double follow(const bool first_only)
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

    /// Take what the clock has used up off its threshold: up to the record or, without one, up to
    /// here.
    void stop_clock()
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

    /// Start the clock at @p gamma.
    void start_clock(const double gamma)
    {
      p.clock_start = gamma;
      p.here.tau = elasticity.stress(gamma, p.here.x[0]);
      p.firing = firing_strain(source, elasticity, p.here, gamma, point.volume_ratio, p.threshold);
    }

    /// The event at @p s of the path, at fixed strain.
    void fire(const double s)
    {
      // First, so that the processor can work on it beside the rest.
      const double next_threshold = stream.exponential(p.n_events + 1, RandomPurpose::threshold);
      const SymmetricTensor e_before = path.at(s);
      const double rest = path.length - s;
      State &here = p.here;
      here.tau = elasticity.stress(p.firing, here.x[0]);
      const bool has_direction = here.tau > small_stress;
      const DrawnJump drawn = law.draw_jump(stream, p.n_events, here, point.volume_ratio);
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
        e_after = elastic_strain_after(sqrt2 / p.firing * e_before, p.firing / sqrt2,
                                       gamma_after / sqrt2);
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

    /**
     * e after an event with scattered direction: from a N to the sphere of radius |r| along the
     * drawn direction, which is turned towards N where it would miss the sphere.
     */
    SymmetricTensor elastic_strain_after(const SymmetricTensor &n, const double a,
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

    const SeemLaw &law;
    const Elasticity &elasticity;
    const EventSource &source;
    const PointData &point;
    EventObserver *observer;
    RandomStream stream;
    double *state;
    PointState p;
    StrainPath path;
    bool at_record = false; ///< the path begins at the record, just after an event
    Activity activity;
  };

  /// The elastic strain deviator at both ends of an update.
  struct SeemLaw::Increment
  {
    Increment(const double *slots, const PointData &point, const SymmetricTensor &strain_begin,
              const SymmetricTensor &strain_end)
        : begin(deviator(strain_begin) - Eigen::Map<const SymmetricTensor>(slots + Slot::plastic)),
          end(deviator(strain_end) - Eigen::Map<const SymmetricTensor>(slots + Slot::plastic)),
          square_begin(begin.squaredNorm()), square_end(end.squaredNorm()),
          volume_strain(trace(strain_end))
    {
      if (!std::isfinite(square_begin + square_end + volume_strain + trace(strain_begin)))
        refuse_strain(point);
    }

    /**
     * Nearly every update is continued loading that does not reach the next event: e grows from its
     * record on. Nothing happens then but that the record moves; if so, that is done here.
     */
    [[gnu::always_inline]] inline bool loads_without_event(double *slots, Activity &activity) const
    {
      if (!only_loads(slots))
        return false;
      activity.forward_strain = std::sqrt(2.0 * square_end) - std::sqrt(2.0 * square_begin);
      Eigen::Map<SymmetricTensor>(slots + Slot::record) = end;
      return true;
    }

    /// Whether the update is of that kind.
    [[gnu::always_inline]] inline bool only_loads(const double *slots) const
    {
      const double square_record =
          Eigen::Map<const SymmetricTensor>(slots + Slot::record).squaredNorm();
      return square_begin >= (1.0 - 1e-15) * square_record && square_record > 0.0 &&
             begin.dot(end) >= square_begin && std::sqrt(2.0 * square_end) < slots[Slot::firing];
    }

    SymmetricTensor begin, end;
    double square_begin, square_end;
    double volume_strain; ///< at the end
  };

  Activity SeemLaw::advance(double *state, const PointData &point,
                            const SymmetricTensor &strain_begin, const SymmetricTensor &strain_end,
                            EventObserver *observer) const
  {
    const Increment increment(state + n_x, point, strain_begin, strain_end);
    Activity activity;
    if (increment.loads_without_event(state + n_x, activity))
      return activity;
    const SymmetricTensor de = deviator(strain_end - strain_begin);
    if (de.isZero(0.0))
      return activity;
    return Update(*this, state, state, point, increment.begin, de, observer).run();
  }

  Activity SeemLaw::update(double *state, const PointData &point,
                           const SymmetricTensor &strain_begin, const SymmetricTensor &strain_end,
                           Response &response, EventObserver *observer) const
  {
    const Increment increment(state + n_x, point, strain_begin, strain_end);
    Activity activity;
    if (increment.loads_without_event(state + n_x, activity))
    {
      respond(state[0], increment.end, increment.square_end, increment.volume_strain, response);
      return activity;
    }
    activity = advance(state, point, strain_begin, strain_end, observer);
    if (activity.admissible_share >= 1.0)
      response = evaluate(state, strain_end);
    return activity;
  }

  double SeemLaw::share_to_next_event(const double *state, const PointData &point,
                                      const SymmetricTensor &strain_begin,
                                      const SymmetricTensor &strain_end) const
  {
    constexpr double never = std::numeric_limits<double>::infinity();
    const Increment increment(state + n_x, point, strain_begin, strain_end);
    if (increment.only_loads(state + n_x))
      return never;
    const SymmetricTensor de = deviator(strain_end - strain_begin);
    if (de.isZero(0.0))
      return never;
    return Update(*this, nullptr, state, point, increment.begin, de, nullptr).first_event();
  }

  EnergyDensity SeemLaw::energy(const double *state, const SymmetricTensor &strain) const
  {
    const PointState p(state, n_x);
    const double tau = elasticity->stress(shear_strain(deviator(strain) - p.plastic), p.here.x[0]);
    const double volume_strain = trace(strain);
    return {elasticity->energy_density(tau, p.here.x[0]) +
                0.5 * parameters.bulk_modulus * volume_strain * volume_strain,
            energy_per_x1 * p.here.x[0], p.heat};
  }

  PointFields SeemLaw::fields(const double *state, const SymmetricTensor &strain) const
  {
    const PointState p(state, n_x);
    return {elasticity->stress(shear_strain(deviator(strain) - p.plastic), p.here.x[0]),
            p.here.x[0], shear_strain(p.plastic), p.n_events};
  }
} // namespace seem::law
