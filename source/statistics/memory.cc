// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/event_sizes.h>
#include <seem/statistics/memory.h>

#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace seem::statistics
{
  namespace
  {
    constexpr double prior_relaxation_strain = 0.2;
    constexpr double prior_factor = 3.0;

    /// The function to minimise over a, b (if the rates differ), ln gamma_r (if it is not given).
    class Objective : public ceres::FirstOrderFunction
    {
    public:
      Objective(const EventSizes &sizes, const MemorySettings &settings)
          : sizes(sizes), given(settings.relaxation_strain),
            with_rate(sizes.cooling_rates().half_span > 0.0)
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
        const CoolingRates &rates = sizes.cooling_rates();
        result.reference_rate = rates.known ? std::pow(10.0, rates.middle) : 0.0;
        return result;
      }

      bool Evaluate(const double *p, double *cost, double *gradient) const override
      {
        const database::Memory m = memory(p);
        const double b = m.per_decade.value, half_span = sizes.cooling_rates().half_span;
        const double relaxation_strain = m.relaxation_strain.value;
        const double width = std::log(prior_factor);
        const double r = std::log(relaxation_strain / prior_relaxation_strain) / width;
        const EventSizes::Value of_sizes = sizes(m.mean.value, b, relaxation_strain);
        const double phi = sizes.dispersion();
        *cost = of_sizes.sum / phi + 0.5 * (p[0] * p[0] + std::pow(b * half_span, 2) + r * r);
        if (gradient != nullptr)
        {
          gradient[0] = of_sizes.gradient[0] / phi + p[0];
          if (with_rate)
            gradient[1] = of_sizes.gradient[1] / phi + b * half_span * half_span;
          if (!given) // by the logarithm
            gradient[NumParameters() - 1] =
                of_sizes.gradient[2] * relaxation_strain / phi + r / width;
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
    fit.deviance_gain =
        2.0 *
        (sizes(0.0, 0.0, 1.0).sum - sizes(fit.memory.mean.value, fit.memory.per_decade.value,
                                          fit.memory.relaxation_strain.value)
                                        .sum) /
        sizes.dispersion();

    std::mt19937_64 generator(settings.seed);
    std::vector<double> mean, per_decade, relaxation;
    for (unsigned int k = 0; k < settings.n_bootstrap; ++k)
    {
      std::vector<double> multiplicity(sizes.n_glasses(), 0.0);
      for (std::size_t g = 0; g < multiplicity.size(); ++g)
        multiplicity[generator() % multiplicity.size()] += 1.0;
      sizes.set_multiplicity(multiplicity);
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
