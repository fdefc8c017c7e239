// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_VALIDATION_PATH_H
#define SEEM_STATISTICS_VALIDATION_PATH_H

#include <seem/database/event_database.h>
#include <seem/statistics/curves.h>
#include <seem/statistics/harvest.h>
#include <seem/statistics/harvest_settings.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// The plastic events of one path in the order of strain, each [n_events].
  struct PathEvents
  {
    std::vector<double> strain;         ///< gamma at the event; of a run: before the increment [-]
    std::vector<double> tau;            ///< just before it [GPa]
    std::vector<double> x1;             ///< just before it [eV per atom]
    std::vector<double> dtau;           ///< stress deficit at fixed strain [GPa]
    std::vector<double> heat;           ///< D, energy lost at fixed strain [eV per cell]
    std::vector<double> plastic_strain; ///< elastic shear strain lost at fixed strain [-]

    std::size_t size() const
    {
      return strain.size();
    }
  };

  /// One path of the validation: a run seen through a harvest that did not have it, or a path of
  /// the model of that harvest.
  struct ValidationPath
  {
    std::string label;          ///< preparation
    std::string cluster;        ///< paths of one cluster are not independent: the glass of a run
    std::string run;            ///< name of the run; of a model path: that it begins like
    std::size_t replica = 0;    ///< of a model path: number among those of its run
    double cooling_rate = 0.0;  ///< [K/s]; 0 if unknown
    std::vector<double> strain; ///< gamma, [n_rows], strictly growing [-]
    std::vector<double> tau;    ///< [n_rows] [GPa]
    std::vector<double> x1;     ///< [n_rows] [eV per atom]
    std::vector<double> u;      ///< potential energy per atom, [n_rows] [eV]
    PathEvents events;
  };

  /**
   * A run through the eyes of a harvest that need not have it: X1 with the elasticity and u0 of
   * @p harvest, events by its noise floors. As in the harvest, events of increments begun at tau <
   * 0 are left out, and the state of an event is that of the row before the increment.
   * @param[in] settings  those of the harvest
   */
  ValidationPath held_out_path(const Trajectory &trajectory, const Harvest &harvest,
                               const HarvestSettings &settings);

  /**
   * Count the energies of a path from @p zero instead of from the reference energy of its harvest,
   * so that paths of harvests with different u0 can be compared: X1 + u0 is u - u_el whatever u0
   * is. Changes X1 of rows and events by u0 - zero, u by -zero.
   * @param[in] u0    of the harvest that X1 is of [eV per atom]
   * @param[in] zero  [eV per atom]
   */
  void count_energy_from(double zero, double u0, ValidationPath &path);

  /**
   * The state that a model path begins with to predict a run: tau of its first row, X1 there with
   * the elasticity and u0 of @p database. Internal variables beyond X1, which the harvest gives to
   * its samples, are those of the sample if the database has it (by name, label and glass); else
   * the mean over the samples of its label; else that over the label of the nearest cooling rate
   * (in its logarithm), or of the nearest mean X1 if a rate is unknown.
   * @throws InputError if they are needed and the database has no samples
   */
  State initial_state_of(const Trajectory &trajectory, const database::EventDatabase &database);

  /// Curves tau(gamma), X1(gamma) of paths. @p clustered: the cluster is the curve's glass; else
  /// each is its own.
  std::vector<Curve> curves_of(const std::vector<ValidationPath> &paths, bool clustered);
} // namespace seem::statistics

#endif
