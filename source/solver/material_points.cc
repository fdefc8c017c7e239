// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/material_points.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace seem::solver
{
  namespace
  {
    double total(const law::EnergyDensity &density)
    {
      return density.elastic + density.inelastic;
    }

    /// Points per state. @throws Error if the points cannot be shared out
    std::size_t points_per_state(const std::size_t n_points, const std::size_t n_states)
    {
      if (n_points == 0 && n_states == 0)
        return 1; // a rank without cells
      if (n_states == 0 || n_points % n_states != 0)
        throw Error(fmt::format("{} points cannot share {} states", n_points, n_states));
      return n_points / n_states;
    }

    /// 0 if no shorter path helps.
    double admissible_share(const Error &error)
    {
      const auto *step = dynamic_cast<const StepError *>(&error);
      return step != nullptr ? step->admissible_share() : 0.0;
    }
  } // namespace

  MaterialPoints::MaterialPoints(const law::MaterialLaw &law,
                                 std::vector<law::PointData> state_data,
                                 std::vector<double> point_volumes)
      : strain(point_volumes.size(), law::SymmetricTensor::Zero()), strain_settled(strain),
        stress(strain), tangent(point_volumes.size()), law(law), data(std::move(state_data)),
        volumes(std::move(point_volumes)), n_shared(points_per_state(volumes.size(), data.size())),
        state_volumes(data.size(), 0.0), states(law.state_layout(), data.size()),
        committed_strain(strain)
  {
    for (std::size_t p = 0; p < size(); ++p)
      state_volumes[p / n_shared] += volumes[p];
  }

  void
  MaterialPoints::initialise(const std::function<State(std::size_t, const PointKey &)> &initial)
  {
    for (std::size_t s = 0; s < n_states(); ++s)
      law.initialise(states[s], data[s],
                     [&](const PointKey &key) { return initial(s * n_shared, key); });
    commit();
  }

  law::SymmetricTensor MaterialPoints::mean(const Strains &strains, const std::size_t state) const
  {
    // From the first one on: the mean over a single point is its strain to the last bit.
    const std::size_t first = state * n_shared;
    law::SymmetricTensor sum = law::SymmetricTensor::Zero();
    for (std::size_t p = first + 1; p < first + n_shared; ++p)
      sum += volumes[p] * (strains[p] - strains[first]);
    return strains[first] + sum / state_volumes[state];
  }

  void MaterialPoints::evaluate()
  {
    failed.reset();
    std::size_t p = 0;
    try
    {
      for (; p < size(); ++p)
      {
        const law::Response response = law.evaluate(states[p / n_shared], strain[p]);
        stress[p] = response.stress;
        tangent[p] = response.tangent;
      }
    }
    catch (const Error &error)
    {
      const double *state = states[p / n_shared];
      failed = {point_data(p),     {state, state + states.state_size()},
                strain_settled[p], strain[p],
                error.what(),      admissible_share(error)};
      throw;
    }
  }

  double MaterialPoints::stored_energy(const std::size_t index, const double *state) const
  {
    double sum = 0.0;
    for (std::size_t p = index * n_shared; p < (index + 1) * n_shared; ++p)
      sum += volumes[p] * total(law.energy(state, strain[p]));
    return sum;
  }

  void MaterialPoints::fire(const std::size_t index, const double *before,
                            const law::SymmetricTensor &end, const law::Activity &activity,
                            AdvanceSummary &summary)
  {
    const double *after = states[index];
    const double lost = stored_energy(index, before) - stored_energy(index, after);
    const double lost_at_mean =
        n_shared == 1 ? lost
                      : state_volumes[index] *
                            (total(law.energy(before, end)) - total(law.energy(after, end)));
    summary.event_heat += lost - lost_at_mean;
    summary.lag_heat += lost_at_mean - state_volumes[index] * activity.heat;

    for (std::size_t p = index * n_shared; p < (index + 1) * n_shared; ++p)
    {
      const law::Response fired = law.evaluate(after, strain[p]);
      stress[p] = fired.stress;
      tangent[p] = fired.tangent;
    }
    ++summary.n_fired_states;
  }

  AdvanceSummary MaterialPoints::advance(law::EventObserver *observer)
  {
    failed.reset();
    AdvanceSummary summary;
    std::vector<double> before(states.state_size());
    for (std::size_t s = 0; s < n_states(); ++s)
    {
      const law::SymmetricTensor begin = mean(strain_settled, s), end = mean(strain, s);
      std::copy_n(states[s], before.size(), before.begin());
      law::Activity activity;
      try
      {
        activity = law.advance(states[s], data[s], begin, end, observer);
      }
      catch (const Error &error)
      {
        failed = {data[s], before, begin, end, error.what(), admissible_share(error)};
        throw;
      }
      if (activity.admissible_share < summary.activity.admissible_share)
        failed = {data[s], before, begin, end, "", activity.admissible_share};
      summary.activity += activity;
      summary.event_heat += state_volumes[s] * activity.heat;
      if (activity.n_events > 0)
        fire(s, before.data(), end, activity, summary);
    }
    if (failed)
    {
      const law::PointFields fields = law.fields(failed->state.data(), failed->strain_begin);
      const PointKey &key = failed->data.key;
      failed->message = fmt::format(
          "cell {}{}: too many events in one update; it began at tau = {:.4g} GPa, X1 = {:.4g} eV "
          "(m = {:.4g}) and can follow {:.3g} of the path",
          key.cell, n_shared == 1 ? fmt::format(", quadrature point {}", key.quadrature_point) : "",
          fields.tau, fields.x1, failed->data.volume_ratio, failed->admissible_share);
      throw StepError(failed->message, failed->admissible_share);
    }
    strain_settled = strain;
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
      const law::EnergyDensity density = law.energy(states[p / n_shared], strain[p]);
      sum.elastic += volumes[p] * density.elastic;
      sum.inelastic += volumes[p] * density.inelastic;
    }
    return sum;
  }

  void MaterialPoints::apply_tangents(std::vector<law::SymmetricTensor> &tensors) const
  {
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::Tangent &t = tangent[p];
      const double dilatation = law::trace(tensors[p]);
      const law::SymmetricTensor e = law::deviator(tensors[p]);
      tensors[p] = t.bulk * dilatation * law::identity() + 2.0 * t.secant * e +
                   2.0 * (t.shear - t.secant) * t.direction.dot(e) * t.direction;
    }
  }

  law::SymmetricTensor
  MaterialPoints::integral(const std::vector<law::SymmetricTensor> &tensors) const
  {
    law::SymmetricTensor sum = law::SymmetricTensor::Zero();
    for (std::size_t p = 0; p < size(); ++p)
      sum += volumes[p] * tensors[p];
    return sum;
  }

  double MaterialPoints::contraction(const std::vector<law::SymmetricTensor> &a,
                                     const std::vector<law::SymmetricTensor> &b) const
  {
    double sum = 0.0;
    for (std::size_t p = 0; p < size(); ++p)
      sum += volumes[p] * a[p].dot(b[p]);
    return sum;
  }

  law::PointFields MaterialPoints::fields(const std::size_t point) const
  {
    return law.fields(states[point / n_shared], strain[point]);
  }
} // namespace seem::solver
