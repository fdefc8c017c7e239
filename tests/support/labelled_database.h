// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_LABELLED_DATABASE_H
#define SEEM_TESTS_SUPPORT_LABELLED_DATABASE_H

#include "support/sampled_database.h"

#include <seem/core/exceptions.h>

#include <string>

namespace seem::tests
{
  /**
   * A sampled database (@p exposure strain in each bin and run) of the labels slow, mid and fast
   * with @p n_glasses glasses each; the first glass of each label was sheared twice. Rate 20 e^tau,
   * exponentially distributed jumps of mean 0.02 e^tau GPa.
   */
  inline database::EventDatabase labelled_database(const std::size_t n_glasses = 4,
                                                   const unsigned int seed = 1,
                                                   const double rate = 20.0,
                                                   const double exposure = 0.01)
  {
    SampledLaw law;
    law.rate = [rate](const double tau, double) { return rate * std::exp(tau); };
    law.size = [](const double tau, double) { return 0.02 * std::exp(tau); };
    database::EventDatabase db = sampled_database(law, 3 * (n_glasses + 1), exposure, 6, seed);
    const char *const labels[] = {"slow", "mid", "fast"};
    for (std::size_t i = 0; i < db.samples.size(); ++i)
    {
      database::Sample &sample = db.samples[i];
      sample.label = labels[i % 3];
      sample.name = sample.label + std::to_string(i / 3);
      sample.glass = sample.label + "/" + std::to_string(i / 3 == 1 ? 0 : i / 3);
      sample.checksum = sample.name + " of seed " + std::to_string(seed);
    }
    for (std::size_t b = 0; b < db.n_bins(); ++b)
      db.rate[b] = database::event_rate(db.n_events[b], db.n_increments[b], db.exposure[b]);
    return db;
  }

  /// The message of the InputError that @p work throws, or "accepted".
  template <typename Work>
  std::string message_of(const Work &work)
  {
    try
    {
      work();
    }
    catch (const InputError &error)
    {
      return error.what();
    }
    return "accepted";
  }
} // namespace seem::tests

#endif
