// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_MEMORY_H
#define SEEM_STATISTICS_MEMORY_H

#include <seem/database/event_database.h>

#include <cstdint>
#include <optional>

namespace seem::statistics
{
  /// What the user can choose about the memory of the preparation.
  struct MemorySettings
  {
    std::optional<double> relaxation_strain; ///< gamma_r [-]; default: fitted
    double kernel_events = 200.0; ///< effective number of events that a mean jump is made of
    unsigned int n_bootstrap = 0; ///< resamples of the glasses for the standard errors
    std::uint64_t seed = 1;       ///< of the resampling
  };

  /// A fit of the memory and how much it explains.
  struct MemoryFit
  {
    database::Memory memory;

    /// By how much the fit lowers the deviance of the event sizes in units of their dispersion;
    /// with nothing to remember it is chi^2 with two or three degrees of freedom.
    double deviance_gain = 0.0;
  };

  /**
   * The memory in the sizes of the events of @p database: of the constants a, b, gamma_r of
   * database::Memory the most likely ones.
   *
   * The stress deficit y_i of event i at memory s_i has the mean \f$\mu_i = e^{s_i} m(\tau_i,
   * X_{1,i})\f$, where m is the mean of \f$y_j e^{-s_j}\f$ over the other events, weighted by
   * a Gaussian kernel of kernel_events effective events. Its standard deviation is proportional to
   * the mean, so the quasi-likelihood is that of gamma distributed sizes; the fit minimises
   * \f[ \frac1\phi \sum_i \left(\frac{y_i}{\mu_i} + \ln\mu_i\right) + \frac12\left(a^2 + b^2
   *  d^2 + (\ln(\gamma_r/0.2)/\ln 3)^2\right) \f]
   * with the dispersion phi of y/mu without memory, d half the decades that the cooling rates span,
   * and weak priors that only matter where the data say nothing. The reference rate is the
   * middle of the rates. The plastic strain counts from the first row of each run.
   *
   * Without two different known cooling rates b is 0.
   * @throws InputError if there are fewer than 30 events, the database has a memory already, or
   * the relaxation strain is not positive
   */
  MemoryFit fit_memory(const database::EventDatabase &database, const MemorySettings &settings);

  /**
   * Give a database without memory @p memory: a third axis with one bin, X2 of the samples, and X2
   * and its change for each event.
   */
  void add_memory(database::EventDatabase &database, const database::Memory &memory);
} // namespace seem::statistics

#endif
