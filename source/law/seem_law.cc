// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quiet_path.h"
#include "seem_law_rows.h"
#include "seem_law_update.h"

#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/hazard_clock.h>
#include <seem/law/seem_law.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace seem::law
{
  namespace
  {
    /// Out of the way of the hot path.
    [[noreturn, gnu::cold, gnu::noinline]] void refuse_strain(const PointData &point)
    {
      throw InputError(fmt::format("cell {}, quadrature point {}: the strain is not finite",
                                   point.key.cell, point.key.quadrature_point));
    }

    /// The elastic strain deviator at @p strain; @p slots of the state.
    [[gnu::always_inline]] inline SymmetricTensor elastic_deviator(const double *slots,
                                                                   const SymmetricTensor &strain)
    {
      return deviator(strain) - Eigen::Map<const SymmetricTensor>(slots + Slot::plastic);
    }

    /// gamma_el of the elastic strain deviator @p e.
    [[gnu::always_inline]] inline double elastic_shear(const SymmetricTensor &e)
    {
      return sqrt2 * std::sqrt(contraction(e, e));
    }

    /// Of points whose @p states with @p n_x internal variables are @p stride apart.
    rows::StateRows state_rows(const double *states, const std::size_t n_x,
                               const std::size_t stride)
    {
      const double *const slots = states + n_x;
      return {states, slots + Slot::plastic, slots + Slot::record, slots + Slot::firing, stride};
    }

    /// Stress and tangent at the elastic strain deviator @p e with the norm @p norm.
    [[gnu::always_inline]] inline void respond(const Moduli &moduli, const double bulk,
                                               const SymmetricTensor &e, const double norm,
                                               const double inverse_norm,
                                               const double volume_strain, SymmetricTensor &stress,
                                               Tangent &tangent)
    {
      tangent.bulk = bulk;
      tangent.shear = moduli.tangent;
      tangent.secant = moduli.secant;
      if (sqrt2 * norm * moduli.secant > small_stress)
        tangent.direction = inverse_norm * e;
      else
        tangent.direction = SymmetricTensor::Zero();
      stress = (2.0 * moduli.secant) * e;
      stress.head<3>().array() += bulk * volume_strain;
    }
  } // namespace

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
    const double norm = std::sqrt(square);
    law::respond(elasticity->moduli(2.0 * square, x1), parameters.bulk_modulus, e, norm,
                 norm > 0.0 ? 1.0 / norm : 0.0, volume_strain, response.stress, response.tangent);
  }

  Response SeemLaw::evaluate(const double *state, const SymmetricTensor &strain) const
  {
    const SymmetricTensor e = elastic_deviator(state + n_x, strain);
    Response response;
    respond(state[0], e, contraction(e, e), trace(strain), response);
    return response;
  }

  void SeemLaw::evaluate_points(const std::size_t n, const double *states, const std::size_t stride,
                                const SymmetricTensor *strains, SymmetricTensor *stresses,
                                Tangent *tangents) const
  {
    static_assert(sizeof(Tangent) == 9 * sizeof(double), "bulk, shear, secant, N");
    using rows::block;
    std::array<double, block> x1;
    rows::ElasticRows elastic;
    for (std::size_t first = 0; first < n; first += block)
    {
      const std::size_t m = std::min(block, n - first);
      const double *const of_first = states + first * stride;
      for (std::size_t i = 0; i < m; ++i)
        x1[i] = of_first[i * stride];
      rows::elastic_strains(m, state_rows(of_first, n_x, stride), strains[first].data(), elastic);
      elasticity->branch_moduli(m, elastic.gamma_squared, x1.data(), elastic.secant,
                                elastic.tangent);
      rows::respond(m, elastic, parameters.bulk_modulus, small_stress, stresses[first].data(),
                    &tangents[first].bulk);
    }
  }

  /// The elastic strain deviator at both ends of an update.
  struct SeemLaw::Increment
  {
    Increment(const double *slots, const PointData &point, const SymmetricTensor &strain_begin,
              const SymmetricTensor &strain_end)
        : begin(elastic_deviator(slots, strain_begin)), end(elastic_deviator(slots, strain_end)),
          square_begin(contraction(begin, begin)), square_end(contraction(end, end)),
          volume_strain(trace(strain_end))
    {
      if (!std::isfinite(square_begin + square_end + volume_strain + trace(strain_begin)))
        refuse_strain(point);
    }

    /// Whether nothing happens but that the record moves. If so, the strains of @p activity are
    /// set; the rest is for Update.
    [[gnu::always_inline]] inline bool
    passes_without_event(const double *slots, const bool with_record, Activity &activity) const
    {
      const SymmetricTensor record = Eigen::Map<const SymmetricTensor>(slots + Slot::record);
      const double square_record = contraction(record, record);
      const double growth = contraction(begin, end) - square_begin;
      // Most paths run on from the record: the short way of quiet_path().
      if (square_begin >= (1.0 - 1e-15) * square_record && square_record > 0.0 && growth >= 0.0)
      {
        const double gamma_end = std::sqrt(2.0 * square_end);
        activity.forward_strain = gamma_end - std::sqrt(2.0 * square_begin);
        return gamma_end < slots[Slot::firing];
      }
      const QuietPath path = quiet_path({square_begin, square_end, square_record, growth,
                                         contraction(record, begin), contraction(record, end)},
                                        slots[Slot::firing], with_record);
      activity.forward_strain = path.forward;
      activity.backward_strain = path.backward;
      return path.quiet > 0.5;
    }

    /// After such an update.
    [[gnu::always_inline]] inline void move_record(double *slots, const Activity &activity) const
    {
      if (activity.forward_strain > 0.0)
        Eigen::Map<SymmetricTensor>(slots + Slot::record) = end;
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
    if (increment.passes_without_event(state + n_x, parameters.record, activity))
    {
      increment.move_record(state + n_x, activity);
      return activity;
    }
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
    if (increment.passes_without_event(state + n_x, parameters.record, activity))
    {
      increment.move_record(state + n_x, activity);
      respond(state[0], increment.end, increment.square_end, increment.volume_strain, response);
      return activity;
    }
    activity = advance(state, point, strain_begin, strain_end, observer);
    if (activity.admissible_share >= 1.0)
      response = evaluate(state, strain_end);
    return activity;
  }

  std::size_t SeemLaw::advance_quiet_points(const std::size_t n, double *states,
                                            const std::size_t stride,
                                            const SymmetricTensor *strain_begin,
                                            const SymmetricTensor *strain_end, Activity &activity,
                                            std::size_t *others) const
  {
    using rows::block;
    std::size_t n_others = 0;
    rows::PathRows paths;
    for (std::size_t first = 0; first < n; first += block)
    {
      const std::size_t m = std::min(block, n - first);
      double *const slots = states + first * stride + n_x;
      rows::quiet_paths(m, state_rows(states + first * stride, n_x, stride),
                        strain_begin[first].data(), strain_end[first].data(), parameters.record,
                        paths);
      for (std::size_t i = 0; i < m; ++i)
      {
        if (paths.quiet[i] < 0.5)
        {
          others[n_others++] = first + i;
          continue;
        }
        activity.forward_strain += paths.forward[i];
        activity.backward_strain += paths.backward[i];
        if (paths.forward[i] > 0.0)
          std::copy_n(paths.e_end[i], 6, slots + i * stride + Slot::record);
      }
    }
    return n_others;
  }

  double SeemLaw::share_to_next_event(const double *state, const PointData &point,
                                      const SymmetricTensor &strain_begin,
                                      const SymmetricTensor &strain_end) const
  {
    constexpr double never = std::numeric_limits<double>::infinity();
    const Increment increment(state + n_x, point, strain_begin, strain_end);
    Activity activity;
    if (increment.passes_without_event(state + n_x, parameters.record, activity))
      return never;
    const SymmetricTensor de = deviator(strain_end - strain_begin);
    if (de.isZero(0.0))
      return never;
    return Update(*this, nullptr, state, point, increment.begin, de, nullptr).first_event();
  }

  EnergyDensity SeemLaw::energy(const double *state, const SymmetricTensor &strain) const
  {
    const double *const slots = state + n_x;
    const double x1 = state[0];
    const double tau = elasticity->stress(elastic_shear(elastic_deviator(slots, strain)), x1);
    return energy(slots, x1, elasticity->energy_density(tau, x1), trace(strain));
  }

  EnergyDensity SeemLaw::energy(const double *slots, const double x1, const double shear_energy,
                                const double volume_strain) const
  {
    return {shear_energy + 0.5 * parameters.bulk_modulus * volume_strain * volume_strain,
            energy_per_x1 * x1, slots[Slot::heat]};
  }

  PointFields SeemLaw::fields(const double *state, const SymmetricTensor &strain) const
  {
    const double *const slots = state + n_x;
    return fields(slots, state[0],
                  elasticity->stress(elastic_shear(elastic_deviator(slots, strain)), state[0]));
  }

  PointFields SeemLaw::fields(const double *slots, const double x1, const double tau) const
  {
    return {tau, x1, shear_strain(Eigen::Map<const SymmetricTensor>(slots + Slot::plastic)),
            static_cast<unsigned int>(slots[Slot::n_events])};
  }

  void SeemLaw::measure_points(const std::size_t n, const double *states, const std::size_t stride,
                               const SymmetricTensor *strains, EnergyDensity *energies,
                               PointFields *fields) const
  {
    using rows::block;
    std::array<double, block> gamma_el, x1, tau, shear_energy;
    rows::ElasticRows elastic;
    for (std::size_t first = 0; first < n; first += block)
    {
      const std::size_t m = std::min(block, n - first);
      const double *const of_first = states + first * stride;
      rows::elastic_strains(m, state_rows(of_first, n_x, stride), strains[first].data(), elastic);
      for (std::size_t i = 0; i < m; ++i)
      {
        gamma_el[i] = sqrt2 * elastic.norm[i];
        x1[i] = of_first[i * stride];
      }
      elasticity->branch_energies(m, gamma_el.data(), x1.data(), tau.data(), shear_energy.data());
      for (std::size_t i = 0; i < m; ++i)
      {
        const double *const slots = of_first + i * stride + n_x;
        energies[first + i] = energy(slots, x1[i], shear_energy[i], elastic.volume_strain[i]);
        fields[first + i] = this->fields(slots, x1[i], tau[i]);
      }
    }
  }
} // namespace seem::law
