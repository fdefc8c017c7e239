// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/material_points.h>

#include <utility>

namespace seem::solver
{
  MaterialPoints::MaterialPoints(const law::MaterialLaw &law,
                                 std::vector<law::PointData> point_data,
                                 std::vector<double> point_volumes)
      : strain(point_data.size(), law::SymmetricTensor::Zero()), strain_settled(strain),
        stress(strain), tangent(point_data.size()), law(law), n_state(law.state_size()),
        data(std::move(point_data)), volumes(std::move(point_volumes)),
        committed_state(data.size() * n_state), state(committed_state), committed_strain(strain)
  {
  }

  void MaterialPoints::initialise(const std::function<State(std::size_t)> &initial)
  {
    for (std::size_t p = 0; p < size(); ++p)
      law.initialise(&state[p * n_state], data[p], initial(p));
    commit();
  }

  void MaterialPoints::evaluate()
  {
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::Response response = law.evaluate(&state[p * n_state], strain[p]);
      stress[p] = response.stress;
      tangent[p] = response.tangent;
    }
  }

  AdvanceSummary MaterialPoints::advance(law::EventObserver *observer)
  {
    AdvanceSummary summary;
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::Activity activity =
          law.advance(&state[p * n_state], data[p], strain_settled[p], strain[p], observer);
      summary.activity += activity;
      if (activity.n_events > 0)
      {
        const law::Response fired = law.evaluate(&state[p * n_state], strain[p]);
        summary.event_heat += volumes[p] * activity.heat;
        summary.lag_heat +=
            0.5 * volumes[p] * (stress[p] - fired.stress).dot(strain[p] - strain_settled[p]);
        stress[p] = fired.stress;
        tangent[p] = fired.tangent;
        ++summary.n_fired_points;
      }
      strain_settled[p] = strain[p];
    }
    return summary;
  }

  void MaterialPoints::commit()
  {
    committed_state = state;
    committed_strain = strain_settled;
  }

  void MaterialPoints::roll_back()
  {
    state = committed_state;
    strain_settled = committed_strain;
    strain = committed_strain;
  }

  StoredEnergy MaterialPoints::stored_energy() const
  {
    StoredEnergy sum;
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::EnergyDensity density = law.energy(&state[p * n_state], strain[p]);
      sum.elastic += volumes[p] * density.elastic;
      sum.inelastic += volumes[p] * density.inelastic;
    }
    return sum;
  }

  law::PointFields MaterialPoints::fields(const std::size_t point) const
  {
    return law.fields(&state[point * n_state], strain[point]);
  }
} // namespace seem::solver
