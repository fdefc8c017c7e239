// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/jackknife.h>
#include <seem/statistics/validation.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace seem::statistics
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    using Paths = std::vector<ValidationPath>;
    using Column = std::vector<double> ValidationPath::*;

    std::map<std::string, Paths> paths_by_label(const Paths &paths)
    {
      std::map<std::string, Paths> result;
      for (const ValidationPath &path : paths)
        result[path.label].push_back(path);
      return result;
    }

    /// Model paths in ten groups by replica, which serve as clusters of the jackknife.
    Paths grouped(Paths paths)
    {
      constexpr std::size_t n_groups = 10;
      for (ValidationPath &path : paths)
        path.cluster = std::to_string(path.replica % n_groups);
      return paths;
    }

    Paths independent(Paths paths)
    {
      for (ValidationPath &path : paths)
        path.cluster.clear();
      return paths;
    }

    double square(const double x)
    {
      return x * x;
    }

    double root_mean_square(const std::vector<double> &values)
    {
      double sum = 0.0, n = 0.0;
      for (const double value : values)
        if (std::isfinite(value))
        {
          sum += square(value);
          n += 1.0;
        }
      return n > 0.0 ? std::sqrt(sum / n) : not_a_number;
    }

    CurveDistance curve_distance(const std::vector<double> &runs, const std::vector<double> &error,
                                 const std::vector<double> &model,
                                 const std::vector<double> &model_error)
    {
      std::vector<double> difference, in_errors;
      for (std::size_t i = 0; i < std::min(runs.size(), model.size()); ++i)
      {
        difference.push_back(model[i] - runs[i]);
        const double combined =
            std::hypot(error[i], std::isnan(model_error[i]) ? 0.0 : model_error[i]);
        in_errors.push_back(combined > 0.0 ? difference.back() / combined : not_a_number);
      }
      return {root_mean_square(difference), root_mean_square(in_errors)};
    }

    /// Mean over the window of width @p window that ends at @p end, of each path.
    std::vector<double> end_means(const Paths &paths, const Column column, const double window,
                                  const double end)
    {
      constexpr int n = 50;
      std::vector<double> means;
      for (const ValidationPath &path : paths)
      {
        double sum = 0.0;
        for (int i = 0; i <= n; ++i)
          sum += interpolate(path.strain, path.*column, end - window * i / n);
        means.push_back(sum / (n + 1));
      }
      return means;
    }

    Estimate end_mean(const Paths &paths, const Column column, const double window,
                      const double end)
    {
      return clustered_mean(end_means(paths, column, window, end), cluster_numbers(paths));
    }

    Estimate initial_mean(const Paths &paths, const Column column)
    {
      std::vector<double> first;
      for (const ValidationPath &path : paths)
        first.push_back((path.*column).front());
      return clustered_mean(first, cluster_numbers(paths));
    }

    /// Standard deviation over the paths at equal strain, root mean square over @p grid.
    Estimate scatter(const Paths &paths, const Column column, const std::vector<double> &grid)
    {
      std::vector<std::vector<double>> values; // [path][strain]
      for (const ValidationPath &path : paths)
      {
        values.emplace_back();
        for (const double strain : grid)
          values.back().push_back(interpolate(path.strain, path.*column, strain));
      }
      const std::vector<std::size_t> cluster = cluster_numbers(paths);
      const std::size_t n_clusters = *std::max_element(cluster.begin(), cluster.end()) + 1;
      return jackknife(std::vector<std::size_t>(n_clusters, 0), [&](const std::size_t left_out) {
        double sum = 0.0;
        for (std::size_t i = 0; i < grid.size(); ++i)
        {
          double n = 0.0, mean = 0.0, squares = 0.0;
          for (std::size_t p = 0; p < values.size(); ++p)
            if (cluster[p] != left_out)
            {
              // Welford: no cancellation.
              n += 1.0;
              const double before = values[p][i] - mean;
              mean += before / n;
              squares += before * (values[p][i] - mean);
            }
          sum += n > 1.0 ? squares / (n - 1.0) : not_a_number;
        }
        return std::sqrt(sum / static_cast<double>(grid.size()));
      });
    }

    /// Peaks of the means over the paths of one replica number, averaged over replicas.
    Estimate peak_of_few(const Paths &model, const CurveSettings &settings)
    {
      std::map<std::size_t, Paths> replicas;
      for (const ValidationPath &path : model)
        replicas[path.replica].push_back(path);
      std::vector<double> peaks;
      std::vector<std::size_t> number;
      for (const auto &[replica, paths] : replicas)
      {
        peaks.push_back(figures(curves_of(paths, false), settings).yield_peak.value);
        number.push_back(number.size());
      }
      return clustered_mean(peaks, number);
    }

    LabelValidation validate_label(const Paths &runs, const Paths &model,
                                   const ValidationSettings &settings)
    {
      LabelValidation result;
      result.label = runs.front().label;
      result.cooling_rate = runs.front().cooling_rate;
      result.n_runs = runs.size();
      result.n_paths = model.size();

      result.runs = mean_curve(curves_of(runs, true), settings.curves);
      result.n_glasses = result.runs.n_glasses;
      result.judged = result.n_glasses >= settings.judged_glasses;
      const double end = result.common_strain = result.runs.strain.back();
      CurveSettings curves = settings.curves;
      curves.end_strain = end * (1.0 + 1e-12);
      result.model = mean_curve(curves_of(model, false), curves);
      result.tau = curve_distance(result.runs.tau, result.runs.tau_error, result.model.tau,
                                  result.model.tau_error);
      result.x1 = curve_distance(result.runs.x1, result.runs.x1_error, result.model.x1,
                                 result.model.x1_error);

      const CurveFigures run_figures = figures(curves_of(runs, true), curves);
      const CurveFigures model_figures = figures(curves_of(model, false), curves);
      result.yield_peak = {run_figures.yield_peak, model_figures.yield_peak};
      result.few_paths_peak = {run_figures.yield_peak, peak_of_few(model, curves)};
      result.end_stress = {run_figures.end_stress, model_figures.end_stress};
      result.end_x1 = {run_figures.end_x1, model_figures.end_x1};
      const double window = std::min(curves.end_window, end - result.runs.strain.front());
      const Paths single = independent(model);
      result.end_u = {end_mean(runs, &ValidationPath::u, window, end),
                      end_mean(single, &ValidationPath::u, window, end)};
      result.initial_x1 = initial_mean(runs, &ValidationPath::x1).value;
      result.initial_u = initial_mean(runs, &ValidationPath::u).value;

      const Paths groups = grouped(model);
      result.scatter_tau = {scatter(runs, &ValidationPath::tau, result.runs.strain),
                            scatter(groups, &ValidationPath::tau, result.runs.strain)};
      result.scatter_x1 = {scatter(runs, &ValidationPath::x1, result.runs.strain),
                           scatter(groups, &ValidationPath::x1, result.runs.strain)};

      result.run_events = event_windows(runs, settings.event_window, end);
      result.model_events = event_windows(groups, settings.event_window, end);
      result.dtau = size_distance(runs, model, &PathEvents::dtau, end);
      result.heat = size_distance(runs, model, &PathEvents::heat, end);
      result.plastic_strain = size_distance(runs, model, &PathEvents::plastic_strain, end);
      const std::vector<double> ages = age_edges(settings.strain_increment, settings.age_bins);
      result.run_hazard = hazard_since_event(runs, ages, end);
      result.model_hazard = hazard_since_event(groups, ages, end);
      return result;
    }

    Estimate minus(const Estimate &a, const Estimate &b)
    {
      return {a.value - b.value, std::hypot(a.standard_error, b.standard_error)};
    }

    Spread spread_between(const LabelValidation &slow, const LabelValidation &fast,
                          const std::map<std::string, Paths> &runs,
                          const std::map<std::string, Paths> &model,
                          const ValidationSettings &settings)
    {
      Spread result;
      result.slow = slow.label;
      result.fast = fast.label;
      result.end_strain = std::min(slow.common_strain, fast.common_strain);
      const double window = std::min(settings.curves.end_window, result.end_strain);
      const auto difference = [&](const Column column) {
        const auto of = [&](const Paths &paths) {
          return end_mean(paths, column, window, result.end_strain);
        };
        return Compared{
            minus(of(runs.at(fast.label)), of(runs.at(slow.label))),
            minus(of(independent(model.at(fast.label))), of(independent(model.at(slow.label))))};
      };
      result.tau = difference(&ValidationPath::tau);
      result.x1 = difference(&ValidationPath::x1);
      result.u = difference(&ValidationPath::u);
      result.initial_x1 = fast.initial_x1 - slow.initial_x1;
      result.initial_u = fast.initial_u - slow.initial_u;
      for (const LabelValidation *label : {&slow, &fast})
        result.mean_stress +=
            0.5 *
            end_mean(runs.at(label->label), &ValidationPath::tau, window, result.end_strain).value;
      return result;
    }

    double over_labels(const std::vector<LabelValidation> &labels,
                       const std::function<double(const LabelValidation &)> &number)
    {
      std::vector<double> values;
      for (const LabelValidation &label : labels)
        values.push_back(number(label));
      return root_mean_square(values);
    }
  } // namespace

  double Compared::standard_error() const
  {
    return std::hypot(runs.standard_error,
                      std::isnan(model.standard_error) ? 0.0 : model.standard_error);
  }

  double Compared::percent() const
  {
    return 100.0 * difference() / std::abs(runs.value);
  }

  double Compared::percent_error() const
  {
    return 100.0 * standard_error() / std::abs(runs.value);
  }

  Validation validate(const std::vector<ValidationPath> &runs,
                      const std::vector<ValidationPath> &model, const ValidationSettings &settings)
  {
    if (runs.empty())
      throw InputError("there are no runs to validate with");
    const std::map<std::string, Paths> run_labels = paths_by_label(runs);
    const std::map<std::string, Paths> model_labels = paths_by_label(model);

    Validation result;
    for (const auto &[label, group] : run_labels)
    {
      const auto found = model_labels.find(label);
      if (found == model_labels.end())
        throw InputError(fmt::format("the model has no path of label '{}'", label));
      result.labels.push_back(validate_label(group, found->second, settings));
    }
    // Slowest first: where rates are unknown they are equal, and the better relaxed comes first.
    std::stable_sort(result.labels.begin(), result.labels.end(),
                     [](const LabelValidation &a, const LabelValidation &b) {
                       return a.cooling_rate != b.cooling_rate ? a.cooling_rate < b.cooling_rate
                                                               : a.initial_x1 < b.initial_x1;
                     });
    if (result.labels.size() > 1)
      result.spread = {spread_between(result.labels.front(), result.labels.back(), run_labels,
                                      model_labels, settings)};
    const LabelValidation &fast = result.labels.back();
    for (std::size_t i = 0; i + 1 < result.labels.size(); ++i)
    {
      const LabelValidation &label = result.labels[i];
      const double end = std::min(label.common_strain, fast.common_strain);
      result.ratios.push_back(
          {label.label, fast.label,
           equal_state_ratio(run_labels.at(label.label), run_labels.at(fast.label),
                             settings.state_bins, end),
           equal_state_ratio(grouped(model_labels.at(label.label)),
                             grouped(model_labels.at(fast.label)), settings.state_bins, end)});
    }

    using Label = LabelValidation;
    result.tau_rms = over_labels(result.labels, [](const Label &l) { return l.tau.rms; });
    result.x1_rms = over_labels(result.labels, [](const Label &l) { return l.x1.rms; });
    result.yield_peak_percent =
        over_labels(result.labels, [](const Label &l) { return l.yield_peak.percent(); });
    result.end_stress_percent =
        over_labels(result.labels, [](const Label &l) { return l.end_stress.percent(); });
    result.events_percent = over_labels(result.labels, [](const Label &l) {
      return Compared{l.run_events.per_strain, l.model_events.per_strain}.percent();
    });
    return result;
  }
} // namespace seem::statistics
