// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/estimator.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace seem::statistics
{
  namespace
  {
    const std::vector<double> curvatures = {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0};
    constexpr std::size_t max_folds = 10;

    void add(std::vector<double> &sum, const std::vector<double> &values)
    {
      sum.resize(values.size(), 0.0);
      for (std::size_t i = 0; i < values.size(); ++i)
        sum[i] += values[i];
    }

    /// Sum of the glasses that are in @p fold, or of all others.
    GlassCounts summed(const std::vector<GlassCounts> &glasses, const std::size_t n_folds,
                       const std::size_t fold, const bool inside)
    {
      GlassCounts sum;
      for (std::size_t i = 0; i < glasses.size(); ++i)
        if ((i % n_folds == fold) == inside)
        {
          add(sum.counts.n_events, glasses[i].counts.n_events);
          add(sum.counts.exposure, glasses[i].counts.exposure);
          add(sum.sum_of_sizes, glasses[i].sum_of_sizes);
        }
      return sum;
    }

    double total(const std::vector<double> &values)
    {
      double sum = 0.0;
      for (const double value : values)
        sum += value;
      return sum;
    }

    double size_score(const GlassCounts &left_out, const std::vector<double> &mean)
    {
      double sum = 0.0;
      for (std::size_t b = 0; b < mean.size(); ++b)
        sum += left_out.sum_of_sizes[b] / mean[b] + left_out.counts.n_events[b] * std::log(mean[b]);
      return sum;
    }

    /// Variance of size over mean size; its exact value matters little.
    constexpr double typical_dispersion = 3.0;

    double best(const std::vector<SmoothingScore> &scores)
    {
      return std::min_element(
                 scores.begin(), scores.end(),
                 [](const SmoothingScore &a, const SmoothingScore &b) { return a.score < b.score; })
          ->curvature;
    }
  } // namespace

  std::string name(const EstimatorKind kind)
  {
    return kind == EstimatorKind::smooth ? "smooth" : "pooled bins";
  }

  EstimatorKind estimator_kind(const std::string &name)
  {
    for (const EstimatorKind kind : {EstimatorKind::smooth, EstimatorKind::pooled_bins})
      if (name == statistics::name(kind))
        return kind;
    throw InputError(fmt::format("estimator '{}': expected 'smooth' or 'pooled bins'", name));
  }

  std::vector<GlassCounts> counts_by_glass(const database::EventDatabase &database)
  {
    const std::size_t n_bins = database.n_bins();
    if (database.visits.size() == 0 && database.events.size() > 0)
      throw InputError("the database does not know what each sample visited: harvest it again");
    std::map<std::string, std::size_t> number;
    std::vector<GlassCounts> glasses;
    const auto glass_of = [&](const std::uint32_t sample) -> GlassCounts & {
      const auto [entry, added] = number.emplace(database.samples[sample].glass, glasses.size());
      if (added)
      {
        glasses.emplace_back();
        glasses.back().counts.n_events.assign(n_bins, 0.0);
        glasses.back().counts.exposure.assign(n_bins, 0.0);
        glasses.back().sum_of_sizes.assign(n_bins, 0.0);
      }
      return glasses[entry->second];
    };
    for (std::size_t v = 0; v < database.visits.size(); ++v)
      glass_of(database.visits.sample[v]).counts.exposure[database.visits.bin[v]] +=
          database.visits.exposure[v];
    const database::StateGrid grid(database.axes);
    for (std::size_t i = 0; i < database.events.size(); ++i)
    {
      State state;
      state.tau = database.events.tau[i];
      for (std::size_t k = 0; k < database.n_internal_variables(); ++k)
        state.x[k] = database.events.x[k][i];
      const std::size_t bin = grid.clamped_bin(state);
      GlassCounts &glass = glass_of(database.events.sample[i]);
      glass.counts.n_events[bin] += 1.0;
      glass.sum_of_sizes[bin] += database.events.dtau[i];
    }
    return glasses;
  }

  SmoothingChoice choose_smoothing(const std::vector<database::Axis> &axes,
                                   const std::vector<GlassCounts> &glasses)
  {
    SmoothingChoice choice;
    if (glasses.size() < 3)
      return choice;
    choice.n_folds = std::min(glasses.size(), max_folds);
    for (const double curvature : curvatures)
    {
      choice.rate_scores.push_back({curvature, 0.0});
      choice.size_scores.push_back({curvature, 0.0});
    }
    for (std::size_t fold = 0; fold < choice.n_folds; ++fold)
    {
      const GlassCounts seen = summed(glasses, choice.n_folds, fold, false);
      const GlassCounts left_out = summed(glasses, choice.n_folds, fold, true);
      if (!(total(seen.counts.n_events) > 0.0) || !(total(seen.sum_of_sizes) > 0.0))
        return {};
      const auto rates = database::smooth_rates(axes, seen.counts, curvatures);
      const auto sizes = database::smooth_sizes(axes, seen.counts.n_events, seen.sum_of_sizes,
                                                typical_dispersion, curvatures);
      for (std::size_t i = 0; i < curvatures.size(); ++i)
      {
        choice.rate_scores[i].score += database::poisson_deviance(left_out.counts, rates[i]);
        choice.size_scores[i].score += size_score(left_out, sizes[i]);
      }
    }
    choice.rate_curvature = best(choice.rate_scores);
    choice.size_curvature = best(choice.size_scores);
    return choice;
  }

  EstimatorReport apply_estimator(database::EventDatabase &database,
                                  const EstimatorSettings &settings, const unsigned int n_bootstrap,
                                  const std::uint64_t seed)
  {
    EstimatorReport report;
    report.kind = settings.kind;
    if (settings.kind == EstimatorKind::smooth && !(total(database.events.dtau) > 0.0))
    {
      report.kind = EstimatorKind::pooled_bins;
      report.warnings.push_back("the mean stress deficit of the events is not positive: rates and "
                                "jumps are not smoothed");
    }
    if (report.kind == EstimatorKind::smooth)
    {
      if (!settings.rate_curvature || !settings.size_curvature)
        report.choice = choose_smoothing(database.axes, counts_by_glass(database));
      report.smoothing = {settings.rate_curvature.value_or(report.choice.rate_curvature),
                          settings.size_curvature.value_or(report.choice.size_curvature),
                          settings.kernel_events};
      database.smoothing = report.smoothing;
    }
    if (!settings.memory)
      return report;
    try
    {
      MemorySettings memory;
      memory.relaxation_strain = settings.relaxation_strain;
      memory.n_bootstrap = n_bootstrap;
      memory.seed = seed;
      report.memory = fit_memory(database, memory);
      add_memory(database, report.memory->memory);
    }
    catch (const InputError &error)
    {
      report.warnings.push_back(error.what());
    }
    return report;
  }

  std::string EstimatorReport::text() const
  {
    std::string text = "Estimator: pooled bins\n";
    if (smoothing)
    {
      text = fmt::format(
          "Estimator: smooth; curvature of rates {:g}, of sizes {:g}, jumps from {:g} "
          "events nearby\n",
          smoothing->rate_curvature, smoothing->size_curvature, smoothing->kernel_events);
      if (choice.n_folds > 0)
      {
        text +=
            fmt::format("  chosen by leaving out glasses, {} folds; score by curvature (less is "
                        "better):\n  curvature",
                        choice.n_folds);
        for (const SmoothingScore &score : choice.rate_scores)
          text += fmt::format(" {:>9g}", score.curvature);
        text += "\n  rates    ";
        for (const SmoothingScore &score : choice.rate_scores)
          text += fmt::format(" {:>9.2f}", score.score);
        text += "\n  sizes    ";
        for (const SmoothingScore &score : choice.size_scores)
          text += fmt::format(" {:>9.2f}", score.score);
        text += "\n";
      }
    }
    if (!memory)
      return text + "Memory: none\n";
    const database::Memory &m = memory->memory;
    text += fmt::format("Memory of the preparation: events begin at exp({:.3f} +- {:.3f}) times "
                        "those without memory",
                        m.mean.value, m.mean.standard_error);
    if (m.reference_rate > 0.0)
      text += fmt::format(", {:+.3f} +- {:.3f} per decade above {:.3g} K/s", m.per_decade.value,
                          m.per_decade.standard_error, m.reference_rate);
    return text +
           fmt::format(";\n  it relaxes over a plastic strain of {:.3f} +- {:.3f}; deviance of "
                       "the sizes lower by {:.1f}\n",
                       m.relaxation_strain.value, m.relaxation_strain.standard_error,
                       memory->deviance_gain);
  }
} // namespace seem::statistics
