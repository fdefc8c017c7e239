// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/event_sizes.h>
#include <seem/statistics/memory.h>

#include <Eigen/Eigenvalues>
#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
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

    /**
     * Another function in units in which it is about as curved in all directions, near a place: p =
     * place + U q. So few steps lead to a minimum nearby.
     */
    class Scaled : public ceres::FirstOrderFunction
    {
    public:
      Scaled(const Objective &objective, Eigen::VectorXd place, Eigen::MatrixXd units)
          : objective(objective), place(std::move(place)), units(std::move(units))
      {
      }

      int NumParameters() const override
      {
        return objective.NumParameters();
      }

      Eigen::VectorXd parameters(const double *q) const
      {
        return place + units * Eigen::Map<const Eigen::VectorXd>(q, NumParameters());
      }

      bool Evaluate(const double *q, double *cost, double *gradient) const override
      {
        Eigen::VectorXd slope(NumParameters());
        if (!objective.Evaluate(parameters(q).data(), cost,
                                gradient != nullptr ? slope.data() : nullptr))
          return false;
        if (gradient != nullptr)
          Eigen::Map<Eigen::VectorXd>(gradient, NumParameters()) = units.transpose() * slope;
        return true;
      }

    private:
      const Objective &objective;
      Eigen::VectorXd place;
      Eigen::MatrixXd units;
    };

    /// U with U^T H U = 1 for the second derivatives H at @p place, by differences of the slope.
    Eigen::MatrixXd units_of_curvature(const Objective &objective, const std::vector<double> &place)
    {
      const Eigen::Index n = objective.NumParameters();
      Eigen::MatrixXd curvature(n, n);
      for (Eigen::Index i = 0; i < n; ++i)
      {
        constexpr double step = 1e-4; // of parameters of order one
        Eigen::VectorXd up = Eigen::Map<const Eigen::VectorXd>(place.data(), n), down = up;
        up[i] += step;
        down[i] -= step;
        Eigen::VectorXd slope_up(n), slope_down(n);
        double cost = 0.0;
        if (!objective.Evaluate(up.data(), &cost, slope_up.data()) ||
            !objective.Evaluate(down.data(), &cost, slope_down.data()))
          return Eigen::MatrixXd::Identity(n, n);
        curvature.col(i) = (slope_up - slope_down) / (2.0 * step);
      }
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(
          0.5 * (curvature + curvature.transpose()));
      // The prior alone makes the function about as curved as 1; less is noise or a saddle.
      const Eigen::VectorXd scale = eigen.eigenvalues().cwiseAbs().cwiseMax(0.1).cwiseSqrt();
      return eigen.eigenvectors() * scale.cwiseInverse().asDiagonal();
    }

    /// @param[in] tolerance  of the slope in these units, where the search may end; 0: not by it
    std::vector<double> minimise(const Objective &objective, const std::vector<double> &start,
                                 const Eigen::MatrixXd &units, const double tolerance)
    {
      const Eigen::Index n = objective.NumParameters();
      auto *scaled = // the problem owns it
          new Scaled(objective, Eigen::Map<const Eigen::VectorXd>(start.data(), n), units);
      const ceres::GradientProblem problem(scaled);
      std::vector<double> q(static_cast<std::size_t>(n), 0.0);
      ceres::GradientProblemSolver::Options options;
      options.logging_type = ceres::SILENT;
      options.max_num_iterations = 50;
      options.function_tolerance = 1e-10;
      options.gradient_tolerance = tolerance;
      ceres::GradientProblemSolver::Summary summary;
      ceres::Solve(options, problem, q.data(), &summary);
      const Eigen::VectorXd p = scaled->parameters(q.data());
      return {p.data(), p.data() + n};
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
    const Objective objective(sizes, settings);
    const Eigen::Index n = objective.NumParameters();
    const std::vector<double> best =
        minimise(objective, std::vector<double>(static_cast<std::size_t>(n), 0.0),
                 Eigen::MatrixXd::Identity(n, n), 0.0);
    MemoryFit fit;
    fit.memory = objective.memory(best.data());
    fit.deviance_gain =
        2.0 *
        (sizes(0.0, 0.0, 1.0).sum - sizes(fit.memory.mean.value, fit.memory.per_decade.value,
                                          fit.memory.relaxation_strain.value)
                                        .sum) /
        sizes.dispersion();

    // In these units a constant scatters by about 1: a hundredth of that is near enough.
    constexpr double resampled_tolerance = 1e-2;
    const Eigen::MatrixXd units = units_of_curvature(objective, best);
    std::mt19937_64 generator(settings.seed);
    std::vector<double> mean, per_decade, relaxation;
    for (unsigned int k = 0; k < settings.n_bootstrap; ++k)
    {
      std::vector<double> multiplicity(sizes.n_glasses(), 0.0);
      for (std::size_t g = 0; g < multiplicity.size(); ++g)
        multiplicity[generator() % multiplicity.size()] += 1.0;
      sizes.set_multiplicity(multiplicity);
      const database::Memory m =
          objective.memory(minimise(objective, best, units, resampled_tolerance).data());
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
