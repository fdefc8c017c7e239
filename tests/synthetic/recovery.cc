// SPDX-License-Identifier: LGPL-2.1-or-later
#include "synthetic/recovery.h"

#include <seem/database/harvested_elasticity.h>
#include <seem/database/material.h>
#include <seem/database/state_grid.h>
#include <seem/law/seem_law.h>
#include <seem/statistics/increments.h>

#include <algorithm>
#include <cmath>

namespace seem::recovery
{
  namespace
  {
    constexpr double spacing = 0.005; // of the strains at which paths are compared

    /// Sizes of a Weibull distribution above @p dtau: their share.
    double share_above(const tests::SyntheticLaw &law, const double memory, const double tau,
                       const double dtau)
    {
      const double scale = std::exp(memory) * law.drop * tau / law.flow_stress /
                           std::tgamma(1.0 + 1.0 / law.weibull_shape);
      return dtau > 0.5 * tau ? 0.0 : std::exp(-std::pow(dtau / scale, law.weibull_shape));
    }

    double heat(const tests::SyntheticLaw &law, const double tau, const double x1,
                const double stored, const double dtau)
    {
      const double dx1 = stored * law.largest_rise(tau, x1, dtau);
      return law.n_atoms *
             (law.elastic_energy(tau, x1) - law.elastic_energy(tau - dtau, x1 + dx1) - dx1);
    }
  } // namespace

  Harvested harvested(const tests::SyntheticAqs &aqs,
                      const std::vector<tests::SyntheticPreparation> &preparations,
                      const std::size_t n_samples, const statistics::HarvestSettings &settings)
  {
    Harvested result;
    result.runs = aqs.runs(preparations, n_samples);
    result.harvest = statistics::harvest(tests::trajectories_of(result.runs), settings);
    return result;
  }

  statistics::TaylorConstants constants(const tests::SyntheticLaw &law, const double u0)
  {
    const double r = 1.0 - (u0 - law.u0) / law.u_a;
    return {law.g0 * r, law.u_a * r, law.tau_a / std::sqrt(r), law.tau_b / std::pow(r, 0.25)};
  }

  double visible_share(const tests::SyntheticLaw &law, const double memory, const double tau,
                       const double x1, const statistics::EventFloors &floors)
  {
    if (!(tau > 0.0))
      return 0.0;
    // The stored share is normal, cut at both ends: the mean over equally probable values.
    constexpr int n = 16;
    static const std::vector<double> normal = [] {
      std::vector<double> quantiles;
      for (int i = 0; i < n; ++i)
      {
        const double p = (i + 0.5) / n;
        double low = -6.0, high = 6.0;
        for (int k = 0; k < 60; ++k)
        {
          const double middle = 0.5 * (low + high);
          (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
        }
        quantiles.push_back(0.5 * (low + high));
      }
      return quantiles;
    }();

    double share = 0.0;
    for (const double z : normal)
    {
      const double stored = std::clamp(
          law.stored_share * (1.0 - x1 / law.flow_energy) + law.stored_scatter * z, -1.0, 0.97);
      double smallest = floors.deficit.floor, low = 0.0;
      if (heat(law, tau, x1, stored, std::min(smallest, 0.5 * tau)) > floors.energy.floor)
        for (int k = 0; k < 12; ++k)
        {
          const double middle = 0.5 * (low + smallest);
          (heat(law, tau, x1, stored, middle) > floors.energy.floor ? smallest : low) = middle;
        }
      share += share_above(law, memory, tau, smallest) / n;
    }
    return share;
  }

  std::vector<BinRate> bin_rates(const tests::SyntheticAqs &aqs, const Harvested &harvested,
                                 const double fewest_events)
  {
    constexpr std::size_t every = 20; // the visible share is smooth in the state and dear
    const database::EventDatabase &db = harvested.harvest.database;
    const database::StateGrid grid(db.axes);
    const auto elasticity = database::harvested_elasticity(db, db.atomic_volume());
    std::vector<double> hazard(grid.n_bins(), 0.0), visible(grid.n_bins(), 0.0), n = hazard,
                                                                                 n_visible = hazard;
    for (const tests::SyntheticRun &run : harvested.runs)
    {
      const std::vector<double> x1 = statistics::x1_of(run.trajectory, *elasticity, db.u0);
      for (std::size_t i = 0; i + 1 < x1.size(); ++i)
      {
        State state;
        state.tau = run.trajectory.tau[i];
        state.x[0] = x1[i];
        if (state.tau < 0.0)
          continue;
        const std::size_t bin = grid.clamped_bin(state);
        hazard[bin] += aqs.law.hazard(run.tau[i], run.x1[i]);
        n[bin] += 1.0;
        if (i % every == 0)
        {
          visible[bin] +=
              visible_share(aqs.law, 0.0, run.tau[i], run.x1[i], harvested.harvest.report.floors);
          n_visible[bin] += 1.0;
        }
      }
    }
    std::vector<BinRate> result;
    for (std::size_t bin = 0; bin < grid.n_bins(); ++bin)
      if (db.n_events[bin] >= fewest_events && n_visible[bin] > 0.0)
        result.push_back({bin, db.n_events[bin], db.rate[bin],
                          db.rate[bin] / std::sqrt(db.n_events[bin]),
                          hazard[bin] / n[bin] * visible[bin] / n_visible[bin]});
    return result;
  }

  std::vector<double> strain_grid(const double final_strain)
  {
    std::vector<double> strain;
    const auto n = static_cast<std::size_t>(std::llround(final_strain / spacing));
    for (std::size_t i = 0; i <= n; ++i)
      strain.push_back(spacing * static_cast<double>(i));
    return strain;
  }

  std::vector<statistics::Curve> true_curves(const std::vector<tests::SyntheticRun> &runs)
  {
    std::vector<statistics::Curve> curves;
    for (const tests::SyntheticRun &run : runs)
    {
      const std::vector<double> &strain = run.trajectory.strain;
      statistics::Curve curve;
      curve.label = run.trajectory.info.label;
      curve.strain = strain_grid(strain.back());
      for (const double at : curve.strain)
      {
        curve.tau.push_back(statistics::interpolate(strain, run.tau, at));
        curve.x1.push_back(statistics::interpolate(strain, run.x1, at));
      }
      curves.push_back(std::move(curve));
    }
    return curves;
  }

  std::vector<statistics::Curve> model_curves(const database::EventDatabase &database,
                                              const double u0, const std::size_t n_paths,
                                              const double final_strain, const std::uint64_t seed)
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 150.0;
    parameters.seed = seed;
    const law::SeemLaw law(database::make_elasticity(database),
                           database::make_event_source(database), parameters);

    std::map<std::string, std::vector<State>> initial;
    for (const database::Sample &sample : database.samples)
      initial[sample.label].push_back(sample.initial);

    std::vector<statistics::Curve> curves;
    std::vector<double> point(law.state_size());
    for (const auto &[label, states] : initial)
      for (std::size_t path = 0; path < n_paths; ++path)
      {
        law::PointData data;
        data.key.cell = curves.size();
        law.initialise(point.data(), data, states[path % states.size()]);
        statistics::Curve curve;
        curve.label = label;
        curve.strain = strain_grid(final_strain);
        law::SymmetricTensor strain = law::SymmetricTensor::Zero();
        for (const double gamma : curve.strain)
        {
          const law::SymmetricTensor next = law::simple_shear(gamma);
          law.advance(point.data(), data, strain, next, nullptr);
          strain = next;
          curve.tau.push_back(law.evaluate(point.data(), strain).stress[5] / law::sqrt2);
          curve.x1.push_back(law.fields(point.data(), strain).x1 + database.u0 - u0);
        }
        curves.push_back(std::move(curve));
      }
    return curves;
  }

  Distance distance(const std::vector<statistics::Curve> &truth,
                    const std::vector<statistics::Curve> &harvested,
                    const std::vector<statistics::Curve> &model)
  {
    statistics::CurveSettings settings;
    settings.spacing = spacing;
    const statistics::MeanCurve p = statistics::mean_curve(truth, settings),
                                h = statistics::mean_curve(harvested, settings),
                                q = statistics::mean_curve(model, settings);
    Distance result = {};
    const double n = static_cast<double>(p.strain.size());
    for (std::size_t i = 0; i < p.strain.size(); ++i)
    {
      const double tau = q.tau[i] - p.tau[i], x1 = q.x1[i] - p.x1[i];
      const auto square = [](const double a, const double b, const double c) {
        return a * a + b * b + c * c;
      };
      result.tau += tau * tau / n;
      result.x1 += x1 * x1 / n;
      result.tau_in_errors +=
          tau * tau / square(p.tau_error[i], h.tau_error[i], q.tau_error[i]) / n;
      result.x1_in_errors += x1 * x1 / square(p.x1_error[i], h.x1_error[i], q.x1_error[i]) / n;
    }
    return {std::sqrt(result.tau), std::sqrt(result.x1), std::sqrt(result.tau_in_errors),
            std::sqrt(result.x1_in_errors)};
  }

  Spread end_spread(const std::vector<statistics::Curve> &curves)
  {
    const auto groups = statistics::by_label(curves);
    const statistics::CurveFigures slow = statistics::figures(groups.at("slow")),
                                   fast = statistics::figures(groups.at("fast"));
    const auto less = [](const statistics::Estimate &a, const statistics::Estimate &b) {
      return statistics::Estimate{a.value - b.value,
                                  std::hypot(a.standard_error, b.standard_error)};
    };
    return {less(fast.end_stress, slow.end_stress), less(fast.end_x1, slow.end_x1)};
  }
} // namespace seem::recovery
