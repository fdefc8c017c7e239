// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/point_ensemble.h>
#include <seem/core/exceptions.h>
#include <seem/core/random_stream.h>
#include <seem/law/tensor.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::commands
{
  namespace
  {
    void check(const PointEnsembleSettings &settings, const std::vector<State> &initial)
    {
      if (initial.empty())
        throw InputError("a point ensemble needs at least one path");
      if (!(settings.volume_ratio > 0.0) || !std::isfinite(settings.volume_ratio))
        throw InputError(
            fmt::format("the volume ratio m = {} must be positive", settings.volume_ratio));
      if (settings.strain.empty() || settings.strain.front() != 0.0)
        throw InputError("the strain grid of a point ensemble must begin at 0");
      for (std::size_t i = 1; i < settings.strain.size(); ++i)
        if (!(settings.strain[i] > settings.strain[i - 1]) || !std::isfinite(settings.strain[i]))
          throw InputError(fmt::format("the strain grid of a point ensemble must grow strictly: {} "
                                       "follows {}",
                                       settings.strain[i], settings.strain[i - 1]));
    }

    PointEnsemble make_ensemble(const std::vector<State> &initial,
                                const PointEnsembleSettings &settings)
    {
      check(settings, initial);
      PointEnsemble ensemble;
      ensemble.strain = settings.strain;
      ensemble.initial = initial;
      for (std::size_t i = 0; i < initial.size(); ++i)
        ensemble.replica.push_back(settings.first_replica + i);
      const std::vector<double> column(settings.strain.size());
      ensemble.tau.assign(initial.size(), column);
      ensemble.x1.assign(initial.size(), column);
      ensemble.n_events.assign(settings.strain.size(), 0);
      return ensemble;
    }

    /// Mean and standard deviation over the paths at each strain.
    void moments(const std::vector<std::vector<double>> &values, std::vector<double> &mean,
                 std::vector<double> &deviation)
    {
      const std::size_t n = values.front().size();
      const auto n_paths = static_cast<double>(values.size());
      mean.assign(n, 0.0);
      deviation.assign(n, 0.0);
      // Deviations from the first path: equal values give exactly that value.
      for (const std::vector<double> &path : values)
        for (std::size_t i = 0; i < n; ++i)
          mean[i] += path[i] - values.front()[i];
      for (std::size_t i = 0; i < n; ++i)
        mean[i] = values.front()[i] + mean[i] / n_paths;
      for (const std::vector<double> &path : values)
        for (std::size_t i = 0; i < n; ++i)
          deviation[i] += (path[i] - mean[i]) * (path[i] - mean[i]);
      for (double &d : deviation)
        d = n_paths > 1.0 ? std::sqrt(d / (n_paths - 1.0))
                          : std::numeric_limits<double>::quiet_NaN();
    }

    /**
     * Work of sigma_xy along an increment of simple shear: trapezoids between the events, whose
     * places and stresses are known. Events happen in forward loading, where sigma_xy is tau.
     */
    class WorkMeter final : public law::EventObserver
    {
    public:
      /// Told of every event with its place in the increment, if set.
      std::function<void(double strain, const law::EventRecord &record)> on_event;

      /// Begin an increment of length @p dgamma at strain @p strain and stress @p tau [GPa].
      void begin(const double tau, const double strain, const double dgamma)
      {
        stress = tau;
        first_strain = strain;
        increment = dgamma;
        place = 0.0;
      }

      void event(const law::EventRecord &record) override
      {
        advance(record.path, record.before.tau);
        stress = record.before.tau - record.jump.dtau;
        if (on_event)
          on_event(first_strain + record.path * increment, record);
      }

      /// End it at stress @p tau.
      void end(const double tau)
      {
        advance(1.0, tau);
      }

      double work = 0.0; ///< sum [GPa]

    private:
      void advance(const double to, const double tau)
      {
        work += 0.5 * (stress + tau) * (to - place) * increment;
        place = to;
      }

      double stress = 0.0, first_strain = 0.0, increment = 0.0, place = 0.0;
    };

    double stress_xy(const law::MaterialLaw &law, const std::vector<double> &state,
                     const law::SymmetricTensor &strain)
    {
      return law.evaluate(state.data(), strain).stress[5] / law::sqrt2;
    }

    double total(const law::EnergyDensity &energy)
    {
      return energy.elastic + energy.inelastic;
    }

    void finish(PointEnsemble &ensemble)
    {
      moments(ensemble.tau, ensemble.mean_tau, ensemble.std_tau);
      moments(ensemble.x1, ensemble.mean_x1, ensemble.std_x1);
    }
  } // namespace

  double PointEnsemble::energy_drift() const
  {
    return work - stored - activity.heat / static_cast<double>(n_paths());
  }

  std::vector<double> strain_grid(const double final_strain, const double increment)
  {
    if (!(final_strain > 0.0) || !(increment > 0.0) || !std::isfinite(final_strain))
      throw InputError(fmt::format("final strain {} and increment {} must be positive",
                                   final_strain, increment));
    // A remainder below 1e-6 of the increment is rounding.
    const double steps = std::ceil(final_strain / increment - 1e-6);
    if (steps > 1e8)
      throw InputError(fmt::format("{} steps of {} to a strain of {} are too many", steps,
                                   increment, final_strain));
    std::vector<double> strain;
    for (double i = 0.0; i < steps; i += 1.0)
      strain.push_back(i * increment);
    strain.push_back(final_strain);
    return strain;
  }

  PointEnsemble run_point_ensemble(const law::MaterialLaw &law, const std::vector<State> &initial,
                                   const PointEnsembleSettings &settings)
  {
    PointEnsemble ensemble = make_ensemble(initial, settings);
    const auto n_paths = static_cast<double>(initial.size());
    ensemble.work = ensemble.stored = 0.0;
    std::vector<double> state(law.state_size());
    for (std::size_t path = 0; path < initial.size(); ++path)
    {
      const law::PointData point = {{ensemble.replica[path], settings.quadrature_point},
                                    settings.volume_ratio};
      if (settings.volume_initial)
        law.initialise(state.data(), point, settings.volume_initial);
      else
        law.initialise(state.data(), point, initial[path]);
      WorkMeter meter;
      if (settings.on_event)
        meter.on_event = [&](const double strain, const law::EventRecord &event) {
          settings.on_event(path, strain, event);
        };
      const double energy_begin = total(law.energy(state.data(), law::simple_shear(0.0)));

      std::size_t n_events = 0;
      law::SymmetricTensor before = law::simple_shear(0.0);
      for (std::size_t i = 0; i < settings.strain.size(); ++i)
      {
        const law::SymmetricTensor strain = law::simple_shear(settings.strain[i]);
        const double increment = i == 0 ? 0.0 : settings.strain[i] - settings.strain[i - 1];
        meter.begin(i == 0 ? initial[path].tau : ensemble.tau[path][i - 1],
                    settings.strain[i == 0 ? 0 : i - 1], increment);
        const law::Activity activity = law.advance(state.data(), point, before, strain,
                                                   settings.single_volume ? &meter : nullptr);
        if (activity.admissible_share < 1.0)
          throw StepError(
              fmt::format("path {}: too many events between strains {} and {}; set a smaller "
                          "\"Strain/Output increment\"",
                          path, i == 0 ? 0.0 : settings.strain[i - 1], settings.strain[i]),
              activity.admissible_share);
        before = strain;
        n_events += activity.n_events;
        ensemble.activity += activity;
        ensemble.n_events[i] += n_events;
        ensemble.tau[path][i] = stress_xy(law, state, strain);
        ensemble.x1[path][i] = law.fields(state.data(), strain).x1;
        meter.end(ensemble.tau[path][i]);
      }
      ensemble.work += meter.work / n_paths;
      ensemble.stored += (total(law.energy(state.data(), before)) - energy_begin) / n_paths;
      if (settings.on_path)
        settings.on_path();
    }
    finish(ensemble);
    return ensemble;
  }

  PointEnsemble run_bernoulli_ensemble(const law::BernoulliIntegrator &integrator,
                                       const std::vector<State> &initial,
                                       const PointEnsembleSettings &settings)
  {
    if (!(settings.bernoulli_increment > 0.0))
      throw InputError(
          fmt::format("the Bernoulli increment {} must be positive", settings.bernoulli_increment));
    PointEnsemble ensemble = make_ensemble(initial, settings);
    for (std::size_t path = 0; path < initial.size(); ++path)
    {
      const PointKey key = {ensemble.replica[path], settings.quadrature_point};
      State state = initial[path];
      std::uint32_t number = 0;
      std::size_t n_events = 0;
      for (std::size_t i = 0; i < settings.strain.size(); ++i)
      {
        const double length = i == 0 ? 0.0 : settings.strain[i] - settings.strain[i - 1];
        const double n_steps = std::ceil(length / settings.bernoulli_increment - 1e-6);
        for (double step = 0.0; step < n_steps; step += 1.0)
        {
          const double increment = length / n_steps;
          (state.tau < 0.0 ? ensemble.activity.backward_strain
                           : ensemble.activity.forward_strain) += increment;
          bool fired = false;
          state = integrator.step(state, increment, settings.volume_ratio, key, number++, fired);
          n_events += fired;
          ensemble.activity.n_events += fired;
        }
        ensemble.n_events[i] += n_events;
        ensemble.tau[path][i] = state.tau;
        ensemble.x1[path][i] = state.x[0];
      }
      if (settings.on_path)
        settings.on_path();
    }
    finish(ensemble);
    return ensemble;
  }

  State draw_initial_state(const std::vector<State> &states, const std::uint64_t seed,
                           const PointKey &key)
  {
    if (states.empty())
      throw InputError("there is no initial state to draw from");
    const double uniform = RandomStream(seed, key).uniform(0, RandomPurpose::initial_state)[0];
    const auto n = static_cast<double>(states.size());
    return states[std::min(static_cast<std::size_t>(uniform * n), states.size() - 1)];
  }
} // namespace seem::commands
