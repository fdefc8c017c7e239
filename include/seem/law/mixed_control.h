// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_MIXED_CONTROL_H
#define SEEM_LAW_MIXED_CONTROL_H

#include <seem/law/material_law.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace seem::law
{
  /// What is prescribed of one component; its work-conjugate follows from equilibrium.
  enum class Control
  {
    strain, ///< total strain [-]
    stress  ///< Cauchy stress [GPa]
  };

  /// Of the components xx, yy, zz, yz, xz, xy.
  using ComponentControl = std::array<Control, 6>;

  /// The prescribed strains and stresses at a pseudo-time, in Mandel form (see SymmetricTensor).
  using LoadPath = std::function<SymmetricTensor(double)>;

  /// How MixedControl solves.
  struct MixedControlParameters
  {
    double stress_tolerance = 1e-9;  ///< largest unbalanced stress of an equilibrium, Mandel [GPa]
    double largest_increment = 1e-3; ///< of the pseudo-time
    double smallest_share = 1e-6;    ///< smallest increment over the largest [-]
    unsigned int max_newton_steps = 50; ///< of one equilibrium
    unsigned int max_passes = 10000;    ///< equilibria of one increment

    /// A point that would gain more strain than this, sqrt(2 e:e), in one increment runs away [-].
    double runaway_strain = 1.0;
  };

  /// Work and heat of a point since it came to rest, per unit volume [GPa].
  struct PointBalance
  {
    double work = 0.0;       ///< of the prescribed stresses and the reactions, trapezoid
    double event_heat = 0.0; ///< Activity::heat: of events at fixed strain, of flow

    /// Unbalanced stress times strain increment, trapezoid: on the way to a new equilibrium, and
    /// over the rest of the path of an event that equilibrium learns of only at its end. Zero of
    /// strains alone.
    double redistribution_heat = 0.0;
  };

  /**
   * Drives one point of a law along a load in which each of the six components is prescribed as
   * strain or as stress (Cauchy, small strain). Any law; no files.
   *
   * An increment of the pseudo-time is a sequence of passes, as in the finite-element solver:
   * (1) equilibrium at the new load with frozen events, sigma_f(eps) = prescribed, by Newton on the
   * free strains with C_ff of the law's tangent; (2) the law advances along the straight segment
   * from the last equilibrium and what is ripe fires at fixed strain; (3) a new equilibrium at
   * fixed load; and so on until nothing fires. An increment that fails (no equilibrium, a path too
   * long for the law, too many passes, a strain that runs away) is rolled back and cut; it grows
   * again by up to 1.5. With all strains prescribed this is MaterialLaw::advance() along the path,
   * whatever the increments.
   *
   * Above the stress that the material carries there is no equilibrium: at the smallest increment
   * the load then stops, see follow_to().
   *
   * First law: work = change of EnergyDensity::elastic + of inelastic + event heat + redistribution
   * heat, up to the trapezoids.
   */
  class MixedControl
  {
  public:
    /**
     * The point is initialised and comes to rest: its initial stress is taken off where stress is
     * prescribed, its strain stays zero where strain is. References are kept; @p load is asked from
     * @p begin on.
     * @throws InputError  the largest increment is not positive
     * @throws Error       as follow_to() does
     */
    MixedControl(const MaterialLaw &law, const PointData &point, const InitialState &initial,
                 const ComponentControl &control, LoadPath load, double begin,
                 const MixedControlParameters &parameters = {});

    /**
     * Follow the load up to pseudo-time @p end. The first call also brings the point to the load at
     * the begin, in proportion, if that is not zero.
     * @return false if the prescribed stress exceeds what the material carries: the point then is
     * where it was last in equilibrium, at time(), and limit() says why
     * @throws Error  no equilibrium at the smallest increment for another reason, naming
     * pseudo-time, state and residuals
     */
    bool follow_to(double end);

    /// Pseudo-time of the last equilibrium.
    double time() const
    {
      return now;
    }

    const SymmetricTensor &strain() const
    {
      return committed.strain;
    }

    const SymmetricTensor &stress() const
    {
      return committed.stress;
    }

    PointFields fields() const;

    /// Energies now.
    EnergyDensity energy() const;

    /// Energies at rest, before any load.
    const EnergyDensity &initial_energy() const
    {
      return energy_at_start;
    }

    const PointBalance &balance() const
    {
      return committed.balance;
    }

    /// Sums over all accepted increments.
    const Activity &activity() const
    {
      return committed.activity;
    }

    /// For the user: why the load ended early; empty while it did not.
    const std::string &limit() const
    {
      return limit_message;
    }

  private:
    /// All that an increment changes.
    struct Snapshot
    {
      std::vector<double> state;
      SymmetricTensor strain = SymmetricTensor::Zero();
      SymmetricTensor stress = SymmetricTensor::Zero();
      PointBalance balance;
      Activity activity;
    };

    /// Why an increment failed.
    struct Failure
    {
      std::string reason; ///< empty: it did not
      double admissible_share = 0.5;
      bool runs_away = false; ///< the strain grew and grew
    };

    /// Follow @p path from @p at to @p end, step by step. @return false if no stress balances it
    bool follow(double &at, double end, double largest, double &step, const LoadPath &path);

    /// One increment of the trial to the load @p target.
    Failure attempt(const SymmetricTensor &target);

    /// Newton on the free strains, events frozen: sets strain and stress of the trial.
    Failure equilibrate(const SymmetricTensor &target);

    const MaterialLaw &law;
    PointData point;
    ComponentControl control;
    std::vector<int> free; ///< components of prescribed stress
    LoadPath load;
    MixedControlParameters parameters;
    double now;
    double increment;      ///< of the pseudo-time: the next one
    bool at_begin = false; ///< the load at the begin is applied
    Snapshot committed, trial;
    EnergyDensity energy_at_start;
    std::string limit_message;
  };
} // namespace seem::law

#endif
