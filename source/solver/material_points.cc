// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/material_points.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

namespace seem::solver
{
  namespace
  {
    double total(const law::EnergyDensity &density)
    {
      return density.elastic + density.inelastic;
    }

    /// How far beyond its share a state is first taken if round-off has kept its event from
    /// happening.
    constexpr double first_overshoot = 1e-13;

    /// States that are advanced by one call: their numbers stay in the cache until the events.
    constexpr std::size_t block = 256;

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
        stress(strain), laws(materials.laws), data(std::move(state_data)),
        volumes(std::move(point_volumes)), n_shared(points_per_state(volumes.size(), data.size())),
        state_volumes(data.size(), 0.0), law_of_state(laws_of_states(materials, data.size())),
        last_strain(strain), fired(data.size(), 0), next_events(data.size())
  {
    for (std::size_t p = 0; p < size(); ++p)
      state_volumes[p / n_shared] += volumes[p];

    std::vector<unsigned int> n_of_law(laws.size(), 0);
    for (const unsigned int law : law_of_state)
    {
      if (slots.empty() || law != law_of_state[slots.size() - 1])
        rows.push_back({slots.size(), slots.size()});
      ++rows.back().end;
      slots.push_back(n_of_law[law]++);
    }
    std::size_t n_numbers = 0;
    for (std::size_t l = 0; l < laws.size(); ++l)
    {
      states.emplace_back(laws[l]->state_layout(), n_of_law[l]);
      n_numbers = std::max(n_numbers, states.back().state_size());
    }
    just_fired.reserve(std::min(block, n_states()), n_numbers, n_shared);
  }

  void MaterialPoints::FiredStates::reserve(const std::size_t n_states, const std::size_t n_numbers,
                                            const std::size_t n_shared)
  {
    index.resize(n_states);
    heat.resize(n_states);
    before.resize(n_states * n_numbers);
    after.resize(n_states * n_numbers);
    strain.resize(n_states);
    stress.resize(n_states);
    tangent.resize(std::max(n_states, n_shared));
    energy_before.resize(n_states);
    energy_after.resize(n_states);
    fields.resize(n_states);
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

  void MaterialPoints::evaluate_states(const std::size_t begin, const std::size_t end,
                                       law::Tangent *tangents)
  {
    if (n_shared == 1)
      law(begin).evaluate_points(end - begin, state(begin), state_size(begin), &strain[begin],
                                 &stress[begin], tangents);
    else
      for (std::size_t s = begin; s < end; ++s, tangents += n_shared)
        law(s).evaluate_points(n_shared, state(s), 0, &strain[s * n_shared], &stress[s * n_shared],
                               tangents);
  }

  void MaterialPoints::evaluate(const std::size_t begin, const std::size_t end,
                                law::Tangent *tangents)
  {
    failed.reset();
    const std::size_t end_state = end / n_shared;
    std::size_t s = begin / n_shared;
    auto row =
        std::upper_bound(rows.begin(), rows.end(), s,
                         [](const std::size_t value, const Row &r) { return value < r.end; });
    try
    {
      for (; s < end_state; s = row->end, ++row)
        evaluate_states(s, std::min(row->end, end_state), tangents + (s * n_shared - begin));
    }
    catch (const Error &)
    {
      find_failed_point(begin, end);
      throw;
    }
  }

  std::vector<law::Tangent> MaterialPoints::evaluate()
  {
    renewed_tangents.clear();
    std::vector<law::Tangent> tangents(size());
    evaluate(0, size(), tangents.data());
    return tangents;
  }

  void MaterialPoints::find_failed_point(const std::size_t begin, const std::size_t end)
  {
    for (std::size_t p = begin; p < end; ++p)
    {
      const std::size_t s = p / n_shared;
      try
      {
        law(s).evaluate(state(s), strain[p]);
      }
      catch (const Error &error)
      {
        failed = {data[s],           {state(s), state(s) + state_size(s)},
                  strain_settled[p], strain[p],
                  error.what(),      admissible_share(error),
                  law_of_state[s]};
        return;
      }
    }
  }

  double MaterialPoints::stored_energy(const std::size_t index, const double *of_state) const
  {
    double sum = 0.0;
    for (std::size_t p = index * n_shared; p < (index + 1) * n_shared; ++p)
      sum += volumes[p] * total(law(index).energy(of_state, strain[p]));
    return sum;
  }

  void MaterialPoints::settle_fired_state(const std::size_t index, const double *before,
                                          const double heat, AdvanceSummary &summary)
  {
    const double *after = state(index);
    const double lost = stored_energy(index, before) - stored_energy(index, after);
    const law::SymmetricTensor end = mean(strain, index);
    const double lost_at_mean = state_volumes[index] * (total(law(index).energy(before, end)) -
                                                        total(law(index).energy(after, end)));
    summary.event_heat += lost - lost_at_mean;
    summary.lag_heat += lost_at_mean - state_volumes[index] * heat;
    std::vector<law::Tangent> &tangents = just_fired.tangent;
    evaluate_states(index, index + 1, tangents.data());
    for (std::size_t i = 0; i < n_shared; ++i)
      renewed_tangents.push_back({index * n_shared + i, tangents[i]});
  }

  void MaterialPoints::settle_fired_points(AdvanceSummary &summary)
  {
    FiredStates &f = just_fired;
    const law::MaterialLaw &of_fired = law(f.index[0]);
    const std::size_t n_numbers = state_size(f.index[0]);
    for (std::size_t k = 0; k < f.n; ++k)
    {
      std::copy_n(state(f.index[k]), n_numbers, f.after.data() + k * n_numbers);
      f.strain[k] = strain[f.index[k]];
    }
    of_fired.measure_points(f.n, f.before.data(), n_numbers, f.strain.data(),
                            f.energy_before.data(), f.fields.data());
    of_fired.measure_points(f.n, f.after.data(), n_numbers, f.strain.data(), f.energy_after.data(),
                            f.fields.data());
    of_fired.evaluate_points(f.n, f.after.data(), n_numbers, f.strain.data(), f.stress.data(),
                             f.tangent.data());
    for (std::size_t k = 0; k < f.n; ++k)
    {
      const std::size_t p = f.index[k];
      summary.lag_heat += volumes[p] * total(f.energy_before[k]) -
                          volumes[p] * total(f.energy_after[k]) - volumes[p] * f.heat[k];
      stress[p] = f.stress[k];
      renewed_tangents.push_back({p, f.tangent[k]});
    }
  }

  void MaterialPoints::settle_fired(AdvanceSummary &summary)
  {
    FiredStates &f = just_fired;
    if (f.n > 0 && n_shared == 1)
      settle_fired_points(summary);
    else
      for (std::size_t k = 0; k < f.n; ++k)
        settle_fired_state(f.index[k], f.before.data() + k * state_size(f.index[k]), f.heat[k],
                           summary);
    f.n = 0;
  }

  unsigned int MaterialPoints::follow(const std::size_t index, const law::SymmetricTensor &begin,
                                      const law::SymmetricTensor &end, law::EventObserver *observer,
                                      AdvanceSummary &summary)
  {
    const std::size_t n_numbers = state_size(index);
    double *const before = just_fired.before.data() + just_fired.n * n_numbers;
    std::copy_n(state(index), n_numbers, before);
    const auto failed_here = [&](const char *message, const double share) {
      return FailedUpdate{data[index], {before, before + n_numbers}, begin, end, message,
                          share,       law_of_state[index]};
    };
    law::Activity activity;
    try
    {
      activity = law(index).advance(state(index), data[index], begin, end, observer);
    }
    catch (const Error &error)
    {
      failed = failed_here(error.what(), admissible_share(error));
      throw;
    }
    // Mostly there is nothing to add but the strains of the clock.
    if (activity.n_events == 0 && activity.admissible_share >= 1.0 && activity.heat == 0.0 &&
        activity.plastic_shear == 0.0)
    {
      summary.activity.forward_strain += activity.forward_strain;
      summary.activity.backward_strain += activity.backward_strain;
      return 0;
    }
    if (activity.admissible_share < summary.activity.admissible_share)
      failed = failed_here("", activity.admissible_share);
    summary.activity += activity;
    summary.event_heat += state_volumes[index] * activity.heat;
    if (activity.n_events > 0)
    {
      ++summary.n_fired_states;
      summary.plastic_shear += state_volumes[index] * activity.plastic_shear;
      fired[index] = 1;
      just_fired.index[just_fired.n] = index;
      just_fired.heat[just_fired.n] = activity.heat;
      ++just_fired.n;
    }
    return activity.n_events;
  }

  void MaterialPoints::follow_block(const std::size_t begin, const std::size_t end,
                                    law::EventObserver *observer, AdvanceSummary &summary)
  {
    const std::size_t n = end - begin, first = begin * n_shared;
    // The mean of one is that one: no copies.
    std::array<law::SymmetricTensor, block> means_begin, means_end;
    const law::SymmetricTensor *begins = &strain_settled[first], *ends = &strain[first];
    if (n_shared > 1)
    {
      for (std::size_t i = 0; i < n; ++i)
      {
        means_begin[i] = mean(strain_settled, begin + i);
        means_end[i] = mean(strain, begin + i);
      }
      begins = means_begin.data();
      ends = means_end.data();
    }
    std::array<std::size_t, block> others;
    const std::size_t n_others = law(begin).advance_quiet_points(
        n, state(begin), state_size(begin), begins, ends, summary.activity, others.data());
    for (std::size_t k = 0; k < n_others; ++k)
      follow(begin + others[k], begins[others[k]], ends[others[k]], observer, summary);
    settle_fired(summary);
    std::copy_n(&strain[first], n * n_shared, &strain_settled[first]);
  }

  void MaterialPoints::check_followed()
  {
    if (!failed)
      return;
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

  AdvanceSummary MaterialPoints::advance(law::EventObserver *observer)
  {
    failed.reset();
    just_fired.n = 0;
    AdvanceSummary summary;
    for (const Row &row : rows)
      for (std::size_t s = row.begin; s < row.end; s += block)
        follow_block(s, std::min(row.end, s + block), observer, summary);
    check_followed();
    return summary;
  }

  AdvanceSummary MaterialPoints::advance_to_event(const double share, const double round_off,
                                                  const PointKey &key, law::EventObserver *observer)
  {
    failed.reset();
    just_fired.n = 0;
    AdvanceSummary summary;
    for (std::size_t s = 0; s < n_states(); ++s)
    {
      const bool fires =
          data[s].key.cell == key.cell && data[s].key.quadrature_point == key.quadrature_point;
      if (!fires && next_events[s] <= share + round_off)
        continue;
      const law::SymmetricTensor begin = mean(strain_settled, s), de = mean(strain, s) - begin;
      const auto at = [&](const double t) { return law::SymmetricTensor(begin + t * de); };
      double to = fires ? next_events[s] : share;
      unsigned int n_events = follow(s, begin, at(to), observer, summary);
      // Round-off may have left the event just ahead.
      for (double more = first_overshoot; fires && n_events == 0 && to < 1.0; more *= 2.0)
      {
        const double from = to;
        to = std::min(1.0, to + more);
        n_events = follow(s, at(from), at(to), observer, summary);
      }
      settle_fired(summary);
      for (std::size_t p = s * n_shared; p < (s + 1) * n_shared; ++p)
        strain_settled[p] += to * (strain[p] - strain_settled[p]);
    }
    check_followed();
    return summary;
  }

  double MaterialPoints::share_to_next_event(const double reach)
  {
    for (std::size_t s = 0; s < n_states(); ++s)
    {
      const law::SymmetricTensor begin = mean(strain_settled, s), end = mean(strain, s);
      next_events[s] =
          reach * law(s).share_to_next_event(
                      state(s), data[s], begin,
                      reach == 1.0 ? end : law::SymmetricTensor(begin + reach * (end - begin)));
    }
    return next_events.empty() ? std::numeric_limits<double>::infinity()
                               : *std::min_element(next_events.begin(), next_events.end());
  }

  std::optional<PointKey> MaterialPoints::smallest_key_within(const double share) const
  {
    std::optional<PointKey> smallest;
    for (std::size_t s = 0; s < n_states(); ++s)
      if (next_events[s] <= share &&
          (!smallest || std::tie(data[s].key.cell, data[s].key.quadrature_point) <
                            std::tie(smallest->cell, smallest->quadrature_point)))
        smallest = data[s].key;
    return smallest;
  }

  void MaterialPoints::commit()
  {
    for (law::PointStates &of_law : states)
      of_law.commit();
    std::fill(fired.begin(), fired.end(), 0);
    last_strain = strain_settled;
  }

  void MaterialPoints::roll_back()
  {
    for (law::PointStates &of_law : states)
      of_law.roll_back();
    std::fill(fired.begin(), fired.end(), 0);
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
} // namespace seem::solver
