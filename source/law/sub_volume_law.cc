// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/sub_volume_law.h>
#include <seem/law/volume_rule.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace seem::law
{
  namespace
  {
    /// Below this norm [GPa] the direction of the mean stress deviator means nothing.
    constexpr double small_stress = 1e-10;

    /// Number of volumes of a point with this state.
    std::size_t n_of(const double *state)
    {
      return static_cast<std::size_t>(state[0]);
    }

    PointData volume(const PointData &point, const std::size_t copy)
    {
      PointData result = {point.key, 1.0};
      result.key.copy = static_cast<std::uint16_t>(copy);
      return result;
    }

    /// The mean stress, and the tangent of the form of Tangent that is nearest to the mean one.
    Response mean_of(const std::vector<Response> &responses)
    {
      const double share = 1.0 / static_cast<double>(responses.size());
      Response mean = {SymmetricTensor::Zero(), {0.0, 0.0, 0.0, SymmetricTensor::Zero()}};
      double half_trace = 0.0; // tr(C)/2
      for (const Response &response : responses)
      {
        mean.stress += share * response.stress;
        mean.tangent.bulk += share * response.tangent.bulk;
        half_trace += share * (response.tangent.shear + 4.0 * response.tangent.secant);
      }

      const SymmetricTensor s = deviator(mean.stress);
      const double norm = s.norm();
      if (!(norm > small_stress))
      {
        mean.tangent.shear = mean.tangent.secant = half_trace / 5.0;
        return mean;
      }
      const SymmetricTensor n_mean = s / norm;
      for (const auto &[stress, tangent] : responses)
      {
        const double cosine = n_mean.dot(tangent.direction);
        mean.tangent.shear +=
            share * (tangent.secant + (tangent.shear - tangent.secant) * cosine * cosine);
      }
      mean.tangent.secant = (half_trace - mean.tangent.shear) / 4.0;
      mean.tangent.direction = n_mean;
      return mean;
    }
  } // namespace

  SubVolumeLaw::SubVolumeLaw(std::shared_ptr<const MaterialLaw> base_law,
                             const std::size_t largest_number)
      : base(std::move(base_law)), n_max(largest_number), base_size(base->state_size())
  {
    if (n_max < 1 || n_max > max_copies)
      throw InputError(
          fmt::format("{} sub-volumes per point; 1 to {} are possible. The volume rule "
                      "`scale` takes larger points as one volume",
                      n_max, max_copies));
  }

  std::vector<StateField> SubVolumeLaw::state_layout() const
  {
    std::vector<StateField> layout = {{"number of sub-volumes", "-", 1}};
    const std::vector<StateField> base_layout = base->state_layout();
    for (std::size_t copy = 0; copy < n_max; ++copy)
      for (const StateField &field : base_layout)
        layout.push_back(
            {fmt::format("sub-volume {}: {}", copy, field.name), field.unit, field.size});
    return layout;
  }

  void SubVolumeLaw::initialise(double *state, const PointData &point,
                                const InitialState &initial) const
  {
    const double m = point.volume_ratio;
    if (!(m > 0.0 && std::isfinite(m)))
      throw InputError(fmt::format("cell {}, quadrature point {}: its volume is {} representative "
                                   "volumes; it must be positive and finite",
                                   point.key.cell, point.key.quadrature_point, m));
    const double n = n_sub_volumes(m);
    if (n > static_cast<double>(n_max))
      throw InputError(
          fmt::format("cell {}, quadrature point {}: its volume is {} representative volumes, but "
                      "there is room "
                      "for {} sub-volumes; refine the mesh, or use the volume rule `scale`",
                      point.key.cell, point.key.quadrature_point, m, n_max));

    std::fill_n(state, 1 + n_max * base_size, 0.0);
    *state++ = n;
    for (std::size_t copy = 0; copy < static_cast<std::size_t>(n); ++copy)
      base->initialise(state + copy * base_size, volume(point, copy), initial);
  }

  Response SubVolumeLaw::evaluate(const double *state, const SymmetricTensor &strain) const
  {
    const std::size_t n = n_of(state++);
    if (n == 1)
      return base->evaluate(state, strain);
    std::vector<Response> responses;
    responses.reserve(n);
    for (std::size_t copy = 0; copy < n; ++copy)
      responses.push_back(base->evaluate(state + copy * base_size, strain));
    return mean_of(responses);
  }

  template <class Move>
  Activity SubVolumeLaw::move_all(double *state, const std::size_t n, const Move &move) const
  {
    // On a copy: one volume may fail when others have moved on.
    std::vector<double> next(state, state + n * base_size);
    Activity sum;
    for (std::size_t copy = 0; copy < n; ++copy)
      sum += move(copy, next.data() + copy * base_size);
    if (sum.admissible_share < 1.0)
    {
      Activity failed;
      failed.admissible_share = sum.admissible_share;
      return failed;
    }
    std::copy(next.begin(), next.end(), state);
    sum.heat /= static_cast<double>(n);
    sum.forward_strain /= static_cast<double>(n);
    sum.backward_strain /= static_cast<double>(n);
    sum.plastic_shear /= static_cast<double>(n);
    return sum;
  }

  double SubVolumeLaw::share_to_next_event(const double *state, const PointData &point,
                                           const SymmetricTensor &strain_begin,
                                           const SymmetricTensor &strain_end) const
  {
    const std::size_t n = n_of(state++);
    double share = std::numeric_limits<double>::infinity();
    for (std::size_t copy = 0; copy < n; ++copy)
      share =
          std::min(share, base->share_to_next_event(state + copy * base_size, volume(point, copy),
                                                    strain_begin, strain_end));
    return share;
  }

  Activity SubVolumeLaw::advance(double *state, const PointData &point,
                                 const SymmetricTensor &strain_begin,
                                 const SymmetricTensor &strain_end, EventObserver *observer) const
  {
    const std::size_t n = n_of(state++);
    if (n == 1)
      return base->advance(state, volume(point, 0), strain_begin, strain_end, observer);
    return move_all(state, n, [&](const std::size_t copy, double *of_copy) {
      return base->advance(of_copy, volume(point, copy), strain_begin, strain_end, observer);
    });
  }

  Activity SubVolumeLaw::update(double *state, const PointData &point,
                                const SymmetricTensor &strain_begin,
                                const SymmetricTensor &strain_end, Response &response,
                                EventObserver *observer) const
  {
    const std::size_t n = n_of(state++);
    if (n == 1)
      return base->update(state, volume(point, 0), strain_begin, strain_end, response, observer);
    std::vector<Response> responses(n);
    const Activity sum = move_all(state, n, [&](const std::size_t copy, double *of_copy) {
      return base->update(of_copy, volume(point, copy), strain_begin, strain_end, responses[copy],
                          observer);
    });
    if (sum.admissible_share >= 1.0)
      response = mean_of(responses);
    return sum;
  }

  EnergyDensity SubVolumeLaw::energy(const double *state, const SymmetricTensor &strain) const
  {
    const std::size_t n = n_of(state++);
    EnergyDensity sum;
    for (std::size_t copy = 0; copy < n; ++copy)
    {
      const EnergyDensity energy = base->energy(state + copy * base_size, strain);
      sum.elastic += energy.elastic;
      sum.inelastic += energy.inelastic;
      sum.heat += energy.heat;
    }
    const double count = static_cast<double>(n);
    return {sum.elastic / count, sum.inelastic / count, sum.heat / count};
  }

  PointFields SubVolumeLaw::fields(const double *state, const SymmetricTensor &strain) const
  {
    const std::size_t n = n_of(state);
    if (n == 1)
      return base->fields(state + 1, strain);

    PointFields result;
    for (std::size_t copy = 0; copy < n; ++copy)
    {
      const PointFields fields = base->fields(state + 1 + copy * base_size, strain);
      result.x1 += fields.x1;
      result.plastic_shear += fields.plastic_shear;
      result.n_events += fields.n_events;
    }
    result.tau = shear_stress(deviator(evaluate(state, strain).stress));
    result.x1 /= static_cast<double>(n);
    result.plastic_shear /= static_cast<double>(n);
    return result;
  }
} // namespace seem::law
