// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SYNTHETIC_RECOVERY_H
#define SEEM_TESTS_SYNTHETIC_RECOVERY_H

#include "support/synthetic_aqs.h"

#include <seem/database/event_database.h>
#include <seem/statistics/curves.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/harvest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What a harvest of synthetic runs gives back of the law that they are made of.
namespace seem::recovery
{
  /// Runs of a known law and what is harvested from them.
  struct Harvested
  {
    std::vector<tests::SyntheticRun> runs;
    statistics::Harvest harvest;
  };

  Harvested harvested(const tests::SyntheticAqs &aqs,
                      const std::vector<tests::SyntheticPreparation> &preparations,
                      std::size_t n_samples, const statistics::HarvestSettings &settings);

  /**
   * The elasticity of @p law for an X1 that counts from another reference energy @p u0, which the
   * harvest is free to choose: with delta = u0 - law.u0 and r = 1 - delta/uA it is exactly that of
   * G0 r, uA r, tauA r^(-1/2), tauB r^(-1/4).
   */
  statistics::TaylorConstants constants(const tests::SyntheticLaw &law, double u0);

  /// The rate of one bin.
  struct BinRate
  {
    std::size_t bin;
    double n_events;
    double rate;           ///< harvested [1/strain]
    double standard_error; ///< of it: rate/sqrt(n_events)
    double truth;          ///< of events above the floors, mean over the strain spent in the bin

    double in_errors() const
    {
      return (rate - truth) / standard_error;
    }
  };

  /// The bins with at least @p fewest_events events.
  std::vector<BinRate> bin_rates(const tests::SyntheticAqs &aqs, const Harvested &harvested,
                                 double fewest_events);

  /// Share of the events at a state that stand out of the noise: the stress deficit above its floor
  /// or the heat above that of the energy.
  double visible_share(const tests::SyntheticLaw &law, double memory, double tau, double x1,
                       const statistics::EventFloors &floors);

  /// Strains at which paths are compared.
  std::vector<double> strain_grid(double final_strain);

  /// What happened in truth, without noise, on strain_grid().
  std::vector<statistics::Curve> true_curves(const std::vector<tests::SyntheticRun> &runs);

  /**
   * Paths of the law that the database stands for: @p n_paths of each label, from the initial
   * states of its samples in turn. X1 counts from the @p u0 of the truth [eV per atom].
   */
  std::vector<statistics::Curve> model_curves(const database::EventDatabase &database, double u0,
                                              std::size_t n_paths, double final_strain,
                                              std::uint64_t seed);

  /// Mean path of the model less that of the truth.
  struct Distance
  {
    double tau;           ///< root mean square over strain [GPa]
    double x1;            ///< the same of X1 [eV per atom]
    double tau_in_errors; ///< of the difference over its standard error
    double x1_in_errors;
  };

  /**
   * Of paths of one label. Standard errors are those of both means and, of the harvest, that of the
   * mean of the @p harvested runs that the model knows the truth from; they are added in
   * quadrature.
   */
  Distance distance(const std::vector<statistics::Curve> &truth,
                    const std::vector<statistics::Curve> &harvested,
                    const std::vector<statistics::Curve> &model);

  /// Fast less slow, mean over the last 0.05 of strain.
  struct Spread
  {
    statistics::Estimate tau; ///< [GPa]
    statistics::Estimate x1;  ///< [eV per atom]
  };

  Spread end_spread(const std::vector<statistics::Curve> &curves);
} // namespace seem::recovery

#endif
