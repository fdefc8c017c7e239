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

    /// The law of every state. @throws Error if a number does not fit
    std::vector<unsigned int> laws_of_states(const MaterialLaws &materials,
                                             const std::size_t n_states)
    {
      if (materials.law_of_state.empty() && !materials.laws.empty())
        return std::vector<unsigned int>(n_states, 0);
      if (materials.law_of_state.size() != n_states)
        throw Error(fmt::format("{} states cannot follow the laws given for {}", n_states,
                                materials.law_of_state.size()));
      for (const unsigned int law : materials.law_of_state)
        if (law >= materials.laws.size())
          throw Error(fmt::format("no law {}: there are {}", law, materials.laws.size()));
      return materials.law_of_state;
    }

    /// 0 if no shorter path helps.
    double admissible_share(const Error &error)
    {
      const auto *step = dynamic_cast<const StepError *>(&error);
      return step != nullptr ? step->admissible_share() : 0.0;
    }
  } // namespace

  MaterialPoints::MaterialPoints(const MaterialLaws &materials,
                                 std::vector<law::PointData> state_data,
                                 std::vector<double> point_volumes)
      : strain(point_volumes.size(), law::SymmetricTensor::Zero()), strain_settled(strain),
        stress(strain), tangent(point_volumes.size()), laws(materials.laws),
        data(std::move(state_data)), volumes(std::move(point_volumes)),
        n_shared(points_per_state(volumes.size(), data.size())), state_volumes(data.size(), 0.0),
        law_of_state(laws_of_states(materials, data.size())), last_strain(strain)
  {
    for (std::size_t p = 0; p < size(); ++p)
      state_volumes[p / n_shared] += volumes[p];

    std::vector<unsigned int> n_of_law(laws.size(), 0);
    for (const unsigned int law : law_of_state)
      slots.push_back(n_of_law[law]++);
    for (std::size_t l = 0; l < laws.size(); ++l)
      states.emplace_back(laws[l]->state_layout(), n_of_law[l]);
  }

  void
  MaterialPoints::initialise(const std::function<State(std::size_t, const PointKey &)> &initial)
  {
    for (std::size_t s = 0; s < n_states(); ++s)
      law(s).initialise(state(s), data[s],
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
        const law::Response response = law(p / n_shared).evaluate(state(p / n_shared), strain[p]);
        stress[p] = response.stress;
        tangent[p] = response.tangent;
      }
    }
    catch (const Error &error)
    {
      const std::size_t s = p / n_shared;
      failed = {data[s],           {state(s), state(s) + state_size(s)},
                strain_settled[p], strain[p],
                error.what(),      admissible_share(error),
                law_of_state[s]};
      throw;
    }
  }

  double MaterialPoints::stored_energy(const std::size_t index, const double *of_state) const
  {
    double sum = 0.0;
    for (std::size_t p = index * n_shared; p < (index + 1) * n_shared; ++p)
      sum += volumes[p] * total(law(index).energy(of_state, strain[p]));
    return sum;
  }

  void MaterialPoints::fire(const std::size_t index, const double *before,
                            const law::SymmetricTensor &end, const law::Activity &activity,
                            AdvanceSummary &summary)
  {
    const double *after = state(index);
    const double lost = stored_energy(index, before) - stored_energy(index, after);
    const double lost_at_mean =
        n_shared == 1 ? lost
                      : state_volumes[index] * (total(law(index).energy(before, end)) -
                                                total(law(index).energy(after, end)));
    summary.event_heat += lost - lost_at_mean;
    summary.lag_heat += lost_at_mean - state_volumes[index] * activity.heat;

    for (std::size_t p = index * n_shared; p < (index + 1) * n_shared; ++p)
    {
      const law::Response fired = law(index).evaluate(after, strain[p]);
      stress[p] = fired.stress;
      tangent[p] = fired.tangent;
    }
    ++summary.n_fired_states;
  }

  AdvanceSummary MaterialPoints::advance(law::EventObserver *observer)
  {
    failed.reset();
    AdvanceSummary summary;
    std::size_t largest_state = 0;
    for (const law::PointStates &of_law : states)
      largest_state = std::max(largest_state, of_law.state_size());
    std::vector<double> before(largest_state);
    for (std::size_t s = 0; s < n_states(); ++s)
    {
      const law::SymmetricTensor begin = mean(strain_settled, s), end = mean(strain, s);
      const std::size_t n_numbers = state_size(s);
      std::copy_n(state(s), n_numbers, before.begin());
      const auto failed_here = [&](const char *message, const double share) {
        return FailedUpdate{
            data[s],        {before.data(), before.data() + n_numbers}, begin, end, message, share,
            law_of_state[s]};
      };
      law::Activity activity;
      try
      {
        activity = law(s).advance(state(s), data[s], begin, end, observer);
      }
      catch (const Error &error)
      {
        failed = failed_here(error.what(), admissible_share(error));
        throw;
      }
      if (activity.admissible_share < summary.activity.admissible_share)
        failed = failed_here("", activity.admissible_share);
      summary.activity += activity;
      summary.event_heat += state_volumes[s] * activity.heat;
      if (activity.n_events > 0)
        fire(s, before.data(), end, activity, summary);
    }
    if (failed)
    {
      const law::PointFields fields =
          laws[failed->material]->fields(failed->state.data(), failed->strain_begin);
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
    for (law::PointStates &of_law : states)
      of_law.commit();
    last_strain = strain_settled;
  }

  void MaterialPoints::roll_back()
  {
    for (law::PointStates &of_law : states)
      of_law.roll_back();
    strain_settled = last_strain;
    strain = last_strain;
  }

  void MaterialPoints::resume(const std::vector<const double *> &state_of,
                              const std::vector<law::SymmetricTensor> &strains)
  {
    for (std::size_t s = 0; s < n_states(); ++s)
      std::copy_n(state_of[s], state_size(s), state(s));
    strain_settled = strains;
    strain = strains;
    commit();
  }

  std::vector<std::vector<law::StateField>> MaterialPoints::state_layouts() const
  {
    std::vector<std::vector<law::StateField>> layouts;
    for (const law::MaterialLaw *of_material : laws)
      layouts.push_back(of_material->state_layout());
    return layouts;
  }

  StoredEnergy MaterialPoints::stored_energy() const
  {
    StoredEnergy sum;
    for (std::size_t p = 0; p < size(); ++p)
    {
      const law::EnergyDensity density = law(p / n_shared).energy(state(p / n_shared), strain[p]);
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
    return law(point / n_shared).fields(state(point / n_shared), strain[point]);
  }
} // namespace seem::solver
