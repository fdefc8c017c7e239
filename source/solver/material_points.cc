// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/material_points.h>

#include <fmt/format.h>

#include <utility>

namespace seem::solver
{
  MaterialPoints::MaterialPoints(const law::MaterialLaw &law,
                                 std::vector<law::PointData> point_data,
                                 std::vector<double> point_volumes)
      : strain(point_data.size(), law::SymmetricTensor::Zero()), strain_settled(strain),
        stress(strain), tangent(point_data.size()), law(law), data(std::move(point_data)),
        volumes(std::move(point_volumes)), states(law.state_layout(), data.size()),
        committed_strain(strain)
  {
  }

  void
  MaterialPoints::initialise(const std::function<State(std::size_t, const PointKey &)> &initial)
  {
    for (std::size_t p = 0; p < size(); ++p)
      law.initialise(states[p], data[p], [&](const PointKey &key) { return initial(p, key); });
    commit();
  }

  void MaterialPoints::evaluate()
  {
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::Response response = law.evaluate(states[p], strain[p]);
      stress[p] = response.stress;
      tangent[p] = response.tangent;
    }
  }

  AdvanceSummary MaterialPoints::advance(law::EventObserver *observer)
  {
    AdvanceSummary summary;
    std::size_t limiting = 0; // the point that allows the least
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::Activity activity =
          law.advance(states[p], data[p], strain_settled[p], strain[p], observer);
      if (activity.admissible_share < summary.activity.admissible_share)
        limiting = p;
      summary.activity += activity;
      if (activity.n_events > 0)
      {
        const law::Response fired = law.evaluate(states[p], strain[p]);
        summary.event_heat += volumes[p] * activity.heat;
        summary.lag_heat +=
            0.5 * volumes[p] * (stress[p] - fired.stress).dot(strain[p] - strain_settled[p]);
        stress[p] = fired.stress;
        tangent[p] = fired.tangent;
        ++summary.n_fired_points;
      }
      strain_settled[p] = strain[p];
    }
    const double share = summary.activity.admissible_share;
    if (share < 1.0)
    {
      const law::PointFields fields =
          law.fields(states.committed(limiting), committed_strain[limiting]);
      throw StepError(
          fmt::format("cell {}, quadrature point {}: too many events in one update; it began the "
                      "step at tau = {:.4g} GPa, X1 = {:.4g} eV (m = {:.4g}) and can follow {:.3g} "
                      "of the path",
                      data[limiting].key.cell, data[limiting].key.quadrature_point, fields.tau,
                      fields.x1, data[limiting].volume_ratio, share),
          share);
    }
    return summary;
  }

  void MaterialPoints::commit()
  {
    states.commit();
    committed_strain = strain_settled;
  }

  void MaterialPoints::roll_back()
  {
    states.roll_back();
    strain_settled = committed_strain;
    strain = committed_strain;
  }

  StoredEnergy MaterialPoints::stored_energy() const
  {
    StoredEnergy sum;
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::EnergyDensity density = law.energy(states[p], strain[p]);
      sum.elastic += volumes[p] * density.elastic;
      sum.inelastic += volumes[p] * density.inelastic;
    }
    return sum;
  }

  law::PointFields MaterialPoints::fields(const std::size_t point) const
  {
    return law.fields(states[point], strain[point]);
  }
} // namespace seem::solver
