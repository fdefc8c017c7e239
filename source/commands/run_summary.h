// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_SUMMARY_H
#define SEEM_COMMANDS_RUN_SUMMARY_H

#include <seem/commands/run_loading.h>
#include <seem/solver/material_points.h>
#include <seem/solver/shear_bands.h>
#include <seem/solver/step_record.h>

#include <mpi.h>

#include <map>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Points of a body whose state goes beyond what the model was made for.
  struct PointSurvey
  {
    double tension_share = 0.0;  ///< diagonal part of the stress deviator exceeds the rest [-]
    double strained_share = 0.0; ///< sqrt(2 e:e) of the total strain deviator above 0.2 [-]
  };

  /// Survey the points of all ranks; all call it and all get it.
  PointSurvey survey_points(const solver::MaterialPoints &points, MPI_Comm communicator);

  /// What is summed up over the steps of a run.
  struct RunSummary
  {
    unsigned long n_events = 0, n_passes = 0, n_outside = 0, n_forced = 0, n_gaining = 0;
    double forward_strain = 0.0, backward_strain = 0.0, largest_local_shear = 0.0,
           high_pressure_share = 0.0;
    double tension_share = 0.0, strained_share = 0.0; ///< largest of a step
    double peak_strain = 0.0, peak_stress = 0.0;
    unsigned long n_avalanches = 0, largest_avalanche = 0; ///< in next-event stepping; in events
    unsigned long longest_avalanche = 0;                   ///< in passes
    solver::ShearBands bands;                              ///< after the last step

    void add(const solver::StepRecord &record, const PointSurvey &survey,
             const solver::ShearBands &step_bands, const RunLoading &loading);

    /// All but the bands, by name; restore() takes them back.
    std::map<std::string, double> numbers() const;
    void restore(const std::map<std::string, double> &numbers);

    /// Where the run went beyond what atomistic runs of monotone shear at fixed volume, and the
    /// kinematics of small strain, support.
    std::vector<std::string> notices() const;

    /// Avalanches and shear bands, a line each if there are any.
    std::string structure_text() const;

    /// Peak, counts and first law. @param[in] last  record of the last step
    std::string text(const solver::StepRecord &last) const;
  };
} // namespace seem::commands

#endif
