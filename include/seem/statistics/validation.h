// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_VALIDATION_H
#define SEEM_STATISTICS_VALIDATION_H

#include <seem/statistics/curves.h>
#include <seem/statistics/validation_events.h>
#include <seem/statistics/validation_path.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// Windows and bins of the metrics.
  struct ValidationSettings
  {
    CurveSettings curves;
    double event_window = 0.01;                         ///< events are counted in windows of it [-]
    std::array<std::size_t, 2> state_bins = {{10, 10}}; ///< of equal states, along tau and X1
    double strain_increment = 1e-4; ///< of the runs, for the bins of the strain since an event [-]
    std::size_t age_bins = 7;       ///< 1, 2, 4 ... increments wide
    std::size_t judged_glasses = 3; ///< labels with fewer glasses are reported, not judged
  };

  /// A number of the runs and of the model, each with its standard error.
  struct Compared
  {
    Estimate runs;
    Estimate model;

    double difference() const
    {
      return model.value - runs.value;
    }

    /// Both standard errors in quadrature; NaN if that of the runs is.
    double standard_error() const;

    /// 100 (model - runs)/|runs| [%].
    double percent() const;

    /// standard_error() in % of |runs|.
    double percent_error() const;
  };

  /// Distance of two mean curves over the common strain.
  struct CurveDistance
  {
    double rms = 0.0; ///< root mean square of model minus runs [GPa or eV per atom]
    /// The same of the difference over its standard error, runs and model in quadrature; 1 where
    /// nothing but their scatter tells them apart. NaN with a single glass.
    double in_errors = 0.0;
  };

  /// Model against runs, one preparation.
  struct LabelValidation
  {
    std::string label;
    double cooling_rate = 0.0; ///< [K/s]
    std::size_t n_runs = 0, n_glasses = 0, n_paths = 0;
    bool judged = false;        ///< enough glasses
    double common_strain = 0.0; ///< end of the range that all of its runs cover [-]

    MeanCurve runs, model; ///< on one strain grid
    CurveDistance tau, x1;

    Compared yield_peak; ///< of the mean of all paths [GPa]
    /// The same of means of as few paths as there are runs: the largest value of a mean of few
    /// rough curves is too high, for the model as for the runs. The error of `runs` is that of
    /// yield_peak, the value of `model` is the mean over such peaks and its error that of this mean
    /// [GPa].
    Compared few_paths_peak;
    Compared end_stress;                      ///< [GPa]
    Compared end_x1;                          ///< [eV per atom]
    Compared end_u;                           ///< [eV per atom]
    double initial_x1 = 0.0, initial_u = 0.0; ///< of the runs [eV per atom]

    /// Standard deviation over the paths at equal strain, root mean square over strain.
    Compared scatter_tau; ///< [GPa]
    Compared scatter_x1;  ///< [eV per atom]

    EventWindows run_events, model_events;
    SizeDistance dtau, heat, plastic_strain;
    AgeHazard run_hazard, model_hazard;
  };

  /// What is left at the end of the differences between preparations: the fastest cooled label
  /// minus the slowest, means over the end window of the strain that the two share.
  struct Spread
  {
    std::string slow, fast;
    double end_strain = 0.0;
    Compared tau;                             ///< [GPa]
    Compared x1;                              ///< [eV per atom]
    Compared u;                               ///< [eV per atom]
    double initial_x1 = 0.0, initial_u = 0.0; ///< the differences of the runs at the beginning
    double mean_stress = 0.0;                 ///< of all runs of the two in the end window [GPa]
  };

  /// Events of a label over those of the fastest cooled one at equal state.
  struct PreparationRatio
  {
    std::string label, reference;
    EqualStateRatio runs, model;
  };

  /// Everything, preparations slowest cooled first.
  struct Validation
  {
    std::vector<LabelValidation> labels;
    std::vector<Spread> spread;           ///< one, or none if there is a single label
    std::vector<PreparationRatio> ratios; ///< every label but the fastest cooled

    /// Root mean squares over all labels, each counting once.
    double tau_rms = 0.0;            ///< [GPa]
    double x1_rms = 0.0;             ///< [eV per atom]
    double yield_peak_percent = 0.0; ///< [%]
    double end_stress_percent = 0.0; ///< [%]
    double events_percent = 0.0;     ///< of the events per unit strain [%]
  };

  /**
   * Compare the model with runs.
   *
   * Standard errors of runs count glasses. Those of the model count its paths (of numbers that are
   * no means: ten groups of them), given the database and the initial states; what another set of
   * glasses would have given is not in them.
   * @param[in] runs   as held_out_path() gives them
   * @param[in] model  paths of the labels of @p runs; a path of the same replica number for each
   * run
   * @throws InputError if a label of the runs has no model path, or as mean_curve() and
   * event_windows() do
   */
  Validation validate(const std::vector<ValidationPath> &runs,
                      const std::vector<ValidationPath> &model,
                      const ValidationSettings &settings = {});
} // namespace seem::statistics

#endif
