// SPDX-License-Identifier: LGPL-2.1-or-later
#include "strain_path.h"

#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/mean_flow_law.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace seem::law
{
  namespace
  {
    /// Below this shear stress [GPa] the direction of the stress means nothing.
    constexpr double small_stress = 1e-10;

    /// Smallest G_t as a share of the elastic one.
    constexpr double smallest_tangent = 0.01;

    /// Step of X1 [eV per atom] for the derivative of the elastic energy.
    constexpr double x1_step = 1e-7;

    /// The places of a point's numbers behind its X.
    enum Slot : std::size_t
    {
      heat,
      plastic,
      record = plastic + 6,
      last_strain = record + 6,
      n_slots = last_strain + 6
    };

    void require_finite(const PointData &point, const SymmetricTensor &strain_begin,
                        const SymmetricTensor &strain_end)
    {
      if (!strain_begin.allFinite() || !strain_end.allFinite())
        throw InputError(fmt::format("cell {}, quadrature point {}: the strain is not finite",
                                     point.key.cell, point.key.quadrature_point));
    }

    /// The lowest stress [GPa] at which an event is forced at @p x.
    double forced_stress(const EventSource &source, const InternalVariables &x)
    {
      State state = {0.0, x};
      while (true)
      {
        const RatePiece piece = source.rate(state);
        if (std::isinf(piece.rate) && state.tau > 0.0)
          return state.tau;
        if (std::isinf(piece.rate) || std::isinf(piece.tau_end) || !(piece.tau_end > state.tau))
          throw Error(fmt::format("mean flow: the event source forces events, but not above a "
                                  "positive stress (at {} GPa, X1 = {} eV)",
                                  state.tau, x[0]));
        state.tau = piece.tau_end;
      }
    }
  } // namespace

  struct MeanFlowLaw::PointState
  {
    PointState() = default;

    PointState(const double *state, const std::size_t n_x)
    {
      std::copy_n(state, n_x, x.begin());
      state += n_x;
      heat = state[Slot::heat];
      plastic = Eigen::Map<const SymmetricTensor>(state + Slot::plastic);
      record = Eigen::Map<const SymmetricTensor>(state + Slot::record);
      strain = Eigen::Map<const SymmetricTensor>(state + Slot::last_strain);
    }

    void store(double *state, const std::size_t n_x) const
    {
      std::copy_n(x.begin(), n_x, state);
      state += n_x;
      state[Slot::heat] = heat;
      Eigen::Map<SymmetricTensor>(state + Slot::plastic) = plastic;
      Eigen::Map<SymmetricTensor>(state + Slot::record) = record;
      Eigen::Map<SymmetricTensor>(state + Slot::last_strain) = strain;
    }

    InternalVariables x = {};
    double heat = 0.0;
    SymmetricTensor plastic = SymmetricTensor::Zero();
    SymmetricTensor record = SymmetricTensor::Zero(); ///< zero: nothing has been loaded yet
    SymmetricTensor strain = SymmetricTensor::Zero(); ///< total, at the last advance()
  };

  MeanFlowLaw::MeanFlowLaw(std::shared_ptr<const Elasticity> shear_elasticity,
                           std::shared_ptr<const EventSource> event_source,
                           const MeanFlowLawParameters &parameters)
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
    if (!(parameters.sub_step > 0.0 && std::isfinite(parameters.sub_step)))
      throw InputError(fmt::format("the sub-step of the mean flow is {}; it must be positive",
                                   parameters.sub_step));
  }

  std::vector<StateField> MeanFlowLaw::state_layout() const
  {
    return {{"internal variables X, X1 first", "eV per atom", n_x},
            {"heat", "GPa", 1},
            {"plastic strain (Mandel)", "-", 6},
            {"elastic strain deviator at the record (Mandel)", "-", 6},
            {"total strain where the flow has come to (Mandel)", "-", 6}};
  }

  void MeanFlowLaw::initialise(double *state, const PointData &point,
                               const InitialState &initial) const
  {
    State start = initial(point.key);
    if (std::isfinite(start.x[0]))
      start.x = source->completed(start.x);
    PointState p;
    p.x = start.x;
    p.record = simple_shear(elasticity->elastic_strain(start.tau, start.x[0]));
    p.plastic = -p.record;
    p.store(state, n_x);
  }

  Jump MeanFlowLaw::mean_jump(const State &state) const
  {
    struct Sum
    {
      void add(const Jump &jump, const double probability)
      {
        mean.dtau += probability * jump.dtau;
        for (std::size_t i = 0; i < max_internal_variables; ++i)
          mean.dx[i] += probability * jump.dx[i];
        weight += probability;
      }

      Jump mean;
      double weight = 0.0;
    };
    struct Sums
    {
      bool bounded;
      double x1_per_tau = 0.0; ///< largest dX1 per dtau: D = 0
      Sum clipped, allowed;
    } sums = {parameters.energy_bound != EnergyBound::report, 0.0, {}, {}};

    const double x1 = state.x[0];
    if (sums.bounded)
    {
      const double energy_slope = (elasticity->energy_density(state.tau, x1 + x1_step) -
                                   elasticity->energy_density(state.tau, x1 - x1_step)) /
                                  (2.0 * x1_step);
      sums.x1_per_tau =
          state.tau / elasticity->tangent(state.tau, x1) / (energy_slope + energy_per_x1);
    }
    source->for_each_jump(state, [&sums](const Jump &jump, const double probability) {
      Jump clipped = jump;
      if (sums.bounded)
        clipped.dx[0] = std::min(clipped.dx[0], sums.x1_per_tau * jump.dtau);
      sums.clipped.add(clipped, probability);
      if (clipped.dx[0] == jump.dx[0])
        sums.allowed.add(jump, probability);
    });

    if (parameters.energy_bound != EnergyBound::redraw || !(sums.allowed.weight > 0.0))
      return sums.clipped.mean;
    Jump mean = sums.allowed.mean;
    mean.dtau /= sums.allowed.weight;
    for (double &dx : mean.dx)
      dx /= sums.allowed.weight;
    return mean;
  }

  /// The flow along one straight path.
  class MeanFlowLaw::Flow
  {
  public:
    Flow(const MeanFlowLaw &law, PointState &p, const SymmetricTensor &strain_begin,
         const SymmetricTensor &strain_end)
        : law(law), elasticity(*law.elasticity), source(*law.source), p(p),
          path(deviator(strain_begin) - p.plastic, deviator(strain_end - strain_begin))
    {
      if (!path.de.isZero(0.0))
        run();
      if (flows)
      {
        p.plastic = deviator(strain_end - path.e);
        p.record = deviator(strain_end) - p.plastic; // as the next path will see it
      }
      p.strain = strain_end;
    }

    Activity activity;
    bool flows = false;         ///< at the end of the path
    double slope = 0.0;         ///< d tau/d gamma there, along N
    double transverse = 1.0;    ///< d e/d strain across N: 1 if elastic
    std::uint64_t n_needed = 0; ///< sub-steps of a path that is too long

  private:
    void run()
    {
      // As in SeemLaw: what comes first, the turn against the record, the record or the end?
      while (path.length > 0.0)
      {
        const double reversal = path.reversal(p.record);
        double loading = path.turning_point();
        if (law.parameters.record)
          loading = std::max(loading, path.growing_root(p.record.squaredNorm()));
        if (reversal < path.length && reversal <= loading)
        {
          activity.backward_strain += path.variation(reversal);
          path.restart(path.at(reversal), path.length - reversal);
          p.record.setZero();
          continue;
        }
        activity.backward_strain += path.variation(std::min(loading, path.length));
        if (loading < path.length)
          flow_from(loading);
        return;
      }
    }

    /// From @p begin to the end of the path the elastic strain grows beyond its record.
    void flow_from(const double begin)
    {
      const double rest = path.length - begin;
      const double ds = law.parameters.sub_step / shear_strain(path.de);
      const double n = std::ceil(rest / ds);
      if (!(n <= static_cast<double>(law.parameters.max_sub_steps)))
      {
        n_needed = static_cast<std::uint64_t>(std::min(n, 1e18));
        activity = {};
        activity.admissible_share =
            1.0 - rest + static_cast<double>(law.parameters.max_sub_steps) * ds;
        return;
      }

      flows = true;
      transverse = 1.0 - rest;
      path.restart(path.at(begin), rest);
      gamma = path.gamma(0.0);
      tau = elasticity.stress(gamma, p.x[0]);
      for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(n); ++i)
      {
        const double step = std::min(ds, rest - static_cast<double>(i) * ds);
        if (step > 0.0)
          sub_step(step);
      }
    }

    /// Elastic over @p step of the path, then the mean jump at fixed strain.
    void sub_step(const double step)
    {
      const SymmetricTensor trial = path.e + step * path.de;
      const double gamma_trial = shear_strain(trial);
      const double growth = std::max(0.0, gamma_trial - gamma);
      const BranchPoint branch = elasticity.branch_point(gamma_trial, p.x[0]);
      const double energy = elasticity.energy_density(branch.tau, p.x[0]);
      const double x1 = p.x[0];

      State begin = {tau, p.x};
      RatePiece piece = source.rate(begin);
      if (std::isinf(piece.rate))
      {
        // On the edge above which events are forced: the flow below it counts.
        begin.tau = std::nextafter(forced_stress(source, p.x), 0.0);
        piece = source.rate(begin);
      }
      const Jump mean = law.mean_jump(begin);
      tau = branch.tau - piece.rate * growth * mean.dtau;
      slope = branch.tangent - piece.rate * mean.dtau;
      double amount = piece.rate * growth;
      if (tau < 0.0)
      {
        amount = branch.tau / mean.dtau;
        tau = slope = 0.0;
      }
      move(mean, amount);
      if (tau >= piece.tau_end && std::isinf(source.rate({tau, p.x}).rate))
        relax();

      gamma = elasticity.elastic_strain(tau, p.x[0]);
      const double ratio = gamma / gamma_trial;
      path.e = ratio * trial;
      transverse = ratio * (transverse + step);
      const double heat =
          energy - elasticity.energy_density(tau, p.x[0]) - law.energy_per_x1 * (p.x[0] - x1);
      p.heat += heat;
      activity.heat += heat;
      activity.forward_strain += growth;
    }

    /// Relax to the stress above which events are forced.
    void relax()
    {
      const Jump mean = law.mean_jump({tau, p.x});
      const double edge = forced_stress(source, p.x);
      if (!(mean.dtau > 0.0))
        throw Error(fmt::format("mean flow: events are forced above {} GPa, but their mean stress "
                                "deficit at {} GPa, X1 = {} eV is {} GPa: the stress cannot relax",
                                edge, tau, p.x[0], mean.dtau));
      move(mean, (tau - edge) / mean.dtau);
      tau = edge;
      slope = 0.0;
    }

    void move(const Jump &mean, const double amount)
    {
      for (std::size_t i = 0; i < law.n_x; ++i)
        p.x[i] += amount * mean.dx[i];
    }

    const MeanFlowLaw &law;
    const Elasticity &elasticity;
    const EventSource &source;
    PointState &p;
    StrainPath path;
    double gamma = 0.0; ///< gamma_el
    double tau = 0.0;
  };

  Response MeanFlowLaw::respond(const PointState &p, const Flow &flow,
                                const SymmetricTensor &strain) const
  {
    const SymmetricTensor e = deviator(strain) - p.plastic;
    const double gamma = shear_strain(e);
    const BranchPoint branch = elasticity->branch_point(gamma, p.x[0]);
    Response response;
    Tangent &tangent = response.tangent;
    tangent.bulk = parameters.bulk_modulus;
    tangent.shear =
        flow.flows ? std::max(flow.slope, smallest_tangent * branch.tangent) : branch.tangent;
    double secant = branch.tangent;
    if (branch.tau > small_stress)
    {
      secant = branch.tau / gamma;
      tangent.direction = e.normalized();
      tangent.secant = std::max(secant * flow.transverse, smallest_tangent * secant);
    }
    else
    {
      tangent.direction = SymmetricTensor::Zero();
      tangent.shear = tangent.secant = branch.tangent;
    }
    response.stress = 2.0 * secant * e;
    response.stress.head<3>().array() += parameters.bulk_modulus * trace(strain);
    return response;
  }

  Response MeanFlowLaw::evaluate(const double *state, const SymmetricTensor &strain) const
  {
    PointState p(state, n_x);
    const SymmetricTensor begin = strain.allFinite() ? p.strain : strain;
    const Flow flow(*this, p, begin, strain);
    if (flow.n_needed > 0)
      throw StepError(fmt::format("mean flow: a strain increment needs {} sub-steps of {}; {} are "
                                  "allowed",
                                  flow.n_needed, parameters.sub_step, parameters.max_sub_steps),
                      flow.activity.admissible_share);

    return respond(p, flow, strain);
  }

  Activity MeanFlowLaw::advance(double *state, const PointData &point,
                                const SymmetricTensor &strain_begin,
                                const SymmetricTensor &strain_end, EventObserver *) const
  {
    require_finite(point, strain_begin, strain_end);
    PointState p(state, n_x);
    const Flow flow(*this, p, strain_begin, strain_end);
    if (flow.n_needed == 0)
      p.store(state, n_x);
    return flow.activity;
  }

  Activity MeanFlowLaw::update(double *state, const PointData &point,
                               const SymmetricTensor &strain_begin,
                               const SymmetricTensor &strain_end, Response &response,
                               EventObserver *) const
  {
    require_finite(point, strain_begin, strain_end);
    PointState p(state, n_x);
    const Flow flow(*this, p, strain_begin, strain_end);
    if (flow.n_needed == 0)
    {
      p.store(state, n_x);
      response = respond(p, flow, strain_end);
    }
    return flow.activity;
  }

  EnergyDensity MeanFlowLaw::energy(const double *state, const SymmetricTensor &strain) const
  {
    const PointState p(state, n_x);
    const double tau = elasticity->stress(shear_strain(deviator(strain) - p.plastic), p.x[0]);
    const double volume_strain = trace(strain);
    return {elasticity->energy_density(tau, p.x[0]) +
                0.5 * parameters.bulk_modulus * volume_strain * volume_strain,
            energy_per_x1 * p.x[0], p.heat};
  }

  PointFields MeanFlowLaw::fields(const double *state, const SymmetricTensor &strain) const
  {
    const PointState p(state, n_x);
    return {elasticity->stress(shear_strain(deviator(strain) - p.plastic), p.x[0]), p.x[0],
            shear_strain(p.plastic), 0};
  }
} // namespace seem::law
