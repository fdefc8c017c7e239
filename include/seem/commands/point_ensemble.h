// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_POINT_ENSEMBLE_H
#define SEEM_COMMANDS_POINT_ENSEMBLE_H

#include <seem/core/state.h>
#include <seem/law/bernoulli_integrator.h>
#include <seem/law/material_law.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace seem::commands
{
  /// What the paths of an ensemble have in common.
  struct PointEnsembleSettings
  {
    std::vector<double> strain;         ///< output grid: gamma, [n], from 0, strictly growing [-]
    double volume_ratio = 1.0;          ///< m [-]
    std::uint64_t first_replica = 0;    ///< path i has the key (cell first_replica + i, ...)
    std::uint16_t quadrature_point = 0; ///< the same for all paths
    double bernoulli_increment = 1e-4;  ///< largest increment of the Bernoulli integrator [-]
    std::function<void()> on_path;      ///< called after each path, if set

    /// Called for every event with the number of the path and the strain, if set; only of points of
    /// a single volume and event-driven paths.
    std::function<void(std::size_t path, double strain, const law::EventRecord &event)> on_event;

    /// False: the law holds several volumes per point, and no single event is the point's. The work
    /// is then the trapezoid over the grid.
    bool single_volume = true;

    /// Initial state of the volumes of a point that has several, by their names. Empty: they all
    /// begin as their path does.
    law::InitialState volume_initial;
  };

  /// Paths of material points in monotone simple shear, and their moments.
  struct PointEnsemble
  {
    std::vector<double> strain;           ///< [n] [-]
    std::vector<State> initial;           ///< [n_paths] state at zero strain
    std::vector<std::uint64_t> replica;   ///< [n_paths] cell id of the key
    std::vector<std::vector<double>> tau; ///< [n_paths][n], sigma_xy, signed [GPa]
    std::vector<std::vector<double>> x1;  ///< [n_paths][n] [eV per atom]
    std::vector<std::size_t> n_events;    ///< [n] events of all paths up to each strain
    law::Activity activity;               ///< sums over all paths

    /// Work of the stress and energy stored at the end minus at zero strain, means over the paths
    /// [GPa]. NaN for the Bernoulli integrator, which keeps no energies.
    double work = std::numeric_limits<double>::quiet_NaN();
    double stored = std::numeric_limits<double>::quiet_NaN();

    /// Energy that an inconsistent elasticity creates or loses: work - stored - heat of the events,
    /// mean over the paths [GPa]; zero to the error of the work integral, 1e-5 of it, else.
    double energy_drift() const;

    std::vector<double> mean_tau; ///< [n] [GPa]
    std::vector<double> std_tau;  ///< [n] standard deviation over the paths; NaN for a single one
    std::vector<double> mean_x1;  ///< [n] [eV per atom]
    std::vector<double> std_x1;   ///< [n]

    std::size_t n_paths() const
    {
      return tau.size();
    }
  };

  /// A grid from 0 to @p final_strain with steps of @p increment; the last one may be shorter.
  std::vector<double> strain_grid(const double final_strain, const double increment);

  /**
   * Shear points of a law, event-driven: each path is exactly what a quadrature point of a
   * homogeneous finite-element model with the same key and m does.
   * @param[in] initial  state of each path at zero strain; a stress in it is sigma_xy
   * @throws InputError  naming what is wrong with the strain grid or m
   * @throws StepError   too many events in one increment of the grid
   */
  PointEnsemble run_point_ensemble(const law::MaterialLaw &law, const std::vector<State> &initial,
                                   const PointEnsembleSettings &settings);

  /// The same with the paper's integrator; of the activity only n_events and the strains are kept.
  PointEnsemble run_bernoulli_ensemble(const law::BernoulliIntegrator &integrator,
                                       const std::vector<State> &initial,
                                       const PointEnsembleSettings &settings);

  /// The starting state of a point, drawn from @p states with equal weight by its key: what a
  /// finite-element model does at each of its points.
  State draw_initial_state(const std::vector<State> &states, const std::uint64_t seed,
                           const PointKey &key);
} // namespace seem::commands

#endif
