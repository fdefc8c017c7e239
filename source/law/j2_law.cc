// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/j2_law.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::law
{
  namespace
  {
    constexpr double sqrt3 = 1.73205080756887729353;

    /// Smallest G_t as a share of G.
    constexpr double smallest_tangent = 1e-4;

    /// The places of a point's numbers.
    enum Slot : std::size_t
    {
      plastic,
      alpha = plastic + 6,
      heat,
      n_slots
    };

    void require_finite(const PointData &point, const SymmetricTensor &strain_begin,
                        const SymmetricTensor &strain_end)
    {
      if (!strain_begin.allFinite() || !strain_end.allFinite())
        throw InputError(fmt::format("cell {}, quadrature point {}: the strain is not finite",
                                     point.key.cell, point.key.quadrature_point));
    }

    SymmetricTensor elastic_deviator(const double *state, const SymmetricTensor &strain)
    {
      return deviator(strain) - Eigen::Map<const SymmetricTensor>(state + Slot::plastic);
    }

    double checked(const double value, const bool good, const char *name, const char *claim)
    {
      if (!good || !std::isfinite(value))
        throw InputError(
            fmt::format("J2 law: the {} is {} GPa; it must be {} and finite", name, value, claim));
      return value;
    }
  } // namespace

  struct J2Law::Return
  {
    SymmetricTensor trial; ///< elastic strain deviator if nothing flowed
    double share;          ///< of it that stays elastic: q/q_trial
    double d_alpha;        ///< increment of the equivalent plastic strain, 0 if elastic
  };

  J2Law::J2Law(const J2LawParameters &parameters) : parameters(parameters)
  {
    const J2LawParameters &p = parameters;
    checked(p.shear_modulus, p.shear_modulus > 0.0, "shear modulus", "positive");
    checked(p.bulk_modulus, p.bulk_modulus > 0.0, "bulk modulus", "positive");
    checked(p.yield_stress, p.yield_stress > 0.0, "yield stress", "positive");
    checked(p.hardening, p.hardening >= 0.0, "hardening modulus", "zero or positive");
  }

  std::vector<StateField> J2Law::state_layout() const
  {
    return {{"plastic strain (Mandel)", "-", 6},
            {"equivalent plastic strain", "-", 1},
            {"heat", "GPa", 1}};
  }

  void J2Law::initialise(double *state, const PointData &point, const InitialState &initial) const
  {
    const double tau = initial(point.key).tau;
    if (!(sqrt3 * std::abs(tau) <= parameters.yield_stress))
      throw InputError(fmt::format(
          "cell {}, quadrature point {}: the initial shear stress {} GPa is above the yield stress "
          "in shear, {} GPa",
          point.key.cell, point.key.quadrature_point, tau, parameters.yield_stress / sqrt3));
    std::fill_n(state, Slot::n_slots, 0.0);
    Eigen::Map<SymmetricTensor>(state + Slot::plastic) =
        -simple_shear(tau / parameters.shear_modulus);
  }

  J2Law::Return J2Law::radial_return(const double *state, const SymmetricTensor &strain) const
  {
    const double g = parameters.shear_modulus;
    Return result = {elastic_deviator(state, strain), 1.0, 0.0};
    const double q_trial = sqrt3 * g * shear_strain(result.trial);
    const double excess =
        q_trial - (parameters.yield_stress + parameters.hardening * state[Slot::alpha]);
    if (excess > 0.0)
    {
      result.d_alpha = excess / (3.0 * g + parameters.hardening);
      result.share = 1.0 - 3.0 * g * result.d_alpha / q_trial;
    }
    return result;
  }

  Response J2Law::respond(const Return &r, const SymmetricTensor &strain) const
  {
    const double g = parameters.shear_modulus, h = parameters.hardening;
    Response response = {2.0 * g * r.share * r.trial,
                         {parameters.bulk_modulus, g, g, SymmetricTensor::Zero()}};
    response.stress.head<3>().array() += parameters.bulk_modulus * trace(strain);
    if (r.d_alpha > 0.0)
    {
      response.tangent.shear = g * std::max(h / (3.0 * g + h), smallest_tangent);
      response.tangent.secant = g * r.share;
      response.tangent.direction = r.trial.normalized();
    }
    return response;
  }

  Response J2Law::evaluate(const double *state, const SymmetricTensor &strain) const
  {
    return respond(radial_return(state, strain), strain);
  }

  Activity J2Law::accept(double *state, const Return &r) const
  {
    Activity activity;
    if (r.d_alpha > 0.0)
    {
      Eigen::Map<SymmetricTensor>(state + Slot::plastic) += (1.0 - r.share) * r.trial;
      state[Slot::alpha] += r.d_alpha;
      activity.heat = parameters.yield_stress * r.d_alpha;
      state[Slot::heat] += activity.heat;
    }
    return activity;
  }

  Activity J2Law::advance(double *state, const PointData &point,
                          const SymmetricTensor &strain_begin, const SymmetricTensor &strain_end,
                          EventObserver *) const
  {
    require_finite(point, strain_begin, strain_end);
    // The elastic domain is convex: a straight path that ends in it never left it.
    return accept(state, radial_return(state, strain_end));
  }

  Activity J2Law::update(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                         const SymmetricTensor &strain_end, Response &response,
                         EventObserver *) const
  {
    require_finite(point, strain_begin, strain_end);
    const Return r = radial_return(state, strain_end);
    response = respond(r, strain_end);
    return accept(state, r);
  }

  EnergyDensity J2Law::energy(const double *state, const SymmetricTensor &strain) const
  {
    const double volume_strain = trace(strain);
    return {parameters.shear_modulus * elastic_deviator(state, strain).squaredNorm() +
                0.5 * parameters.bulk_modulus * volume_strain * volume_strain,
            0.5 * parameters.hardening * state[Slot::alpha] * state[Slot::alpha],
            state[Slot::heat]};
  }

  PointFields J2Law::fields(const double *state, const SymmetricTensor &strain) const
  {
    return {parameters.shear_modulus * shear_strain(elastic_deviator(state, strain)), 0.0,
            shear_strain(Eigen::Map<const SymmetricTensor>(state + Slot::plastic)), 0};
  }
} // namespace seem::law
