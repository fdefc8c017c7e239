// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_STEP_RECORD_H
#define SEEM_SOLVER_STEP_RECORD_H

#include <seem/law/material_law.h>

#include <array>
#include <vector>

namespace seem::solver
{
  /**
   * The first law over a run, all per unit volume of the body [GPa], from independent sources:
   * work = stored elastic + stored inelastic + heat of events + heat of re-equilibration +
   * residual.
   */
  struct EnergyBalance
  {
    double work = 0.0; ///< of the reactions on the mean strain, trapezoid over the load passes
    double elastic =
        0.0; ///< change of the stored elastic energy since the start, from the law's energy
    double inelastic = 0.0;           ///< change of X1 as an energy density since the start
    double event_heat = 0.0;          ///< sum of D of the events at fixed strain
    double redistribution_heat = 0.0; ///< unbalanced force times displacement increment, trapezoid

    double residual() const
    {
      return work - (elastic + inelastic + event_heat + redistribution_heat);
    }
  };

  /**
   * The avalanche of a step in next-event stepping: what follows from the first events at a load
   * that no longer grows. Its numbers of events, states and passes are those of the step.
   */
  struct Avalanche
  {
    unsigned long number = 0; ///< in the run, from 1; 0: the step has none
    PointKey trigger;         ///< of the state that fired first, the smallest of equals
    law::SymmetricTensor strain_before =
        law::SymmetricTensor::Zero(); ///< volume mean where the load stopped [-]
    law::SymmetricTensor stress_before = law::SymmetricTensor::Zero(); ///< the same [GPa]
    double tau_before = 0.0;          ///< volume mean of sqrt(s:s/2) there [GPa]
    double event_heat = 0.0;          ///< per unit volume of the body [GPa]
    double redistribution_heat = 0.0; ///< the same [GPa]
    double released = 0.0;            ///< both, of the whole body [GPa nm^3]
  };

  /// One accepted load step; the same on all ranks.
  struct StepRecord
  {
    unsigned int step = 0;
    double time = 0.0;                 ///< pseudo-time at its end [-]
    law::SymmetricTensor mean_strain;  ///< volume mean [-]
    law::SymmetricTensor mean_stress;  ///< volume mean [GPa]
    double mean_tau = 0.0;             ///< volume mean of sqrt(s:s/2) [GPa]
    double mean_x1 = 0.0;              ///< mean over the volume of the first material [eV per atom]
    double std_x1 = 0.0;               ///< standard deviation over that volume [eV per atom]
    double mean_plastic_shear = 0.0;   ///< volume mean of sqrt(2 e_p:e_p) [-]
    unsigned long n_passes = 0;        ///< equilibria of the step
    unsigned long n_spontaneous = 0;   ///< events of the load pass
    unsigned long n_triggered = 0;     ///< events of the later passes
    unsigned long largest_pass = 0;    ///< states firing in the fullest pass
    unsigned long n_firing_passes = 0; ///< times that clocks advanced and some state fired
    unsigned long n_fired_states = 0;  ///< different states that fired in the step
    double participation = 0.0;        ///< the same over the number of states [-]
    double plastic_shear = 0.0;   ///< of the step's events, g(before) - g(after), volume mean [-]
    unsigned long n_outside = 0;  ///< events drawn outside the visited states
    unsigned long n_forced = 0;   ///< events forced above the highest sampled stress
    unsigned long n_gaining = 0;  ///< events that broke the thermodynamic bound
    double forward_strain = 0.0;  ///< shear path with hazard, summed over the points [-]
    double backward_strain = 0.0; ///< shear path without: unloading and reloading [-]
    double largest_local_shear =
        0.0; ///< largest sqrt(2 e:e) of a point's total strain deviator [-]
    double high_pressure_share = 0.0; ///< share of the points with |p| above tau [-]

    /// Mean engineering shear strain gamma_xy [-].
    double shear_strain() const
    {
      return law::sqrt2 * mean_strain[5];
    }

    /// Share of the points' shear path without hazard [-].
    double backward_share() const
    {
      const double path = forward_strain + backward_strain;
      return path > 0.0 ? backward_strain / path : 0.0;
    }

    EnergyBalance energy; ///< since the start of the run
    Avalanche avalanche;
  };

  /// An event with its place in the run.
  struct LoggedEvent
  {
    unsigned int step = 0;
    unsigned int pass = 0;
    law::EventRecord record;
  };
} // namespace seem::solver

#endif
