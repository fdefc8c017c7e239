// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * Cost of the stochastic law at one material point, in units of a J2 radial return with tangent
 * that is compiled beside it. At the end the program prints these ratios.
 *
 * Points are visited one after the other in a block that fits the cache, each with a state of its
 * own, as a solver does it.
 */
#include <seem/database/grid_event_source.h>
#include <seem/database/smooth_event_source.h>
#include <seem/law/j2_law.h>
#include <seem/law/seem_law.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace
{
  using namespace seem;
  using namespace seem::law;

  constexpr std::size_t n_points = 1024;

  // ------------------------------------------------------------------------------ J2 reference

  /**
   * J2 plasticity with linear isotropic hardening: what a solver would call otherwise. Like a law
   * it works on a flat state (plastic strain, equivalent plastic strain) and is not inlined.
   */
  struct BareJ2
  {
    static constexpr std::size_t state_size = 7;

    double shear_modulus = 25.0, bulk_modulus = 100.0, yield_stress = 0.5, hardening = 1.0;

    [[gnu::noinline]] Response update(double *state, const SymmetricTensor &strain) const
    {
      const double radius_factor = std::sqrt(2.0 / 3.0);
      Eigen::Map<SymmetricTensor> plastic(state);
      const SymmetricTensor e = deviator(strain) - plastic;
      const double norm = e.norm();
      const double excess =
          2.0 * shear_modulus * norm - radius_factor * (yield_stress + hardening * state[6]);

      Response response;
      response.tangent = {bulk_modulus, shear_modulus, shear_modulus, SymmetricTensor::Zero()};
      if (excess > 0.0)
      {
        const double slip = excess / (2.0 * shear_modulus + 2.0 / 3.0 * hardening);
        response.tangent.direction = e / norm;
        response.tangent.secant = shear_modulus * (1.0 - slip / norm);
        response.tangent.shear =
            shear_modulus * (1.0 - 1.0 / (1.0 + hardening / (3.0 * shear_modulus)));
        plastic += slip * response.tangent.direction;
        state[6] += radius_factor * slip;
      }
      response.stress =
          2.0 * response.tangent.secant * e + bulk_modulus * trace(strain) * identity();
      return response;
    }
  };

  // --------------------------------------------------------------------------- synthetic glass

  /// A database of 20 x 20 bins whose rate grows as tau^2 and whose X1 relaxes to 0.01 eV.
  database::EventDatabase synthetic_database()
  {
    constexpr std::size_t n = 20, events_per_bin = 20;
    database::EventDatabase db;
    db.material = "synthetic";
    db.n_atoms = 4000;
    db.volume = 4000 * 16.5;
    db.strain_increment = 1e-4;
    db.elasticity.g0.value = 25.9;
    db.elasticity.u_a.value = 0.101;
    db.elasticity.tau_a.value = 8.4;
    db.elasticity.tau_b.value = 2.9;
    db.axes = {{"tau", "GPa", {}}, {"X1", "eV per atom", {}}};
    for (std::size_t i = 0; i <= n; ++i)
    {
      db.axes[0].edges.push_back(0.2 * i);
      db.axes[1].edges.push_back(-0.005 + 0.0015 * i);
    }
    db.samples.resize(1);
    db.samples[0].n_atoms = db.n_atoms;
    db.samples[0].volume = db.volume;
    db.events.x.resize(1);
    db.events.dx.resize(1);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i)
      {
        const double tau = 0.2 * (i + 0.5), x1 = -0.005 + 0.0015 * (j + 0.5);
        const double increments = std::ceil(events_per_bin / (0.011 * (1.0 + tau * tau)));
        db.n_increments.push_back(increments);
        db.exposure.push_back(increments * db.strain_increment);
        db.n_events.push_back(events_per_bin);
        db.rate.push_back(events_per_bin / (increments * db.strain_increment));
        for (std::size_t k = 0; k < events_per_bin; ++k)
        {
          db.events.tau.push_back(tau);
          db.events.x[0].push_back(x1);
          db.events.dtau.push_back(0.1 * tau * (k + 1.0) / events_per_bin);
          db.events.dx[0].push_back(0.05 * (0.01 - x1));
          db.events.net_dtau.push_back(0.0);
          db.events.strain.push_back(0.1);
          db.events.sample.push_back(0);
        }
      }
    return db;
  }

  SeemLaw law_of(const database::EventDatabase &db, std::shared_ptr<const EventSource> source)
  {
    SeemLawParameters parameters;
    parameters.bulk_modulus = 100.0;
    return {std::make_shared<TaylorElasticity>(25.9, 0.101, 8.4, 2.9, db.atomic_volume()),
            std::move(source), parameters};
  }

  SeemLaw synthetic_law()
  {
    const database::EventDatabase db = synthetic_database();
    return law_of(db, std::make_shared<database::GridEventSource>(db));
  }

  /// A strain direction that is neither simple shear nor along an axis, with a change of volume.
  SymmetricTensor strain_direction()
  {
    return symmetric_tensor(0.3, -0.2, -0.05, 0.1, -0.15, 0.35);
  }

  /// Points of the law at the same strain, but each with a stream of its own.
  struct Points
  {
    explicit Points(const SeemLaw &law) : size(law.state_size()), states(n_points * size)
    {
      for (std::size_t i = 0; i < n_points; ++i)
      {
        data.push_back({{i, 0}, 1.0});
        State initial;
        initial.x[0] = 0.005;
        law.initialise(state(i), data[i], initial);
      }
    }

    double *state(const std::size_t i)
    {
      return states.data() + i * size;
    }

    Activity advance(const SeemLaw &law, const SymmetricTensor &from, const SymmetricTensor &to)
    {
      Activity sum;
      for (std::size_t i = 0; i < n_points; ++i)
        sum += law.advance(state(i), data[i], from, to, nullptr);
      return sum;
    }

    std::size_t size;
    std::vector<double> states;
    std::vector<PointData> data;
  };

  // -------------------------------------------------------------------------------- benchmarks

  void j2_return(benchmark::State &bench)
  {
    const BareJ2 law;
    std::vector<double> states(n_points * BareJ2::state_size);
    SymmetricTensor strain = 0.1 * strain_direction();
    for (auto _ : bench)
    {
      strain += 1e-7 * strain_direction();
      for (std::size_t i = 0; i < n_points; ++i)
        benchmark::DoNotOptimize(law.update(states.data() + i * BareJ2::state_size, strain));
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(j2_return);

  /// The stress grows beyond its record, the clock runs, nothing fires (m is tiny).
  void advance_without_event(benchmark::State &bench)
  {
    const SeemLaw law = synthetic_law();
    Points points(law);
    for (PointData &data : points.data)
      data.volume_ratio = 1e-9;
    SymmetricTensor strain = 0.1 * strain_direction();
    points.advance(law, SymmetricTensor::Zero(), strain);
    for (auto _ : bench)
    {
      const SymmetricTensor next = strain + 1e-8 * strain_direction();
      benchmark::DoNotOptimize(points.advance(law, strain, next));
      strain = next;
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(advance_without_event);

  /// The same with the stress and tangent after it: a whole update as a solver needs it.
  void update_without_event(benchmark::State &bench)
  {
    const SeemLaw law = synthetic_law();
    Points points(law);
    for (PointData &data : points.data)
      data.volume_ratio = 1e-9;
    SymmetricTensor strain = 0.1 * strain_direction();
    points.advance(law, SymmetricTensor::Zero(), strain);
    for (auto _ : bench)
    {
      const SymmetricTensor next = strain + 1e-8 * strain_direction();
      for (std::size_t i = 0; i < n_points; ++i)
      {
        Response response;
        benchmark::DoNotOptimize(
            law.update(points.state(i), points.data[i], strain, next, response, nullptr));
        benchmark::DoNotOptimize(response);
      }
      strain = next;
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(update_without_event);

  /// J2 flow behind the same interface as the stochastic law: advance and evaluate.
  void update_of_j2_law(benchmark::State &bench)
  {
    J2LawParameters parameters;
    parameters.shear_modulus = 25.0;
    parameters.bulk_modulus = 100.0;
    parameters.yield_stress = 0.5;
    parameters.hardening = 1.0;
    const J2Law law(parameters);
    const std::size_t size = law.state_size();
    std::vector<double> states(n_points * size);
    const PointData data;
    for (std::size_t i = 0; i < n_points; ++i)
      law.initialise(states.data() + i * size, data, State());
    SymmetricTensor strain = 0.1 * strain_direction();
    for (std::size_t i = 0; i < n_points; ++i)
      law.advance(states.data() + i * size, data, SymmetricTensor::Zero(), strain, nullptr);
    for (auto _ : bench)
    {
      const SymmetricTensor next = strain + 1e-7 * strain_direction();
      for (std::size_t i = 0; i < n_points; ++i)
      {
        Response response;
        benchmark::DoNotOptimize(
            law.update(states.data() + i * size, data, strain, next, response, nullptr));
        benchmark::DoNotOptimize(response);
      }
      strain = next;
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(update_of_j2_law);

  /// Below the record: no clock.
  void advance_unloading(benchmark::State &bench)
  {
    const SeemLaw law = synthetic_law();
    Points points(law);
    SymmetricTensor strain = 0.1 * strain_direction();
    points.advance(law, SymmetricTensor::Zero(), strain);
    for (auto _ : bench)
    {
      const SymmetricTensor next = strain - 1e-9 * strain_direction();
      benchmark::DoNotOptimize(points.advance(law, strain, next));
      strain = next;
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(advance_unloading);

  void evaluate(benchmark::State &bench)
  {
    const SeemLaw law = synthetic_law();
    Points points(law);
    SymmetricTensor strain = 0.1 * strain_direction();
    points.advance(law, SymmetricTensor::Zero(), strain);
    for (auto _ : bench)
      for (std::size_t i = 0; i < n_points; ++i)
        benchmark::DoNotOptimize(law.evaluate(points.state(i), strain));
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(evaluate);

  /// Stress and tangent of many points in one call, their numbers in the second cache.
  void evaluate_points(benchmark::State &bench)
  {
    const SeemLaw law = synthetic_law();
    Points points(law);
    const SymmetricTensor strain = 0.1 * strain_direction();
    points.advance(law, SymmetricTensor::Zero(), strain);
    const std::vector<SymmetricTensor> strains(n_points, strain);
    std::vector<SymmetricTensor> stresses(n_points);
    std::vector<Tangent> tangents(n_points);
    for (auto _ : bench)
    {
      law.evaluate_points(n_points, points.state(0), points.size, strains.data(), stresses.data(),
                          tangents.data());
      benchmark::ClobberMemory();
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(evaluate_points);

  /// The stress of many points in one call grows beyond its record, nothing fires.
  void advance_quiet_points(benchmark::State &bench)
  {
    const SeemLaw law = synthetic_law();
    Points points(law);
    for (PointData &data : points.data)
      data.volume_ratio = 1e-9;
    std::vector<SymmetricTensor> strains(n_points, 0.1 * strain_direction()), next = strains;
    points.advance(law, SymmetricTensor::Zero(), strains[0]);
    std::vector<std::size_t> others(n_points);
    for (auto _ : bench)
    {
      bench.PauseTiming();
      for (std::size_t i = 0; i < n_points; ++i)
        next[i] = strains[i] + 1e-8 * strain_direction();
      bench.ResumeTiming();
      Activity activity;
      const std::size_t n_others =
          law.advance_quiet_points(n_points, points.state(0), points.size, strains.data(),
                                   next.data(), activity, others.data());
      if (n_others > 0)
        bench.SkipWithError("an event");
      benchmark::ClobberMemory();
      strains.swap(next);
    }
    bench.SetItemsProcessed(bench.iterations() * n_points);
  }
  BENCHMARK(advance_quiet_points);

  /// Steady flow with several events per increment; an item is an event.
  void steady_flow(benchmark::State &bench, const SeemLaw &law)
  {
    Points points(law);
    SymmetricTensor strain = SymmetricTensor::Zero();
    const auto step = [&](const double size) {
      const SymmetricTensor next = strain + size * strain_direction();
      const unsigned int n_events = points.advance(law, strain, next).n_events;
      strain = next;
      return n_events;
    };
    for (unsigned int i = 0; i < 20; ++i)
      step(0.02);
    std::int64_t n_events = 0;
    for (auto _ : bench)
      n_events += step(0.02);
    bench.SetItemsProcessed(n_events);
    bench.counters["events per update"] =
        static_cast<double>(n_events) / static_cast<double>(bench.iterations() * n_points);
  }

  /// With the statistics of the bins.
  void event(benchmark::State &bench)
  {
    steady_flow(bench, synthetic_law());
  }
  BENCHMARK(event);

  /// With smooth statistics.
  void event_of_smooth_statistics(benchmark::State &bench)
  {
    const database::EventDatabase db = synthetic_database();
    steady_flow(bench, law_of(db, std::make_shared<database::SmoothEventSource>(
                                      db, database::Smoothing{})));
  }
  BENCHMARK(event_of_smooth_statistics);

  /**
   * One point in simple shear from 0 to 0.5 in 5000 increments of 1e-4, with the stress after each:
   * what an atomistic run of that length is replaced by. An item is a path; each has a stream of
   * its own.
   */
  void path_half_strain(benchmark::State &bench)
  {
    constexpr unsigned int n_increments = 5000;
    constexpr double increment = 1e-4;
    const SeemLaw law = synthetic_law();
    std::vector<double> state(law.state_size());
    State initial;
    initial.x[0] = 0.005;
    std::uint64_t path = 0, n_events = 0;
    for (auto _ : bench)
    {
      const PointData data{{path++, 0}, 1.0};
      law.initialise(state.data(), data, initial);
      SymmetricTensor strain = SymmetricTensor::Zero();
      for (unsigned int i = 1; i <= n_increments; ++i)
      {
        const SymmetricTensor next = simple_shear(i * increment);
        Response response;
        n_events += law.update(state.data(), data, strain, next, response, nullptr).n_events;
        benchmark::DoNotOptimize(response);
        strain = next;
      }
    }
    bench.SetItemsProcessed(bench.iterations());
    bench.counters["events per path"] =
        static_cast<double>(n_events) / static_cast<double>(bench.iterations());
  }
  BENCHMARK(path_half_strain)->Name("path_half_strain_1e-4");

  // ------------------------------------------------------------------------------------ ratios

  /// Prints the usual table and then each cost per item in units of the J2 return.
  class RatioReporter : public benchmark::ConsoleReporter
  {
  public:
    void ReportRuns(const std::vector<Run> &runs) override
    {
      benchmark::ConsoleReporter::ReportRuns(runs);
      for (const Run &run : runs)
        if (run.run_type == Run::RT_Iteration && run.counters.count("items_per_second") == 1)
        {
          double &time = seconds_per_item[run.benchmark_name()];
          const double now = 1.0 / run.counters.at("items_per_second");
          time = time > 0.0 ? std::min(time, now) : now;
        }
    }

    void Finalize() override
    {
      benchmark::ConsoleReporter::Finalize();
      const auto reference = seconds_per_item.find("j2_return");
      if (reference == seconds_per_item.end())
        return;
      std::printf("\nper item (best repetition), in J2 returns with tangent\n");
      for (const auto &[name, seconds] : seconds_per_item)
        std::printf("  %-28s %8.1f ns %8.2f\n", name.c_str(), 1e9 * seconds,
                    seconds / reference->second);
    }

  private:
    std::map<std::string, double> seconds_per_item;
  };
} // namespace

int main(int argc, char **argv)
{
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return 0;
}
