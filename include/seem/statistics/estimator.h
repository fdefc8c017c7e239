// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ESTIMATOR_H
#define SEEM_STATISTICS_ESTIMATOR_H

#include <seem/database/event_database.h>
#include <seem/database/smooth_rate.h>
#include <seem/statistics/memory.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// How the law makes rates and jumps from the counts and events of a database.
  enum class EstimatorKind
  {
    smooth,     ///< database::SmoothEventSource; the default
    pooled_bins ///< database::GridEventSource
  };

  /// The name of an estimator as the user writes it: "smooth", "pooled bins".
  std::string name(EstimatorKind kind);

  /// @throws InputError naming the possible names
  EstimatorKind estimator_kind(const std::string &name);

  /// All that the user can choose about the estimator. Curvatures that are not set are chosen by
  /// cross-validation.
  struct EstimatorSettings
  {
    EstimatorKind kind = EstimatorKind::smooth;
    std::optional<double> rate_curvature; ///< database::Smoothing::rate_curvature
    std::optional<double> size_curvature; ///< database::Smoothing::size_curvature
    double kernel_events = 100.0;         ///< database::Smoothing::kernel_events

    bool memory = true;                      ///< the memory of the preparation, X2
    std::optional<double> relaxation_strain; ///< of it [-]; default: fitted
  };

  /// What one glass adds to the bins.
  struct GlassCounts
  {
    database::BinCounts counts;
    std::vector<double> sum_of_sizes; ///< [n_bins] of the stress deficits [GPa]
  };

  /// One value of a curvature and how well it predicts glasses that it did not see.
  struct SmoothingScore
  {
    double curvature;
    double score; ///< sum over the folds of the deviance of the glasses left out; smaller is better
  };

  /// A choice of curvatures and what it was chosen from.
  struct SmoothingChoice
  {
    double rate_curvature = 5.0;
    double size_curvature = 2.0;
    std::vector<SmoothingScore> rate_scores, size_scores; ///< empty: not chosen, too few glasses
    std::size_t n_folds = 0;
  };

  /**
   * The counts of each glass of @p database, in the order of their first samples.
   * @throws InputError if the database does not know the visits of its samples
   */
  std::vector<GlassCounts> counts_by_glass(const database::EventDatabase &database);

  /**
   * The curvatures of smooth_rate() and smooth_size() that best predict glasses left out, of a
   * geometric series from 0.5 to 32. Glass i is in fold i modulo 10. Rates are scored by the
   * Poisson deviance, sizes by the sum of y/mu + ln(mu). With fewer than three glasses the defaults
   * stand.
   */
  SmoothingChoice choose_smoothing(const std::vector<database::Axis> &axes,
                                   const std::vector<GlassCounts> &glasses);

  /// What was made of the settings.
  struct EstimatorReport
  {
    EstimatorKind kind = EstimatorKind::pooled_bins;
    std::optional<database::Smoothing> smoothing; ///< in force
    SmoothingChoice choice;                       ///< of the curvatures, if any was chosen
    std::optional<MemoryFit> memory;
    std::vector<std::string> warnings;

    /// A few lines for the report.
    std::string text() const;
  };

  /**
   * Give a freshly counted @p database its smoothing and its memory. Where there are too few events
   * for them it goes without, with a warning.
   * @param[in] n_bootstrap, seed  resamples of the glasses for the standard errors of the memory
   */
  EstimatorReport apply_estimator(database::EventDatabase &database,
                                  const EstimatorSettings &settings, unsigned int n_bootstrap,
                                  std::uint64_t seed);
} // namespace seem::statistics

#endif
