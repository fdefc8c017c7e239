// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/material_law.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace seem::law
{
  namespace
  {
    /// Keeps the place of the first event.
    class FirstEvent final : public EventObserver
    {
    public:
      void event(const EventRecord &record) override
      {
        path = std::min(path, record.path);
      }

      double path = std::numeric_limits<double>::infinity();
    };
  } // namespace

  Activity &Activity::operator+=(const Activity &other)
  {
    n_events += other.n_events;
    n_outside += other.n_outside;
    n_forced += other.n_forced;
    n_capped += other.n_capped;
    n_gaining += other.n_gaining;
    heat += other.heat;
    forward_strain += other.forward_strain;
    backward_strain += other.backward_strain;
    admissible_share = std::min(admissible_share, other.admissible_share);
    plastic_shear += other.plastic_shear;
    return *this;
  }

  Activity MaterialLaw::update(double *state, const PointData &point,
                               const SymmetricTensor &strain_begin,
                               const SymmetricTensor &strain_end, Response &response,
                               EventObserver *observer) const
  {
    const Activity activity = advance(state, point, strain_begin, strain_end, observer);
    if (activity.admissible_share >= 1.0)
      response = evaluate(state, strain_end);
    return activity;
  }

  void MaterialLaw::evaluate_points(const std::size_t n, const double *states,
                                    const std::size_t stride, const SymmetricTensor *strains,
                                    SymmetricTensor *stresses, Tangent *tangents) const
  {
    for (std::size_t i = 0; i < n; ++i)
    {
      const Response response = evaluate(states + i * stride, strains[i]);
      stresses[i] = response.stress;
      tangents[i] = response.tangent;
    }
  }

  std::size_t MaterialLaw::advance_quiet_points(const std::size_t n, double *, std::size_t,
                                                const SymmetricTensor *, const SymmetricTensor *,
                                                Activity &, std::size_t *others) const
  {
    std::iota(others, others + n, std::size_t(0));
    return n;
  }

  void MaterialLaw::measure_points(const std::size_t n, const double *states,
                                   const std::size_t stride, const SymmetricTensor *strains,
                                   EnergyDensity *energies, PointFields *fields) const
  {
    for (std::size_t i = 0; i < n; ++i)
    {
      energies[i] = energy(states + i * stride, strains[i]);
      fields[i] = this->fields(states + i * stride, strains[i]);
    }
  }

  std::size_t MaterialLaw::state_size() const
  {
    std::size_t n = 0;
    for (const StateField &field : state_layout())
      n += field.size;
    return n;
  }

  double MaterialLaw::share_to_next_event(const double *state, const PointData &point,
                                          const SymmetricTensor &strain_begin,
                                          const SymmetricTensor &strain_end) const
  {
    std::vector<double> copy(state, state + state_size());
    FirstEvent first;
    advance(copy.data(), point, strain_begin, strain_end, &first);
    return first.path;
  }
} // namespace seem::law
