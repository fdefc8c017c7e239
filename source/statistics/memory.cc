// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/memory.h>

#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace seem::statistics
{
  namespace
  {
    constexpr double prior_relaxation_strain = 0.2;
    constexpr double prior_factor = 3.0;
    constexpr double longest_memory = 3.0; ///< |s| beyond it would change sizes twentyfold

    /// Middle of the logarithms of the known cooling rates, and half their span, in decades.
    struct Rates
    {
      double middle = 0.0;
      double half_span = 0.0;
      bool known = false;
    };

    Rates rates_of(const std::vector<database::Sample> &samples)
    {
      double low = std::numeric_limits<double>::infinity(), high = -low;
      for (const database::Sample &sample : samples)
        if (sample.cooling_rate > 0.0)
        {
          low = std::min(low, std::log10(sample.cooling_rate));
          high = std::max(high, std::log10(sample.cooling_rate));
        }
      if (!(high >= low))
        return {};
      return {0.5 * (low + high), 0.5 * (high - low), true};
    }

    /// The events as the fit sees them.
    class EventSizes
    {
    public:
      EventSizes(const database::EventDatabase &database, const double kernel_events)
          : rates(rates_of(database.samples)), n_bins(database.n_bins()), weight(n_bins, 0.0)
      {
        const database::StateGrid grid(database.axes);
        const auto elasticity = database::harvested_elasticity(database, database.atomic_volume());
        const database::EventTable &events = database.events;
        double before = 0.0;
        for (std::size_t i = 0; i < events.size(); ++i)
        {
          if (i == 0 || events.sample[i] != events.sample[i - 1])
            before = 0.0;
          const database::Sample &sample = database.samples[events.sample[i]];
          State state;
          state.tau = events.tau[i];
          state.x[0] = events.x[0][i];
          size.push_back(events.dtau[i]);
          decades.push_back(
              sample.cooling_rate > 0.0 ? std::log10(sample.cooling_rate) - rates.middle : 0.0);
          plastic.push_back(before);
          bin.push_back(grid.clamped_bin(state));
          glass.push_back(glasses.emplace(sample.glass, glasses.size()).first->second);
          before += std::max(0.0, database::plastic_strain_at_begin(*elasticity, events, i));
        }
        multiplicity.assign(glasses.size(), 1.0);
        count();
        make_kernels(database, kernel_events);
        dispersion = measure_dispersion();
      }

      /// Let each glass count so many times.
      void resample(std::mt19937_64 &generator)
      {
        std::fill(multiplicity.begin(), multiplicity.end(), 0.0);
        for (std::size_t k = 0; k < multiplicity.size(); ++k)
          multiplicity[generator() % multiplicity.size()] += 1.0;
        count();
      }

      /// The sum over the events, without the priors and not divided by the dispersion.
      double objective(const double a, const double b, const double relaxation_strain) const
      {
        const std::size_t n = size.size();
        std::vector<double> memory(n), sum(n_bins, 0.0);
        for (std::size_t i = 0; i < n; ++i)
        {
          memory[i] = std::clamp((a + b * decades[i]) * std::exp(-plastic[i] / relaxation_strain),
                                 -longest_memory, longest_memory);
          sum[bin[i]] += multiplicity[glass[i]] * size[i] * std::exp(-memory[i]);
        }
        std::vector<double> smooth(n_bins, 0.0), n_smooth(n_bins, 0.0);
        for (std::size_t k = 0; k < n_kernel_bins(); ++k)
          for (std::size_t l = 0; l < n_kernel_bins(); ++l)
          {
            smooth[event_bins[k]] += kernel[k][l] * sum[event_bins[l]];
            n_smooth[event_bins[k]] += kernel[k][l] * weight[event_bins[l]];
          }
        double result = 0.0;
        for (std::size_t i = 0; i < n; ++i)
        {
          const double w = multiplicity[glass[i]];
          if (!(w > 0.0))
            continue;
          // Without the event itself: else each one would explain a part of its own size.
          const double mean = (smooth[bin[i]] - w * size[i] * std::exp(-memory[i])) /
                              std::max(n_smooth[bin[i]] - w, 1.0);
          const double expected = std::exp(memory[i]) * std::max(mean, smallest_mean);
          result += w * (size[i] / expected + std::log(expected));
        }
        return result;
      }

      Rates rates;
      double dispersion = 1.0;

    private:
      static constexpr double smallest_mean = 1e-5; // GPa

      std::size_t n_kernel_bins() const
      {
        return event_bins.size();
      }

      void count()
      {
        std::fill(weight.begin(), weight.end(), 0.0);
        for (std::size_t i = 0; i < bin.size(); ++i)
          weight[bin[i]] += multiplicity[glass[i]];
      }

      /// Gaussian weights between the bins that hold events, each as wide as it needs to be.
      void make_kernels(const database::EventDatabase &database, const double kernel_events)
      {
        const database::StateGrid grid(database.axes);
        for (std::size_t b = 0; b < n_bins; ++b)
          if (weight[b] > 0.0)
            event_bins.push_back(b);
        kernel.resize(event_bins.size());
        for (std::size_t k = 0; k < event_bins.size(); ++k)
        {
          const std::vector<std::size_t> here = grid.indices(event_bins[k]);
          std::vector<double> square;
          for (const std::size_t other : event_bins)
          {
            const std::vector<std::size_t> there = grid.indices(other);
            double sum = 0.0;
            for (std::size_t d = 0; d < here.size(); ++d)
              sum += std::pow(static_cast<double>(here[d]) - static_cast<double>(there[d]), 2);
            square.push_back(sum);
          }
          double narrow = 0.1, wide = 1e3;
          for (unsigned int iteration = 0; iteration < 40; ++iteration)
          {
            const double width = std::sqrt(narrow * wide);
            double sum = 0.0, squares = 0.0;
            for (std::size_t l = 0; l < event_bins.size(); ++l)
            {
              const double w = std::exp(-0.5 * square[l] / (width * width));
              sum += w * weight[event_bins[l]];
              squares += w * w * weight[event_bins[l]];
            }
            (sum * sum < kernel_events * squares ? narrow : wide) = width;
          }
          for (const double s : square)
            kernel[k].push_back(std::exp(-0.5 * s / (wide * wide)));
        }
      }

      /// Variance of size over mean size.
      double measure_dispersion() const
      {
        std::vector<double> sum(n_bins, 0.0), smooth(n_bins, 0.0), n_smooth(n_bins, 0.0);
        for (std::size_t i = 0; i < size.size(); ++i)
          sum[bin[i]] += size[i];
        for (std::size_t k = 0; k < n_kernel_bins(); ++k)
          for (std::size_t l = 0; l < n_kernel_bins(); ++l)
          {
            smooth[event_bins[k]] += kernel[k][l] * sum[event_bins[l]];
            n_smooth[event_bins[k]] += kernel[k][l] * weight[event_bins[l]];
          }
        double result = 0.0;
        for (std::size_t i = 0; i < size.size(); ++i)
        {
          const double mean = std::max(smooth[bin[i]] / n_smooth[bin[i]], smallest_mean);
          result += std::pow(size[i] / mean - 1.0, 2) / static_cast<double>(size.size());
        }
        return std::max(result, 1e-3);
      }

      std::size_t n_bins;
      std::vector<double> weight; ///< [n_bins] events
      std::vector<double> size, decades, plastic;
      std::vector<std::size_t> bin, glass;
      std::map<std::string, std::size_t> glasses;
      std::vector<double> multiplicity; ///< [n_glasses]
      std::vector<std::size_t> event_bins;
      std::vector<std::vector<double>> kernel;
    };

    /// The function to minimise over a, b (if the rates differ), ln gamma_r (if it is not given).
    class Objective : public ceres::FirstOrderFunction
    {
    public:
      Objective(const EventSizes &sizes, const MemorySettings &settings)
          : sizes(sizes), given(settings.relaxation_strain), with_rate(sizes.rates.half_span > 0.0)
      {
      }

      int NumParameters() const override
      {
        return 1 + (with_rate ? 1 : 0) + (given ? 0 : 1);
      }

      database::Memory memory(const double *p) const
      {
        database::Memory result;
        result.mean.value = p[0];
        if (with_rate)
          result.per_decade.value = p[1];
        result.relaxation_strain.value =
            given ? *given : prior_relaxation_strain * std::exp(p[NumParameters() - 1]);
        result.reference_rate = sizes.rates.known ? std::pow(10.0, sizes.rates.middle) : 0.0;
        return result;
      }

      double value(const double *p) const
      {
        const database::Memory m = memory(p);
        const double b = m.per_decade.value;
        const double r =
            std::log(m.relaxation_strain.value / prior_relaxation_strain) / std::log(prior_factor);
        return sizes.objective(m.mean.value, b, m.relaxation_strain.value) / sizes.dispersion +
               0.5 * (p[0] * p[0] + std::pow(b * sizes.rates.half_span, 2) + r * r);
      }

      bool Evaluate(const double *p, double *cost, double *gradient) const override
      {
        *cost = value(p);
        if (gradient == nullptr)
          return std::isfinite(*cost);
        // A sum over all pairs of bins in three parameters: differences cost six evaluations.
        constexpr double step = 1e-4;
        std::vector<double> q(p, p + NumParameters());
        for (int k = 0; k < NumParameters(); ++k)
        {
          q[k] = p[k] + step;
          const double above = value(q.data());
          q[k] = p[k] - step;
          gradient[k] = (above - value(q.data())) / (2.0 * step);
          q[k] = p[k];
        }
        return std::isfinite(*cost);
      }

    private:
      const EventSizes &sizes;
      std::optional<double> given;
      bool with_rate;
    };

    std::vector<double> minimise(const EventSizes &sizes, const MemorySettings &settings,
                                 std::vector<double> start)
    {
      auto *objective = new Objective(sizes, settings); // the problem owns it
      const ceres::GradientProblem problem(objective);
      start.resize(static_cast<std::size_t>(problem.NumParameters()), 0.0);
      ceres::GradientProblemSolver::Options options;
      options.logging_type = ceres::SILENT;
      options.max_num_iterations = 50;
      options.function_tolerance = 1e-10;
      ceres::GradientProblemSolver::Summary summary;
      ceres::Solve(options, problem, start.data(), &summary);
      return start;
    }

    double spread(const std::vector<double> &values)
    {
      double mean = 0.0, sum = 0.0;
      for (const double v : values)
        mean += v / static_cast<double>(values.size());
      for (const double v : values)
        sum += (v - mean) * (v - mean);
      return values.size() > 1 ? std::sqrt(sum / static_cast<double>(values.size() - 1)) : 0.0;
    }
  } // namespace

  MemoryFit fit_memory(const database::EventDatabase &database, const MemorySettings &settings)
  {
    constexpr std::size_t fewest_events = 30;
    if (database.memory)
      throw InputError("memory: the database has one already");
    if (database.events.size() < fewest_events)
      throw InputError(fmt::format("memory: {} events are too few to fit it, {} are needed",
                                   database.events.size(), fewest_events));
    if (settings.relaxation_strain && !(*settings.relaxation_strain > 0.0))
      throw InputError(fmt::format("memory: a relaxation strain of {} is not positive",
                                   *settings.relaxation_strain));

    EventSizes sizes(database, settings.kernel_events);
    const std::vector<double> best = minimise(sizes, settings, {});
    const Objective objective(sizes, settings);
    MemoryFit fit;
    fit.memory = objective.memory(best.data());
    fit.deviance_gain = 2.0 *
                        (sizes.objective(0.0, 0.0, 1.0) -
                         sizes.objective(fit.memory.mean.value, fit.memory.per_decade.value,
                                         fit.memory.relaxation_strain.value)) /
                        sizes.dispersion;

    std::mt19937_64 generator(settings.seed);
    std::vector<double> mean, per_decade, relaxation;
    for (unsigned int k = 0; k < settings.n_bootstrap; ++k)
    {
      sizes.resample(generator);
      const database::Memory m = objective.memory(minimise(sizes, settings, best).data());
      mean.push_back(m.mean.value);
      per_decade.push_back(m.per_decade.value);
      relaxation.push_back(m.relaxation_strain.value);
    }
    fit.memory.mean.standard_error = spread(mean);
    fit.memory.per_decade.standard_error = spread(per_decade);
    fit.memory.relaxation_strain.standard_error = spread(relaxation);
    return fit;
  }

  void add_memory(database::EventDatabase &database, const database::Memory &memory)
  {
    const auto elasticity = database::harvested_elasticity(database, database.atomic_volume());
    database::EventTable &events = database.events;
    std::vector<double> s, ds;
    double now = 0.0;
    for (std::size_t i = 0; i < events.size(); ++i)
    {
      if (i == 0 || events.sample[i] != events.sample[i - 1])
        now = memory.initial(database.samples[events.sample[i]].cooling_rate);
      s.push_back(now);
      ds.push_back(memory.change(now, database::plastic_strain_at_begin(*elasticity, events, i)));
      now += ds.back();
    }
    events.x.push_back(std::move(s));
    events.dx.push_back(std::move(ds));
    double low = 0.0, high = 0.0;
    for (database::Sample &sample : database.samples)
    {
      sample.initial.x[1] = memory.initial(sample.cooling_rate);
      low = std::min(low, sample.initial.x[1]);
      high = std::max(high, sample.initial.x[1]);
    }
    // One bin: the rate does not depend on the memory, and the jumps in a known way.
    constexpr double margin = 1e-6;
    database.axes.push_back(database::uniform_axis("memory", "1", low - margin, high + margin, 1));
    database.memory = memory;
  }
} // namespace seem::statistics
