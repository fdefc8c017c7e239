// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_POWER_LAW_H
#define SEEM_STATISTICS_POWER_LAW_H

#include <seem/statistics/jackknife.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <vector>

namespace seem::statistics
{
  /// What sizes are.
  enum class SizeKind
  {
    continuous, ///< real numbers
    discrete    ///< whole numbers
  };

  /**
   * Sizes by a power law with an exponential cutoff, above a minimum: \f[ p(s) = \frac1Z
   * \left(\frac s{s_{min}}\right)^{-\tau} e^{-(s - s_{min})/s_c}, \quad s \ge s_{min}, \f] a
   * density for continuous sizes, a probability of s = s_min, s_min + 1, ... for discrete ones.
   * Without a cutoff (s_c infinite) tau > 1.
   */
  class PowerLaw
  {
  public:
    /// @throws InputError if the minimum or the cutoff is not positive, the minimum of discrete
    /// sizes no whole number, or the exponent too small to do without a cutoff
    PowerLaw(SizeKind kind, double minimum, double exponent,
             double cutoff = std::numeric_limits<double>::infinity());

    /// Probability of a size up to and including @p size.
    double cumulative(double size) const;

    /// The size at cumulative probability @p probability, 0..1.
    double quantile(double probability) const;

    /// Probability (density) at @p size.
    double probability(double size) const;

  private:
    SizeKind kind;
    double minimum, exponent, cutoff, log_normalisation;
    std::size_t n_whole = 0;       ///< discrete: whole numbers in the table one by one
    std::vector<double> log_sizes; ///< ln(s/s_min), ascending; discrete: of s beyond n_whole
    std::vector<double> probability_up_to;
  };

  struct PowerLawSettings
  {
    bool cutoff = true;             ///< false: none
    unsigned int n_synthetic = 200; ///< synthetic data sets that the distance is compared with
    std::uint64_t seed = 1;
  };

  /// A fitted power law; standard errors by the Fisher information.
  struct PowerLawFit
  {
    SizeKind kind = SizeKind::continuous;
    double minimum = 0.0;
    std::size_t n = 0; ///< sizes at and above the minimum
    Estimate exponent; ///< tau [-]
    Estimate cutoff;   ///< s_c, in units of the size; infinite: none is resolved
    double log_likelihood = 0.0;
    double ks_distance = 0.0; ///< largest difference of the cumulative distributions
    double ks_probability =
        0.0; ///< share of synthetic data sets that are as far from their own fit

    PowerLaw law() const
    {
      return {kind, minimum, exponent.value, cutoff.value};
    }
  };

  /// Fewest sizes above the minimum that are fitted.
  constexpr std::size_t fewest_sizes = 20;

  /**
   * Fit the sizes at and above @p minimum by maximum likelihood. With mu = s_min/s_c the law is an
   * exponential family in (tau, mu): the likelihood has one maximum, where the means of ln s and of
   * s are those of the sizes, and its curvature is the covariance of the two. Where the likelihood
   * grows towards mu = 0, no cutoff is resolved and the law without one is fitted.
   *
   * Goodness: Kolmogorov-Smirnov distance, and the probability that sizes drawn from the law and
   * fitted likewise are as far from their own fit (small: the law is not the sizes').
   * Source: Clauset, Shalizi and Newman, doi:10.1137/070710111.
   *
   * @throws InputError if fewer than fewest_sizes are left or all are equal
   */
  PowerLawFit fit_power_law(const std::vector<double> &sizes, SizeKind kind, double minimum,
                            const PowerLawSettings &settings = {});

  /**
   * The minimum whose fit has the smallest Kolmogorov-Smirnov distance, of sizes at quantiles from
   * 0 to 0.9 (Clauset et al.); at least @p n_min sizes stay above it.
   * @throws InputError as fit_power_law()
   */
  double best_minimum(const std::vector<double> &sizes, SizeKind kind, std::size_t n_min = 50,
                      const PowerLawSettings &settings = {});

  /// A power law of a mean, <y> = prefactor x^exponent at given x.
  struct ScalingFit
  {
    std::size_t n = 0;
    Estimate exponent;
    double prefactor = 0.0;
  };

  /**
   * Fit of the mean of y at given x over pairs with both positive, by Poisson pseudo-maximum
   * likelihood: sum of (y - a x^b) (1, ln x) = 0, which needs nothing but that mean to be right,
   * whatever the scatter of y. (Least squares of ln y give the power law of another mean where the
   * scatter changes with x.) Standard error: sandwich, robust in the same sense, times n/(n - 2).
   * Source: Gourieroux, Monfort and Trognon, doi:10.2307/1913472.
   * @throws InputError if there are fewer than three pairs or all x are equal
   */
  ScalingFit fit_scaling(const std::vector<double> &x, const std::vector<double> &y);
} // namespace seem::statistics

#endif
